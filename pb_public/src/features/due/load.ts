// Reads due items and messages with the cars they are about from the tablet's own store.
import { rowsOf, tables } from "../../db/index.ts";
import type { Customer, Order, Staff, Vehicle, Visit } from "../order/model.ts";
import type { DueItem, Message } from "./model.ts";

export interface Entry {
  item: DueItem;
  visit: Visit | null;
  vehicle: Vehicle | null;
  customer: Customer | null;
  /** Of the visit, those still to be finished. */
  orders: Order[];
}

export interface Todo {
  open: Entry[];
  /** Closed since the given instant, the newest first. */
  done: Entry[];
  staff: Map<string, Staff>;
}

export const emptyTodo: Todo = { open: [], done: [], staff: new Map() };

const finished = ["settled", "released", "declined", "cancelled"];

/** Every open item, and what was closed since `since` (UTC as stored). */
export async function loadTodo(since: string): Promise<Todo> {
  const [open, closed, staff] = await Promise.all([
    rowsOf(tables.due_items, "state", ["open"]),
    rowsOf(tables.due_items, "state", ["done"]),
    tables.staff.toArray(),
  ]);
  const recent = closed.filter((i) => (i.done_at || i.updated) >= since);
  const entries = await entriesOf([...open, ...recent]);
  return {
    open: entries.slice(0, open.length),
    done: entries.slice(open.length).sort((a, b) => (b.item.done_at || b.item.updated).localeCompare(a.item.done_at || a.item.updated)),
    staff: new Map(staff.map((s) => [s.id, s])),
  };
}

/** Items with the car each is about: of its visit, or of the appointment it prepares. */
export async function entriesOf(items: DueItem[]): Promise<Entry[]> {
  const visitIds = [...new Set(items.map((i) => i.visit).filter(Boolean))];
  const booked = [...new Set(items.filter((i) => i.subject_collection === "appointments").map((i) => i.subject_record))];
  const [visits, orders, appointments] = await Promise.all([tables.visits.bulkGet(visitIds), rowsOf(tables.work_orders, "visit", visitIds), tables.appointments.bulkGet(booked)]);
  const known = visits.filter((v) => v !== undefined);
  const coming = new Map(appointments.filter((a) => a !== undefined).map((a) => [a.id, a]));
  const about = [...known, ...coming.values()];
  const [vehicles, customers] = await Promise.all([
    tables.vehicles.bulkGet([...new Set(about.map((v) => v.vehicle).filter(Boolean))]),
    tables.customers.bulkGet([...new Set(about.map((v) => v.customer).filter(Boolean))]),
  ]);
  const visitOf = new Map(known.map((v) => [v.id, v]));
  const vehicleOf = new Map(vehicles.filter((v) => v !== undefined).map((v) => [v.id, v]));
  const customerOf = new Map(customers.filter((c) => c !== undefined).map((c) => [c.id, c]));
  return items.map((item) => {
    const visit = visitOf.get(item.visit) ?? null;
    const of = visit ?? coming.get(item.subject_record);
    return {
      item, visit, vehicle: of ? vehicleOf.get(of.vehicle) ?? null : null, customer: of ? customerOf.get(of.customer) ?? null : null,
      orders: orders.filter((o) => o.visit === item.visit && !finished.includes(o.state)),
    };
  });
}

/** What the customers of these visits were told, the newest first (M-03, V-02). */
export async function messagesOf(visits: string[]): Promise<Message[]> {
  const rows = await rowsOf(tables.messages, "visit", visits);
  return rows.sort((a, b) => b.created.localeCompare(a.created) || b.id.localeCompare(a.id));
}
