// V-03: what happened to a vehicle, newest first. Thirteen months in detail, what is older as one line a visit.
import { groupOf, keptOf, tables, type Rows } from "../../db";
import { byPosition } from "../order/model";
import { parseTime } from "../../ui/format";
import { ofFile, type Listed } from "../inspect/load";

export interface TimelineVisit {
  visit: Rows["visits"];
  orders: Rows["work_orders"][];
  jobs: Rows["jobs"][];
  /** What was put before the payers, counter-entries too; taken back ones left out. */
  settlements: Rows["settlements"][];
  concerns: Rows["concerns"][];
  marks: number;
  photos: Rows["photos"][];
  advisor: string;
  detailed: boolean;
}

/** A booking from which no visit came: still to come, missed or called off. */
export interface TimelineAppointment {
  appointment: Rows["appointments"];
  detailed: boolean;
}

/** An inspection outside a reception: the device check, the delivery check of a new vehicle. */
export interface TimelineCheck {
  check: Listed;
  detailed: boolean;
}

/** One entry of the timeline: a visit, an appointment without one, or an inspection outside a reception. */
export type TimelineEntry = TimelineVisit | TimelineAppointment | TimelineCheck;

export const isVisit = (e: TimelineEntry): e is TimelineVisit => "visit" in e;
export const isCheck = (e: TimelineEntry): e is TimelineCheck => "check" in e;
export const idOf = (e: TimelineEntry): string => (isVisit(e) ? e.visit.id : isCheck(e) ? e.check.inspection.id : e.appointment.id);
const timeOf = (e: TimelineEntry): string => (isVisit(e) ? e.visit.arrived_at : isCheck(e) ? e.check.inspection.captured_at || e.check.inspection.created : e.appointment.starts_at);

/** Where a key of the present stay is: its tag, and who has it. */
export interface Held {
  tag: string;
  hook: string;
  kind: Rows["key_tags"]["holder_kind"];
  who: string;
}

/** What the odometer read at a visit. */
export interface Reading {
  at: string;
  km: number;
}

export interface VehicleHistory {
  vehicle: Rows["vehicles"] | null;
  customer: Rows["customers"] | null;
  open: Rows["visits"] | null;
  visits: TimelineVisit[];
  keys: Held[];
  /** The odometer log 里程记录, newest first (V-01). */
  readings: Reading[];
  /** Visits, appointments without one, and inspections outside receptions, newest first. */
  entries: TimelineEntry[];
  declined: Rows["jobs"][];
  /** Merges that make this file one with others (V-05): of the vehicle, and of its customer. */
  merges: Rows["merges"][];
  customerMerges: Rows["merges"][];
}

export const emptyHistory: VehicleHistory = { vehicle: null, customer: null, open: null, visits: [], keys: [], readings: [], entries: [], declined: [], merges: [], customerMerges: [] };

const MONTHS = 13;

/** The instant before which a visit is told in one line. */
export function detailFrom(now: number): number {
  const d = new Date(now);
  return Date.UTC(d.getUTCFullYear(), d.getUTCMonth() - MONTHS, d.getUTCDate());
}

