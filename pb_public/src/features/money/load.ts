// Reads what the cashier's desk shows from the tablet's own store, in a handful of bulk reads.
import { policyFor, rowsOf, tables, type Rows } from "../../db/index.ts";
import type { Policy } from "../../rules/facts.ts";
import { casesOf, groupBy, type OrderCase } from "../order/load.ts";
import { byDeadline } from "../workshop/deadline.ts";
import { standings, type GatePass, type Payment, type Settlement } from "./model.ts";

export interface Bill extends OrderCase {
  settlements: Settlement[]; // oldest first
  payments: Payment[];
  invoices: Rows["invoices"][];
  passes: GatePass[];
  /** Of the whole visit: no pass before each of them is settled. */
  siblings: Rows["work_orders"][];
}

const byTime = <T extends { created?: string; id: string }>(a: T, b: T): number => (a.created || "").localeCompare(b.created || "") || a.id.localeCompare(b.id);

async function bills(orders: Rows["work_orders"][]): Promise<Bill[]> {
  const visits = [...new Set(orders.map((o) => o.visit))];
  const [cases, settlements, payments, invoices, passes, siblings] = await Promise.all([
    casesOf(orders), rowsOf(tables.settlements, "visit", visits), rowsOf(tables.payments, "visit", visits), rowsOf(tables.invoices, "visit", visits),
    rowsOf(tables.gate_passes, "visit", visits), rowsOf(tables.work_orders, "visit", visits),
  ]);
  const ofOrder = <T extends { work_order: string; id: string; created?: string }>(rows: T[]) => {
    const by = groupBy(rows, (row) => row.work_order);
    return (order: string): T[] => (by.get(order) ?? []).sort(byTime);
  };
  const [settled, paid, invoiced] = [ofOrder(settlements), ofOrder(payments), ofOrder(invoices)];
  return cases.map((c) => ({
    ...c,
    settlements: settled(c.order.id),
    payments: paid(c.order.id),
    invoices: invoiced(c.order.id),
    passes: passes.filter((p) => p.visit === c.order.visit).sort(byTime),
    siblings: siblings.filter((o) => o.visit === c.order.visit),
  }));
}

export interface Desk {
  /** Finished, waiting for the cashier; the nearest promised time first. */
  ready: Bill[];
  /** Settled, the car still here; the pass that ends first is first. */
  leaving: Bill[];
  /** Something is open between a payer and us, wherever the car is. */
  receivable: Bill[];
  /** What was flagged at the gate, newest first. */
  flagged: Rows["gate_uses"][];
}

export const emptyDesk: Desk = { ready: [], leaving: [], receivable: [], flagged: [] };

/** Until when the car can leave on its pass; without a pass until when it was promised. */
export function leavesBy(b: Bill): string {
  return b.passes.find((p) => p.state === "issued")?.valid_until || b.order.promised_at;
}

export async function loadDesk(): Promise<Desk> {
  const [now, past, uses] = await Promise.all([bills(await rowsOf(tables.work_orders, "state", ["ready", "settled"])), owingPast(), tables.gate_uses.toArray()]);
  const owing = (b: Bill): boolean => owes(b.order.id, b.settlements, b.payments);
  return {
    ready: now.filter((b) => b.order.state === "ready").sort(byDeadline((b) => b.order.promised_at)),
    leaving: now.filter((b) => b.order.state === "settled").sort(byDeadline(leavesBy)),
    receivable: [...now.filter((b) => b.order.state === "settled"), ...past].filter(owing),
    flagged: uses.filter((u) => (u.flags?.length ?? 0) > 0).sort((a, b) => b.used_at.localeCompare(a.used_at)),
  };
}

/** Something is open between a payer and us. */
function owes(order: string, settlements: Settlement[], payments: Payment[]): boolean {
  return standings(order, settlements, payments).some((s) => s.balance.open !== 0);
}

/** Orders that are over and over which something is open: found by their money alone, years of orders are not read for the few that owe. */
async function owingPast(): Promise<Bill[]> {
  const [settlements, payments] = await Promise.all([tables.settlements.toArray(), tables.payments.toArray()]);
  const paid = groupBy(payments, (p) => p.work_order);
  const owing = [...groupBy(settlements, (s) => s.work_order)].filter(([order, billed]) => owes(order, billed, paid.get(order) ?? [])).map(([order]) => order);
  const orders = await tables.work_orders.bulkGet(owing);
  return bills(orders.filter((o) => o !== undefined).filter((o) => o.state === "released" || o.state === "declined"));
}

export async function loadBill(id: string): Promise<{ bill: Bill; policy: Policy } | null> {
  const order = await tables.work_orders.get(id);
  if (!order) return null;
  const [bill] = await bills([order]);
  return { bill: bill!, policy: await policyFor(order.visit, order.shop) };
}
