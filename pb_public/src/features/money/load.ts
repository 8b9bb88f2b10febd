// Reads what the cashier's desk shows from the tablet's own store, in a handful of bulk reads.
import { policyFor, rowsOf, tables, type Rows } from "../../db/index.ts";
import type { Policy } from "../../rules/facts.ts";
import { casesOf, type OrderCase } from "../order/load.ts";
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
  return cases.map((c) => ({
    ...c,
    settlements: settlements.filter((s) => s.work_order === c.order.id).sort(byTime),
    payments: payments.filter((p) => p.work_order === c.order.id).sort(byTime),
    invoices: invoices.filter((i) => i.work_order === c.order.id).sort(byTime),
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
  const [now, gone, uses] = await Promise.all([
    tables.work_orders.where("state").anyOf(["ready", "settled"]).toArray(),
    tables.work_orders.where("state").anyOf(["released", "declined"]).toArray(),
    tables.gate_uses.toArray(),
  ]);
  const open = await bills(now), past = await withMoney(gone);
  const owing = (b: Bill): boolean => standings(b.order.id, b.settlements, b.payments).some((s) => s.balance.open !== 0);
  return {
    ready: open.filter((b) => b.order.state === "ready").sort(byDeadline((b) => b.order.promised_at)),
    leaving: open.filter((b) => b.order.state === "settled").sort(byDeadline(leavesBy)),
    receivable: [...open.filter((b) => b.order.state === "settled"), ...past].filter(owing),
    flagged: uses.filter((u) => (u.flags?.length ?? 0) > 0).sort((a, b) => b.used_at.localeCompare(a.used_at)),
  };
}

/** Of orders that are over only those that were ever billed: years of them are not read for the few that owe. */
async function withMoney(orders: Rows["work_orders"][]): Promise<Bill[]> {
  const billed = new Set((await tables.settlements.where("work_order").anyOf(orders.map((o) => o.id)).toArray()).map((s) => s.work_order));
  return bills(orders.filter((o) => billed.has(o.id)));
}

export async function loadBill(id: string): Promise<{ bill: Bill; policy: Policy } | null> {
  const order = await tables.work_orders.get(id);
  if (!order) return null;
  const [bill] = await bills([order]);
  return { bill: bill!, policy: await policyFor(order.visit, order.shop) };
}
