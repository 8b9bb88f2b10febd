package flow

import (
	"slices"

	"aftercare/internal/fault"
)

// inspectionComplete: every required item of the walk-around's template has a finding (R-05 无漏检); on a walk-around
// "does not apply" is no answer.
func inspectionComplete(f *Facts) *fault.Fault {
	if len(f.Items) == 0 {
		return refuse("visit.no_inspection")
	}
	return unanswered(f, "visit.inspection_incomplete", "none")
}

// unanswered refuses while a required item has no finding; one whose result is in but answers nothing.
func unanswered(f *Facts, code string, but ...string) *fault.Fault {
	answered := map[string]bool{}
	for _, finding := range f.Findings {
		if finding.Result != "" && !slices.Contains(but, finding.Result) {
			answered[finding.Item] = true
		}
	}
	open := slices.DeleteFunc(slices.Clone(f.Items), func(item string) bool { return answered[item] })
	if len(open) == 0 {
		return nil
	}
	var first any = open[0]
	if name, ok := f.ItemNames[open[0]]; ok {
		first = name
	}
	return refuse(code).With("count", len(open)).With("first", first).With("item", open[0])
}

// concernsConfirmed: the customer's words were written down, repeated back, and "anything else?" was asked.
func concernsConfirmed(f *Facts) *fault.Fault {
	if len(f.Concerns) == 0 {
		return refuse("visit.concern_missing")
	}
	for _, c := range f.Concerns {
		if c.ConfirmedAt == "" {
			return refuse("visit.concern_unconfirmed").With("words", c.Words)
		}
	}
	if f.Visit == nil || f.Visit.AnythingElseAt == "" {
		return refuse("visit.anything_else_unasked")
	}
	return nil
}

// valuablesAcknowledged: the customer was reminded at all three moments, and free storage was offered (R-08 贵重物品); what
// is stored is in a box with a number.
func valuablesAcknowledged(f *Facts) *fault.Fault {
	v := Visit{}
	if f.Visit != nil {
		v = *f.Visit
	}
	missing := fault.Words{}
	if v.ValuablesExitAt == "" {
		missing = append(missing, "moment.exit")
	}
	if v.ValuablesBootAt == "" {
		missing = append(missing, "moment.boot")
	}
	if v.ValuablesEndAt == "" {
		missing = append(missing, "moment.end")
	}
	switch {
	case len(missing) > 0:
		return refuse("visit.valuables_unasked").With("moments", missing)
	case v.Storage == "":
		return refuse("visit.storage_unasked").On("storage")
	case v.Storage == "stored" && blank(v.StorageBox):
		return refuse("visit.storage_box_missing").On("storage_box")
	}
	return nil
}

// coverSets are the protective covers there are, in pieces (R-04 防护套三、五、七件套); 0: none were fitted.
var coverSets = []int64{0, 3, 5, 7}

// coversCounted: covers come in sets of three, five or seven. What was noted otherwise before hinders nothing else.
func coversCounted(f *Facts) *fault.Fault {
	pieces := whole(f.After, "covers_pieces")
	if pieces != whole(f.Before, "covers_pieces") && !slices.Contains(coverSets, pieces) {
		return refuse("visit.covers_set").On("covers_pieces")
	}
	return nil
}

// belongingsAsked: what stays in the car was listed, or the customer said that nothing does (R-09 随车物品).
func belongingsAsked(f *Facts) *fault.Fault {
	if f.Visit == nil || f.Visit.BelongingsAt == "" {
		return refuse("visit.belongings_unasked")
	}
	return nil
}

// precheckSigned: customer and advisor signed the pre-check sheet 预检问诊表.
func precheckSigned(f *Facts) *fault.Fault {
	signed := false
	for _, c := range f.Consents {
		if c.DocumentKind != "precheck" || c.State != "given" {
			continue
		}
		if c.CountersignedBy != "" {
			return nil
		}
		signed = true
	}
	if signed {
		return refuse("visit.precheck_not_countersigned")
	}
	return refuse("visit.precheck_unsigned")
}

// receiverNamed: who took the car into the workshop, and when.
func receiverNamed(f *Facts) *fault.Fault {
	if f.Visit == nil || f.Visit.ReceivedBy == "" {
		return refuse("visit.receiver_missing").On("received_by")
	}
	if f.Visit.ReceivedAt == "" {
		return refuse("visit.received_at_missing").On("received_at")
	}
	return nil
}

// keyTagged: the key has a tag, and it is known who holds it now.
func keyTagged(f *Facts) *fault.Fault {
	if len(f.KeyTags) == 0 {
		return refuse("visit.key_untagged")
	}
	for _, k := range f.KeyTags {
		if blank(k.Tag) {
			return refuse("visit.key_untagged")
		}
		if k.HolderKind == "" || k.HolderKind == "staff" && k.Holder == "" {
			return refuse("visit.key_holder_unknown").With("tag", k.Tag)
		}
	}
	return nil
}

// begun are the states of a job whose work has started, whatever became of it.
var begun = []string{"in_progress", "paused", "done", "passed", "rework"}

// workBegun: visit and order follow their jobs to work, they do not lead them.
func workBegun(f *Facts) *fault.Fault {
	for _, j := range f.Jobs {
		if slices.Contains(begun, j.State) {
			return nil
		}
	}
	return refuse("visit.work_not_begun")
}

// orderReady: no order of the visit is still running, and one at least came through quality.
func orderReady(f *Facts) *fault.Fault {
	ready := false
	for _, o := range ordersOfVisit(f) {
		switch o.State {
		case "ready", "settled", "released":
			ready = true
		case "declined", "cancelled":
		default:
			return refuse("visit.order_not_ready").With("state", fault.Words{"work_order." + o.State})
		}
	}
	if !ready {
		return refuse("visit.no_order_ready")
	}
	return nil
}

func ordersOfVisit(f *Facts) []Order {
	if len(f.Orders) == 0 && f.Order != nil {
		return []Order{*f.Order}
	}
	return f.Orders
}

// handedOver: the car is in the workshop's hands before anyone works on it.
func handedOver(f *Facts) *fault.Fault {
	if f.Visit != nil && (f.Visit.State == "handed_over" || f.Visit.State == "working") {
		return nil
	}
	return refuse("visit.not_handed_over")
}
