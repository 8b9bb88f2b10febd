package flow

import (
	"slices"

	"aftercare/internal/fault"
)

// deliveryPrepared: the car came back from the workshop with keys and papers, washed where the customer wished it, and it is
// known where it stands (D-01).
func deliveryPrepared(f *Facts) *fault.Fault {
	missing := absent(f, "handed_in_at", "keys_at", "papers_at")
	if f.Visit != nil && f.Visit.Wash == "yes" && !Given(f.After["washed_at"]) {
		missing = append(missing, "delivery.washed_at")
	}
	if blank(text(f.After, "parking")) {
		missing = append(missing, "delivery.parking")
	}
	return stepsMissing("delivery.unprepared", missing)
}

// resultShown: the result, the old parts, spare wheel and tools were shown, the reception marks compared, and the next
// service said (D-03).
func resultShown(f *Facts) *fault.Fault {
	missing := absent(f, "result_shown_at", "spare_tools_at", "compared_at", "next_service_at")
	if f.Visit != nil && (f.Visit.OldParts == "keep" || f.Visit.OldParts == "show") && !Given(f.After["old_parts_at"]) {
		missing = append(missing, "delivery.old_parts_at")
	}
	return stepsMissing("delivery.unshown", missing)
}

// belongingsReturned: covers off in front of the customer, belongings counted (D-05).
func belongingsReturned(f *Facts) *fault.Fault {
	missing := absent(f, "belongings_at")
	if f.Visit != nil && f.Visit.CoversFittedAt != "" && !Given(f.After["covers_off_at"]) {
		missing = append(missing, "delivery.covers_off_at")
	}
	return stepsMissing("delivery.unreturned", missing)
}

// followUpAsked: when the follow-up call suits was asked (D-04).
func followUpAsked(f *Facts) *fault.Fault {
	if blank(text(f.After, "follow_up_when")) {
		return refuse("delivery.follow_up_unasked").On("follow_up_when")
	}
	return nil
}

// deliverySigned: car and belongings are accepted by signature (D-05).
func deliverySigned(f *Facts) *fault.Fault {
	if blank(text(f.After, "signer_name")) || !hasStrokes(f.After["strokes"]) {
		return refuse("delivery.unsigned").On("strokes")
	}
	return nil
}

// adviceSigned: what a passed order advises and warns of was shown on the delivery sheet, and the customer signed it.
func adviceSigned(f *Facts) *fault.Fault {
	for _, o := range f.Orders {
		if o.State == "declined" || o.State == "cancelled" || blank(o.Advice) && blank(o.Cautions) {
			continue
		}
		signed := slices.ContainsFunc(f.Consents, func(c Consent) bool {
			return c.DocumentKind == "delivery" && c.State == "given" && c.WorkOrder == o.ID
		})
		if !signed {
			return refuse("delivery.advice_unsigned").On("strokes")
		}
	}
	return nil
}

// deliveryOpen: what was accepted by signature stays as it is.
func deliveryOpen(f *Facts) *fault.Fault {
	if text(f.Before, "state") == "accepted" {
		return refuse("delivery.accepted")
	}
	return nil
}

func absent(f *Facts, names ...string) fault.Words {
	missing := fault.Words{}
	for _, name := range names {
		if !Given(f.After[name]) {
			missing = append(missing, "delivery."+name)
		}
	}
	return missing
}

func stepsMissing(code string, missing fault.Words) *fault.Fault {
	if len(missing) == 0 {
		return nil
	}
	return refuse(code).With("steps", missing)
}
