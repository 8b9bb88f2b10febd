// Rows of the wire as the timeline and the lists of the customer's page read them.
import { steps, type Around, type ClaimCourse } from "../../rules/claim-timeline.ts";
import type { StateKind } from "../../ui/names";
import type { Row } from "./keep.ts";

/** A claim as its course is told by. */
export const course = (row: Row): ClaimCourse => row as unknown as ClaimCourse;

/** What stands around it, for its timeline. */
export const aroundOf = (c: { shipments: Row[]; plans: Row[]; refunds: Row[]; messages: Row[] }): Around => c as unknown as Around;

const waits = ["evidence_needed", "negotiating", "plan_offered", "awaiting_goods", "approved", "awaiting_payment"];

/** The shape of a state: what is over badly, what waits for the customer, what goes on, what is done. */
export function stateKind(state: string): StateKind {
  if (["rejected", "sent_back", "expired"].includes(state)) return "bad";
  if (state === "cancelled") return "hold";
  if (state === "completed") return "good";
  return waits.includes(state) ? "attention" : steps[state] === undefined ? "unseen" : "now";
}
