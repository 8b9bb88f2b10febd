// Sales orders 销售订单 on the tablet: found by the beginning of order number, phone, name, tracking or invoice number, the last ones by any fragment, offline.
// They come from platforms and sheets; what is written here is the receipt, where those do not tell it. Amounts in fen.
import { act, latestRows, normalise, soughtRows, tables, type Rows } from "../../db";

export type Sale = Rows["sales_orders"];
export type SaleLine = Rows["sales_items"];

const sought = ["number", "external_id", "phone", "customer_name", "tracking_number", "invoice_number"] as const;

/** The last ordered first: with nothing sought the last of all, else those that hold the fragment, by index. */
export async function searchSales(fragment: string, limit = 30): Promise<Sale[]> {
  const wanted = normalise(fragment);
  if (wanted === "") return latestRows(tables.sales_orders, "ordered_at", limit);
  const among = await soughtRows(tables.sales_orders, "ordered_at", sought, fragment, limit);
  const found = among.filter((o) => sought.some((f) => normalise(o[f]).includes(wanted)));
  return found.sort((a, b) => (a.ordered_at < b.ordered_at ? 1 : -1)).slice(0, limit);
}

/** Who may enter when the goods were received (L-02). */
export const receivers = ["agent", "supervisor", "manager", "head_office"];

/** Enters when the goods were received, UTC text, where nobody has told it. Throws Refused. */
export async function enterReceipt(sale: Sale, at: string): Promise<void> {
  await act("sale.receipt", (w) => w.patch("sales_orders", sale.id, { received_at: at }));
}

export interface SaleFile {
  sale: Sale | null;
  /** In the order's order; a line of quantity 0 was struck. */
  lines: SaleLine[];
}

export async function loadSale(id: string): Promise<SaleFile> {
  const [sale, lines] = await Promise.all([tables.sales_orders.get(id), tables.sales_items.where("sales_order").equals(id).toArray()]);
  return { sale: sale ?? null, lines: lines.sort((a, b) => a.line_number - b.line_number) };
}

/** A list that a line carries; what is no list is none. */
export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

export const sellers = ["agent", "supervisor", "warehouse", "finance", "manager", "head_office"];
