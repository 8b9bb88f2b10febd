// Reads make-up parts with whom they are for from the tablet's own store, by index: never the whole table.
import { lastRows, rowsOf, tables, type Rows } from "../../db/index.ts";
import { byDue, open, toRefill, type Part } from "./model.ts";

/** A part with whom it is for: a name and a phone, and the numbers of its order and claim. */
export interface Line {
  part: Part;
  name: string;
  phone: string;
  order: string;
  claim: string;
}

export interface Lists {
  open: Line[];
  refill: Line[];
  /** The last that were delivered, rejected or called off. */
  done: Line[];
  staff: Map<string, string>;
}

export const emptyLists: Lists = { open: [], refill: [], done: [], staff: new Map() };
const lastDone = 40;

export async function loadLists(): Promise<Lists> {
  const ended = [["completed", "[state+delivered_at]"], ["rejected", "[state+closed_at]"], ["cancelled", "[state+closed_at]"]] as const;
  const [rows, boxes, staff, ...over] = await Promise.all([
    rowsOf(tables.makeup_parts, "state", open), tables.makeup_parts.where("refill_due_at").above("").toArray(), tables.staff.toArray(),
    ...ended.map(([state, index]) => lastRows(tables.makeup_parts, index, state, lastDone)),
  ]);
  const last = over.flat().sort((a, b) => (b.delivered_at || b.closed_at).localeCompare(a.delivered_at || a.closed_at)).slice(0, lastDone);
  const refill = boxes.filter(toRefill).sort((a, b) => a.refill_due_at.localeCompare(b.refill_due_at));
  const lines = await linesOf([...rows.sort(byDue), ...refill, ...last]);
  return {
    open: lines.slice(0, rows.length), refill: lines.slice(rows.length, rows.length + refill.length), done: lines.slice(rows.length + refill.length),
    staff: new Map(staff.map((s) => [s.id, s.name])),
  };
}

export async function loadPart(id: string): Promise<{ line: Line | null; staff: Map<string, string> }> {
  const [part, staff] = await Promise.all([tables.makeup_parts.get(id), tables.staff.toArray()]);
  return { line: part ? ((await linesOf([part]))[0] ?? null) : null, staff: new Map(staff.map((s) => [s.id, s.name])) };
}

/** The make-up parts of an order, those of its claims with them, the first due first; and who has which step. */
export async function partsOfOrder(order: string): Promise<Pick<Lists, "open" | "staff">> {
  const rows = await tables.makeup_parts.where("sales_order").equals(order).toArray();
  const [lines, staff] = rows.length ? await Promise.all([linesOf(rows.sort(byDue)), tables.staff.toArray()]) : [[], []];
  return { open: lines, staff: new Map(staff.map((s) => [s.id, s.name])) };
}

async function linesOf(parts: Part[]): Promise<Line[]> {
  const of = (ids: string[]) => [...new Set(ids.filter(Boolean))];
  const [customers, orders, claims] = await Promise.all([
    tables.customers.bulkGet(of(parts.map((p) => p.customer))), tables.sales_orders.bulkGet(of(parts.map((p) => p.sales_order))), tables.claims.bulkGet(of(parts.map((p) => p.claim))),
  ]);
  const known = <T extends { id: string }>(rows: (T | undefined)[]) => new Map(rows.flatMap((r) => (r ? [[r.id, r] as const] : [])));
  const [customer, order, claim] = [known(customers), known(orders), known(claims)];
  return parts.map((part) => {
    const [own, sale] = [customer.get(part.customer), order.get(part.sales_order)];
    return { part, name: own?.name || sale?.customer_name || "", phone: own?.phone || sale?.phone || "", order: sale?.number ?? "", claim: claim.get(part.claim)?.number ?? "" };
  });
}

/** Whom a new part can be for: orders, claims and customers that hold the fragment, a few of each. */
export interface Target {
  kind: "sales_order" | "claim" | "customer";
  id: string;
  title: string;
  facts: string[];
}

const few = 5;

/** Found by the beginning of an order's or claim's number, or of a phone number; by index. */
export async function findTargets(fragment: string): Promise<Target[]> {
  const text = fragment.trim();
  if (text.length < 2) return [];
  const [numbers, phones, claims] = await Promise.all([
    tables.sales_orders.where("number").startsWithIgnoreCase(text).limit(few).toArray(), tables.sales_orders.where("phone").startsWith(text).limit(few).toArray(),
    tables.claims.where("number").startsWithIgnoreCase(text).limit(few).toArray(),
  ]);
  const orders = [...new Map([...numbers, ...phones].map((o) => [o.id, o])).values()];
  const named = (o: Rows["sales_orders"]): Target => ({ kind: "sales_order", id: o.id, title: o.number, facts: [o.customer_name, o.phone] });
  return [...claims.map((c): Target => ({ kind: "claim", id: c.id, title: c.number, facts: [c.description.slice(0, 40)] })), ...orders.map(named)];
}

/** What a request is opened for by another screen: the target behind an id. */
export async function targetOf(kind: Target["kind"], id: string): Promise<Target | null> {
  if (kind === "sales_order") {
    const o = await tables.sales_orders.get(id);
    return o ? { kind, id, title: o.number, facts: [o.customer_name, o.phone] } : null;
  }
  if (kind === "claim") {
    const c = await tables.claims.get(id);
    return c ? { kind, id, title: c.number, facts: [c.description.slice(0, 40)] } : null;
  }
  const c = await tables.customers.get(id);
  return c ? { kind, id, title: c.name, facts: [c.phone] } : null;
}
