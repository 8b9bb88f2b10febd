// What of the customer's deposits 定金 in the ledger is there for a purchase order (B-06); twin of hooks/facts_deposits.go.
import type { Policy, StockPart } from "../rules/facts.ts";
import { depositFen } from "../rules/guards/purchase.ts";
import type { Row, Store } from "./store.ts";

const noted = (o: Row): number => Number(o.deposit_fen ?? 0);
const trimmed = (text: unknown): string => String(text ?? "").trim();

/**
 * Deposits of the order's work order, less refunds, less what other orders that went out for the same work rely on. A
 * receipt that is noted on a purchase order by hand counts there and not a second time from the ledger. Fen.
 */
export async function depositsFor(store: Store, order: Row, policy: Policy): Promise<number> {
  const work = String(order.work_order ?? "");
  if (work === "") return 0;
  const stored = await store.rows("purchase_orders").where("work_order").equals(work).toArray();
  const orders = [...stored.filter((o) => o.id !== order.id), order];
  const receipts = new Set(orders.filter((o) => noted(o) > 0).map((o) => trimmed(o.deposit_reference)));
  let fen = 0;
  for (const p of await store.rows("payments").where("work_order").equals(work).toArray()) {
    if (p.payer !== "customer") continue;
    if (p.kind === "deposit" && !receipts.has(trimmed(p.reference))) fen += Number(p.fen);
    else if (p.kind === "refund") fen -= Number(p.fen);
  }
  for (const o of orders) if (o.id !== order.id && (o.state === "ordered" || o.state === "received")) fen -= await reliesOn(store, o, policy);
  return Math.max(0, fen);
}

/** How much of the ledger's deposits an order that went out needs beside what is noted on it. */
async function reliesOn(store: Store, o: Row, policy: Policy): Promise<number> {
  const job = o.job ? await store.rows("jobs").get(String(o.job)) : undefined;
  const part = await store.rows("parts").get(String(o.part));
  if (!part || (o.job && job?.payer !== "customer")) return 0;
  return Math.max(0, (depositFen(part as unknown as StockPart, Number(o.quantity_milli), Number(o.unit_fen ?? 0), policy) ?? 0) - noted(o));
}
