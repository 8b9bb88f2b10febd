// Reads the parts store from the tablet's own rows, in a handful of bulk reads however many parts there are.
import { rowsOf, serverTime, tables, type Part as Line } from "../../db/index.ts";
import { frozenMilli, levelsOf } from "../../db/stock.ts";
import type { OrderCase } from "../order/load.ts";
import { parseTime } from "../../ui/format.ts";
import { free, linesOf, noStock, type OwnPart, type PartRow, type PickLine, type Purchase, type Reservation, type Stock } from "./model.ts";

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

/** What is frozen, by part and by "job/part". */
async function frozenBy(numberOf: Map<string, string>): Promise<{ part: Map<string, number>; job: Map<string, number> }> {
  const held = await tables.reservations.where("state").equals("held").toArray();
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
  const [parts, unsent, open] = await Promise.all([
    tables.parts.toArray(), tables.stock_moves.where("version").equals(0).toArray(), rowsOf(tables.purchase_orders, "state", ["proposed", "ordered"]),
  ]);
  const frozen = await frozenBy(new Map(parts.map((p) => [p.id, p.number])));
  const unsentOf = group(unsent, (m) => m.part), comingOf = group(open, (o: Purchase) => o.part);
  const stock = new Map<string, Stock>();
  for (const p of parts) {
    const levels = levelsOf(p, unsentOf.get(p.id) ?? []);
    const coming = comingOf.get(p.id) ?? [];
    const dates = coming.map((o) => o.expected_on).filter(Boolean).sort();
    stock.set(p.id, { ...levels, frozen: frozen.part.get(p.id) ?? 0, coming: coming.reduce((n, o) => n + Math.max(0, o.quantity_milli - o.received_milli), 0), expected: dates[0] ?? "" });
  }
  parts.sort((a, b) => a.number.localeCompare(b.number));
  return { parts, byNumber: new Map(parts.map((p) => [p.number, p])), stock, held: frozen.job };
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
