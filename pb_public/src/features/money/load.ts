// Reads what the cashier's desk shows from the tablet's own store, in a handful of bulk reads.
import { policyFor, rowsOf, serverTime, tables, type Rows } from "../../db/index.ts";
import type { Policy } from "../../rules/facts.ts";
import { casesOf, groupBy, type OrderCase } from "../order/load.ts";
import { byDeadline } from "../workshop/deadline.ts";
import { standings, toCharge, type GatePass, type Payment, type Settlement } from "./model.ts";

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

/** A car that leaves without the work and has not passed the gate yet (E-08, R-02). */
export interface Leaver {
  visit: Rows["visits"];
  vehicle: Rows["vehicles"] | null;
  customer: Rows["customers"] | null;
  pass: GatePass | null;
}

export interface Desk {
  /** Finished, or refused with a fee that was ordered, waiting for the cashier; the nearest promised time first. */
  ready: Bill[];
  /** Settled, the car still here; the pass that ends first is first. */
  leaving: Bill[];
  /** Nothing was done, or nothing is left to settle of it: only the pass is to be made. */
  leavers: Leaver[];
  /** Something is open between a payer and us, wherever the car is. */
  receivable: Bill[];
  /** What was flagged at the gate, newest first. */
  flagged: Rows["gate_uses"][];
}

export const emptyDesk: Desk = { ready: [], leaving: [], leavers: [], receivable: [], flagged: [] };

/** Until when the car can leave on its pass; without a pass until when it was promised. */
export function leavesBy(b: Bill): string {
  return b.passes.find((p) => p.state === "issued")?.valid_until || b.order.promised_at;
}

export async function loadDesk(): Promise<Desk> {
  const [now, past, uses, gone] = await Promise.all([bills(await rowsOf(tables.work_orders, "state", ["ready", "settled"])), owingPast(), tables.gate_uses.toArray(), leavingUndone()]);
  const owing = (b: Bill): boolean => owes(b.order.id, b.settlements, b.payments);
  return {
    ready: [...now.filter((b) => b.order.state === "ready"), ...gone.fees].sort(byDeadline((b) => b.order.promised_at)),
    leaving: now.filter((b) => b.order.state === "settled").sort(byDeadline(leavesBy)),
    leavers: gone.leavers,
    receivable: [...now.filter((b) => b.order.state === "settled"), ...past].filter(owing),
    flagged: uses.filter((u) => (u.flags?.length ?? 0) > 0).sort((a, b) => b.used_at.localeCompare(a.used_at)),
  };
}

/** How long a car that left without the work is looked for at the gate. */
const leaverDays = 14;

/** So many visits that ended without the work are read whole; of more, only those that began lately. */
const mostLeft = 200;

async function leftLately(): Promise<Rows["visits"][]> {
  const since = serverTime(Date.now() - leaverDays * 86_400_000);
  const left = await tables.visits.where("state").equals("left").limit(mostLeft + 1).toArray();
  if (left.length <= mostLeft) return left.filter((v) => v.arrived_at > since);
  const [ids, lately] = await Promise.all([tables.visits.where("state").equals("left").primaryKeys(), tables.visits.where("arrived_at").above(since).primaryKeys()]);
  const recent = new Set(lately);
  return (await tables.visits.bulkGet(ids.filter((id) => recent.has(id)))).filter((v) => v !== undefined);
}

/** Cars that leave without the work: with a fee still to be settled, and those that only need their pass. */
async function leavingUndone(): Promise<{ fees: Bill[]; leavers: Leaver[] }> {
  const left = await leftLately();
  if (left.length === 0) return { fees: [], leavers: [] };
  const passes = groupBy((await rowsOf(tables.gate_passes, "visit", left.map((v) => v.id))).filter((p) => p.state !== "void"), (p) => p.visit);
  const visits = left.filter((v) => !passes.get(v.id)?.some((p) => p.state === "used"));
  const fees = (await bills(await rowsOf(tables.work_orders, "visit", visits.map((v) => v.id)))).filter(feeOpen);
  const waiting = visits.filter((v) => !fees.some((b) => b.order.visit === v.id));
  const [vehicles, customers] = await Promise.all([tables.vehicles.bulkGet(waiting.map((v) => v.vehicle)), tables.customers.bulkGet(waiting.map((v) => v.customer))]);
  const leavers = waiting.map((visit, i) => ({ visit, vehicle: vehicles[i] ?? null, customer: customers[i] ?? null, pass: passes.get(visit.id)?.[0] ?? null }));
  return { fees, leavers: leavers.sort((a, b) => a.visit.arrived_at.localeCompare(b.visit.arrived_at)) };
}

/** A refused order whose diagnosis or estimate was ordered, and is not settled yet (E-08). */
export function feeOpen(b: Bill): boolean {
  return b.order.state === "declined" && (toCharge(b.jobs, b.order, b.settlements).length > 0 || b.settlements.some((s) => s.state === "draft" || s.state === "issued"));
}

/** Of these orders those that were refused with a fee that is not settled yet (E-08). */
export async function feesOpen(orders: Rows["work_orders"][]): Promise<Rows["work_orders"][]> {
  return (await bills(orders)).filter(feeOpen).map((b) => b.order);
}

/** Something is open between a payer and us. */
function owes(order: string, settlements: Settlement[], payments: Payment[]): boolean {
  return standings(order, settlements, payments).some((s) => s.balance.open !== 0);
}

/**
 * Orders that are over and over which something is open. A car leaves when everybody has paid or has credit (D-07), so it can only be a
 * credit, a counter-entry made since, or a settlement that was issued and not settled: found by these, years of money are not read for the few that owe.
 */
async function owingPast(): Promise<Bill[]> {
  const signs = await Promise.all([rowsOf(tables.settlements, "state", ["issued"]), rowsOf(tables.settlements, "kind", ["counter"]), rowsOf(tables.payments, "kind", ["credit"])]);
  const named = [...new Set(signs.flat().map((row) => row.work_order))];
  const [settlements, payments] = await Promise.all([rowsOf(tables.settlements, "work_order", named), rowsOf(tables.payments, "work_order", named)]);
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