export async function loadHistory(id: string, now: number): Promise<VehicleHistory> {
  const group = await groupOf("vehicles", id);
  const vehicle = (await tables.vehicles.get(group.kept)) ?? null;
  if (!vehicle) return emptyHistory;
  const person = vehicle.customer ? await groupOf("customers", vehicle.customer) : null;
  const visits = await tables.visits.where("vehicle").anyOf(group.ids).toArray();
  visits.sort((a, b) => b.arrived_at.localeCompare(a.arrived_at));
  const ids = visits.map((v) => v.id);
  const from = detailFrom(now);
  const [customer, orders, jobs, settlements, booked, concerns, marks, photos, staff, made] = await Promise.all([
    person ? tables.customers.get(person.kept) : undefined,
    tables.work_orders.where("visit").anyOf(ids).toArray(),
    tables.jobs.where("visit").anyOf(ids).toArray(),
    tables.settlements.where("visit").anyOf(ids).toArray(),
    tables.appointments.where("vehicle").anyOf(group.ids).toArray(),
    tables.concerns.where("visit").anyOf(ids).toArray(),
    tables.damage_marks.where("visit").anyOf(ids).toArray(),
    tables.photos.where("visit").anyOf(ids).toArray(),
    tables.staff.toArray(),
    ofFile({ vehicle: id }),
  ]);
  const names = new Map(staff.map((s) => [s.id, s.name]));
  const done = new Set(jobs.filter((j) => j.state === "passed" || j.state === "done").map((j) => j.work));
  const told: TimelineVisit[] = visits.map((visit) => ({
    visit,
    orders: orders.filter((o) => o.visit === visit.id),
    jobs: jobs.filter((j) => j.visit === visit.id).sort(byPosition),
    settlements: settlements.filter((s) => s.visit === visit.id && s.state !== "void").sort((a, b) => a.created.localeCompare(b.created) || a.number.localeCompare(b.number)),
    concerns: concerns.filter((c) => c.visit === visit.id).sort((a, b) => (a.position || 0) - (b.position || 0)),
    marks: marks.filter((m) => m.visit === visit.id).length,
    photos: photos.filter((p) => p.visit === visit.id).sort((a, b) => a.taken_at.localeCompare(b.taken_at)),
    advisor: names.get(visit.advisor) ?? "",
    detailed: parseTime(visit.arrived_at) >= from,
  }));
  const came = new Set(visits.map((v) => v.appointment).filter(Boolean));
  const alone = booked.filter((a) => !came.has(a.id)).map((appointment) => ({ appointment, detailed: parseTime(appointment.starts_at) >= from }));
  const checks = made.map((check) => ({ check, detailed: parseTime(check.inspection.captured_at || check.inspection.created) >= from }));
  const open = visits.find((v) => v.state !== "released" && v.state !== "left") ?? null;
  const keys = open ? await tables.key_tags.where("visit").equals(open.id).toArray() : [];
  return {
    vehicle, customer: customer ?? null, open,
    visits: told,
    keys: keys.map((k) => ({ tag: k.tag, hook: k.hook || "", kind: k.holder_kind, who: names.get(k.holder) ?? "" })),
    readings: visits.filter((v) => v.odometer_km > 0).map((v) => ({ at: v.arrived_at, km: v.odometer_km })),
    entries: [...told, ...alone, ...checks].sort((a, b) => timeOf(b).localeCompare(timeOf(a))),
    declined: jobs.filter((j) => j.state === "declined" && !done.has(j.work)),
    merges: group.merges, customerMerges: person?.merges ?? [],
  };
}

export interface CustomerHistory {
  customer: Rows["customers"] | null;
  vehicles: Rows["vehicles"][];
  assets: Rows["assets"][];
  /** Every reception of the person, with the car they came in; newest first. */
  visits: { visit: Rows["visits"]; vehicle: Rows["vehicles"] | null }[];
  merges: Rows["merges"][];
}

export const noCustomer: CustomerHistory = { customer: null, vehicles: [], assets: [], visits: [], merges: [] };

/** A person's file: what is theirs, and when they came, also in a car that is somebody else's now (V-02). */
export async function loadCustomer(id: string): Promise<CustomerHistory> {
  const group = await groupOf("customers", id);
  const customer = (await tables.customers.get(group.kept)) ?? null;
  if (!customer) return noCustomer;
  const [owned, assets, visits] = await Promise.all([
    tables.vehicles.where("customer").anyOf(group.ids).toArray(), tables.assets.where("customer").anyOf(group.ids).toArray(), tables.visits.where("customer").anyOf(group.ids).toArray(),
  ]);
  const kept = await keptOf("vehicles", owned.map((v) => v.id));
  const cars = (await tables.vehicles.bulkGet(visits.map((v) => v.vehicle))) as (Rows["vehicles"] | undefined)[];
  const shown = await tables.vehicles.bulkGet([...new Set(owned.map((v) => kept.get(v.id) ?? v.id))]);
  return {
    customer, assets, merges: group.merges,
    vehicles: shown.flatMap((v) => (v ? [v] : [])),
    visits: visits.map((visit, i) => ({ visit, vehicle: cars[i] ?? null })).sort((a, b) => b.visit.arrived_at.localeCompare(a.visit.arrived_at)),
  };
}
