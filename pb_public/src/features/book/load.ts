// What the screens of the calendar show, in a handful of bulk reads.
import { presentPolicy, rowsBetween, rowsOf, shippedPolicy, tables, type Policy, type Rows } from "../../db/index.ts";
import { session } from "../../db/session.svelte";
import { addDays, bookingOf, holdingStates, spanDays, type Booking, type Capacity } from "../../rules/capacity.ts";
import { onWall } from "../../rules/zone.ts";
import { fromShopInput } from "../../ui/format";
import type { Appointment, Preparation } from "./model.ts";

export interface Entry {
  row: Appointment;
  booking: Booking;
  vehicle: Rows["vehicles"] | null;
  customer: Rows["customers"] | null;
  preparations: Preparation[];
}

export interface Calendar {
  zone: string;
  today: string;
  capacities: Capacity[];
  /** Every one that takes room about these days. */
  bookings: Booking[];
  /** Those of the days themselves, whatever their state, by start. */
  entries: Entry[];
  staff: Map<string, string>;
}

export const emptyCalendar: Calendar = { zone: "Asia/Shanghai", today: "", capacities: [], bookings: [], entries: [], staff: new Map() };

/** The signed-in person's own shop; head office sees more than one. */
export async function theShop(): Promise<Rows["shops"] | null> {
  const shops = await tables.shops.toArray();
  return shops.find((s) => s.id === session.user?.shop) ?? shops[0] ?? null;
}

async function capacitiesNow(): Promise<Capacity[]> {
  return (await tables.capacities.toArray()).filter((c) => c.active);
}

/** What a shop can take and what is taken of it. */
export type Room = Pick<Calendar, "capacities" | "bookings">;

export const emptyRoom: Room = { capacities: [], bookings: [] };

/** What takes room about the days from `from` to `to`, both counted, in the shop's time. */
export async function loadRoom(from: string, to: string): Promise<Room> {
  const { bookings, capacities } = await about(from, to);
  return { bookings, capacities };
}

export interface Days {
  days: { row: Appointment; booking: Booking }[];
  staff: Map<string, string>;
}

export const emptyDays: Days = { days: [], staff: new Map() };

/** The appointments of these days by start, whatever their state, without whom they are for. */
export async function loadDays(from: string, to: string): Promise<Days> {
  const [{ rows, zone }, staff] = await Promise.all([about(from, to, 0), tables.staff.toArray()]);
  return { days: rows.map((row) => ({ row, booking: bookingOf(row, zone) })), staff: new Map(staff.map((s) => [s.id, s.name])) };
}

/** The days from `from` to `to`, both counted, in the shop's time. */
export async function loadCalendar(from: string, to: string): Promise<Calendar> {
  const [{ zone, rows, bookings, capacities }, staff] = await Promise.all([about(from, to), tables.staff.toArray()]);
  return {
    zone, today: onWall(new Date().toISOString(), zone).day, capacities, bookings, entries: await entriesOf(rows, zone),
    staff: new Map(staff.map((s) => [s.id, s.name])),
  };
}

/** The appointments of these days by start, and what takes room about them: what began up to `before` days earlier may reach into them. */
async function about(from: string, to: string, before = spanDays): Promise<Room & { zone: string; rows: Appointment[] }> {
  const [shop, capacities] = await Promise.all([theShop(), capacitiesNow()]);
  const zone = shop?.time_zone || "Asia/Shanghai";
  const first = fromShopInput(`${from}T00:00`);
  const near = await rowsBetween(tables.appointments, "starts_at", fromShopInput(`${addDays(from, -before)}T00:00`), fromShopInput(`${addDays(to, 1)}T00:00`));
  return { zone, capacities, rows: near.filter((a) => a.starts_at >= first), bookings: near.filter((a) => holdingStates.includes(a.state)).map((a) => bookingOf(a, zone)) };
}

