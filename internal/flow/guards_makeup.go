package flow

import (
	"slices"

	"aftercare/internal/fault"
	"aftercare/internal/price"
)

// makeupRequested: a part is made up for somebody, and why is known (P-03).
func makeupRequested(f *Facts) *fault.Fault {
	if text(f.After, "customer") == "" && text(f.After, "sales_order") == "" && text(f.After, "claim") == "" {
		return refuse("makeup.for_nobody").On("customer")
	}
	if text(f.After, "cause") == "other" && blank(text(f.After, "cause_note")) {
		return refuse("makeup.cause_unexplained").On("cause_note")
	}
	return makeupSound(f)
}

// makeupIdentified: who makes the part again must find the one that was made: batch 批次号 and inspection number 检验号 (P-03).
func makeupIdentified(f *Facts) *fault.Fault {
	for _, name := range []string{"batch_number", "inspection_number"} {
		if blank(text(f.After, name)) {
			return refuse("makeup.unidentified").On(name)
		}
	}
	return nil
}

// makeupListed: what is gathered is gathered into a list, by its number (P-03).
func makeupListed(f *Facts) *fault.Fault {
	return given(f, "list_number", "makeup.list_missing")
}

// makeupRejected: a rejection tells who asked why.
func makeupRejected(f *Facts) *fault.Fault {
	return given(f, "rejection", "makeup.rejection_missing")
}

// makeupExplained: what is called off or ordered anew has its reason.
func makeupExplained(f *Facts) *fault.Fault {
	return given(f, "reason", "makeup.reason_missing")
}

func given(f *Facts, name, code string) *fault.Fault {
	if blank(text(f.After, name)) {
		return refuse(code).On(name)
	}
	return nil
}

// makeupUrgentDecided: an urgent need is approved or refused before anything is ordered (P-04).
func makeupUrgentDecided(f *Facts) *fault.Fault {
	if Given(f.After["urgent"]) && text(f.After, "urgent_approval") == "" {
		return refuse("makeup.urgent_open").On("urgent_approval")
	}
	return nil
}

// makeupSourced: ordered is what is made or bought; a box is opened by a step of its own.
func makeupSourced(f *Facts) *fault.Fault {
	if !slices.Contains([]string{"make", "buy"}, text(f.After, "source")) {
		return refuse("makeup.source_missing").On("source")
	}
	return nil
}

// makeupUnboxed: taking a part from a boxed product 拆包 was approved, the box is marked, and by when it is full again is known (P-04).
func makeupUnboxed(f *Facts) *fault.Fault {
	switch {
	case text(f.After, "source") != "unbox":
		return refuse("makeup.source_missing").On("source")
	case text(f.After, "unbox_approval") != "approved":
		return refuse("makeup.unbox_unapproved").On("unbox_approval")
	case blank(text(f.After, "unbox_mark")):
		return refuse("makeup.unbox_unmarked").On("unbox_mark")
	case text(f.After, "refill_due_at") == "":
		return refuse("makeup.refill_undated").On("refill_due_at")
	}
	return nil
}

// makeupPaid: a charged part is paid before it is sent (P-04).
func makeupPaid(f *Facts) *fault.Fault {
	if open := whole(f.After, "charge_fen") - whole(f.After, "collected_fen"); open > 0 {
		return refuse("makeup.unpaid").On("collected_fen").With("open", price.Yuan(open))
	}
	return nil
}

// makeupPaidBack: for what is not sent nobody keeps the customer's money (P-04).
func makeupPaidBack(f *Facts) *fault.Fault {
	if paid := whole(f.After, "collected_fen"); paid > 0 {
		return refuse("makeup.paid").On("collected_fen").With("paid", price.Yuan(paid))
	}
	return nil
}

// makeupParcel: what leaves can be tracked (P-03).
func makeupParcel(f *Facts) *fault.Fault {
	for _, name := range []string{"carrier", "tracking_number"} {
		if blank(text(f.After, name)) {
			return refuse("makeup.parcel_missing").On(name)
		}
	}
	return nil
}

