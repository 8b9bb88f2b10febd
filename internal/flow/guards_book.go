package flow

import (
	"fmt"
	"slices"
	"strings"

	"aftercare/internal/fault"
)

// customerReachable: whoever is promised a slot can be told when something changes (B-03, B-04).
func customerReachable(f *Facts) *fault.Fault {
	if text(f.After, "customer") != "" || !blank(text(f.After, "caller_name")) && !blank(text(f.After, "caller_phone")) {
		return nil
	}
	return refuse("appointment.unreachable").On("caller_phone")
}

// slotFree: the bays and hands of every slot the booking takes still have room, or a manager allowed exactly this booking
// with a reason (B-02).
func slotFree(f *Facts) *fault.Fault {
	if f.Booking == nil {
		return refuse("appointment.unknown")
	}
	b := *f.Booking
	if len(f.Capacities) == 0 {
		return refuse("appointment.no_capacity").On("starts_at")
	}
	allowed := !blank(text(f.After, "overbook_reason")) && text(f.After, "overbook_slot") == SlotMark(b)
	if allowed {
		return nil
	}
	if len(Occupies(f.Capacities, b)) == 0 {
		return refuse("appointment.closed").On("starts_at").With("day", b.Day).With("time", Clock(b.Minute))
	}
	if l, over := Overfull(f.Capacities, f.Bookings, b); over {
		return refuse("appointment.overbooked").On("starts_at").With("day", l.Day).With("time", Clock(l.Slot)).
			With("taken", max(share(l.Bay, l.BayRoom), share(l.Hand, l.HandRoom)))
	}
	return nil
}

// share is percent of the room, rounded up; a slot without room is full.
func share(taken, room int) int {
	if room <= 0 {
		return 100
	}
	return (taken*100 + room - 1) / room
}

// receptionBegun: a car that has come has its reception; the appointment lives on in it (B-07).
func receptionBegun(f *Facts) *fault.Fault {
	if f.Visit == nil || f.Visit.ID == "" {
		return refuse("appointment.no_reception")
	}
	return nil
}

// startPassed: nobody is missed before the time that was agreed (B-08).
func startPassed(f *Facts) *fault.Fault {
	if f.Booking != nil {
		if start, ok := instant(f.Booking.StartsAt); ok && !f.Now.Before(start) {
			return nil
		}
	}
	return refuse("appointment.not_yet")
}

func cancelReason(f *Facts) *fault.Fault {
	if blank(text(f.After, "cancel_reason")) {
		return refuse("appointment.cancel_reason").On("cancel_reason")
	}
	return nil
}

// Preparation is one line of what must be ready when the car comes (B-04).
type Preparation struct {
	Kind  string `json:"kind"`
	State string `json:"state"`
	Told  string `json:"told_at"`
}

// missingTold: what is missing was told to the customer before they are reminded to come (B-04).
func missingTold(f *Facts) *fault.Fault {
	var missing fault.Words
	for _, p := range f.Preparations {
		if p.State == "missing" && p.Told == "" {
			missing = append(missing, "preparation."+p.Kind)
		}
	}
	if len(missing) > 0 {
		return refuse("appointment.missing_untold").With("kinds", missing)
	}
	return nil
}

// missingNamed: "missing" says what, so that the customer can be told.
func missingNamed(f *Facts) *fault.Fault {
	if blank(text(f.After, "missing_note")) {
		return refuse("appointment.missing_unnamed").On("missing_note")
	}
	return nil
}

// Customer is what the guards look at of the customer a row names.
type Customer struct {
	ID          string `json:"id"`
	MemberLevel string `json:"member_level"`
}

// levels are the member levels by rank, from 1 on, as files write them.
var levels = [][]string{{"member", "会员", "普通"}, {"silver", "银卡", "银"}, {"gold", "金卡", "金"}, {"platinum", "白金", "白金卡", "钻石"}}

// LevelRank is the rank of a member level: 1 member, 2 silver, 3 gold, 4 platinum; 0 for none and for what is not known.
func LevelRank(level string) int {
	level = strings.ToLower(strings.TrimSpace(level))
	return slices.IndexFunc(levels, func(names []string) bool { return slices.Contains(names, level) }) + 1
}

// pickupAllowed: fetching and bringing back the car is for the policy's member levels, inside its radius.
func pickupAllowed(f *Facts) *fault.Fault {
	if way := text(f.After, "pickup"); way == "" || way == "none" {
		return nil
	}
	rank := 0
	if f.Customer != nil {
		rank = LevelRank(f.Customer.MemberLevel)
	}
	if rank < f.Policy.PickupLevel {
		return refuse("appointment.pickup_level").On("pickup").With("levels", fault.Words{fmt.Sprintf("level.%d", f.Policy.PickupLevel)})
	}
	if km := number(f.After, "pickup_km"); km > int64(f.Policy.PickupKm) {
		return refuse("appointment.pickup_far").On("pickup_km").With("km", km).With("radius", f.Policy.PickupKm)
	}
	return nil
}

// number reads a whole number as JSON or Go code writes it; anything else counts as 0.
func number(v Values, name string) int64 {
	switch n := v[name].(type) {
	case float64:
		return int64(n)
	case int:
		return int64(n)
	case int64:
		return n
	}
	return 0
}

// diagnosisTold: while the fault is not known only its diagnosis is ordered, and the customer was told so; what the repair
// costs comes as a supplement (E-06).
func diagnosisTold(f *Facts) *fault.Fault {
	for _, j := range standing(f) {
		if j.DiagnosisOnly && j.DiagnosisToldAt == "" {
			return refuse("order.diagnosis_untold").With("job", j.Work)
		}
	}
	return nil
}

// wishesAsked: old parts, wash and way of paying were asked before the estimate is shown (E-09).
func wishesAsked(f *Facts) *fault.Fault {
	if f.Visit == nil {
		return refuse("visit.unknown")
	}
	var open fault.Words
	for _, wish := range []struct{ name, answer string }{{"old_parts", f.Visit.OldParts}, {"wash", f.Visit.Wash}, {"payment_method", f.Visit.PaymentMethod}} {
		if wish.answer == "" {
			open = append(open, "wish."+wish.name)
		}
	}
	if len(open) > 0 {
		return refuse("visit.wishes_unasked").With("wishes", open)
	}
	return nil
}
