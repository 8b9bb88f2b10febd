// What becomes of goods that come back 退换货 (L-01 … L-16): lane, due times, who pays the freight, what has to be shown, and
// which rule decided each. Twin of internal/claim, which says each rule; the vectors of that package are run by both.
// Instants are milliseconds, money is integer fen. It reads no clock.
import raw from "../../../internal/claim/policy.json";
import { contains, windowOf, type Calendar, type Period, type Window } from "./calendar.ts";
import { Refused } from "./refused.ts";

export type Payer = "company" | "customer" | "agreement";
export type Verdict = "quality" | "none";
export type Phase = "return" | "month" | "after";
export type Lane = "return_exchange" | "negotiate" | "paid_repair";
export type Route = "online" | "store" | "agent" | "door";

/** A line of a list that people read. */
export interface Item {
  code: string;
  label: { zh: string; en: string };
}

/** The figures of one product line. */
export interface ClaimPolicy {
  line: string;
  return: Period;
  repair: Period;
  evidence: Period;
  ship_back: Period;
  door_answer: Period;
  late_evidence: "store" | "agent";
  freight: Record<Phase, Record<Verdict, Payer>> & { exempt: Payer; sent_back: Payer };
  shipping: Record<Verdict, "whole" | "always" | "never">;
  needs: Record<Verdict | "repair", string[]>;
  completeness: Item[];
  exemptions: Item[];
  /** 指定快递: whom the goods are handed to where the company pays the freight (L-03, L-05); none: the agent tells it. */
  carrier?: string;
}

/** What a claim's lane hangs on: acceptance, the server's receipt of the claim, what the goods are, a local store. */
export interface Case {
  received: number;
  filed: number;
  verdict: Verdict;
  traits: string[];
  store_near: boolean;
}

/** What would become of a case; `until` ends the present phase, null after the month. */
export interface Preview {
  phase: Phase;
  lane: Lane;
  insist: boolean;
  freight: Payer;
  route: Route;
  needs: string[];
  return_due: number;
  repair_due: number;
  evidence_due: number;
  evidence_late: boolean;
  until: number | null;
  assumed: boolean;
  rules: { lane: string; freight: string; route: string; due: string };
}

/** An order as a refund sees it. */
export interface Paid {
  lines: { paid_fen: number; units: number; before: number; returned: number }[];
  shipping_fen: number;
  refunded_fen: number;
  shipping_refunded: boolean;
}

/** The policy that came with the product, for the line "default". */
export const shippedClaimPolicy = raw as ClaimPolicy;

const verdicts: readonly string[] = ["quality", "none"];
const cases: readonly string[] = ["quality", "none", "repair"];
const maxFen = 100_000_000_000, maxUnits = 10_000;

/** What becomes of a case, in a shop's zone. Throws Refused: claim.verdict_unknown, claim.filed_before_received. */
export function previewClaim(p: ClaimPolicy, k: Case, c: Calendar, zone: string): Preview {
  if (!verdicts.includes(k.verdict)) throw new Refused("claim.verdict_unknown", "verdict");
  if (k.filed < k.received) throw new Refused("claim.filed_before_received", "filed");
  const [returns, repairs, evidence] = [p.return, p.repair, p.evidence].map((period) => windowOf(c, k.received, period, zone)) as [Window, Window, Window];
  const phase: Phase = contains(returns, k.filed) ? "return" : contains(repairs, k.filed) ? "month" : "after";
  const late = !contains(evidence, k.filed);
  const decided = decide(p, phase, k);
  return {
    ...decided, phase, evidence_late: late,
    route: decided.lane === "return_exchange" && late ? lateRoute(p, k.store_near) : "online",
    return_due: returns.due, repair_due: repairs.due, evidence_due: evidence.due,
    until: { return: returns.due, month: repairs.due, after: null }[phase],
    assumed: returns.assumed || repairs.assumed,
  };
}

type Decided = Pick<Preview, "lane" | "insist" | "freight" | "needs" | "rules">;

