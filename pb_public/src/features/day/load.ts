// What the day's screen shows, in a handful of bulk reads.
import { rowsOf, tables, type Rows } from "../../db";
import { casesOf, type OrderCase } from "../order/load";

export interface Arrival {
  visit: Rows["visits"];
  vehicle: Rows["vehicles"] | null;
  customer: Rows["customers"] | null;
  words: string;
}

export interface CarHere extends Arrival {
  case: OrderCase | null;
}

/** A concern that describes a fault and waits for the technical expert 听诊. */
export interface Listen extends Arrival {
  concern: Rows["concerns"];
}

export interface DayData {
  arrivals: Arrival[]; // not yet inspected: appointments first, then in order of arrival
  cars: CarHere[]; // inspected and not yet released
  staff: Map<string, string>;
  listen: Listen[]; // faults an expert has not heard yet
}

export const emptyDay: DayData = { arrivals: [], cars: [], staff: new Map(), listen: [] };

const IN_SHOP = ["inspected", "handed_over", "working", "ready"];

export async function loadDay(): Promise<DayData> {
  const visits = await rowsOf(tables.visits, "state", ["open", ...IN_SHOP]);
  const ids = visits.map((v) => v.id);
  const [vehicles, customers, concerns, orders, staff] = await Promise.all([
    tables.vehicles.bulkGet([...new Set(visits.map((v) => v.vehicle))]),
    tables.customers.bulkGet([...new Set(visits.map((v) => v.customer).filter(Boolean))]),
    rowsOf(tables.concerns, "visit", ids),
    rowsOf(tables.work_orders, "visit", ids),
    tables.staff.toArray(),
  ]);
  const vehicle = new Map(vehicles.flatMap((v) => (v ? [[v.id, v]] : [])));
  const customer = new Map(customers.flatMap((c) => (c ? [[c.id, c]] : [])));
  const words = new Map<string, string>();
  for (const c of concerns.sort((a, b) => (b.position || 0) - (a.position || 0))) words.set(c.visit, c.words);
  const cases = new Map((await casesOf(orders.filter((o) => !["declined", "cancelled"].includes(o.state)))).map((c) => [c.order.visit, c]));
  const arrival = (visit: Rows["visits"]): Arrival => ({
    visit, vehicle: vehicle.get(visit.vehicle) ?? null, customer: customer.get(visit.customer) ?? null, words: words.get(visit.id) ?? "",
  });
  visits.sort((a, b) => Number(!a.appointment) - Number(!b.appointment) || (a.arrived_at || "").localeCompare(b.arrived_at || ""));
  return {
    arrivals: visits.filter((v) => v.state === "open").map(arrival),
    cars: visits.filter((v) => v.state !== "open").map((v) => ({ ...arrival(v), case: cases.get(v.id) ?? null })),
    staff: new Map(staff.map((s) => [s.id, s.name])),
    listen: visits.flatMap((v) => concerns.filter((c) => c.visit === v.id && c.is_fault && !c.expert_at).map((concern) => ({ ...arrival(v), concern }))),
  };
}

/** Promised time first, cars without one last. */
export function byPromise(a: CarHere, b: CarHere): number {
  const x = a.case?.order.promised_at || "9", y = b.case?.order.promised_at || "9";
  return x.localeCompare(y) || a.visit.arrived_at.localeCompare(b.visit.arrived_at);
}

/** Mine, or everybody's for who leads the shop. */
export function isMine(visit: Rows["visits"], user: { id: string; roles: readonly string[] }): boolean {
  return visit.advisor === user.id || !user.roles.includes("advisor");
}
