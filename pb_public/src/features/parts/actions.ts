// What people of the parts store do, one act a thing. Rows that follow from one another land together; what only helps
// (proposals to order) is an act of its own, so that a no to it never takes the pick with it.
import { act, newId, serverTime, tables, type Part as Line, type PreparedPhoto, type Writer } from "../../db/index.ts";
import { Refused } from "../../rules/refused.ts";
import type { Stroke } from "../sign/strokes.ts";
import { expectedFrom, loadStore, needsOf } from "./load.ts";
import { countLines, difference, free, noStock, type CountSheet, type Loan, type OwnPart, type PartRow, type PickLine, type Place, type Purchase, type Receipt, type Reservation } from "./model.ts";

type Strokes = Stroke[];

/** So much of a line, over the counter. */
export interface PickedLine {
  line: PickLine;
  milli: number;
}

/**
 * W-04: hands parts out against the order, signed by who takes them: from the workshop store what lies there, the rest
 * by way of it from the parts store. A hold that is used up ends with it. All lines or none.
 */
export async function pick(picks: PickedLine[], order: { id: string; visit: string }, receiver: string, strokes: Strokes): Promise<void> {
  const at = serverTime(Date.now());
  const used = await usedUp(picks);
  await act("part.pick", (w) => {
    for (const { line, milli } of picks) {
      const part = line.part;
      if (!part || milli <= 0) continue;
      const of = { part: part.id, visit: order.visit, work_order: order.id, job: line.job, moved_at: at };
      const short = milli - Math.max(0, Math.min(milli, line.stock.workshop));
      if (short > 0) w.create("stock_moves", { ...of, kind: "transfer", quantity_milli: short, from_place: "store", to_place: "workshop" });
      w.create("stock_moves", { ...of, kind: "out", quantity_milli: milli, from_place: "workshop", unit_fen: part.price_fen, signed_by: receiver, strokes: strokes as unknown });
    }
    for (const r of used) w.patch("reservations", r.id, { state: "picked" });
  });
  await proposeLow(picks.flatMap((p) => (p.line.part ? [p.line.part.id] : [])));
}

/** Holds of the picked lines that are used up by this pick. */
async function usedUp(picks: PickedLine[]): Promise<Reservation[]> {
  const done: Reservation[] = [];
  for (const { line, milli } of picks) {
    if (!line.part || line.issued + milli < line.agreed) continue;
    const held = await tables.reservations.where("job").equals(line.job).toArray();
    done.push(...held.filter((r) => r.part === line.part?.id && r.state === "held"));
  }
  return done;
}

/** W-04: unused parts come back into the parts store. */
export async function giveBack(line: PickLine, order: { id: string; visit: string }, milli: number): Promise<void> {
  await act("part.return", (w) => {
    w.create("stock_moves", { kind: "return", part: line.part!.id, quantity_milli: milli, to_place: "store", visit: order.visit, work_order: order.id, job: line.job, moved_at: serverTime(Date.now()) });
  });
}

/**
 * P-02: freezes for jobs what is there of their parts, and proposes to order what is not. Nothing is frozen or proposed
 * twice. Returns how many lines were frozen and how many proposed.
 */
export async function reserve(jobs: { id: string; visit: string; work_order: string; parts: Line[] | null }[]): Promise<{ held: number; proposed: number }> {
  const store = await loadStore();
  const left = new Map<string, number>();
  const plan: { part: PartRow; job: (typeof jobs)[number]; hold: number; order: number }[] = [];
  for (const job of jobs) {
    for (const { part, lacking, ordered } of await needsOf(job, store)) {
      const open = left.get(part.id) ?? Math.max(0, free(store.stock.get(part.id) ?? noStock));
      const hold = Math.max(0, Math.min(lacking, open));
      left.set(part.id, open - hold);
      const order = lacking - hold - ordered.reduce((n, o) => n + o.quantity_milli, 0);
      if (hold > 0 || order > 0) plan.push({ part, job, hold, order: Math.max(0, order) });
    }
  }
  const holds = plan.filter((p) => p.hold > 0), orders = plan.filter((p) => p.order > 0);
  const of = (p: (typeof plan)[number]) => ({ part: p.part.id, visit: p.job.visit, work_order: p.job.work_order, job: p.job.id });
  if (holds.length) await act("part.reserve", (w) => holds.forEach((p) => w.create("reservations", { ...of(p), quantity_milli: p.hold, state: "held" })));
  if (orders.length) {
    await act("part.propose", (w) => orders.forEach((p) => w.create("purchase_orders", {
      ...of(p), quantity_milli: p.order, cause: "shortage", state: "proposed", supplier: p.part.supplier, unit_fen: p.part.price_fen, expected_on: expectedFrom(p.part),
    })));
  }
  return { held: holds.length, proposed: orders.length };
}

