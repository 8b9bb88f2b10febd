// How a claim 退换修 stands: who is asked for the next step, until when, and which steps a person's roles allow. Pure; times are
// ms, amounts fen.
import type { Rows } from "../../db/index.ts";
import { entities, type Transition } from "../../rules/table.ts";
import { shipUntil } from "../../rules/guards/claim-common.ts";
import { blank } from "../../rules/guards/common.ts";
import type { Values } from "../../rules/facts.ts";
import { parseTime } from "../../ui/format.ts";
import type { StateKind } from "../../ui/names.ts";

export type Claim = Rows["claims"];
export type ClaimState = Claim["state"];
export type Shipment = Rows["shipments"];
export type Plan = Rows["repair_plans"];
export type Refund = Rows["refunds"];

/** Who has the next step: after-sales, the customer, the dock, the bench, finance; nobody once it is over. */
export type Asked = "agent" | "customer" | "dock" | "bench" | "finance" | "nobody";

const askedIn: Record<ClaimState, Asked> = {
  submitted: "agent", evidence_needed: "customer", negotiating: "agent", approved: "agent", plan_offered: "customer", plan_accepted: "agent", plan_declined: "agent",
  awaiting_goods: "customer", in_transit: "dock", received: "dock", accepted: "finance", refund_pending: "finance", awaiting_payment: "finance", exchange_pending: "dock",
  repairing: "bench", returned: "agent", rejected: "nobody", sent_back: "nobody", completed: "nobody", cancelled: "nobody", expired: "nobody",
};

/** Who is asked; `plan` is the claim's latest. */
export function asked(c: Claim, plan: Plan | null = null): Asked {
  switch (c.state) {
    case "submitted":
      return c.kind === "repair" && c.verdict ? "bench" : "agent";
    case "awaiting_goods":
      return c.refused_parcel ? "dock" : "customer"; // the carrier brings back what was refused at the door (L-01)
    case "plan_accepted":
      return c.arrived_at ? "bench" : "agent";
    case "plan_declined":
      return c.arrived_at ? "dock" : "agent";
    case "received":
      return c.kind === "repair" && c.compared_at && !plan ? "bench" : "dock";
    case "accepted":
      return c.kind === "repair" ? "bench" : c.kind === "exchange" && c.owed_fen <= c.collected_fen ? "dock" : "finance";
    case "awaiting_payment":
      return givenUp(c) ? "dock" : "finance";
    case "repairing":
      return repairAsks(c, plan);
    case "returned":
      return c.refund_due_fen > 0 ? "finance" : "agent";
    default:
      return askedIn[c.state] ?? "nobody";
  }
}

/** The customer does not pay, after-sales has written why, and nothing was taken: the goods go back as they came (L-06, L-10). */
export const givenUp = (c: Claim): boolean => c.state === "awaiting_payment" && !blank(c.withdrawal_reason) && c.collected_fen === 0;

/** At the bench: a surprise waits for the customer's word, finished goods for the money or for the way back (L-12). */
function repairAsks(c: Claim, plan: Plan | null): Asked {
  if (plan?.state === "paused" && !plan.surprise_agreed_at) return "agent";
  if (plan?.state !== "done") return "bench";
  return c.collected_fen === plan.agreed_fen ? "dock" : "finance";
}

/** States in which somebody of a group may be asked: what its list is read by. */
export const statesOf: Record<Exclude<Asked, "nobody">, ClaimState[]> = {
  agent: ["submitted", "negotiating", "approved", "plan_accepted", "plan_declined", "repairing", "returned"],
  customer: ["evidence_needed", "plan_offered", "awaiting_goods"],
  dock: ["awaiting_goods", "in_transit", "received", "plan_declined", "accepted", "awaiting_payment", "exchange_pending", "repairing"],
  bench: ["submitted", "plan_accepted", "received", "accepted", "repairing"],
  finance: ["accepted", "refund_pending", "awaiting_payment", "repairing", "returned"],
};
export const overStates: ClaimState[] = ["completed", "rejected", "sent_back", "cancelled", "expired"];

/** The next time that is too late, with what it is for: the answer to a refused parcel (L-01), goods on their way (L-08). */
export function deadline(c: Claim): { at: string; what: "answer" | "ship_back" } | null {
  if (c.state === "submitted" && c.answer_due_at) return { at: c.answer_due_at, what: "answer" };
  const until = shipUntil(c as unknown as Values);
  return until && (c.state === "approved" || c.state === "awaiting_goods") ? { at: until, what: "ship_back" } : null;
}

/** The nearest deadline first; what has none after those, the longest waiting first. */
export function byDeadline(a: Claim, b: Claim): number {
  return (deadline(a)?.at ?? `9${a.filed_at}`).localeCompare(deadline(b)?.at ?? `9${b.filed_at}`);
}

/** Less than this is soon, ms. */
const soonMs = 6 * 3_600_000;

export function standing(at: string, now: number): "late" | "soon" | "open" {
  const left = parseTime(at) - now;
  return left < 0 ? "late" : left < soonMs ? "soon" : "open";
}

/** Evidence that came late counts for what is returned or exchanged as faulty, not at the door, and not for what is talked over (L-04). */
export function lateEvidence(c: Claim): boolean {
  if (!c.evidence_late || c.refused_parcel) return false;
  return c.verdict ? c.lane === "return_exchange" : c.fault_claimed;
}

export const beingJudged = (c: Claim): boolean => ["submitted", "evidence_needed", "negotiating"].includes(c.state);