function decide(p: ClaimPolicy, phase: Phase, k: Case): Decided {
  const by = (lane: string, route = lane) => ({ lane, freight: lane, route, due: "L-16" });
  const freight = p.freight[phase][k.verdict], needs = p.needs[k.verdict];
  if (phase === "after") return { lane: "paid_repair", insist: false, freight, needs: p.needs.repair, rules: by("L-06") };
  const within = phase === "return" ? "L-03" : "L-05";
  if (k.verdict === "quality") return { lane: "return_exchange", insist: false, freight, needs, rules: by(within, "L-04") };
  if (p.exemptions.some((e) => k.traits.includes(e.code))) return { lane: "negotiate", insist: false, freight: p.freight.exempt, needs, rules: by("L-15") };
  return { lane: "negotiate", insist: phase === "return", freight, needs, rules: by(within) };
}

function lateRoute(p: ClaimPolicy, storeNear: boolean): Route {
  return p.late_evidence === "store" && storeNear ? "store" : "agent";
}

/** What becomes of a parcel that was refused on delivery: what does not match goes back at the company's expense (L-01). */
export function atDoor(p: ClaimPolicy, verdict: Verdict, seen: Preview): Preview {
  return { ...seen, route: "door", evidence_late: false, insist: verdict === "none", lane: verdict === "none" ? "negotiate" : "return_exchange",
    freight: p.freight.return[verdict], rules: { lane: "L-01", freight: "L-01", route: "L-01", due: "L-16" } };
}

/** By when a parcel refused at the door is answered (L-01). */
export function answerBy(p: ClaimPolicy, refused: number, c: Calendar, zone: string): Window {
  return windowOf(c, refused, p.door_answer, zone);
}

/** By when goods must be handed to the carrier after the approval (L-08). */
export function shipBackBy(p: ClaimPolicy, approved: number, c: Calendar, zone: string): Window {
  return windowOf(c, approved, p.ship_back, zone);
}

/** The codes of the completeness list that were not ticked on arrival (L-09). */
export function missing(p: ClaimPolicy, ticked: string[]): string[] {
  return p.completeness.map((item) => item.code).filter((code) => !ticked.includes(code));
}

/** The photo of a proof of purchase: asked for, and never a condition, for without it a repair is accepted as best effort (L-12). */
export const proofSlot = "invoice";

/** The thing that was wrong from the beginning, by what of a refused parcel does not match the order: nobody sends back a gift that never came (L-01). */
const neverSent: Record<string, string> = { gift: "accessories", packaging: "outer_packing" };

/**
 * What must come back with a parcel (L-09): one refused at the door comes as it was sent, and nobody could put a slip into it (L-01).
 * `differs` is what of it does not match the order.
 */
export function mustComeBack(p: ClaimPolicy, refusedParcel: boolean, differs = ""): Item[] {
  return p.completeness.filter((item) => !refusedParcel || (item.code !== "return_slip" && item.code !== neverSent[differs]));
}

/** What of a parcel refused at the door does not match the order, as after-sales has judged; "" for nothing (L-01). */
export function differsOf(claim: object): string {
  const c = claim as { refused_parcel?: unknown; verdict?: unknown; mismatch?: unknown };
  return c.refused_parcel === true && c.verdict === "quality" ? String(c.mismatch ?? "") : "";
}

/** What of an order's goods the completeness list means by accessories and gifts: those of the claimed lines, and the order's gifts (L-09). */
export function goesWith(lines: readonly { id: string; name: string; gift: boolean; accessories?: unknown }[], claimed: readonly string[]): string[] {
  const things = lines.flatMap((l) => [...(claimed.includes(l.id) && Array.isArray(l.accessories) ? l.accessories.map(String) : []), ...(l.gift && !claimed.includes(l.id) ? [l.name] : [])]);
  return [...new Set(things)];
}