/** reserve() beside something else: a rule's no to it undoes nothing of that. */
export async function reserveBeside(jobs: string[]): Promise<void> {
  try {
    await reserve((await tables.jobs.bulkGet(jobs)).filter((j) => j !== undefined));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
}

export async function release(r: Reservation): Promise<void> {
  await act("part.release", (w) => w.patch("reservations", r.id, { state: "released" }));
}

/** P-02: parts that fell below their minimum are proposed for ordering, up to twice the minimum, once. */
async function proposeLow(parts: string[]): Promise<void> {
  const store = await loadStore();
  const low = [...new Set(parts)].flatMap((id) => {
    const part = store.parts.find((p) => p.id === id), stock = store.stock.get(id) ?? noStock;
    const lacking = part && part.active ? 2 * part.minimum_milli - free(stock) - stock.coming : 0;
    return part && free(stock) + stock.coming < part.minimum_milli && lacking > 0 ? [{ part, lacking }] : [];
  });
  if (low.length === 0) return;
  await act("part.propose", (w) => low.forEach(({ part, lacking }) => propose(w, part, lacking, "minimum")));
}

function propose(w: Writer, part: PartRow, milli: number, cause: Purchase["cause"]): void {
  w.create("purchase_orders", { part: part.id, quantity_milli: milli, cause, state: "proposed", supplier: part.supplier, unit_fen: part.price_fen, expected_on: expectedFrom(part) });
}

export async function proposeOrder(part: PartRow, milli: number): Promise<void> {
  await act("part.propose", (w) => propose(w, part, milli, "manual"));
}

/** P-01: a part of stock moves by hand: between the places, or because something is not as the books say. */
export async function transfer(part: PartRow, from: Place, milli: number): Promise<void> {
  await act("part.transfer", (w) => { w.create("stock_moves", { kind: "transfer", part: part.id, quantity_milli: milli, from_place: from, to_place: from === "store" ? "workshop" : "store", moved_at: serverTime(Date.now()) }); });
}

export async function adjust(part: PartRow, place: Place, milli: number, reason: string): Promise<void> {
  const way = milli > 0 ? { to_place: place } : { from_place: place };
  await act("part.adjust", (w) => { w.create("stock_moves", { kind: "adjust", part: part.id, quantity_milli: Math.abs(milli), ...way, reason: reason.trim(), moved_at: serverTime(Date.now()) }); });
}

/** P-01: retail at the counter. */
export async function sell(part: PartRow, milli: number, buyer: string, method: "cash" | "card" | "wechat" | "alipay" | "transfer"): Promise<void> {
  await act("part.retail", (w) => { w.create("stock_moves", { kind: "retail", part: part.id, quantity_milli: milli, from_place: "store", unit_fen: part.price_fen, buyer: buyer.trim(), payment_method: method, moved_at: serverTime(Date.now()) }); });
  await proposeLow([part.id]);
}

/** P-05: a stocked part turns out bad and goes back to its supplier, with photo and reason. */
export async function sendBack(part: PartRow, place: Place, milli: number, reason: string, photo: PreparedPhoto): Promise<void> {
  const id = newId();
  await act("part.send_back", (w) => {
    w.photo(photo, { subject_collection: "stock_moves", subject_record: id, slot: "damage" });
    w.create("stock_moves", { kind: "to_supplier", part: part.id, quantity_milli: milli, from_place: place, reason: reason.trim(), moved_at: serverTime(Date.now()) }, id);
  });
}

export async function savePart(part: PartRow | null, data: Partial<PartRow>): Promise<string> {
  const id = part?.id ?? newId();
  await act(part ? "part.edit" : "part.add", (w) => {
    if (part) w.patch("parts", id, data);
    else w.create("parts", { active: true, ...data }, id);
  });
  return id;
}

// Ordering and receiving.

export interface OrderForm {
  quantity_milli: number;
  supplier: string;
  number: string;
  expected_on: string;
  deposit_fen: number;
  deposit_reference: string;
}

/** B-06, E-02: sends the order out; the rules ask for its date and, where it needs one, the deposit. */
export async function placeOrder(order: Purchase, form: OrderForm): Promise<void> {
  await act("purchase.order", (w) => w.patch("purchase_orders", order.id, { ...form, state: "ordered" }));
}

export async function cancelOrder(order: Purchase, reason: string): Promise<void> {
  await act("purchase.cancel", (w) => w.patch("purchase_orders", order.id, { state: "cancelled", reason: reason.trim() }));
}

export interface ReceiptForm {
  quantity_milli: number;
  damaged_milli: number;
  delivery_note: string;
  answers: { code: string; ok: boolean }[];
  reason: string;
  photos: PreparedPhoto[];
}

/**
 * P-05: a delivery is checked by the receiving list; what is good comes into the parts store, what is damaged is noted
 * with photo and reason to go back. An order that is complete is closed with it.
 */
export async function receive(part: PartRow, order: Purchase | null, template: string, form: ReceiptForm): Promise<void> {
  const id = newId(), good = form.quantity_milli - form.damaged_milli;
  await act("receipt.check", (w) => {
    w.create("goods_receipts", { part: part.id, purchase_order: order?.id ?? "", template, supplier: order?.supplier || part.supplier, delivery_note: form.delivery_note.trim(), quantity_milli: form.quantity_milli, state: "open" }, id);
    for (const photo of form.photos) w.photo(photo, { subject_collection: "goods_receipts", subject_record: id, slot: "damage" });
    w.patch("goods_receipts", id, { state: "checked", items: form.answers, damaged_milli: form.damaged_milli, reason: form.reason.trim() });
    if (good > 0) w.create("stock_moves", { kind: "in", part: part.id, quantity_milli: good, to_place: "store", goods_receipt: id, unit_fen: part.cost_fen, moved_at: serverTime(Date.now()) });
    if (order?.state === "ordered" && order.received_milli + good >= order.quantity_milli) w.patch("purchase_orders", order.id, { state: "received" });
  });
}

/** P-05: the damaged goods of a delivery have left for the supplier. */
export async function returnDelivery(receipt: Receipt): Promise<void> {
  await act("receipt.send_back", (w) => w.patch("goods_receipts", receipt.id, { state: "sent_back" }));
}

// Counting.

/** P-01: a sheet of the count, with what the books say now. */
export async function openCount(title: string, place: Place, parts: { part: PartRow; book: number }[]): Promise<string> {
  const id = newId();
  await act("count.open", (w) => {
    w.create("stock_counts", { title: title.trim(), place, state: "open", lines: parts.map(({ part, book }) => ({ part: part.id, book_milli: book, counted_milli: null })) }, id);
  });
  return id;
}

/** One line of a sheet. The lines are one value: each is written over what the one before left. */
export async function countLine(sheet: string, part: string, counted: number | null): Promise<void> {
  await act("count.line", (w) => w.revise("stock_counts", sheet, (now) => ({ lines: countLines(now).map((l) => (l.part === part ? { ...l, counted_milli: counted } : l)) })));
}

export async function submitCount(sheet: CountSheet): Promise<void> {
  await act("count.submit", (w) => w.patch("stock_counts", sheet.id, { state: "counted" }));
}

/** P-01: another person approves the differences, and they are booked with it, all or none. */
export async function approveCount(sheet: CountSheet): Promise<void> {
  const at = serverTime(Date.now());
  await act("count.approve", (w) => {
    w.patch("stock_counts", sheet.id, { state: "approved" });
    for (const line of countLines(sheet)) {
      const d = difference(line);
      if (d === 0) continue;
      const way = d > 0 ? { to_place: sheet.place } : { from_place: sheet.place };
      w.create("stock_moves", { kind: "count", part: line.part, quantity_milli: Math.abs(d), ...way, stock_count: sheet.id, moved_at: at });
    }
  });
}

export async function recount(sheet: CountSheet): Promise<void> {
  await act("count.recount", (w) => w.patch("stock_counts", sheet.id, { state: "open" }));
}

// What customers bring, and tools.

/** E-03: a part the customer brought is received and labelled, and never stocked. */
export async function receiveOwn(job: { id: string; visit: string; work_order: string }, name: string, milli: number, unit: string, label: string, note: string): Promise<void> {
  await act("own_part.receive", (w) => { w.create("customer_parts", { visit: job.visit, work_order: job.work_order, job: job.id, name, quantity_milli: milli, unit, label, note: note.trim(), state: "received" }); });
}

export async function issueOwn(own: OwnPart, receiver: string, strokes: Strokes): Promise<void> {
  await act("own_part.issue", (w) => w.patch("customer_parts", own.id, { state: "issued", signed_by: receiver, strokes: strokes as unknown }));
}

export async function giveBackOwn(own: OwnPart): Promise<void> {
  await act("own_part.give_back", (w) => w.patch("customer_parts", own.id, { state: "returned" }));
}

/** W-09: a tool or book goes into somebody's hands until it is due. */
export async function lend(tool: string, borrower: string, hours: number): Promise<void> {
  await act("tool.lend", (w) => { w.create("tool_loans", { tool, borrower, lent_at: serverTime(Date.now()), due_at: serverTime(Date.now() + hours * 3_600_000), state: "lent" }); });
}

export async function bringBack(loan: Loan): Promise<void> {
  await act("tool.return", (w) => w.patch("tool_loans", loan.id, { state: "returned" }));
}

export async function reportLost(loan: Loan, note: string): Promise<void> {
  await act("tool.lose", (w) => w.patch("tool_loans", loan.id, { state: "lost", note: note.trim() }));
}
