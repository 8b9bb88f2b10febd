// When a car can honestly be promised (E-05): the rule of rules/promise.ts over the load that the tablet knows of.
import { rowsOf, serverTime, tables } from "../../db/index.ts";
import { presentPolicy } from "../../db/policy.ts";
import { isActive, workedMinutes, type Order } from "../order/model.ts";
import { partsReadyAt } from "../parts/load.ts";
import { earliest, type TimePolicy } from "../../rules/promise.ts";
import { shippedPolicy } from "../../rules/figures.ts";

export interface Outlook {
  policy: TimePolicy;
  zone: string;
  /** Planned minutes of other cars that are still to be worked. */
  load: number;
  /** Technicians who share them. */
  hands: number;
}

export const noOutlook: Outlook = { policy: shippedPolicy, zone: "Asia/Shanghai", load: 0, hands: 1 };

const ahead = ["approved", "dispatched", "in_progress", "paused", "rework"];

/** The load of the shop but for one order. */
export async function loadOutlook(shopId: string, order: string, now: number): Promise<Outlook> {
  const [shop, jobs, staff, policy] = await Promise.all([
    tables.shops.get(shopId), rowsOf(tables.jobs, "state", ahead), tables.staff.toArray(), presentPolicy(shopId),
  ]);
  const others = jobs.filter((j) => j.work_order !== order);
  const entries = await rowsOf(tables.time_entries, "job", others.map((j) => j.id));
  return {
    policy, zone: shop?.time_zone || "Asia/Shanghai",
    load: Math.round(others.reduce((sum, j) => sum + Math.max(0, (j.labour_minutes || 0) - workedMinutes(j.id, entries, now)), 0)),
    hands: staff.filter((s) => s.active !== false && s.roles?.includes("technician")).length,
  };
}

/** What an estimate promises unless the advisor says otherwise: the earliest honest time for its jobs, parts and load counted (E-05). */
export async function honestPromise(order: Order, now: number = Date.now()): Promise<string> {
  const jobs = (await tables.jobs.where("work_order").equals(order.id).toArray()).filter(isActive);
  const [outlook, partsAt] = await Promise.all([loadOutlook(order.shop, order.id, now), partsReadyAt(jobs, now)]);
  return serverTime(earliestPromise(now, jobs.reduce((sum, j) => sum + (j.labour_minutes || 0), 0), outlook, partsAt));
}

/** The earliest honest promise of work of so many minutes. `partsAt`: when its last part is here, NaN when all are. */
export function earliestPromise(now: number, minutes: number, o: Outlook, partsAt = NaN): number {
  return earliest(now, { minutes, partsAt, load: o.load, hands: o.hands }, o.policy, o.zone);
}
