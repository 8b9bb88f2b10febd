// What the customer can do at each step of a claim, as ops on the wire: the flow's own steps, nothing of the page's making.
import { serverTime } from "../../db/ids.ts";
import { proofSlot } from "../../rules/claim.ts";
import type { Op, Row } from "./keep.ts";

/** A claim with the rows around it, as the page shows them. */
export interface ClaimCase {
  claim: Row;
  shipments: Row[];
  plans: Row[];
  photos: Row[];
}

const text = (row: Row | undefined, field: string): string => String(row?.[field] ?? "");
const version = (row: Row): number => Number(row.version ?? 0);

const patch = (collection: string, row: Row, data: Record<string, unknown>): Op => ({ op: "patch", collection, id: row.id, base: version(row), data });

/** The plan that lies before the customer, or the work that is paused for a surprise; undefined when neither. */
export function openPlan(c: ClaimCase): Row | undefined {
  return c.plans.find((p) => text(p, "state") === "offered" && text(c.claim, "state") === "plan_offered") ?? c.plans.find((p) => text(p, "state") === "paused" && !text(p, "surprise_agreed_at"));
}

/**
 * What the customer pays before anything leaves, in fen: the difference of an exchange from the moment the goods were checked, or a
 * repair once it is finished (L-06, L-10).
 */
export function toPay(c: ClaimCase): number {
  const plan = c.plans.at(-1), repair = text(c.claim, "kind") === "repair", state = text(c.claim, "state");
  if (state !== "awaiting_payment" && !(state === "accepted" && !repair) && !(state === "repairing" && text(plan, "state") === "done")) return 0;
  return Math.max(Number((repair ? plan?.agreed_fen : c.claim.owed_fen) ?? 0) - Number(c.claim.collected_fen ?? 0), 0);
}

export type Act = "accept_plan" | "decline_plan" | "agree_surprise" | "agree_difference" | "insist" | "acknowledge_pay" | "show_evidence" | "send_parcel" | "got_it" | "withdraw";

/** What can be done now. While something of it waits to be sent, nothing more. */
export function acts(c: ClaimCase): Act[] {
  const state = text(c.claim, "state"), repair = text(c.claim, "kind") === "repair", judged = ["submitted", "evidence_needed", "negotiating"].includes(state);
  if (c.claim.waits || c.plans.some((p) => p.waits) || version(c.claim) === 0) return [];
  const can: Act[] = [];
  if (state === "evidence_needed") can.push("show_evidence");
  if (state === "negotiating" && c.claim.insist === true && c.claim.insisted !== true) can.push("insist");
  if (judged && repair && text(c.claim, "lane") === "paid_repair" && !text(c.claim, "pay_acknowledged_at")) can.push("acknowledge_pay");
  const plan = openPlan(c);
  if (plan && text(plan, "state") === "offered") can.push("accept_plan", "decline_plan");
  if (plan && text(plan, "state") === "paused") can.push("agree_surprise");
  if (repair && text(c.claim, "arrival_note") && !text(c.claim, "difference_agreed_at") && ["received", "plan_offered", "plan_accepted", "accepted", "awaiting_payment"].includes(state)) can.push("agree_difference");
  // A parcel that was refused at the door is the carrier's to bring back (L-01).
  if (c.claim.refused_parcel !== true && ["approved", "awaiting_goods"].includes(state) || state === "plan_accepted" && !text(c.claim, "arrived_at")) can.push("send_parcel");
  if (state === "returned") can.push("got_it");
  if ([...(judged ? [state] : []), "plan_offered", "plan_accepted", "plan_declined", "approved", "awaiting_goods"].includes(state) && !text(c.claim, "arrived_at") && !c.shipments.some((s) => text(s, "direction") === "in")) can.push("withdraw");
  return can;
}

/** A parcel handed to a carrier. */
export interface Parcel {
  id: string;
  carrier: string;
  number: string;
}

/** Which photos that were asked for are not there yet: without them the claim cannot be sent again (L-04); a proof of purchase is never a condition (L-12). */
export function unshown(c: ClaimCase): string[] {
  const needs = Array.isArray(c.claim.needs) ? c.claim.needs.map(String) : [];
  return needs.filter((slot) => slot !== proofSlot && !c.photos.some((p) => p.slot === slot && (!p.source || p.evidence_reason)));
}

/** The ops of an act. What is said at an instant is said at `at`; the server's own time decides where it matters. */
export function opsOf(c: ClaimCase, act: Act, at: number, parcel?: Parcel): Op[] {
  const now = serverTime(at), plan = openPlan(c);
  const claim = (data: Record<string, unknown>) => patch("claims", c.claim, data);
  switch (act) {
    case "accept_plan":
      // Accepted from photos, the goods are sent in from now on (L-06, L-08).
      return [patch("repair_plans", plan!, { state: "accepted" }), claim({ state: "plan_accepted" }), ...(text(c.claim, "arrived_at") ? [] : [claim({ state: "awaiting_goods" })])];
    case "decline_plan":
      return [patch("repair_plans", plan!, { state: "declined" }), claim({ state: "plan_declined" })];
    case "agree_surprise":
      return [patch("repair_plans", plan!, { surprise_agreed_at: now })];
    case "agree_difference":
      return [claim({ difference_agreed_at: now })];
    case "insist":
      return [claim({ insisted: true })];
    case "acknowledge_pay":
      return [claim({ pay_acknowledged_at: now })];
    case "show_evidence":
      return [claim({ state: "submitted" })];
    case "send_parcel":
      return [
        ...(text(c.claim, "state") === "awaiting_goods" ? [] : [claim({ state: "awaiting_goods" })]),
        { op: "create", collection: "shipments", id: parcel!.id, data: { shop: c.claim.shop, claim: c.claim.id, direction: "in", carrier: parcel!.carrier.trim(), tracking_number: parcel!.number.trim(), sent_at: now } },
        claim({ state: "in_transit" }),
      ];
    case "got_it":
      return [claim({ state: "completed" })];
    case "withdraw":
      return [claim({ state: "cancelled" })];
  }
}

/** What the warehouse scans: on the return slip, as a QR code. */
export const slipCode = (claim: string): string => `AC-RMA:${claim}`;
