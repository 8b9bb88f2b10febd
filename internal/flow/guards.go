package flow

import (
	"slices"
	"strings"
	"unicode"

	"aftercare/internal/fault"
)

// Guard looks at the facts and names what stands in the way; nil when nothing does.
type Guard func(*Facts) *fault.Fault

// Guards is every guard the table may name.
var Guards = map[string]Guard{
	"inspection_complete":    inspectionComplete,
	"concerns_confirmed":     concernsConfirmed,
	"valuables_acknowledged": valuablesAcknowledged,
	"belongings_asked":       belongingsAsked,
	"covers_counted":         coversCounted,
	"precheck_signed":        precheckSigned,
	"receiver_named":         receiverNamed,
	"key_tagged":             keyTagged,
	"work_begun":             workBegun,
	"order_ready":            orderReady,
	"handed_over":            handedOver,
	"inspection_subject":     inspectionSubject,
	"inspection_answered":    inspectionAnswered,

	"order_has_jobs":   orderHasJobs,
	"jobs_dropped":     jobsDropped,
	"jobs_priced":      jobsPriced,
	"faults_diagnosed": faultsDiagnosed,
	"some_job_covered": someJobCovered,
	"jobs_finished":    jobsFinished,
	"jobs_passed":      jobsPassed,
	"order_open":       orderOpen,

	"consent_covers":       consentCovers,
	"entry_consent_covers": consentCovers, // over the entry's job, which the facts hold in the same place
	"consent_complete":     consentComplete,
	"void_reason":          voidReason,
	"decline_told":         declineTold,

	"technicians_named": techniciansNamed,
	"skill_sufficient":  skillSufficient,
	"assigned":          assigned,
	"entry_assigned":    entryAssigned,
	"sheet_checked":     sheetChecked,
	"clock_free":        clockFree,
	"entry_clock_free":  entryClockFree,
	"entry_after_sign":  entryAfterSign,
	"entry_job_running": entryJobRunning,
	"pause_reason":      pauseReason,
	"no_work_done":      noWorkDone,
	"price_in_range":    priceInRange,
	"rework_named":      reworkNamed,

	"quality_passed":         qualityPassed,
	"check_jobs_finished":    checkJobsFinished,
	"check_stage_role":       checkStageRole,
	"check_stage_order":      checkStageOrder,
	"check_different_people": checkDifferentPeople,
	"check_items_answered":   checkItemsAnswered,
	"check_failure_named":    checkFailureNamed,

	"message_complete": messageComplete,
	"due_note":         dueNote,
	"due_answer":       dueAnswer,

	"resolution_named": resolutionNamed,

	"comeback_known":   comebackKnown,
	"comeback_free":    comebackFree,
	"comeback_linked":  comebackLinked,
	"comeback_decider": comebackDecider,
	"causes_decided":   causesDecided,

	"report_complete":         reportComplete,
	"report_answered":         reportAnswered,
	"report_unfrozen":         reportUnfrozen,
	"warranty_claim_job":      warrantyClaimJob,
	"warranty_claim_evidence": warrantyClaimEvidence,
	"warranty_claim_labelled": warrantyClaimLabelled,
	"warranty_claim_approved": warrantyClaimApproved,
	"warranty_claim_refused":  warrantyClaimRefused,
	"warranty_claim_paid":     warrantyClaimPaid,
	"warranty_claim_unfrozen": warrantyClaimUnfrozen,

	"customer_reachable":     customerReachable,
	"slot_free":              slotFree,
	"reception_begun":        receptionBegun,
	"start_passed":           startPassed,
	"cancel_reason":          cancelReason,
	"missing_told":           missingTold,
	"missing_named":          missingNamed,
	"pickup_allowed":         pickupAllowed,
	"diagnosis_told":         diagnosisTold,
	"wishes_asked":           wishesAsked,
	"guarantee_said":         guaranteeSaid,
	"guarantee_acknowledged": guaranteeAcknowledged,
	"move_places":            movePlaces,
	"move_reason":            moveReason,
	"move_on_order":          moveOnOrder,
	"move_consent_covers":    moveConsentCovers,
	"move_job_open":          moveJobOpen,
	"move_signed":            moveSigned,
	"move_received":          moveReceived,
	"move_counted":           moveCounted,
	"stock_enough":           stockEnough,
	"reserve_on_order":       reserveOnOrder,
	"reserve_enough":         reserveEnough,
	"order_dated":            orderDated,
	"deposit_paid":           depositPaid,
	"order_arrived":          orderArrived,
	"cancel_explained":       cancelExplained,
	"receipt_checked":        receiptChecked,
	"damage_shown":           damageShown,
	"damage_to_return":       damageToReturn,
	"count_complete":         countComplete,
	"count_other_person":     countOtherPerson,
	"customer_part_covers":   consentCovers, // a part the customer brought is not fitted without consent either (S-01, E-03)
	"customer_part_signed":   handSigned,
	"tool_free":              toolFree,
	"loss_explained":         lossExplained,

	"settlement_order":       settlementOrder,
	"lines_consented":        linesConsented,
	"lines_priced":           linesPriced,
	"shares_fair":            sharesFair,
	"warranty_decided":       warrantyDecided,
	"discount_allowed":       discountAllowed,
	"settlement_signed":      settlementSigned,
	"settlement_cleared":     settlementCleared,
	"settlement_void_reason": settlementVoidReason,
	"settlement_unfrozen":    settlementUnfrozen,
	"order_unsettled":        orderUnsettled,
	"order_settled":          orderSettled,
	"payment_towards_due":    paymentTowardsDue,
	"credit_allowed":         creditAllowed,
	"refund_explained":       refundExplained,
	"invoice_within":         invoiceWithin,
	"visit_leaving":          visitLeaving,
	"visit_paid":             visitPaid,
	"pass_free":              passFree,
	"use_recorded":           useRecorded,
	"pass_void_reason":       passVoidReason,
	"pass_unfrozen":          passUnfrozen,
	"pass_used":              passUsed,
	"orders_closed":          ordersClosed,
	"delivery_prepared":      deliveryPrepared,
	"result_shown":           resultShown,
	"belongings_returned":    belongingsReturned,
	"follow_up_asked":        followUpAsked,
	"delivery_signed":        deliverySigned,
	"delivery_open":          deliveryOpen,
	"advice_considered":      adviceConsidered,
	"advice_signed":          adviceSigned,

	"file_open":        fileOpen,
	"merge_of_two":     mergeOfTwo,
	"merge_unchained":  mergeUnchained,
	"merge_explained":  mergeExplained,
	"asset_identified": assetIdentified,

	"sale_dated":         saleDated,
	"sale_unfrozen":      saleUnfrozen,
	"sale_adds_up":       saleAddsUp,
	"sale_above_refunds": saleAboveRefunds,
	"sale_line_open":     saleLineOpen,
	"sale_line_unfrozen": saleLineUnfrozen,
	"sale_line_priced":   saleLinePriced,

	"photo_sourced":        photoSourced,
	"photo_evidence":       photoEvidence,
	"claim_filed":          claimFiled,
	"claim_first":          claimFirst,
	"claim_evidence_named": claimEvidenceNamed,
	"claim_evidence_shown": claimEvidenceShown,
	"claim_judged":         claimJudged,
	"claim_items_named":    claimItemsNamed,
	"claim_lane":           claimLane,
	"claim_agreed":         claimAgreed,
	"claim_rejected":       claimRejected,
	"claim_withdrawn":      claimWithdrawn,
	"claim_unfrozen":       claimUnfrozen,
	"claim_sent":           claimSent,
	"claim_overdue":        claimOverdue,
	"claim_extended":       claimExtended,
	"claim_complete":       claimComplete,
	"claim_incomplete":     claimIncomplete,
	"claim_compared":       claimCompared,
	"claim_returned":       claimReturned,
	"claim_exchanged":      claimExchanged,
	"claim_repaired":       claimRepaired,
	"claim_owes":           claimOwes,
	"claim_paid":           claimPaid,
	"claim_planned":        claimPlanned,
	"claim_plan_accepted":  claimPlanAccepted,
	"claim_plan_declined":  claimPlanDeclined,
	"claim_work_done":      claimWorkDone,
	"claim_goods_here":     claimGoodsHere,
	"claim_goods_away":     claimGoodsAway,
	"claim_shipped_out":    claimShippedOut,
	"claim_given_up":       claimGivenUp,
	"claim_nothing_paid":   claimNothingPaid,
	"claim_refunded":       claimRefunded,
	"claim_item_fits":      claimItemFits,
	"shipment_allowed":     shipmentAllowed,
	"plan_complete":        planComplete,
	"plan_fits":            planFits,
	"plan_begun":           planBegun,
	"surprise_named":       surpriseNamed,
	"surprise_agreed":      surpriseAgreed,
	"plan_unfrozen":        planUnfrozen,
	"refund_due":           refundDue,

	"makeup_requested":      makeupRequested,
	"makeup_identified":     makeupIdentified,
	"makeup_listed":         makeupListed,
	"makeup_rejected":       makeupRejected,
	"makeup_explained":      makeupExplained,
	"makeup_urgent_decided": makeupUrgentDecided,
	"makeup_sourced":        makeupSourced,
	"makeup_unboxed":        makeupUnboxed,
	"makeup_paid":           makeupPaid,
	"makeup_paid_back":      makeupPaidBack,
	"makeup_parcel":         makeupParcel,
	"makeup_unfrozen":       makeupUnfrozen,
}

