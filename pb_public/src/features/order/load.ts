// Reads an order with everything around it from the tablet's own store: one set of bulk reads however many orders,
// so that a board of 200 cars costs the same eight queries as one page.
import { policiesFor, rowsOf, tables } from "../../db/index.ts";
import type { Policy } from "../../rules/facts.ts";
import { byPosition, type Consent, type Customer, type Job, type Order, type QualityCheck, type Staff, type TimeEntry, type Vehicle, type Visit } from "./model.ts";

export interface OrderCase {
  order: Order;
  visit: Visit | null;
  vehicle: Vehicle | null;
  customer: Customer | null;
  jobs: Job[];
  consents: Consent[]; // of the visit, the newest first
  entries: TimeEntry[];
  checks: QualityCheck[]; // oldest first
  /** Three people for the three checks: not in a shop that is too small for it. */
  threePeople: boolean;
  /** The shop's figures this visit began with. */
  policy: Policy | null;
}

const openStates = ["draft", "presented", "authorised", "in_progress", "qc", "ready"];

/** Rows by what `key` says of each, in their order. */
export function groupBy<T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> {
  const map = new Map<string, T[]>();
  for (const row of rows) {
    const k = key(row), list = map.get(k);
    if (list) list.push(row);
    else map.set(k, [row]);
  }
  return map;
}

export async function casesOf(orders: Order[]): Promise<OrderCase[]> {
  const ids = orders.map((o) => o.id), visitIds = [...new Set(orders.map((o) => o.visit))];
  const [visits, jobs, consents, entries, checks] = await Promise.all([
    tables.visits.bulkGet(visitIds),
    rowsOf(tables.jobs, "work_order", ids),
    rowsOf(tables.consents, "visit", visitIds),
    rowsOf(tables.time_entries, "work_order", ids),
    rowsOf(tables.quality_checks, "work_order", ids),
  ]);
  const visitById = new Map(visits.filter((v) => v !== undefined).map((v) => [v.id, v]));
  const vehicleIds = [...new Set([...visitById.values()].map((v) => v.vehicle))];
  const customerIds = [...new Set([...visitById.values()].map((v) => v.customer).filter(Boolean))] as string[];
  const [vehicles, customers, policies] = await Promise.all([tables.vehicles.bulkGet(vehicleIds), tables.customers.bulkGet(customerIds), policiesFor([...visitById.values()])]);
  const vehicleById = new Map(vehicles.filter((v) => v !== undefined).map((v) => [v.id, v]));
  const customerById = new Map(customers.filter((c) => c !== undefined).map((c) => [c.id, c]));
  const jobsOf = groupBy(jobs, (j) => j.work_order), consentsOf = groupBy(consents, (c) => c.visit);
  const entriesOf = groupBy(entries, (e) => e.work_order), checksOf = groupBy(checks, (c) => c.work_order);
  return orders.map((order) => {
    const visit = visitById.get(order.visit) ?? null;
    return {
      order, visit,
      vehicle: visit ? vehicleById.get(visit.vehicle) ?? null : null,
      customer: visit?.customer ? customerById.get(visit.customer) ?? null : null,
      jobs: (jobsOf.get(order.id) ?? []).sort(byPosition),
      consents: (consentsOf.get(order.visit) ?? []).sort((a, b) => (b.signed_at || "").localeCompare(a.signed_at || "")),
      entries: entriesOf.get(order.id) ?? [],
      checks: (checksOf.get(order.id) ?? []).sort((a, b) => (a.checked_at || a.created || "").localeCompare(b.checked_at || b.created || "")),
      threePeople: policies.get(order.visit)?.three_people ?? true,
      policy: policies.get(order.visit) ?? null,
    };
  });
}

export async function loadCase(id: string): Promise<OrderCase | null> {
  const order = await tables.work_orders.get(id);
  return order ? (await casesOf([order]))[0]! : null;
}

export async function openCases(states: string[] = openStates): Promise<OrderCase[]> {
  return casesOf(await rowsOf(tables.work_orders, "state", states));
}

export async function staffById(): Promise<Map<string, Staff>> {
  return new Map((await tables.staff.toArray()).map((s) => [s.id, s]));
}

type Versioned = { id: string; version: number; updated: string };
const mark = (row: Versioned | null): string => (row ? `${row.id}.${row.version}.${row.updated}` : "");

/** What a case was read from: the same text, the same case. */
function versionOf(c: OrderCase): string {
  return [c.order, c.visit, c.vehicle, c.customer, ...c.jobs, ...c.consents, ...c.entries, ...c.checks].map(mark).join(" ");
}

/**
 * Keeps the object of every case that did not change between two readings, so that one changed car of 200 draws one
 * card anew. One keeper a screen.
 */
export function keeper(): (cases: OrderCase[]) => OrderCase[] {
  let known = new Map<string, { version: string; c: OrderCase }>();
  return (cases) => {
    const next = new Map<string, { version: string; c: OrderCase }>();
    for (const c of cases) {
      const version = versionOf(c), before = known.get(c.order.id);
      next.set(c.order.id, before?.version === version ? before : { version, c });
    }
    known = next;
    return [...next.values()].map((k) => k.c);
  };
}