const shapeOf: Partial<Record<ClaimState, StateKind>> = {
  submitted: "now", negotiating: "now", evidence_needed: "hold", plan_offered: "hold", awaiting_goods: "hold", awaiting_payment: "hold", completed: "good", returned: "good", accepted: "good",
  rejected: "bad", sent_back: "bad", expired: "bad", cancelled: "hold",
};
export const shape = (state: ClaimState): StateKind => shapeOf[state] ?? "now";

/** The steps of the table that lead on from here for somebody with these roles. */
export function stepsFrom(state: string, roles: readonly string[], entity: "claim" | "repair_plan" = "claim"): Transition[] {
  return (entities[entity]?.transitions ?? []).filter((t) => t.from === state && t.roles.some((r) => roles.includes(r)));
}

/** What a code on a slip, a number or a tracking number stands for. */
export function readSlip(text: string): { claim: string } | { number: string } {
  const said = text.normalize("NFKC").trim(), slip = /^AC-RMA:([a-z0-9]{15})$/i.exec(said);
  return slip ? { claim: slip[1]!.toLowerCase() } : { number: said };
}

/** What an arrival's photo shows: slot "arrival.tags" is of "tags". */
export const arrivalOf = (slot: string): string => (slot.startsWith("arrival.") ? slot.slice("arrival.".length) : "");

/** So many pieces of a line that was bought in so many units. */
interface Share {
  paid_fen: number;
  units: number;
  quantity: number;
}

/** What was paid for the pieces of each line, to the fen. */
const shares = (goods: Share[]): number[] => goods.map((g) => (g.units > 0 ? Math.floor((g.paid_fen * g.quantity) / g.units) : 0));

/** What was paid for all of them. */
export const paidFor = (goods: Share[]): number => shares(goods).reduce((sum, fen) => sum + fen, 0);

/** How the sum of a refund comes together: what was paid for the units of each line, the shipping, less what was cut (L-13). */
export function refundParts(due: number, goods: Share[]): { lines: number[]; shipping: number; cut: number } {
  const lines = shares(goods), rest = due - paidFor(goods);
  return { lines, shipping: Math.max(rest, 0), cut: Math.max(-rest, 0) };
}

/** Whether this person may give or change the verdict: nobody has, it is their own, or they have the last word (L-07). */
export function mayJudge(c: Claim, user: string, roles: readonly string[]): boolean {
  if (!beingJudged(c) || !["agent", "supervisor", "manager"].some((r) => roles.includes(r))) return false;
  return !c.verdict_by || c.verdict_by === user || roles.includes("supervisor") || roles.includes("manager");
}

/** What the customer still pays before a replacement leaves (L-10), fen; before the goods were checked nobody knows. */
export const owedFor = (c: Claim): number => (c.kind === "exchange" && ["accepted", "awaiting_payment"].includes(c.state) ? Math.max(c.owed_fen - c.collected_fen, 0) : 0);

/** What has gone back and was not countered. */
export const netRefunded = (refunds: Refund[]): number => refunds.reduce((sum, r) => sum + (r.kind === "counter" ? -r.fen : r.fen), 0);

/** A list shows so many, those due first: nobody works through more at a time, and the next come up as these are done. */
export const mostShown = 40;

/** Whose screens these are. */
export const desks = {
  claims: ["agent", "supervisor", "warehouse", "technician", "leader", "expert", "finance", "cashier", "manager", "head_office"],
  dock: ["warehouse", "agent", "supervisor", "manager", "head_office"],
  bench: ["technician", "leader", "expert", "agent", "supervisor", "manager", "head_office"],
  finance: ["finance", "cashier", "agent", "supervisor", "manager", "head_office"],
} as const;

export const benchTabs = ["plan", "word", "work", "done"] as const;
export type BenchTab = (typeof benchTabs)[number];

/** What goods at the bench wait for: a plan, the customer's word, hands, or the way back; null: they are none of its business. */
export function benchTab(c: Claim, plan: Plan | null): BenchTab | null {
  if (c.kind !== "repair" || overStates.includes(c.state)) return null;
  if (c.state === "plan_offered" || plan?.state === "paused") return "word";
  if (c.state === "repairing") return plan?.state === "done" ? "done" : "work";
  if (c.arrived_at && (c.state === "plan_accepted" || (c.state === "accepted" && plan?.state === "accepted"))) return "work";
  return asked(c, plan) === "bench" ? "plan" : null;
}

export const moneyTabs = ["refund", "collect", "sign"] as const;
export type MoneyTab = (typeof moneyTabs)[number];

/** What of it is whose: a cashier takes money, and gives none back (L-10, L-13). */
export function moneyTabsOf(roles: readonly string[]): readonly MoneyTab[] {
  return desks.finance.some((r) => r !== "cashier" && roles.includes(r)) ? moneyTabs : ["collect"];
}

/** What finance has to do with a claim, and the sum it is about: fen go back, are collected first, or everything is signed off. */
export function moneyTask(c: Claim, plan: Plan | null, refunds: Refund[]): { tab: MoneyTab; fen: number } | null {
  const back = netRefunded(refunds), owed = c.kind === "repair" ? (plan?.agreed_fen ?? 0) : c.owed_fen;
  if (c.refund_due_fen > 0 && back === 0 && (c.kind === "return" ? ["accepted", "refund_pending"] : ["exchange_pending", "returned"]).includes(c.state)) return { tab: "refund", fen: c.refund_due_fen };
  if (owed > c.collected_fen && ["accepted", "awaiting_payment", "repairing"].includes(c.state)) return { tab: "collect", fen: owed - c.collected_fen };
  return c.state === "refund_pending" ? { tab: "sign", fen: back } : null;
}
