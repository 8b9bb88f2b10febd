// What the guards of sales orders look at, from the tablet's own rows; twin of hooks/sales.go on the server.
import type { Sale } from "../rules/facts.ts";
import { netRefunds } from "../rules/guards/claim-common.ts";
import type { Row, Store } from "./store.ts";

/** The lines of an order and what has gone back for it, or the state of a line's order; null for any other row. */
export async function saleFacts(store: Store, collection: string, row: Row): Promise<Sale | null> {
  if (collection === "sales_items") return { state: String((await store.rows("sales_orders").get(String(row.sales_order)))?.state ?? "") };
  if (collection !== "sales_orders") return null;
  const lines = await store.rows("sales_items").where("sales_order").equals(row.id).toArray();
  const claims = await store.rows("claims").where("sales_order").equals(row.id).primaryKeys();
  const refunds = claims.length ? await store.rows("refunds").where("claim").anyOf(claims).toArray() : [];
  return {
    lines: lines.map((l) => ({ quantity: Number(l.quantity), unit_fen: Number(l.unit_fen), discount_fen: Number(l.discount_fen) })),
    refunded_fen: netRefunds(refunds.map((r) => ({ id: r.id, kind: String(r.kind), fen: Number(r.fen) }))),
  };
}
