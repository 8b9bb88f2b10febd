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

export async function entriesOf(items: DueItem[]): Promise<Entry[]> {
  const visitIds = [...new Set(items.map((i) => i.visit).filter(Boolean))];
  const [visits, orders] = await Promise.all([tables.visits.bulkGet(visitIds), rowsOf(tables.work_orders, "visit", visitIds)]);
  const known = visits.filter((v) => v !== undefined);
  const [vehicles, customers] = await Promise.all([
    tables.vehicles.bulkGet([...new Set(known.map((v) => v.vehicle))]),
    tables.customers.bulkGet([...new Set(known.map((v) => v.customer).filter(Boolean))]),
  ]);
  const visitOf = new Map(known.map((v) => [v.id, v]));
  const vehicleOf = new Map(vehicles.filter((v) => v !== undefined).map((v) => [v.id, v]));
  const customerOf = new Map(customers.filter((c) => c !== undefined).map((c) => [c.id, c]));
  return items.map((item) => {
    const visit = visitOf.get(item.visit) ?? null;
    return {
      item, visit, vehicle: visit ? vehicleOf.get(visit.vehicle) ?? null : null, customer: visit ? customerOf.get(visit.customer) ?? null : null,
      orders: orders.filter((o) => o.visit === item.visit && !finished.includes(o.state)),
    };
  });
}

/** What the customers of these visits were told, the newest first (M-03, V-02). */
export async function messagesOf(visits: string[]): Promise<Message[]> {
  const rows = await rowsOf(tables.messages, "visit", visits);
  return rows.sort((a, b) => b.created.localeCompare(a.created) || b.id.localeCompare(a.id));
}
