package flow

import (
	"slices"
	"strconv"
	"strings"

	"aftercare/internal/fault"
	"aftercare/internal/price"
)

// whole reads a whole number field; anything else counts as 0.
func whole(v Values, name string) int64 {
	switch n := v[name].(type) {
	case float64:
		return int64(n)
	case int64:
		return n
	case int:
		return int64(n)
	}
	return 0
}

// QuantityText writes thousandths for a sentence: 4500 is "4.5".
func QuantityText(milli int64) string {
	sign := ""
	if milli < 0 {
		sign, milli = "-", -milli
	}
	text := sign + strconv.FormatInt(milli/1000, 10)
	if rest := milli % 1000; rest != 0 {
		text += "." + strings.TrimRight(strconv.FormatInt(1000+rest, 10)[1:], "0")
	}
	return text
}

// stockOf is the part of the catalogue the act is about, and all the store knows of it.
func stockOf(f *Facts) (Stock, StockPart) {
	var s Stock
	var p StockPart
	if f.Stock != nil {
		s = *f.Stock
	}
	if s.Part != nil {
		p = *s.Part
	}
	return s, p
}

// movePlaces: each kind of move has its way: goods come into a place, leave one, or go from one to the other (P-01).
func movePlaces(f *Facts) *fault.Fault {
	from, to := text(f.After, "from_place"), text(f.After, "to_place")
	right := false
	switch text(f.After, "kind") {
	case "in", "return":
		right = from == "" && to != ""
	case "out", "retail", "to_supplier":
		right = from != "" && to == ""
	case "transfer":
		right = from != "" && to != "" && from != to
	case "adjust", "count":
		right = (from == "") != (to == "")
	}
	if !right {
		return refuse("stock.places").On("kind")
	}
	return nil
}

// moveReason: what no paper explains is explained in words; goods that go back are shown by a photo, too (P-01, P-05).
func moveReason(f *Facts) *fault.Fault {
	kind := text(f.After, "kind")
	if (kind == "adjust" || kind == "to_supplier") && blank(text(f.After, "reason")) {
		return refuse("stock.reason_missing").On("reason")
	}
	if kind == "to_supplier" && (f.Stock == nil || f.Stock.Photos == 0) {
		return refuse("stock.photo_missing").On("reason")
	}
	return nil
}

// forJob says whether the act moves a part towards a job.
func forJob(f *Facts) bool {
	kind := text(f.After, "kind")
	return kind == "out" || kind == "transfer" && text(f.After, "job") != ""
}

// agreedMilli is how much of the part the job's signed lines hold; what the customer brings along is not the store's.
func agreedMilli(j *Job, number string) int64 {
	var sum int64
	for _, line := range j.Parts {
		if line.Number == number && line.Origin != price.FromCustomer {
			sum += line.QuantityMilli
		}
	}
	return sum
}

// moveOnOrder: parts go out against the order only 凭单领料: a line of the job, no more than it says, and no more
// comes back than went out (W-04).
func moveOnOrder(f *Facts) *fault.Fault {
	kind := text(f.After, "kind")
	back := kind == "return"
	if !back && !forJob(f) {
		return nil
	}
	if f.Job == nil {
		return refuse("stock.job_missing").On("job")
	}
	s, p := stockOf(f)
	want := whole(f.After, "quantity_milli")
	if back {
		if want > s.IssuedMilli {
			return refuse("stock.more_than_issued").On("quantity_milli").With("part", p.Name).With("issued", QuantityText(s.IssuedMilli)).With("unit", p.Unit)
		}
		return nil
	}
	return onOrder(f, want, s.IssuedMilli)
}

// onOrder: the part is on the job's list, and the list is long enough for so much more.
func onOrder(f *Facts, want, had int64) *fault.Fault {
	_, p := stockOf(f)
	agreed := agreedMilli(f.Job, p.Number)
	if agreed == 0 {
		return refuse("stock.not_on_order").On("part").With("part", p.Name).With("job", f.Job.Work)
	}
	if had+want > agreed {
		return refuse("stock.more_than_agreed").On("quantity_milli").With("part", p.Name).With("job", f.Job.Work).
			With("agreed", QuantityText(agreed)).With("had", QuantityText(had)).With("unit", p.Unit)
	}
	return nil
}

// moveConsentCovers: no part is issued for a job without a consent that covers it (S-01).
func moveConsentCovers(f *Facts) *fault.Fault {
	if !forJob(f) {
		return nil
	}
	return consentCovers(f)
}

// over are the states of a job for which nothing is fetched any more.
var over = []string{"declined", "cancelled", "passed"}

