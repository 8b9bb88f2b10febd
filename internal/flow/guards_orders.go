package flow

import (
	"slices"

	"aftercare/internal/fault"
	"aftercare/internal/price"
)

// reserveOnOrder: stock is frozen for a line of a job, or for an appointment that has no job yet (P-02).
func reserveOnOrder(f *Facts) *fault.Fault {
	if f.Job == nil {
		if text(f.After, "appointment") == "" {
			return refuse("stock.job_missing").On("job")
		}
		return nil
	}
	if slices.Contains(over, f.Job.State) {
		return jobOpen(f)
	}
	s, _ := stockOf(f)
	return onOrder(f, whole(f.After, "quantity_milli"), s.OwnMilli+s.IssuedMilli)
}

// FrozenMilli is how much of what is held for a job is frozen: never more than its list still lacks of the part, and
// nothing once no part is fetched for it any more (P-02).
func FrozenMilli(j Job, number string, held, issued int64) int64 {
	if slices.Contains(over, j.State) {
		return 0
	}
	return min(held, max(0, agreedMilli(&j, number)-issued))
}

// reserveEnough: what is frozen is there and not frozen already (P-02).
func reserveEnough(f *Facts) *fault.Fault {
	s, p := stockOf(f)
	want := whole(f.After, "quantity_milli")
	if free := p.StoreMilli + p.WorkshopMilli - s.FrozenMilli; want > free {
		return refuse("stock.reserve_short").On("quantity_milli").With("part", p.Name).With("left", QuantityText(max(0, free))).
			With("want", QuantityText(want)).With("unit", p.Unit)
	}
	return nil
}

// orderDated: an ordered part has the day it is expected, for it goes into the promised time (E-02, E-05).
func orderDated(f *Facts) *fault.Fault {
	if text(f.After, "expected_on") == "" {
		return refuse("purchase.date_missing").On("expected_on")
	}
	return nil
}

// depositPaid: a part of the policy's classes, or above its value, is ordered for a customer after the deposit 定金
// only (B-06). What is ordered for stock, or paid by warranty, insurer or the shop itself, asks nobody for one.
func depositPaid(f *Facts) *fault.Fault {
	if text(f.After, "visit") == "" && text(f.After, "appointment") == "" || f.Job != nil && f.Job.Payer != price.PayerCustomer {
		return nil
	}
	s, p := stockOf(f)
	need, asked := DepositFen(&p, whole(f.After, "quantity_milli"), whole(f.After, "unit_fen"), f.Policy)
	if !asked {
		return nil
	}
	own := whole(f.After, "deposit_fen")
	if own > 0 && blank(text(f.After, "deposit_reference")) {
		return refuse("purchase.deposit_unreferenced").On("deposit_reference")
	}
	if paid := own + s.DepositFen; paid < need {
		return refuse("purchase.deposit_missing").On("deposit_fen").With("part", p.Name).With("need", price.Yuan(need)).With("paid", price.Yuan(paid))
	}
	return nil
}

// DepositFen is the deposit a purchase order for a customer asks for, in fen, and whether it asks for one (B-06).
// A unit price of 0 is the part's own.
func DepositFen(p *StockPart, milli, unit int64, policy Policy) (need int64, asked bool) {
	if unit == 0 {
		unit = p.PriceFen
	}
	total := price.LineFen(milli, unit)
	if !(p.Class == "C" && policy.DepositClassC) && !(p.Class == "D" && policy.DepositClassD) && total < policy.DepositFromFen {
		return 0, false
	}
	return (total*int64(policy.DepositPercent) + 99) / 100, true
}

// orderArrived: an order is closed when all of it is in stock.
func orderArrived(f *Facts) *fault.Fault {
	s, _ := stockOf(f)
	arrived, ordered := s.ArrivedMilli, whole(f.After, "quantity_milli")
	if arrived < ordered {
		return refuse("purchase.not_arrived").On("state").With("arrived", QuantityText(arrived)).With("ordered", QuantityText(ordered))
	}
	return nil
}

