// What a claim tells its customer about goods and money: what they are exchanged for, what was found in the parcel, and whether the
// order's one return is there to be had. Pure; amounts in fen.
import { difference, usesUp } from "../../rules/claim.ts";
import type { OrderLine } from "./draft.ts";
import type { Row } from "./keep.ts";

const text = (row: Row | undefined, field: string): string => String(row?.[field] ?? "");
const fen = (row: Row, field: string): number => Number(row[field] ?? 0);

/** What was paid for the goods of the claim: of each line the share of its pieces, to the fen. */
export function shareOf(items: readonly Row[], lines: readonly OrderLine[]): number {
  return items.reduce((sum, item) => {
    const line = lines.find((l) => l.id === item.sales_item);
    return sum + (line ? Math.floor((line.paid_fen * Number(item.quantity)) / line.quantity) : 0);
  }, 0);
}

/** What the goods are exchanged for and what that costs or brings, from the moment it is written down; null for the same again (L-10). */
export function exchangeOf(claim: Row, share: number): { replacement: string; price: number; collect: number; refund: number } | null {
  const replacement = text(claim, "replacement"), price = fen(claim, "replacement_fen");
  if (text(claim, "kind") !== "exchange" || replacement === "") return null;
  const computed = text(claim, "arrived_at") !== "" && (fen(claim, "owed_fen") > 0 || fen(claim, "refund_due_fen") > 0);
  return { replacement, price, ...(computed ? { collect: fen(claim, "owed_fen"), refund: fen(claim, "refund_due_fen") } : difference(share, price)) };
}

/** The claim that uses up the one return or exchange of an order; undefined while it is there to be had (L-11). */
export function takenBy(order: string, claims: readonly Row[], shipments: readonly Row[]): Row | undefined {
  const sent = (claim: Row): boolean => shipments.some((s) => s.claim === claim.id && s.direction === "in");
  return claims.find((c) => c.sales_order === order && usesUp(text(c, "kind"), text(c, "state"), sent(c)));
}

/** What was seen of the goods when they arrived, thing by thing: here, missing, or not looked at yet (L-09). */
export function arrivalOf(claim: Row, list: readonly string[]): { code: string; there: boolean | null }[] {
  const ticked = Array.isArray(claim.ticked) ? claim.ticked.map(String) : [];
  return list.map((code) => ({ code, there: ticked.includes(code) ? true : text(claim, "state") === "received" ? null : false }));
}
