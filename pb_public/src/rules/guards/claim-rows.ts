// Guards of a claim's items, parcels, plans and refunds; the reasons stand in internal/flow/guards_claim_rows.go.
import { instant, skewMs } from "../clock.ts";
import { yuan } from "../price.ts";
import type { Facts } from "../facts.ts";
import type { ClaimCase } from "../facts-claim.ts";
import { Refused } from "../refused.ts";
import { caseOf, later, netRefunds, shipUntil } from "./claim-common.ts";
import { claimGivenUp, claimNothingPaid } from "./claim.ts";
import { claimPaid, claimWorkDone } from "./claim-goods.ts";
import { blank, given, roleWords, text, whole } from "./common.ts";

export function claimItemFits(f: Facts): Refused | null {
  const c = caseOf(f);
  if (!["submitted", "evidence_needed", "negotiating"].includes(text(c.row, "state"))) return new Refused("claim.frozen", "claim");
  if (c.foreign) return new Refused("claim.item_foreign", "sales_item");
  if ((c.line ?? "") !== text(c.row, "product_line")) return new Refused("claim.other_line", "sales_item");
  return whole(f.after, "quantity") > (c.units ?? 0) ? new Refused("claim.units", "quantity", { units: c.units ?? 0 }) : null;
}

const sendable: Record<string, string[]> = {
  in: ["awaiting_goods", "in_transit", "expired"],
  out: ["received", "plan_declined", "awaiting_payment", "exchange_pending", "repairing"],
};

export function shipmentAllowed(f: Facts): Refused | null {
  const c = caseOf(f), direction = text(f.after, "direction"), sent = text(f.after, "sent_at"), state = text(c.row, "state");
  if (!(instant(sent) <= Date.parse(f.now) + skewMs)) return new Refused("shipment.future", "sent_at");
  if (!sendable[direction]?.includes(state)) return new Refused("shipment.not_now", "direction", { state: [`claim.${state}`] });
  if (direction === "out") {
    if (f.actor.roles.includes("customer")) return new Refused("flow.role", "direction", { roles: roleWords(["warehouse", "agent"]) });
    return replacementFree(f, c, state);
  }
  if (given(c.row?.refused_parcel)) return null;
  if (later(text(c.row, "approved_at"), sent)) return new Refused("shipment.before_approval", "sent_at");
  return later(shipUntil(c.row), sent) ? null : new Refused("shipment.late", "sent_at");
}

function replacementFree(f: Facts, c: ClaimCase, state: string): Refused | null {
  const around: Facts = { ...f, after: c.row };
  if (state === "awaiting_payment") return claimGivenUp(around) ?? claimNothingPaid(around);
  if (state === "exchange_pending") return claimPaid(around);
  return state === "repairing" ? (claimWorkDone(around) ?? claimPaid(around)) : null;
}

export function planComplete(f: Facts): Refused | null {
  if (blank(text(f.after, "method"))) return new Refused("repair.method_missing", "method");
  return whole(f.after, "days") < 1 ? new Refused("repair.days_missing", "days") : null;
}

export function planFits(f: Facts): Refused | null {
  const c = caseOf(f), state = text(c.row, "state");
  if (text(c.row, "kind") !== "repair" || !["submitted", "evidence_needed", "negotiating", "received", "plan_declined"].includes(state)) return new Refused("repair.not_now", "", { state: [`claim.${state}`] });
  return c.plan && c.plan.id !== text(f.after, "id") && c.plan.state !== "declined" ? new Refused("repair.plan_standing") : null;
}

export function planBegun(f: Facts): Refused | null {
  return text(caseOf(f).row, "state") === "repairing" ? null : new Refused("repair.not_at_bench");
}

export function surpriseNamed(f: Facts): Refused | null {
  return blank(text(f.after, "surprise")) ? new Refused("repair.surprise_unnamed", "surprise") : null;
}

export function surpriseAgreed(f: Facts): Refused | null {
  return text(f.after, "surprise_agreed_at") === "" ? new Refused("repair.surprise_open", "surprise_agreed_at") : null;
}

export function planUnfrozen(f: Facts): Refused | null {
  const allowed = ({ in_progress: ["surprise", "surprise_fen", "surprise_days"], paused: ["surprise_agreed_at", "surprise_agreed_how", "stopped_fen"] } as Record<string, string[]>)[text(f.before, "state")] ?? [];
  const frozen = (f.changed ?? []).find((name) => !allowed.includes(name));
  if (frozen !== undefined) return new Refused("repair.frozen", frozen);
  const agreed = whole(f.before, "agreed_fen");
  return f.changed?.includes("stopped_fen") && whole(f.after, "stopped_fen") > agreed ? new Refused("repair.stopped_above", "stopped_fen", { agreed: yuan(agreed) }) : null;
}

export function refundDue(f: Facts): Refused | null {
  const c = caseOf(f), fen = whole(f.after, "fen"), due = whole(c.row, "refund_due_fen");
  if (text(f.after, "kind") === "counter") return counterFits(f, c);
  if (!["refund_pending", "exchange_pending", "returned"].includes(text(c.row, "state")) || due <= 0) return new Refused("refund.not_due");
  if (netRefunds(c.refunds) !== 0) return new Refused("refund.twice", "fen");
  if (fen !== due) return new Refused("refund.inexact", "fen", { due: yuan(due) });
  if (!c.sale || c.sale.refunded_fen + fen > c.sale.paid_fen) return new Refused("refund.above_paid", "fen");
  return text(f.after, "counters") !== "" ? new Refused("refund.counters_nothing", "counters") : null;
}

function counterFits(f: Facts, c: ClaimCase): Refused | null {
  const of = c.counters;
  if (of?.kind !== "refund") return new Refused("refund.counter_missing", "counters");
  if (of.fen !== whole(f.after, "fen")) return new Refused("refund.counter_differs", "fen", { fen: yuan(of.fen) });
  if (c.refunds?.some((r) => r.counters === of.id)) return new Refused("refund.countered", "counters");
  if (blank(text(f.after, "reason"))) return new Refused("refund.reason_missing", "reason");
  return text(c.row, "state") === "completed" ? new Refused("refund.completed", "counters") : null;
}
