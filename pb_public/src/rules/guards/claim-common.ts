// Readings of a claim that several guards share; twins of internal/flow/facts_claim.go.
import type { Facts, Values } from "../facts.ts";
import type { ClaimCase, ClaimRefund, Shipment } from "../facts-claim.ts";
import { instant } from "../clock.ts";
import { given, text } from "./common.ts";

export const caseOf = (f: Facts): ClaimCase => f.claim ?? {};

/** Whether a comes after b; an unreadable b counts as long ago. */
export function later(a: string, b: string): boolean {
  const x = instant(a), y = instant(b);
  return !Number.isNaN(x) && (Number.isNaN(y) || x > y);
}

/** The first instant at which the goods are sent too late (L-08); "" while nothing was approved. */
export function shipUntil(row: Values | null | undefined): string {
  const due = text(row, "ship_back_due_at"), extended = text(row, "extended_until");
  return later(extended, due) ? extended : due;
}

export const inTime = (s: Shipment, row: Values | null | undefined): boolean => s.direction === "in" && (given(row?.refused_parcel) || later(shipUntil(row), s.sent_at));

export const shipped = (c: ClaimCase, direction: string): boolean => (c.shipments ?? []).some((s) => s.direction === direction);

/** What has gone back to the customer, less what was countered. Fen. */
export const netRefunds = (refunds: ClaimRefund[] | null | undefined): number => (refunds ?? []).reduce((sum, r) => sum + (r.kind === "counter" ? -r.fen : r.fen), 0);

export function listOf(v: unknown): string[] {
  return Array.isArray(v) ? v.filter((one): one is string => typeof one === "string") : [];
}
