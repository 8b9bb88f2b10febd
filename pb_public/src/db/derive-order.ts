// Derived fields of an order as the server will set them; twin of hooks/work_orders.go.
import { onWall } from "../rules/zone.ts";
import { giveWarranty, givenStates, type Warranty } from "../rules/warranty.ts";
import type { Job } from "../rules/facts.ts";
import { policyOf } from "./policy.ts";
import type { Row, Store } from "./store.ts";

/** A comeback opens its own kind of order (R-02, C-01); what was done is guaranteed when it is settled and when the car leaves (D-08). */
export async function deriveOrder(store: Store, row: Row, fresh: boolean): Promise<Row> {
  const visit = await store.rows("visits").get(String(row.visit));
  if (fresh && !row.kind) return { ...row, kind: visit?.purpose === "comeback" ? "comeback" : "service" };
  const given = (row.warranty as Warranty | null)?.state ?? "";
  if (!givenStates.includes(String(row.state)) || given === row.state || !visit) return row;
  const jobs = (await store.rows("jobs").where("work_order").equals(row.id).toArray()) as unknown as Job[];
  const policy = await policyOf(store, visit, String(row.shop));
  const day = await shopDay(store, String(row.shop), String(row.updated));
  return { ...row, warranty: giveWarranty(policy, String(visit.policy ?? ""), String(row.state), day, Number(visit.odometer_km ?? 0), jobs) };
}

/** The day of an instant on the shop's wall. */
export async function shopDay(store: Store, shop: string, at: string): Promise<string> {
  return onWall(at, String((await store.rows("shops").get(shop))?.time_zone || "Asia/Shanghai")).day;
}
