package flow

import (
	"slices"
	"strings"
	"time"
)

// WarrantyPolicy is the shop's figures for its own guarantee 质量保证 (D-08): months from the day the car leaves and km from
// its odometer then. No months: no guarantee of that kind. No km: no limit of distance.
type WarrantyPolicy struct {
	WarrantyLabourMonths      int   `json:"warranty_labour_months"`
	WarrantyLabourKm          int64 `json:"warranty_labour_km"`
	WarrantyMaintenanceMonths int   `json:"warranty_maintenance_months"`
	WarrantyMaintenanceKm     int64 `json:"warranty_maintenance_km"`
	WarrantyBodyMonths        int   `json:"warranty_body_months"`
	WarrantyBodyKm            int64 `json:"warranty_body_km"`
	WarrantyPartsMonths       int   `json:"warranty_parts_months"`
	WarrantyPartsKm           int64 `json:"warranty_parts_km"`
}

// Warranty is what the done jobs of an order are guaranteed for. It is given when the order is settled and begins anew when
// the car leaves; State says which of the two it is. Days are the shop's, km the odometer's; Policy is the revision (its row)
// that the figures are of, "" for the shipped ones.
type Warranty struct {
	State   string         `json:"state"`
	FromDay string         `json:"from_day"`
	FromKm  int64          `json:"from_km"`
	Policy  string         `json:"policy"`
	Lines   []WarrantyLine `json:"lines"`
}

// WarrantyLine is one job's: the last day, "" where nothing is guaranteed, and the highest odometer, 0 for no limit.
type WarrantyLine struct {
	Job         string `json:"job"`
	LabourUntil string `json:"labour_until"`
	LabourKm    int64  `json:"labour_km"`
	PartsUntil  string `json:"parts_until"`
	PartsKm     int64  `json:"parts_km"`
}

// GivenStates are the states of an order in which its warranty begins: settled, and anew when the car leaves (D-08).
var GivenStates = []string{"settled", "released"}

// GiveWarranty guarantees the done jobs. A bare diagnosis mends nothing, and what was marked as not guaranteed is not
// (E-03); parts the customer brought are the customer's.
func GiveWarranty(p Policy, policy, state, day string, km int64, jobs []Job) Warranty {
	w := Warranty{State: state, FromDay: day, FromKm: km, Policy: policy, Lines: []WarrantyLine{}}
	for _, j := range jobs {
		if !slices.Contains(payable, j.State) || j.DiagnosisOnly || j.NotGuaranteed {
			continue
		}
		line := WarrantyLine{Job: j.ID}
		months, distance := p.labourWarranty(j.JobClass)
		line.LabourUntil, line.LabourKm = LastDay(day, months), limit(months, distance, km)
		if slices.ContainsFunc(j.Parts, func(part Part) bool { return part.Origin != "customer" }) {
			line.PartsUntil, line.PartsKm = LastDay(day, p.WarrantyPartsMonths), limit(p.WarrantyPartsMonths, p.WarrantyPartsKm, km)
		}
		if line.LabourUntil != "" || line.PartsUntil != "" {
			w.Lines = append(w.Lines, line)
		}
	}
	slices.SortFunc(w.Lines, func(a, b WarrantyLine) int { return strings.Compare(a.Job, b.Job) })
	return w
}

func (p WarrantyPolicy) labourWarranty(class string) (months int, km int64) {
	switch class {
	case "maintenance":
		return p.WarrantyMaintenanceMonths, p.WarrantyMaintenanceKm
	case "body", "paint":
		return p.WarrantyBodyMonths, p.WarrantyBodyKm
	}
	return p.WarrantyLabourMonths, p.WarrantyLabourKm
}

// limit is the highest odometer; none where no distance limits, or nobody read the odometer.
func limit(months int, distance, km int64) int64 {
	if months == 0 || distance == 0 || km == 0 {
		return 0
	}
	return km + distance
}

// LastDay is the last day of a period of months that began on the day: the day of that number, or the month's last where
// there is none (Civil Code 民法典 art. 202). "" for no months and for what is no day.
func LastDay(day string, months int) string {
	from, err := time.Parse(time.DateOnly, day)
	if err != nil || months <= 0 {
		return ""
	}
	first := time.Date(from.Year(), from.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(from.Day(), last)-1).Format(time.DateOnly)
}

// Stands says whether a guarantee up to a last day and an odometer still stands on a day: whichever comes first ends it.
// An odometer nobody read ends nothing.
func Stands(until string, limit int64, day string, km int64) bool {
	return until != "" && day <= until && (limit == 0 || km <= limit)
}

// Stands says whether labour or parts of the job are still guaranteed.
func (l WarrantyLine) Stands(day string, km int64) bool {
	return Stands(l.LabourUntil, l.LabourKm, day, km) || Stands(l.PartsUntil, l.PartsKm, day, km)
}

// Of is the job's line; false when the job has none.
func (w Warranty) Of(job string) (WarrantyLine, bool) {
	i := slices.IndexFunc(w.Lines, func(l WarrantyLine) bool { return l.Job == job })
	if i < 0 {
		return WarrantyLine{}, false
	}
	return w.Lines[i], true
}
