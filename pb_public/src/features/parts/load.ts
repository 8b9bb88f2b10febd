// Reads the parts store from the tablet's own rows, in a handful of bulk reads however many parts there are.
import { lastRows, rowsAt, rowsOf, serverTime, tables, type Part as Line } from "../../db/index.ts";
import { frozenMilli, levelsOf } from "../../db/stock.ts";
import type { OrderCase } from "../order/load.ts";
import { parseTime } from "../../ui/format.ts";
import { free, linesOf, noStock, type Move, type OwnPart, type PartRow, type PickLine, type Purchase, type Reservation, type Stock } from "./model.ts";

function group<T>(rows: T[], key: (row: T) => string): Map<string, T[]> {
  const map = new Map<string, T[]>();
  for (const row of rows) map.set(key(row), [...(map.get(key(row)) ?? []), row]);
  return map;
}

/** Issued less returned, by "job/part". */
async function issuedOf(jobs: string[]): Promise<Map<string, number>> {
  const sum = new Map<string, number>();
  for (const m of await rowsOf(tables.stock_moves, "job", jobs)) {
    const sign = m.kind === "out" ? 1 : m.kind === "return" ? -1 : 0;
    if (sign) sum.set(`${m.job}/${m.part}`, (sum.get(`${m.job}/${m.part}`) ?? 0) + sign * m.quantity_milli);
  }
  return sum;
}

/** What of these holds is frozen, by part and by "job/part". */
async function frozenBy(held: Reservation[], numberOf: Map<string, string>): Promise<{ part: Map<string, number>; job: Map<string, number> }> {
  const jobIds = [...new Set(held.map((r) => r.job).filter(Boolean))];
  const [jobs, issued] = await Promise.all([tables.jobs.bulkGet(jobIds), issuedOf(jobIds)]);
  const jobById = new Map(jobs.flatMap((j) => (j ? [[j.id, j] as const] : [])));
  const part = new Map<string, number>(), job = new Map<string, number>();
  for (const rows of group(held, (r: Reservation) => `${r.job}/${r.appointment}/${r.part}`).values()) {
    const r = rows[0]!;
    const all = rows.reduce((n, x) => n + x.quantity_milli, 0);
    const frozen = r.job ? frozenMilli(jobById.get(r.job), numberOf.get(r.part) ?? "", all, issued.get(`${r.job}/${r.part}`) ?? 0) : all;
    part.set(r.part, (part.get(r.part) ?? 0) + frozen);
    if (r.job) job.set(`${r.job}/${r.part}`, frozen);
  }
  return { part, job };
}

export interface Store {
  parts: PartRow[];
  byNumber: Map<string, PartRow>;
  stock: Map<string, Stock>;
  /** Frozen for one job, by "job/part". */
  held: Map<string, number>;
}

export const emptyStore: Store = { parts: [], byNumber: new Map(), stock: new Map(), held: new Map() };

/** The whole catalogue with what lies where, what is frozen and what is on its way. */
export async function loadStore(): Promise<Store> {
  const [parts, unsent, open, held] = await Promise.all([
    tables.parts.toArray(), rowsAt(tables.stock_moves, "version", 0), rowsOf(tables.purchase_orders, "state", awaited), tables.reservations.where("state").equals("held").toArray(),
  ]);
  const frozen = await frozenBy(held, new Map(parts.map((p) => [p.id, p.number])));
  const unsentOf = group(unsent, (m) => m.part), comingOf = group(open, (o: Purchase) => o.part);
  const stock = new Map(parts.map((p) => [p.id, stockFrom(p, unsentOf.get(p.id) ?? [], comingOf.get(p.id) ?? [], frozen.part.get(p.id) ?? 0)]));
  parts.sort((a, b) => (a.number < b.number ? -1 : 1));
  return { parts, byNumber: new Map(parts.map((p) => [p.number, p])), stock, held: frozen.job };
}

const awaited: Purchase["state"][] = ["proposed", "ordered"];

function stockFrom(p: PartRow, unsent: Move[], coming: Purchase[], frozen: number): Stock {
  const dates = coming.map((o) => o.expected_on).filter(Boolean).sort();
  return { ...levelsOf(p, unsent), frozen, coming: coming.reduce((n, o) => n + Math.max(0, o.quantity_milli - o.received_milli), 0), expected: dates[0] ?? "" };
}

/** One part as its card shows it. */
export interface Card {
  part: PartRow;
  stock: Stock;
  /** Its last moves, the last one first, with the names behind their ids. */
  moves: (Move & { who: string; order: string })[];
  /** There are older ones. */
  more: boolean;
  holds: (Reservation & { order: string })[];
  orders: Purchase[];
}