// cancelExplained: the supplier's order is taken back with words.
func cancelExplained(f *Facts) *fault.Fault {
	if blank(text(f.After, "reason")) {
		return refuse("purchase.cancel_unexplained").On("reason")
	}
	return nil
}

// receiptChecked: incoming goods are checked against every item of the receiving template; what is not in order is
// said (P-05, R-15).
func receiptChecked(f *Facts) *fault.Fault {
	s, _ := stockOf(f)
	if len(s.Items) == 0 {
		return refuse("receipt.no_template").On("template")
	}
	answers := answersOf(f.After["items"])
	open, first := 0, ""
	for _, code := range s.Items {
		if _, answered := answers[code]; !answered {
			if open++; first == "" {
				first = code
			}
		}
	}
	if open > 0 {
		return refuse("receipt.items_unanswered").On("items").With("count", open).With("first", first)
	}
	if whole(f.After, "damaged_milli") > whole(f.After, "quantity_milli") {
		return refuse("receipt.quantity").On("damaged_milli")
	}
	for _, code := range s.Items {
		if !answers[code] && blank(text(f.After, "reason")) {
			return refuse("receipt.unexplained").On("reason")
		}
	}
	return nil
}

// answersOf reads a list of {code, ok}; what has no yes or no is no answer.
func answersOf(v any) map[string]bool {
	answers := map[string]bool{}
	items, _ := v.([]any)
	for _, item := range items {
		one, _ := item.(map[string]any)
		code, _ := one["code"].(string)
		if ok, said := one["ok"].(bool); said && code != "" {
			answers[code] = ok
		}
	}
	return answers
}

// damageShown: damaged goods have a reason in words and a photo (P-05).
func damageShown(f *Facts) *fault.Fault {
	s, _ := stockOf(f)
	switch {
	case whole(f.After, "damaged_milli") == 0:
		return nil
	case blank(text(f.After, "reason")):
		return refuse("receipt.unexplained").On("reason")
	case s.Photos == 0:
		return refuse("receipt.damage_unshown").On("damaged_milli")
	}
	return nil
}

// damageToReturn: only damaged goods go back to the supplier on a receipt (P-05).
func damageToReturn(f *Facts) *fault.Fault {
	if whole(f.After, "damaged_milli") == 0 {
		return refuse("receipt.nothing_damaged").On("damaged_milli")
	}
	return nil
}

// countComplete: every line of the sheet was counted (P-01).
func countComplete(f *Facts) *fault.Fault {
	lines, _ := f.After["lines"].([]any)
	open := 0
	for _, line := range lines {
		one, _ := line.(map[string]any)
		if _, counted := one["counted_milli"].(float64); !counted {
			open++
		}
	}
	if len(lines) == 0 || open > 0 {
		return refuse("count.lines_open").On("lines").With("count", open)
	}
	return nil
}

// countOtherPerson: who counted does not approve the differences (P-01).
func countOtherPerson(f *Facts) *fault.Fault {
	if text(f.After, "counted_by") == f.Actor.ID {
		return refuse("count.same_person").On("counted_by").With("name", f.Actor.Name)
	}
	return nil
}

// toolFree: a tool is in one person's hands at a time (W-09).
func toolFree(f *Facts) *fault.Fault {
	s, _ := stockOf(f)
	for _, loan := range s.Loans {
		if loan.ID != text(f.After, "id") {
			return refuse("tool.lent").On("tool").With("tool", s.ToolName).With("name", loan.Borrower)
		}
	}
	return nil
}

// lossExplained: a lost tool is reported with words (W-09).
func lossExplained(f *Facts) *fault.Fault {
	if blank(text(f.After, "note")) {
		return refuse("tool.loss_unexplained").On("note")
	}
	return nil
}