func refuse(code string) *fault.Fault { return fault.New(fault.Refused, code) }

// resolutionNamed: a conflict is closed by saying which value stands.
func resolutionNamed(f *Facts) *fault.Fault {
	if text(f.After, "resolution") == "" {
		return refuse("flow.resolution_missing").On("resolution")
	}
	return nil
}

// text reads a plain text field; anything else counts as empty.
func text(v Values, name string) string {
	s, _ := v[name].(string)
	return s
}

// blank is true for text that says nothing. A byte order mark counts as space, as it does in JavaScript.
func blank(s string) bool {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' }) == ""
}

// Given says whether a JSON value holds anything: false, 0, "", [], {} and null do not.
func Given(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case string:
		return v != ""
	case bool:
		return v
	case []any:
		return len(v) > 0
	case []string:
		return len(v) > 0
	case map[string]any:
		return len(v) > 0
	case float64:
		return v != 0
	case int64:
		return v != 0
	case int:
		return v != 0
	}
	return true
}

// list reads a list of texts, as JSON gives it or as Go code writes it.
func list(v any) []string {
	switch v := v.(type) {
	case []string:
		return v
	case []any:
		texts := make([]string, 0, len(v))
		for _, one := range v {
			if s, ok := one.(string); ok {
				texts = append(texts, s)
			}
		}
		return texts
	}
	return nil
}

// jobNamed finds a job of the order by id.
func jobNamed(f *Facts, id string) (Job, bool) {
	i := slices.IndexFunc(f.Jobs, func(j Job) bool { return j.ID == id })
	if i < 0 {
		return Job{}, false
	}
	return f.Jobs[i], true
}

// workedOn says whether any time was booked on the job.
func workedOn(f *Facts, job string) bool {
	return slices.ContainsFunc(f.Entries, func(e Entry) bool { return e.Job == job })
}

// orderEntries are the time entries of the order's own jobs; the facts may hold a technician's others beside them.
func orderEntries(f *Facts) []Entry {
	var own []Entry
	for _, e := range f.Entries {
		if _, ok := jobNamed(f, e.Job); ok {
			own = append(own, e)
		}
	}
	return own
}

// personName says who it is, by name where the facts know it.
func personName(f *Facts, id string) string {
	for _, p := range f.People {
		if p.ID == id && p.Name != "" {
			return p.Name
		}
	}
	return id
}