// What may still be written in each state; what a step needs is written before it, or with it.
var (
	makeupAsked    = []string{"part", "part_name", "class", "quantity", "cause", "cause_note", "batch_number", "inspection_number"}
	makeupFigures  = []string{"owner", "note", "reason", "charge_fen", "collected_fen", "collected_reference", "delivery_on"}
	makeupUrgency  = []string{"urgent", "urgent_reason", "wanted_at", "urgent_approval"}
	makeupSourcing = []string{"source", "supplier", "reference", "unbox_product", "unbox_reason", "unbox_approval", "unbox_mark", "refill_due_at"}
	makeupSending  = []string{"delivery_number", "carrier", "tracking_number"}
	makeupRefill   = []string{"refilled_at", "refill_note"}
	makeupWritable = map[string][]string{
		"requested": slices.Concat(makeupAsked, makeupFigures, makeupUrgency, makeupSourcing, []string{"list_number"}),
		"rejected":  slices.Concat(makeupAsked, makeupFigures, makeupUrgency),
		"gathered":  slices.Concat(makeupFigures, makeupUrgency, makeupSourcing, []string{"list_number", "rejection", "batch_number", "inspection_number"}),
		"approved":  slices.Concat(makeupFigures, makeupUrgency, makeupSourcing),
		"ordered":   slices.Concat(makeupFigures, makeupUrgency, []string{"source", "supplier", "reference"}),
		"received":  slices.Concat(makeupFigures, makeupSending),
		"shipped":   slices.Concat([]string{"owner", "note", "reason", "collected_fen", "collected_reference"}, makeupSending),
		"completed": {"note"},
		"cancelled": {"note"},
	}
)

// makeupUnfrozen: what was decided stays as it was decided, step by step; a box that was opened is filled up again whatever
// became of the part (P-04).
func makeupUnfrozen(f *Facts) *fault.Fault {
	opened := text(f.Before, "source") == "unbox" && text(f.Before, "arrived_at") != ""
	for _, name := range f.Changed {
		switch {
		case slices.Contains(makeupRefill, name) && !opened:
			return refuse("makeup.box_closed").On(name)
		case !slices.Contains(makeupRefill, name) && !slices.Contains(makeupWritable[text(f.Before, "state")], name):
			return refuse("makeup.frozen").On(name)
		}
	}
	if refusal := makeupSettled(f, "urgent_approval", "makeup.urgent_settled", "urgent", "wanted_at"); refusal != nil {
		return refusal
	}
	if text(f.Before, "unbox_approval") == "approved" {
		if refusal := makeupSettled(f, "unbox_approval", "makeup.unbox_settled", "refill_due_at", "unbox_product"); refusal != nil {
			return refusal
		}
	}
	return makeupSound(f)
}

// makeupSettled: what somebody decided about stays what they decided about, until they take the decision back.
func makeupSettled(f *Facts, decision, code string, about ...string) *fault.Fault {
	if text(f.Before, decision) == "" || slices.Contains(f.Changed, decision) {
		return nil
	}
	for _, name := range about {
		if slices.Contains(f.Changed, name) {
			return refuse(code).On(name)
		}
	}
	return nil
}

// makeupSound: an urgent need has its reason and its date, and is decided only where it was asked for; a box is opened for a
// reason, and is full again by a date (P-04); nobody pays more than is charged.
func makeupSound(f *Facts) *fault.Fault {
	urgent := Given(f.After["urgent"])
	switch {
	case urgent && blank(text(f.After, "urgent_reason")):
		return refuse("makeup.urgent_unexplained").On("urgent_reason")
	case urgent && text(f.After, "wanted_at") == "":
		return refuse("makeup.urgent_unexplained").On("wanted_at")
	case !urgent && text(f.After, "urgent_approval") != "":
		return refuse("makeup.urgent_unasked").On("urgent_approval")
	case whole(f.After, "collected_fen") > whole(f.After, "charge_fen"):
		return refuse("makeup.collected_above").On("collected_fen")
	case text(f.After, "unbox_approval") != "approved":
		return nil
	case blank(text(f.After, "unbox_product")):
		return refuse("makeup.unbox_unnamed").On("unbox_product")
	case blank(text(f.After, "unbox_reason")):
		return refuse("makeup.unbox_unnamed").On("unbox_reason")
	case text(f.After, "refill_due_at") == "":
		return refuse("makeup.refill_undated").On("refill_due_at")
	}
	return nil
}
