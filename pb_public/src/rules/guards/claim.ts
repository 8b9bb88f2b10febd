// Guards of filing and judging a claim; the reasons stand in internal/flow/guards_claim.go.
import type { Facts } from "../facts.ts";
import { proofSlot } from "../claim.ts";
import { Refused } from "../refused.ts";
import { yuan } from "../price.ts";
import { caseOf, later, listOf, shipped, shipUntil } from "./claim-common.ts";
import { blank, given, holds, roleWords, text, whole } from "./common.ts";

export function claimFiled(f: Facts): Refused | null {
  const { sale, phone = "" } = caseOf(f);
  const mismatch = text(f.after, "mismatch");
  if (sale?.state !== "placed") return new Refused("claim.order_closed", "sales_order");
  if (f.actor.roles.includes("customer") && (phone === "" || phone !== (sale.phone ?? ""))) return new Refused("claim.order_unknown", "sales_order");
  if (given(f.after?.refused_parcel)) {
    if (sale.received_at) return new Refused("claim.mismatch_late", "mismatch");
    if (text(f.after, "kind") === "repair") return new Refused("claim.door_kind", "kind");
    return mismatch === "" ? new Refused("claim.mismatch_missing", "mismatch") : null;
  }
  if (mismatch !== "") return new Refused("claim.mismatch_late", "mismatch");
  return text(f.after, "received_at") === "" ? new Refused("claim.receipt_unknown", "sales_order") : null;
}

export function claimFirst(f: Facts): Refused | null {
  const taken = caseOf(f).taken ?? "";
  return taken === "" || text(f.after, "kind") === "repair" ? null : new Refused("claim.used_up", "kind", { claim: taken });
}

export function claimEvidenceNamed(f: Facts): Refused | null {
  return blank(text(f.after, "evidence_wanted")) ? new Refused("claim.evidence_unnamed", "evidence_wanted") : null;
}

export function claimEvidenceShown(f: Facts): Refused | null {
  const slots = caseOf(f).slots ?? [];
  const missing = listOf(f.after?.needs).filter((slot) => slot !== proofSlot && !slots.includes(slot));
  return missing.length === 0 ? null : new Refused("claim.evidence_missing", "", { photos: missing.map((slot) => `evidence.${slot}`) });
}

export function claimJudged(f: Facts): Refused | null {
  if (text(f.after, "verdict") === "") return new Refused("claim.verdict_missing", "verdict");
  return blank(text(f.after, "verdict_reason")) ? new Refused("claim.verdict_unexplained", "verdict_reason") : null;
}

export function claimItemsNamed(f: Facts): Refused | null {
  return (caseOf(f).items ?? 0) === 0 ? new Refused("claim.items_missing") : null;
}

export function claimLane(f: Facts): Refused | null {
  const lane = text(f.after, "lane");
  if (lane === "return_exchange") return null;
  if (text(f.after, "kind") === "repair") return text(f.after, "pay_acknowledged_at") !== "" ? null : new Refused("claim.pay_unacknowledged", "pay_acknowledged_at");
  return lane === "paid_repair" ? new Refused("claim.only_repair", "kind") : new Refused("claim.talk_first", "state");
}

export function claimAgreed(f: Facts): Refused | null {
  if (text(f.after, "lane") !== "negotiate" || text(f.after, "kind") === "repair") return claimLane(f);
  if (!(given(f.after?.insist) && given(f.after?.insisted)) && blank(text(f.after, "agreement"))) return new Refused("claim.not_agreed", "agreement");
  return text(f.after, "freight") === "agreement" && text(f.after, "freight_agreed") === "" ? new Refused("claim.freight_open", "freight_agreed") : null;
}

export function claimRejected(f: Facts): Refused | null {
  if (entitled(f) && !holds(["supervisor", "manager"], f.actor)) return new Refused("claim.entitled", "state");
  return blank(text(f.after, "rejection")) ? new Refused("claim.rejection_missing", "rejection") : null;
}

