package hooks

import (
	"maps"
	"time"

	"github.com/pocketbase/dbx"

	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// needComeback is the earlier jobs that a comeback names, with their guarantee.
const needComeback need = 1 << 48

func init() {
	maps.Copy(needs, map[string]need{
		"comeback_known":   needVisit | needComeback,
		"comeback_free":    needVisit | needJob | needComeback,
		"comeback_linked":  needVisit | needOrder | needJobs | needComeback,
		"comeback_decider": needJob | needPolicy,
		"causes_decided":   needJobs,
	})
}

// decideCause writes down by whom and when the cause of a comeback was decided; taken back, by nobody (C-02).
func (s *save) decideCause(job *record.Job) {
	if job.ComebackCause() == "" {
		job.SetCauseDecided("", "")
		return
	}
	job.SetCauseDecided(s.decider(), record.Text(s.now))
}

// decideWarranty writes down by whom and when it was decided whether the warranty bears the job; taken back, by nobody (E-04).
func (s *save) decideWarranty(job *record.Job) {
	if job.WarrantyDecision() == "" {
		job.SetWarrantyDecided("", "")
		return
	}
	job.SetWarrantyDecided(s.decider(), record.Text(s.now))
}

// decider is the member of staff who acts, "" when it is none.
func (s *save) decider() string {
	if s.actor.Kind != record.KindStaff {
		return ""
	}
	return s.actor.ID
}

// loadComeback is every earlier job that the visit or the jobs at hand name, and the day the car came in.
func (s *save) loadComeback(f *flow.Facts) error {
	f.Originals = []flow.Original{}
	visit, err := s.one(record.Visits, s.visitID())
	if err != nil || visit == nil {
		return err
	}
	zone, err := s.zone()
	if err != nil {
		return err
	}
	v := record.AsVisit(visit)
	f.ArrivedDay = record.Time(v.ArrivedAt()).In(zone).Format(time.DateOnly)
	named := map[string]bool{v.ComebackOf(): true}
	if s.entity.Collection == record.Jobs {
		named[record.AsJob(s.rec).ComebackOf()] = true
	}
	if s.entity.Collection == record.WorkOrders {
		jobs, err := s.app.FindAllRecords(record.Jobs, dbx.HashExp{record.FieldWorkOrder: s.rec.Id})
		if err != nil {
			return err
		}
		for _, row := range jobs {
			named[record.AsJob(row).ComebackOf()] = true
		}
	}
	delete(named, "")
	for id := range named {
		if err := s.loadOriginal(f, id); err != nil {
			return err
		}
	}
	return nil
}

// loadOriginal adds an earlier job of this shop; what is not there is not known.
func (s *save) loadOriginal(f *flow.Facts, id string) error {
	rows, err := s.app.FindAllRecords(record.Jobs, dbx.HashExp{record.FieldID: id, record.FieldShop: s.rec.GetString(record.FieldShop)})
	if err != nil || len(rows) == 0 {
		return err
	}
	j := record.AsJob(rows[0])
	visit, err := s.app.FindRecordById(record.Visits, j.Visit())
	if err != nil {
		return err
	}
	order, err := s.app.FindRecordById(record.WorkOrders, j.WorkOrder())
	if err != nil {
		return err
	}
	o := flow.Original{ID: id, Visit: j.Visit(), Vehicle: record.AsVisit(visit).Vehicle(), State: j.State(), Work: j.Work()}
	if w := record.AsWorkOrder(order).Warranty(); w != nil {
		if line, ok := w.Of(id); ok {
			o.Line = &line
		}
	}
	f.Originals = append(f.Originals, o)
	return nil
}
