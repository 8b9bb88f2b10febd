// What the customer's page says first of a claim: what happens now, who has the next step, and who pays (L-14). The words are the
// page's own texts; by when is for the countdown beneath.
import { steps } from "../../rules/claim-timeline.ts";
import type { StateKind } from "../../ui/names";
import { openPlan, toPay, type ClaimCase } from "./steps.ts";

/** `says` is a key of the page's texts; `who` has the next step: you, the customer; us; nobody, once it is over. */
export interface Now {
  says: string;
  who: "you" | "us" | "nobody";
}

const you = (says: string): Now => ({ says, who: "you" });
const us = (says: string): Now => ({ says, who: "us" });
const over = (says: string): Now => ({ says, who: "nobody" });

const text = (row: { [field: string]: unknown } | undefined, field: string): string => String(row?.[field] ?? "");

/** Where a claim stands, in one sentence. */
export function nowOf(c: ClaimCase): Now {
  const state = text(c.claim, "state"), repair = text(c.claim, "kind") === "repair", here = text(c.claim, "arrived_at") !== "";
  switch (state) {
    case "submitted":
      return us(c.claim.refused_parcel === true ? "now_door" : "now_submitted");
    case "evidence_needed":
      return you("now_evidence_needed");
    case "negotiating":
      return c.claim.insist === true && c.claim.insisted !== true ? you("now_insist") : us("now_negotiating");
    case "plan_offered":
      return you("now_plan_offered");
    case "approved":
    case "awaiting_goods":
      return c.claim.refused_parcel === true ? us("now_door_back") : you(c.claim.route === "store" ? "now_store" : "now_awaiting_goods");
    case "plan_accepted":
      return here ? us("now_accepted_repair") : you("now_awaiting_goods");
    case "plan_declined":
      return us(here ? "now_declined_here" : "now_plan_declined");
    case "received":
      return differs(c) ? you("now_difference") : us(repair ? "now_received_repair" : "now_received");
    case "accepted":
      if (toPay(c) > 0) return you("now_awaiting_payment");
      return differs(c) ? you("now_difference") : us(repair ? "now_accepted_repair" : text(c.claim, "kind") === "exchange" ? "now_exchange_pending" : "now_refund_pending");
    case "awaiting_payment":
      if (toPay(c) > 0) return you(repair ? "now_pay_first" : "now_awaiting_payment");
      return us(repair ? "now_accepted_repair" : "now_exchange_pending");
    case "repairing":
      return mending(c);
    case "returned":
      return you(unmended(c) ? "now_returned_unmended" : "now_returned");
    case "completed":
      return over(unmended(c) ? "now_completed_unmended" : repair ? "now_completed_repair" : "now_completed");
    case "sent_back":
      if (unpaid(c)) return over(repair ? "now_sent_back_unpaid_repair" : "now_sent_back_unpaid");
      return over(repair ? "now_sent_back_repair" : "now_sent_back");
    default:
      return ["rejected", "cancelled", "expired"].includes(state) ? over(`now_${state}`) : us(steps[state] === undefined ? "now_submitted" : `now_${state}`);
  }
}

/** At the bench: work goes on, waits for the customer's word (L-12), or is done and waits for the money (L-06). */
function mending(c: ClaimCase): Now {
  const plan = c.plans.at(-1);
  if (openPlan(c)) return you("now_surprise");
  if (text(plan, "state") === "done") return unmended(c) ? (toPay(c) > 0 ? you("now_pay_stopped") : us("now_stopped")) : toPay(c) > 0 ? you("now_pay_repair") : us("now_mended");
  return us(text(plan, "state") === "paused" ? "now_goes_on" : "now_repairing");
}

/** Nothing was mended, or not to the end: the customer declined the plan, or did not want what was found (L-06, L-12). */
export function unmended(c: ClaimCase): boolean {
  const plan = c.plans.at(-1);
  return text(c.claim, "kind") === "repair" && (text(plan, "state") === "declined" || text(plan, "stopped_at") !== "");
}

/** Sent back because what was to be paid never came; nothing was missing then (L-06, L-10). */
export function unpaid(c: ClaimCase): boolean {
  const history = (c.claim.history as { event: string }[] | null | undefined) ?? [];
  return text(c.claim, "state") === "sent_back" && history.some((e) => e.event === "awaiting_payment");
}

/** Goods to mend came otherwise than they were shown, and the customer has not agreed yet (L-12). */
const differs = (c: ClaimCase): boolean => text(c.claim, "kind") === "repair" && text(c.claim, "arrival_note") !== "" && text(c.claim, "difference_agreed_at") === "";

/** The shape beside it: the customer is asked, we are at work, it went well, or it did not. */
export function shapeOf(c: ClaimCase): StateKind {
  const state = text(c.claim, "state"), { who } = nowOf(c);
  if (who !== "nobody") return who === "you" ? "attention" : "now";
  return state === "completed" ? "good" : state === "cancelled" ? "hold" : "bad";
}

/** Who pays what, as a key of the page's texts; "" while nobody has judged, and once it is over. Repair after the month is the customer's, both ways (L-06). */
export function paysOf(c: ClaimCase): string {
  if (text(c.claim, "state") === "sent_back") return backOf(c);
  if (text(c.claim, "lane") === "" || nowOf(c).who === "nobody") return "";
  if (text(c.claim, "lane") === "paid_repair") return "pays_repair";
  // A fault of quality within the month is mended at our expense (L-05).
  if (text(c.claim, "kind") === "repair" && text(c.claim, "lane") === "return_exchange" && text(c.claim, "freight") === "company") return "pays_repair_company";
  return `pays_${text(c.claim, "freight_agreed") || text(c.claim, "freight")}`;
}

/** Who pays the way back of goods that came incomplete or were not paid for, as the step itself has written it down (L-09). */
function backOf(c: ClaimCase): string {
  const history = (c.claim.history as { event: string; value?: string }[] | null | undefined) ?? [];
  const payer = history.findLast((e) => e.event === "sent_back")?.value ?? "";
  return payer && `pays_back_${payer}`;
}

/** Whether the order's return can be asked for once more: goods were sent back, or nothing was ever sent (L-11). */
export function freedOrder(c: ClaimCase): boolean {
  if (text(c.claim, "state") === "sent_back") return text(c.claim, "kind") !== "repair";
  return ["expired", "cancelled"].includes(text(c.claim, "state")) && !c.shipments.some((s) => text(s, "direction") === "in");
}