export async function entriesOf(rows: Appointment[], zone: string): Promise<Entry[]> {
  const [vehicles, customers, preparations] = await Promise.all([
    tables.vehicles.bulkGet([...new Set(rows.map((r) => r.vehicle).filter(Boolean))]),
    tables.customers.bulkGet([...new Set(rows.map((r) => r.customer).filter(Boolean))]),
    rowsOf(tables.preparations, "appointment", rows.map((r) => r.id)),
  ]);
  const vehicle = new Map(vehicles.flatMap((v) => (v ? [[v.id, v]] : [])));
  const customer = new Map(customers.flatMap((c) => (c ? [[c.id, c]] : [])));
  const lines = new Map<string, Preparation[]>();
  for (const p of preparations) lines.set(p.appointment, [...(lines.get(p.appointment) ?? []), p]);
  return rows.map((row) => ({
    row, booking: bookingOf(row, zone), vehicle: vehicle.get(row.vehicle) ?? null, customer: customer.get(row.customer) ?? null,
    preparations: (lines.get(row.id) ?? []).sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind)),
  }));
}

const kinds: Preparation["kind"][] = ["bay", "technician", "parts", "tools", "courtesy_car", "papers"];

export interface One extends Entry {
  visit: Rows["visits"] | null;
  calendar: Calendar;
}

export async function loadOne(id: string): Promise<One | null> {
  const row = await tables.appointments.get(id);
  if (!row) return null;
  const zone = (await theShop())?.time_zone || "Asia/Shanghai";
  const { day } = onWall(row.starts_at, zone);
  const [[entry], visit, calendar] = await Promise.all([
    entriesOf([row], zone), tables.visits.where("appointment").equals(id).first(), loadCalendar(day, addDays(day, 6)),
  ]);
  return entry ? { ...entry, visit: visit ?? null, calendar } : null;
}

export interface QueueData {
  waiting: { visit: Rows["visits"]; appointment: Appointment | null; vehicle: Rows["vehicles"] | null; customer: Rows["customers"] | null }[];
  received: { visit: Rows["visits"]; advisor: string; vehicle: Rows["vehicles"] | null }[];
  expected: Entry[];
  advisors: number;
  shop: Rows["shops"] | null;
  policy: Policy;
}

export const emptyQueue: QueueData = { waiting: [], received: [], expected: [], advisors: 1, shop: null, policy: shippedPolicy };

/** Who waits, who is being received, and who is still to come today. */
export async function loadQueue(): Promise<QueueData> {
  const shop = await theShop();
  const zone = shop?.time_zone || "Asia/Shanghai";
  const today = onWall(new Date().toISOString(), zone).day;
  const [visits, staff, policy, todays] = await Promise.all([
    tables.visits.where("state").equals("open").toArray(), tables.staff.toArray(), presentPolicy(),
    rowsBetween(tables.appointments, "starts_at", fromShopInput(`${today}T00:00`), fromShopInput(`${addDays(today, 1)}T00:00`)),
  ]);
  const vehicles = new Map((await tables.vehicles.bulkGet(visits.map((v) => v.vehicle))).flatMap((v) => (v ? [[v.id, v]] : [])));
  const customers = new Map((await tables.customers.bulkGet(visits.map((v) => v.customer).filter(Boolean))).flatMap((c) => (c ? [[c.id, c]] : [])));
  const names = new Map(staff.map((s) => [s.id, s.name]));
  const booked = new Map((await tables.appointments.bulkGet(visits.map((v) => v.appointment).filter(Boolean))).flatMap((a) => (a ? [[a.id, a]] : [])));
  const expected = todays.filter((a) => ["requested", "confirmed", "reminded"].includes(a.state)).sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
  return {
    shop, policy, advisors: staff.filter((s) => s.active !== false && s.roles?.includes("advisor")).length,
    waiting: visits.filter((v) => !v.advisor).map((visit) => ({ visit, appointment: booked.get(visit.appointment) ?? null, vehicle: vehicles.get(visit.vehicle) ?? null, customer: customers.get(visit.customer) ?? null })),
    received: visits.filter((v) => v.advisor).map((visit) => ({ visit, advisor: names.get(visit.advisor) ?? "", vehicle: vehicles.get(visit.vehicle) ?? null })),
    expected: await entriesOf(expected, zone),
  };
}
