// Guards of sales orders 销售订单 and their lines; the reasons stand in internal/flow/guards_sales.go. Amounts in fen.
import { instant, skewMs } from "../clock.ts";
import type { Facts } from "../facts.ts";
import { yuan } from "../price.ts";
import { Refused } from "../refused.ts";
import { holds, text, whole } from "./common.ts";

const saleAmounts = ["discount_fen", "items_fen", "paid_fen", "shipping_fen"];
const lineAmounts = ["discount_fen", "paid_fen", "quantity", "unit_fen"];
const incoming = "incoming";

/** Ordered, sent and received in this order, and not received tomorrow: the return window is counted from the receipt. */
export function saleDated(f: Facts): Refused | null {
  let before = "";
  for (const name of ["ordered_at", "shipped_at", "received_at"]) {
    const said = text(f.after, name);
    if (said === "") continue;
    const at = instant(said);
    if (Number.isNaN(at) || at > instant(f.now) + skewMs) return new Refused("sale.future", name);
    if (before !== "" && at < instant(before)) return new Refused("sale.out_of_order", name);
    before = said;
  }
  return null;
}

export function saleUnfrozen(f: Facts): Refused | null {
  if (text(f.before, "received_at") !== "" && f.changed?.includes("received_at") && !holds(["manager", "head_office"], f.actor)) return new Refused("sale.receipt_known", "received_at");
  if (text(f.before, "state") === incoming || text(f.after, "state") === incoming) return null;
  return frozen(f, saleAmounts);
}

export function saleAddsUp(f: Facts): Refused | null {
  const lines = f.sale?.lines ?? [];
  if (lines.reduce((units, l) => units + l.quantity, 0) === 0) return new Refused("sale.no_lines");
  const items = lines.reduce((sum, l) => sum + l.quantity * l.unit_fen, 0);
  const discount = lines.reduce((sum, l) => sum + l.discount_fen, 0);
  for (const [field, fen, code] of [
    ["items_fen", items, "sale.items_differ"], ["discount_fen", discount, "sale.discount_differs"],
    ["paid_fen", items + whole(f.after, "shipping_fen") - discount, "sale.paid_differs"],
  ] as const) {
    const stated = whole(f.after, field);
    if (stated !== fen) return new Refused(code, field, { stated: yuan(stated), sum: yuan(fen) });
  }
  return null;
}

/** Nothing was ever paid less for an order than has gone back for it (L-13). */
export function saleAboveRefunds(f: Facts): Refused | null {
  if (!f.sale || !f.changed?.includes("paid_fen")) return null;
  const stated = whole(f.after, "paid_fen"), refunded = f.sale.refunded_fen ?? 0;
  return stated < refunded ? new Refused("sale.below_refunds", "paid_fen", { stated: yuan(stated), refunded: yuan(refunded) }) : null;
}

export function saleLineOpen(f: Facts): Refused | null {
  return !f.sale || f.sale.state === incoming ? null : new Refused("sale.frozen", "sales_order");
}

export function saleLineUnfrozen(f: Facts): Refused | null {
  return !f.sale || f.sale.state === incoming ? null : frozen(f, lineAmounts);
}

export function saleLinePriced(f: Facts): Refused | null {
  const list = whole(f.after, "quantity") * whole(f.after, "unit_fen");
  const discount = whole(f.after, "discount_fen");
  if (discount > list) return new Refused("sale.line_discount", "discount_fen", { most: yuan(list) });
  const stated = whole(f.after, "paid_fen");
  return stated === list - discount ? null : new Refused("sale.line_paid", "paid_fen", { stated: yuan(stated), sum: yuan(list - discount) });
}

function frozen(f: Facts, amounts: string[]): Refused | null {
  const name = (f.changed ?? []).find((n) => amounts.includes(n));
  return name === undefined ? null : new Refused("sale.frozen", name);
}
