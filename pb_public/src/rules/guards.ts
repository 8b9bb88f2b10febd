// Every guard the flow table may name; each is the twin of the Go function of the same name in internal/flow.
import type { Facts } from "./facts.ts";
import * as book from "./guards/book.ts";
import * as claim from "./guards/claim.ts";
import * as claimGoods from "./guards/claim-goods.ts";
import * as claimRows from "./guards/claim-rows.ts";
import * as comeback from "./guards/comeback.ts";
import * as consent from "./guards/consent.ts";
import * as due from "./guards/due.ts";
import * as files from "./guards/files.ts";
import * as gate from "./guards/gate.ts";
import * as inspection from "./guards/inspection.ts";
import * as job from "./guards/job.ts";
import * as learn from "./guards/learn.ts";
import * as makeup from "./guards/makeup.ts";
import * as order from "./guards/order.ts";
import * as parts from "./guards/parts.ts";
import * as purchase from "./guards/purchase.ts";
import * as photo from "./guards/photo.ts";
import * as payment from "./guards/payment.ts";
import * as quality from "./guards/quality.ts";
import * as sales from "./guards/sales.ts";
import * as settlement from "./guards/settlement.ts";
import * as visit from "./guards/visit.ts";
import { text } from "./guards/common.ts";
import { Refused } from "./refused.ts";

export { uncovered } from "./guards/consent.ts";

/** Looks at the facts and names what stands in the way; null when nothing does. */
export type Guard = (f: Facts) => Refused | null;

