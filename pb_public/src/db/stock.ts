// What the tablet knows of its parts store. The server keeps each part's level on the part's own row; this tablet's own
// moves come on top until the server's word is back with both. So nobody has to add up years of moves (twin of
// hooks/facts_parts.go).
import type { CountLine, Job, Policy, Stock, StockPart } from "../rules/facts.ts";
import { agreedMilli } from "../rules/guards/parts.ts";
import { depositsFor } from "./deposits.ts";
import type { Saving } from "./facts.ts";
import type { Row, Store } from "./store.ts";

export type Place = "store" | "workshop";

/** Levels of a part in thousandths, with this tablet's unsent moves. */
export interface Levels {
  store: number;
  workshop: number;
}

const own = ["stock_moves", "reservations", "purchase_orders", "goods_receipts", "tool_loans"];

/** The levels of a part row with moves that the server has not put into it yet. */
export function levelsOf(part: Row | { id: string; store_milli: number; workshop_milli: number }, unsent: Row[], except = ""): Levels {
  const levels = { store: Number(part.store_milli), workshop: Number(part.workshop_milli) };
  for (const m of unsent) {
    if (m.id === except) continue;
    if (m.from_place) levels[m.from_place as Place] -= Number(m.quantity_milli);
    if (m.to_place) levels[m.to_place as Place] += Number(m.quantity_milli);
  }
  return levels;
}

/** Moves of a part that only this tablet knows: the server counts from 1. */
function unsentMoves(store: Store, part: string): Promise<Row[]> {
  return store.rows("stock_moves").where("[part+version]").equals([part, 0]).toArray();
}

/** How much of a hold is frozen: never more than the job's list still lacks, nothing once nothing is fetched for it. */
export function frozenMilli(job: Pick<Job, "parts" | "state"> | undefined, number: string, held: number, issued: number): number {
  if (!job || ["declined", "cancelled", "passed"].includes(job.state)) return 0;
  return Math.min(held, Math.max(0, agreedMilli(job, number) - issued));
}

/** Issued for a job of one part, less what came back. */
async function issuedMilli(store: Store, job: string, part: string, except = ""): Promise<number> {
  if (!job) return 0;
  const moves = await store.rows("stock_moves").where("job").equals(job).toArray();
  return moves.reduce((sum, m) => {
    if (m.part !== part || m.id === except) return sum;
    return m.kind === "out" ? sum + Number(m.quantity_milli) : m.kind === "return" ? sum - Number(m.quantity_milli) : sum;
  }, 0);
}

/** What is held of a part, all of it and for one job or appointment, and the first other order it is held for. */
async function frozenOf(store: Store, part: Row, job: string, appointment: string, except = ""): Promise<{ frozen: number; own: number; for: string }> {
  const held = await store.rows("reservations").where("[part+state]").equals([part.id, "held"]).toArray();
  held.sort((a, b) => (String(a.created) < String(b.created) ? -1 : 1));
  const holds = new Map<string, Row[]>();
  for (const r of held) {
    if (r.id === except) continue;
    const key = `${String(r.job)}/${String(r.appointment)}`;
    holds.set(key, [...(holds.get(key) ?? []), r]);
  }
  const sum = { frozen: 0, own: 0, for: "" };
  for (const rows of holds.values()) {
    const first = rows[0]!;
    let frozen = rows.reduce((n, r) => n + Number(r.quantity_milli), 0);
    if (first.job) {
      const of = (await store.rows("jobs").get(String(first.job))) as unknown as Job | undefined;
      frozen = frozenMilli(of, String(part.number), frozen, await issuedMilli(store, String(first.job), part.id, except));
    }
    sum.frozen += frozen;
    if (first.job === job && first.appointment === appointment) sum.own += frozen;
    else if (frozen > 0 && sum.for === "") sum.for = String((await store.rows("work_orders").get(String(first.work_order)))?.number ?? "");
  }
  return sum;
}