/** Whether a claim uses up the one return or exchange of its order (L-11). */
export function usesUp(kind: string, state: string, sent: boolean): boolean {
  if (kind === "repair" || ["rejected", "cancelled", "sent_back"].includes(state)) return false;
  return state !== "expired" || sent;
}

/** What an exchange collects first, or refunds (L-10): nothing while nobody has named the replacement's price. */
export function difference(paidFen: number, replacementFen: number): { collect: number; refund: number } {
  if (replacementFen === 0) return { collect: 0, refund: 0 };
  return { collect: Math.max(replacementFen - paidFen, 0), refund: Math.max(paidFen - replacementFen, 0) };
}

/** What goes back for the units returned, in fen (L-13). Throws Refused: claim.refund_units, claim.refund_sum. */
export function refundOf(p: ClaimPolicy, verdict: Verdict, o: Paid): number {
  if (!isSum(o.shipping_fen) || !isSum(o.refunded_fen)) throw new Refused("claim.refund_sum");
  let fen = 0, paid = o.shipping_fen, whole = true, some = false;
  for (const l of o.lines) {
    if (!isSum(l.paid_fen) || l.units < 1 || l.units > maxUnits) throw new Refused("claim.refund_sum");
    if (l.before < 0 || l.returned < 0 || l.before > l.units || l.returned > l.units - l.before) throw new Refused("claim.refund_units", "", { units: Math.max(l.units - l.before, 0) });
    const after = l.before + l.returned;
    fen += Math.floor((l.paid_fen * after) / l.units) - Math.floor((l.paid_fen * l.before) / l.units);
    paid += l.paid_fen;
    whole &&= after === l.units;
    some ||= l.returned > 0;
  }
  const rule = p.shipping[verdict];
  if (some && !o.shipping_refunded && (rule === "always" || (rule === "whole" && whole))) fen += o.shipping_fen;
  return Math.min(fen, Math.max(paid - o.refunded_fen, 0));
}

const isSum = (fen: number) => Number.isInteger(fen) && fen >= 0 && fen <= maxFen;

/** The first field that a policy cannot have, "" when there is none; the server refuses it as policy.claims. */
export function unfitPolicy(p: ClaimPolicy): string {
  if (p.line === "") return "line";
  const days = ["workday", "day"];
  const spans: [field: keyof ClaimPolicy, period: Period, units: string[], most: number][] = [
    ["return", p.return, days, 366], ["repair", p.repair, ["month"], 120], ["evidence", p.evidence, ["hour"], 8784],
    ["ship_back", p.ship_back, ["hour"], 8784], ["door_answer", p.door_answer, days, 366],
  ];
  for (const [field, period, units, most] of spans) {
    if (!units.includes(period.unit) || !Number.isInteger(period.count) || period.count < 1 || period.count > most) return field;
  }
  if (!["store", "agent"].includes(p.late_evidence)) return "late_evidence";
  const payers = ["company", "customer", "agreement"], byVerdict = (of: Record<string, string>, values: string[]) =>
    Object.keys(of).length === verdicts.length && verdicts.every((v) => values.includes(of[v] ?? ""));
  const { exempt, sent_back, ...phases } = p.freight;
  if (!Object.values(phases).every((of) => byVerdict(of, payers)) || ![exempt, sent_back].every((payer) => payers.includes(payer))) return "freight";
  if (!byVerdict(p.shipping, ["whole", "always", "never"])) return "shipping";
  const needs = p.needs as Record<string, string[]>;
  if (Object.keys(needs).length !== cases.length || !cases.every((of) => needs[of] && distinct(needs[of]))) return "needs";
  if (p.completeness.length === 0 || !distinct(p.completeness.map((i) => i.code))) return "completeness";
  if (!distinct(p.exemptions.map((i) => i.code))) return "exemptions";
  return [...(p.carrier ?? "")].length > 60 ? "carrier" : "";
}

const distinct = (codes: string[]) => !codes.includes("") && new Set(codes).size === codes.length;