export const guards: Record<string, Guard> = {
  inspection_complete: visit.inspectionComplete,
  concerns_confirmed: visit.concernsConfirmed,
  valuables_acknowledged: visit.valuablesAcknowledged,
  belongings_asked: visit.belongingsAsked,
  precheck_signed: visit.precheckSigned,
  receiver_named: visit.receiverNamed,
  key_tagged: visit.keyTagged,
  work_begun: visit.workBegun,
  order_ready: visit.orderReady,
  handed_over: visit.handedOver,
  inspection_subject: inspection.inspectionSubject,
  inspection_answered: inspection.inspectionAnswered,

  order_has_jobs: order.orderHasJobs,
  jobs_dropped: order.jobsDropped,
  jobs_priced: order.jobsPriced,
  faults_diagnosed: order.faultsDiagnosed,
  some_job_covered: order.someJobCovered,
  guarantee_said: order.guaranteeSaid,
  guarantee_acknowledged: order.guaranteeAcknowledged,
  jobs_finished: order.jobsFinished,
  jobs_passed: order.jobsPassed,
  order_open: order.orderOpen,

  consent_covers: consent.consentCovers,
  entry_consent_covers: consent.consentCovers,
  consent_complete: consent.consentComplete,
  void_reason: consent.voidReason,
  decline_told: consent.declineTold,

  technicians_named: job.techniciansNamed,
  skill_sufficient: job.skillSufficient,
  assigned: job.assigned,
  entry_assigned: job.entryAssigned,
  sheet_checked: job.sheetChecked,
  clock_free: job.clockFree,
  entry_clock_free: job.entryClockFree,
  entry_after_sign: job.entryAfterSign,
  entry_job_running: job.entryJobRunning,
  pause_reason: job.pauseReason,
  no_work_done: job.noWorkDone,
  price_in_range: job.priceInRange,
  rework_named: job.reworkNamed,

  quality_passed: quality.qualityPassed,
  check_jobs_finished: quality.checkJobsFinished,
  check_stage_role: quality.checkStageRole,
  check_stage_order: quality.checkStageOrder,
  check_different_people: quality.checkDifferentPeople,
  check_items_answered: quality.checkItemsAnswered,
  check_failure_named: quality.checkFailureNamed,

  message_complete: due.messageComplete,
  due_note: due.dueNote,
  due_answer: due.dueAnswer,
  comeback_known: comeback.comebackKnown,
  comeback_free: comeback.comebackFree,
  comeback_linked: comeback.comebackLinked,
  comeback_decider: comeback.comebackDecider,
  causes_decided: comeback.causesDecided,

  report_complete: learn.reportComplete,
  report_answered: learn.reportAnswered,
  report_unfrozen: learn.reportUnfrozen,
  warranty_claim_job: learn.warrantyClaimJob,
  warranty_claim_evidence: learn.warrantyClaimEvidence,
  warranty_claim_labelled: learn.warrantyClaimLabelled,
  warranty_claim_approved: learn.warrantyClaimApproved,
  warranty_claim_refused: learn.warrantyClaimRefused,
  warranty_claim_paid: learn.warrantyClaimPaid,
  warranty_claim_unfrozen: learn.warrantyClaimUnfrozen,

  customer_reachable: book.customerReachable,
  slot_free: book.slotFree,
  reception_begun: book.receptionBegun,
  start_passed: book.startPassed,
  cancel_reason: book.cancelReason,
  missing_told: book.missingTold,
  missing_named: book.missingNamed,
  pickup_allowed: book.pickupAllowed,
  diagnosis_told: book.diagnosisTold,
  wishes_asked: book.wishesAsked,

  resolution_named: (f) => (text(f.after, "resolution") === "" ? new Refused("flow.resolution_missing", "resolution") : null),

  move_places: parts.movePlaces,
  move_reason: parts.moveReason,
  move_on_order: parts.moveOnOrder,
  move_consent_covers: parts.moveConsentCovers,
  move_job_open: parts.moveJobOpen,
  move_signed: parts.moveSigned,
  move_received: parts.moveReceived,
  move_counted: parts.moveCounted,
  stock_enough: parts.stockEnough,
  reserve_on_order: parts.reserveOnOrder,
  reserve_enough: parts.reserveEnough,
  order_dated: purchase.orderDated,
  deposit_paid: purchase.depositPaid,
  order_arrived: purchase.orderArrived,
  cancel_explained: purchase.cancelExplained,
  receipt_checked: purchase.receiptChecked,
  damage_shown: purchase.damageShown,
  damage_to_return: purchase.damageToReturn,
  count_complete: purchase.countComplete,
  count_other_person: purchase.countOtherPerson,
  customer_part_covers: consent.consentCovers,
  customer_part_signed: parts.handSigned,
  tool_free: purchase.toolFree,
  loss_explained: purchase.lossExplained,

  settlement_order: settlement.settlementOrder,
  lines_consented: settlement.linesConsented,
  lines_priced: settlement.linesPriced,
  shares_fair: settlement.sharesFair,
  warranty_decided: settlement.warrantyDecided,
  discount_allowed: settlement.discountAllowed,
  settlement_signed: settlement.settlementSigned,
  settlement_cleared: settlement.settlementCleared,
  settlement_void_reason: settlement.settlementVoidReason,
  settlement_unfrozen: settlement.settlementUnfrozen,
  order_unsettled: settlement.orderUnsettled,
  order_settled: settlement.orderSettled,
  payment_towards_due: payment.paymentTowardsDue,
  credit_allowed: payment.creditAllowed,
  refund_explained: payment.refundExplained,
  invoice_within: payment.invoiceWithin,
  visit_leaving: gate.visitLeaving,
  visit_paid: gate.visitPaid,
  pass_free: gate.passFree,
  use_recorded: gate.useRecorded,
  pass_void_reason: gate.passVoidReason,
  pass_unfrozen: gate.passUnfrozen,
  pass_used: gate.passUsed,
  orders_closed: gate.ordersClosed,
  delivery_prepared: gate.deliveryPrepared,
  result_shown: gate.resultShown,
  belongings_returned: gate.belongingsReturned,
  follow_up_asked: gate.followUpAsked,
  delivery_signed: gate.deliverySigned,
  delivery_open: gate.deliveryOpen,
  advice_considered: quality.adviceConsidered,
  advice_signed: gate.adviceSigned,

  file_open: files.fileOpen,
  merge_of_two: files.mergeOfTwo,
  merge_unchained: files.mergeUnchained,
  merge_explained: files.mergeExplained,
  asset_identified: files.assetIdentified,

  sale_dated: sales.saleDated,
  sale_unfrozen: sales.saleUnfrozen,
  sale_adds_up: sales.saleAddsUp,
  sale_above_refunds: sales.saleAboveRefunds,
  sale_line_open: sales.saleLineOpen,
  sale_line_unfrozen: sales.saleLineUnfrozen,
  sale_line_priced: sales.saleLinePriced,

  photo_sourced: photo.photoSourced,
  photo_evidence: photo.photoEvidence,
  claim_filed: claim.claimFiled,
  claim_first: claim.claimFirst,
  claim_evidence_named: claim.claimEvidenceNamed,
  claim_evidence_shown: claim.claimEvidenceShown,
  claim_judged: claim.claimJudged,
  claim_items_named: claim.claimItemsNamed,
  claim_lane: claim.claimLane,
  claim_agreed: claim.claimAgreed,
  claim_rejected: claim.claimRejected,
  claim_withdrawn: claim.claimWithdrawn,
  claim_unfrozen: claim.claimUnfrozen,
  claim_sent: claimGoods.claimSent,
  claim_overdue: claimGoods.claimOverdue,
  claim_extended: claimGoods.claimExtended,
  claim_complete: claimGoods.claimComplete,
  claim_incomplete: claimGoods.claimIncomplete,
  claim_compared: claimGoods.claimCompared,
  claim_returned: claimGoods.claimReturned,
  claim_exchanged: claimGoods.claimExchanged,
  claim_repaired: claimGoods.claimRepaired,
  claim_owes: claimGoods.claimOwes,
  claim_paid: claimGoods.claimPaid,
  claim_planned: claimGoods.claimPlanned,
  claim_plan_accepted: claimGoods.claimPlanAccepted,
  claim_plan_declined: claimGoods.claimPlanDeclined,
  claim_work_done: claimGoods.claimWorkDone,
  claim_goods_here: claimGoods.claimGoodsHere,
  claim_goods_away: claimGoods.claimGoodsAway,
  claim_shipped_out: claimGoods.claimShippedOut,
  claim_refunded: claimGoods.claimRefunded,
  claim_item_fits: claimRows.claimItemFits,
  shipment_allowed: claimRows.shipmentAllowed,
  plan_complete: claimRows.planComplete,
  plan_fits: claimRows.planFits,
  plan_begun: claimRows.planBegun,
  surprise_named: claimRows.surpriseNamed,
  surprise_agreed: claimRows.surpriseAgreed,
  plan_unfrozen: claimRows.planUnfrozen,
  refund_due: claimRows.refundDue,

  makeup_requested: makeup.makeupRequested,
  makeup_identified: makeup.makeupIdentified,
  makeup_listed: makeup.makeupListed,
  makeup_rejected: makeup.makeupRejected,
  makeup_explained: makeup.makeupExplained,
  makeup_urgent_decided: makeup.makeupUrgentDecided,
  makeup_sourced: makeup.makeupSourced,
  makeup_unboxed: makeup.makeupUnboxed,
  makeup_paid: makeup.makeupPaid,
  makeup_parcel: makeup.makeupParcel,
  makeup_unfrozen: makeup.makeupUnfrozen,
};
