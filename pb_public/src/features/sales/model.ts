// Sales orders 销售订单 on the tablet: found by any fragment of order number, phone, name, tracking or invoice number, offline.
// They come from platforms and sheets, so nothing is written here. Amounts in fen.
import { normalise, tables, type Rows } from "../../db";

export type Sale = Rows["sales_orders"];
export type SaleLine = Rows["sales_items"];

const sought = ["number", "external_id", "phone", "customer_name", "tracking_number", "invoice_number"] as const;

/** Orders that hold the fragment, the last ordered first; with nothing sought, the last of all. */
export async function searchSales(fragment: string, limit = 40): Promise<Sale[]> {
  const wanted = normalise(fragment);
  const found = await tables.sales_orders.filter((o) => wanted === "" || sought.some((f) => normalise(o[f]).includes(wanted))).toArray();
  return found.sort((a, b) => (a.ordered_at < b.ordered_at ? 1 : -1)).slice(0, limit);
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