/** The facts of a row of the parts store; null for any other row. */
export async function stockFacts(store: Store, saving: Saving, policy: Policy): Promise<Stock | null> {
  if (!own.includes(saving.collection)) return null;
  const row = saving.after;
  switch (saving.collection) {
    case "tool_loans":
      return loanFacts(store, row);
    case "goods_receipts":
      return { items: await itemsOf(store, String(row.template)), photos: await photosOf(store, row.id) };
  }
  const part = await store.rows("parts").get(String(row.part));
  if (!part) return null;
  const levels = levelsOf(part, await unsentMoves(store, part.id), row.id);
  const facts: Stock = { part: { ...(part as unknown as StockPart), store_milli: levels.store, workshop_milli: levels.workshop } };
  if (saving.collection === "purchase_orders") return { ...facts, deposit_fen: await depositsFor(store, row, policy), arrived_milli: Number(row.received_milli) + (await stockedHere(store, row)) };
  const held = await frozenOf(store, part, String(row.job ?? ""), String(row.appointment ?? ""), row.id);
  facts.frozen_milli = held.frozen;
  facts.own_milli = held.own;
  facts.frozen_for = held.for;
  facts.issued_milli = await issuedMilli(store, String(row.job ?? ""), part.id, row.id);
  return saving.collection === "stock_moves" ? { ...facts, ...(await paperFacts(store, row)) } : facts;
}

function sumOf(moves: Row[], which: (m: Row) => boolean): number {
  return moves.reduce((sum, m) => (which(m) ? sum + Number(m.quantity_milli) : sum), 0);
}

/** What of a purchase order this tablet has put into stock and the server has not counted yet. */
async function stockedHere(store: Store, order: Row): Promise<number> {
  const receipts = new Set(await store.rows("goods_receipts").where("purchase_order").equals(order.id).primaryKeys());
  return sumOf(await unsentMoves(store, String(order.part)), (m) => m.kind === "in" && receipts.has(String(m.goods_receipt)));
}

/** The papers a move names, and who took of the part last. */
async function paperFacts(store: Store, row: Row): Promise<Partial<Stock>> {
  const receipt = row.goods_receipt ? await store.rows("goods_receipts").get(String(row.goods_receipt)) : undefined;
  const count = row.stock_count ? await store.rows("stock_counts").get(String(row.stock_count)) : undefined;
  const booked = count ? await store.rows("stock_moves").where("stock_count").equals(count.id).toArray() : [];
  return {
    last_taken: await lastTaken(store, String(row.part), row.id),
    photos: await photosOf(store, row.id),
    receipt: receipt ? { state: String(receipt.state), part: String(receipt.part), good_milli: Number(receipt.quantity_milli) - Number(receipt.damaged_milli), stocked_milli: Number(receipt.stocked_milli) + sumOf(await unsentMoves(store, String(row.part)), (m) => m.goods_receipt === receipt.id && m.id !== row.id) } : null,
    count: count ? { state: String(count.state), place: String(count.place), lines: count.lines as CountLine[] | null, booked: booked.filter((m) => m.id !== row.id).map((m) => String(m.part)) } : null,
  };
}

/** Who took of a part last, and for what: an order, a buyer, or the reason they gave. */
async function lastTaken(store: Store, part: string, except: string): Promise<Stock["last_taken"]> {
  const last = await store.rows("stock_moves").where("[part+created]").between([part, ""], [part, "\uffff"]).reverse()
    .filter((m) => m.id !== except && Boolean(m.from_place) && !m.to_place).first();
  if (!last) return null;
  const person = await store.rows("staff").get(String(last.signed_by || last.created_by));
  const order = last.work_order ? await store.rows("work_orders").get(String(last.work_order)) : undefined;
  return { by: String(person?.name ?? ""), order: String(order?.number || last.buyer || last.reason || "—") };
}

function photosOf(store: Store, subject: string): Promise<number> {
  return store.rows("photos").where("subject_record").equals(subject).filter((p) => p.state !== "refused").count();
}

async function itemsOf(store: Store, template: string): Promise<string[]> {
  const items = ((await store.rows("templates").get(template))?.items ?? []) as { code: string; optional?: boolean }[];
  return items.filter((i) => !i.optional).map((i) => i.code);
}

async function loanFacts(store: Store, row: Row): Promise<Stock> {
  const tool = await store.rows("tools").get(String(row.tool));
  const out = await store.rows("tool_loans").where("[tool+state]").equals([String(row.tool), "lent"]).toArray();
  const loans = await Promise.all(out.filter((l) => l.id !== row.id).map(async (l) => ({ id: l.id, borrower: String((await store.rows("staff").get(String(l.borrower)))?.name ?? "") })));
  return { tool_name: String(tool?.name ?? ""), loans };
}
