// D-08 on the tablet: what is settled offline is guaranteed at once, by the figures the visit began with.
import { afterEach, beforeEach, expect, test } from "vitest";
import { deriveOrder } from "../../db/derive-order.ts";
import { tables } from "../../db/index.ts";
import { theStore, type Row } from "../../db/store.ts";
import { close, ids, open, propose } from "../order/testing/day.ts";

beforeEach(() => open());
afterEach(close);

const orderIn = async (state: string): Promise<Row> => ({ ...((await tables.work_orders.get(ids.order)) as unknown as Row), state, updated: "2026-11-30 16:30:00.000Z" });

test("D-08 settled offline, each done job has its last day and odometer: the shop's day, the visit's figures", async () => {
  const id = await propose({ job_class: "maintenance", parts: [{ name: "机油", number: "", quantity_milli: 1000, unit: "L", unit_fen: 100, origin: "shop", grade: "genuine" }] });
  await tables.jobs.update(id, { state: "passed" });
  await tables.policies.put({ id: "policy000000001", shop: "s", version: 1, kind: "service_lane", revision: 1, active: false, data: { warranty_parts_months: 6 } } as never);
  await tables.visits.update(ids.visit, { odometer_km: 1000, policy: "policy000000001" });
  const settled = await deriveOrder(theStore(), await orderIn("settled"), false);
  expect(settled.warranty).toEqual({ state: "settled", from_day: "2026-12-01", from_km: 1000, policy: "policy000000001",
    lines: [{ job: id, labour_until: "2027-03-01", labour_km: 6000, parts_until: "2027-06-01", parts_km: 21000 }] });
  const later = await deriveOrder(theStore(), { ...settled, updated: "2026-12-05 01:00:00.000Z" }, false);
  expect(later.warranty).toEqual(settled.warranty);
  const left = await deriveOrder(theStore(), { ...settled, state: "released", updated: "2026-12-05 01:00:00.000Z" }, false);
  expect(left.warranty).toMatchObject({ state: "released", from_day: "2026-12-05" });
});

test("D-08 an order that is not settled guarantees nothing yet", async () => {
  expect((await deriveOrder(theStore(), await orderIn("ready"), false)).warranty ?? null).toBeNull();
});