function entitled(f: Facts): boolean {
  if (text(f.after, "verdict") === "" || text(f.after, "kind") === "repair") return false;
  return text(f.after, "lane") === "return_exchange" || (given(f.after?.insist) && given(f.after?.insisted));
}

export function claimWithdrawn(f: Facts): Refused | null {
  if (shipped(caseOf(f), "in")) return new Refused("claim.sent_already");
  return !f.actor.roles.includes("customer") && blank(text(f.after, "withdrawal_reason")) ? new Refused("claim.withdrawal_unexplained", "withdrawal_reason") : null;
}

export function claimGivenUp(f: Facts): Refused | null {
  return blank(text(f.after, "withdrawal_reason")) ? new Refused("claim.give_up_unexplained", "withdrawal_reason") : null;
}

export function claimNothingPaid(f: Facts): Refused | null {
  const paid = whole(f.after, "collected_fen");
  return paid === 0 ? null : new Refused("claim.paid_already", "collected_fen", { paid: yuan(paid) });
}

const judging = ["kind", "invoice_number", "verdict", "verdict_reason", "store_near", "capture_accepted", "capture_reason", "evidence_wanted",
  "insisted", "agreement", "freight_agreed", "rejection", "pay_acknowledged_at", "replacement", "replacement_fen", "withdrawal_reason"];
const extending = ["extended_until", "extension_reason"];
const paying = ["collected_fen", "collected_reference", "arrival_note", "compared_at", "difference_agreed_at"];
const withdrawing = ["withdrawal_reason"];
const writable: Record<string, string[]> = {
  submitted: judging, evidence_needed: judging, negotiating: judging,
  plan_offered: [...withdrawing, ...paying], plan_accepted: [...withdrawing, ...paying],
  approved: [...withdrawing, ...extending], awaiting_goods: [...withdrawing, ...extending], expired: extending,
  received: ["ticked", "arrival_note", "compared_at", "difference_agreed_at"],
  accepted: paying, awaiting_payment: [...withdrawing, ...paying], repairing: paying, exchange_pending: paying,
};

export function claimUnfrozen(f: Facts): Refused | null {
  const refused = judgedOnce(f) ?? paidInTime(f);
  if (refused) return refused;
  const allowed = writable[text(f.before, "state")] ?? [];
  const frozen = (f.changed ?? []).find((name) => !allowed.includes(name));
  if (frozen !== undefined) return new Refused("claim.frozen", frozen);
  const held = unpaidHeld(f);
  if (held) return held;
  if (f.changed?.includes("extended_until")) {
    if (blank(text(f.after, "extension_reason"))) return new Refused("claim.extension_unexplained", "extension_reason");
    if (!later(text(f.after, "extended_until"), shipUntil(f.before))) return new Refused("claim.extension_shortens", "extended_until");
  }
  return given(f.after?.capture_accepted) && blank(text(f.after, "capture_reason")) ? new Refused("claim.capture_unexplained", "capture_reason") : null;
}

const desk = ["agent", "supervisor", "manager"];
function unpaidHeld(f: Facts): Refused | null {
  if (text(f.before, "state") !== "awaiting_payment") return null;
  if (f.changed?.includes("withdrawal_reason") && !holds(desk, f.actor)) return new Refused("flow.role", "withdrawal_reason", { roles: roleWords(desk) });
  return f.changed?.includes("collected_fen") && shipped(caseOf(f), "out") ? new Refused("claim.going_back", "collected_fen") : null;
}

function judgedOnce(f: Facts): Refused | null {
  const judge = text(f.before, "verdict_by");
  if (judge === "" || judge === f.actor.id || holds(["supervisor", "manager"], f.actor)) return null;
  return (f.changed ?? []).some((name) => name === "verdict" || name === "verdict_reason") ? new Refused("claim.judged_already", "verdict") : null;
}

function paidInTime(f: Facts): Refused | null {
  if (!f.changed?.includes("collected_fen") || text(f.before, "arrived_at") !== "") return null;
  return new Refused("claim.pay_not_now", "collected_fen", { state: [`claim.${text(f.before, "state")}`] });
}