/** A part with its last so many moves, without reading the rest of the store; null where there is none. */
export async function loadPart(id: string, most: number): Promise<Card | null> {
  const part = await tables.parts.get(id);
  if (!part) return null;
  const [last, unsent, holds, purchases, staff] = await Promise.all([
    lastRows(tables.stock_moves, "[part+created]", id, most + 1), rowsAt(tables.stock_moves, "[part+version]", [id, 0]),
    rowsAt(tables.reservations, "[part+state]", [id, "held"]), tables.purchase_orders.where("part").equals(id).toArray(), tables.staff.toArray(),
  ]);
  const moves = last.slice(0, most), orders = purchases.filter((o) => awaited.includes(o.state));
  const [frozen, rows] = await Promise.all([frozenBy(holds, new Map([[id, part.number]])), tables.work_orders.bulkGet([...new Set([...moves, ...holds].map((m) => m.work_order).filter(Boolean))])]);
  const people = new Map(staff.map((s) => [s.id, s.name]));
  const numbers = new Map(rows.flatMap((o) => (o ? [[o.id, o.number] as const] : [])));
  return {
    part, stock: stockFrom(part, unsent, orders, frozen.part.get(id) ?? 0), more: last.length > most, orders,
    moves: moves.map((m) => ({ ...m, who: people.get(m.signed_by || m.created_by) ?? m.buyer, order: numbers.get(m.work_order) ?? "" })),
    holds: holds.map((h) => ({ ...h, order: numbers.get(h.work_order) ?? h.appointment })),
  };
}

/** What a job still needs of a part: neither issued nor held for it; and what was ordered for the job. */
export interface Need {
  part: PartRow;
  lacking: number;
  ordered: Purchase[];
}

export async function needsOf(job: { id: string; parts: Line[] | null }, store: Pick<Store, "byNumber">): Promise<Need[]> {
  const lines = linesOf(job).flatMap((line) => { const part = store.byNumber.get(line.number); return part ? [{ line, part }] : []; });
  if (lines.length === 0) return [];
  const [held, issued, ordered] = await Promise.all([rowsOf(tables.reservations, "job", [job.id]), issuedOf([job.id]), rowsOf(tables.purchase_orders, "job", [job.id])]);
  return lines.map(({ line, part }) => {
    const kept = held.reduce((n, r) => (r.part === part.id && r.state === "held" ? n + r.quantity_milli : n), 0);
    const open = ordered.filter((o) => o.part === part.id && (o.state === "proposed" || o.state === "ordered"));
    return { part, lacking: line.agreed - (issued.get(`${job.id}/${part.id}`) ?? 0) - kept, ordered: open };
  });
}

/** E-05: when the last part of these jobs is here (ms): what is free counts as here, the rest as ordered now. NaN: all are here. */
export async function partsReadyAt(jobs: { id: string; state: string; parts: Line[] | null }[], now: number): Promise<number> {
  const store = await loadStore();
  const left = new Map<string, number>();
  let last = NaN;
  for (const job of jobs) {
    if (!fetched.includes(job.state) || job.state === "done") continue;
    for (const { part, lacking, ordered } of await needsOf(job, store)) {
      const stock = store.stock.get(part.id) ?? noStock, open = left.get(part.id) ?? Math.max(0, free(stock));
      const here = Math.max(0, Math.min(lacking, open));
      left.set(part.id, open - here);
      if (lacking <= here) continue;
      const days = ordered.map((o) => o.expected_on).filter(Boolean).sort();
      const at = parseTime(days.at(-1) ?? expectedFrom(part, now));
      if (!(at <= last)) last = at;
    }
  }
  return last;
}

/** The day a part is there when it is ordered now (UTC), by its usual days of delivery. */
export function expectedFrom(part: Pick<PartRow, "lead_days">, now = Date.now()): string {
  return serverTime(now + Math.max(1, part.lead_days || 3) * 86_400_000);
}

export interface Waiting {
  c: OrderCase;
  lines: PickLine[];
  own: OwnPart[];
}

const fetched = ["approved", "dispatched", "in_progress", "paused", "rework", "done", "proposed"];

/** The parts lines of orders, each with what was issued, what lies here and what is held for it. */
export async function waitingOf(cases: OrderCase[], store: Store): Promise<Waiting[]> {
  const jobs = cases.flatMap((c) => c.jobs.filter((j) => fetched.includes(j.state)));
  const ids = jobs.map((j) => j.id);
  const [issued, own] = await Promise.all([issuedOf(ids), rowsOf(tables.customer_parts, "job", ids)]);
  const ownOf = group(own, (p: OwnPart) => p.work_order);
  return cases.map((c) => ({
    c,
    own: ownOf.get(c.order.id) ?? [],
    lines: c.jobs.filter((j) => fetched.includes(j.state)).flatMap((job) => linesOf(job).map((line): PickLine => {
      const part = store.byNumber.get(line.number) ?? null;
      return {
        ...line, job: job.id, work: job.work, part, unit: part?.unit || line.unit, issued: part ? issued.get(`${job.id}/${part.id}`) ?? 0 : 0,
        stock: part ? store.stock.get(part.id) ?? noStock : noStock, held: part ? store.held.get(`${job.id}/${part.id}`) ?? 0 : 0,
      };
    })),
  }));
}