// moveJobOpen: parts go to work that is still to be done, and come back as long as the order is not settled.
func moveJobOpen(f *Facts) *fault.Fault {
	back := text(f.After, "kind") == "return"
	if !back && !forJob(f) || f.Job == nil {
		return nil
	}
	if back {
		if f.Order != nil && slices.Contains([]string{"settled", "released"}, f.Order.State) {
			return refuse("order.closed").On("work_order").With("state", fault.Words{"work_order." + f.Order.State})
		}
		return nil
	}
	return jobOpen(f)
}

func jobOpen(f *Facts) *fault.Fault {
	if slices.Contains(over, f.Job.State) {
		return refuse("stock.job_closed").On("job").With("job", f.Job.Work).With("state", fault.Words{"job." + f.Job.State})
	}
	if f.Order == nil {
		return nil
	}
	return orderOpen(f)
}

// moveSigned: who takes a part for a job signs for it at the counter (W-04).
func moveSigned(f *Facts) *fault.Fault {
	if text(f.After, "kind") != "out" {
		return nil
	}
	return handSigned(f)
}

func handSigned(f *Facts) *fault.Fault {
	if text(f.After, "signed_by") == "" {
		return refuse("stock.receiver_missing").On("signed_by")
	}
	if !hasStrokes(f.After["strokes"]) {
		return refuse("stock.unsigned").On("strokes")
	}
	return nil
}

// moveReceived: goods come into stock from a receipt that was checked, and no more than was good (P-05).
func moveReceived(f *Facts) *fault.Fault {
	if text(f.After, "kind") != "in" {
		return nil
	}
	s, p := stockOf(f)
	if s.Receipt == nil || s.Receipt.State == "open" || s.Receipt.Part != p.ID {
		return refuse("stock.unchecked").On("goods_receipt").With("part", p.Name)
	}
	if left := s.Receipt.GoodMilli - s.Receipt.StockedMilli; whole(f.After, "quantity_milli") > left {
		return refuse("stock.more_than_received").On("quantity_milli").With("part", p.Name).With("left", QuantityText(left)).With("unit", p.Unit)
	}
	return nil
}

// moveCounted: a difference is booked from an approved sheet, as it stands there, and once (P-01).
func moveCounted(f *Facts) *fault.Fault {
	if text(f.After, "kind") != "count" {
		return nil
	}
	s, p := stockOf(f)
	if s.Count == nil || s.Count.State != "approved" {
		return refuse("stock.count_unapproved").On("stock_count")
	}
	for _, line := range s.Count.Lines {
		if line.Part == p.ID && line.CountedMilli != nil && differs(f, s.Count, *line.CountedMilli-line.BookMilli) && !slices.Contains(s.Count.Booked, p.ID) {
			return nil
		}
	}
	return refuse("stock.count_differs").On("quantity_milli").With("part", p.Name)
}

// differs: the move is the sheet's difference, in its direction and in its place.
func differs(f *Facts, c *Count, difference int64) bool {
	from, to, quantity := text(f.After, "from_place"), text(f.After, "to_place"), whole(f.After, "quantity_milli")
	if difference > 0 {
		return to == c.Place && quantity == difference
	}
	return from == c.Place && quantity == -difference
}

// stockEnough: what leaves a place lies in it, and what is frozen for others stays (P-01, P-02). The level the
// server counts with is the one inside the write transaction, so it never falls below zero whoever comes first.
func stockEnough(f *Facts) *fault.Fault {
	place := text(f.After, "from_place")
	if place == "" {
		return nil
	}
	s, p := stockOf(f)
	level := p.StoreMilli
	if place == "workshop" {
		level = p.WorkshopMilli
	}
	want := whole(f.After, "quantity_milli")
	if want > level {
		return gone(f, place, level, want)
	}
	kind := text(f.After, "kind")
	if kind != "out" && kind != "retail" {
		return nil
	}
	own := s.OwnMilli
	if kind == "retail" {
		own = 0
	}
	if free := p.StoreMilli + p.WorkshopMilli - (s.FrozenMilli - own); want > free {
		return refuse("stock.frozen").On("quantity_milli").With("part", p.Name).With("left", QuantityText(max(0, free))).
			With("want", QuantityText(want)).With("unit", p.Unit).With("order", s.FrozenFor)
	}
	return nil
}

// gone says how much is left and, when it is known, who took the last of it.
func gone(f *Facts, place string, level, want int64) *fault.Fault {
	s, p := stockOf(f)
	code := "stock.short"
	if s.LastTaken != nil {
		code = "stock.gone"
	}
	refusal := refuse(code).On("quantity_milli").With("part", p.Name).With("place", fault.Words{"place." + place}).
		With("left", QuantityText(level)).With("want", QuantityText(want)).With("unit", p.Unit)
	if s.LastTaken != nil {
		refusal = refusal.With("who", s.LastTaken.By).With("order", s.LastTaken.Order)
	}
	return refusal
}
