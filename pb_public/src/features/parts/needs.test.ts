import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tables } from "../../db/index.ts";
import { as, close, ids, open } from "../order/testing/day.ts";
import { reserve } from "./actions.ts";
import { partsReadyAt } from "./load.ts";

const noon = Date.parse("2026-11-21T04:00:00Z");
const pad = "brakepad0000001";
const line = (number: string, milli: number) => ({ name: "前刹车片", number, quantity_milli: milli, unit: "套", unit_fen: 38000, origin: "shop", grade: "genuine" });
const job = (id: string, milli: number, state = "approved") => ({ id, shop: "shoppudong00001", visit: ids.visit, work_order: ids.order, state, work: "换刹车片", payer: "customer", origin: "estimate", parts: [line("5Q0698151", milli)], version: 1 });

beforeEach(async () => {
  await open();
  await tables.parts.put({ id: pad, shop: "shoppudong00001", number: "5Q0698151", name: "前刹车片", unit: "套", price_fen: 38000, active: true, lead_days: 2, store_milli: 1000, workshop_milli: 0, version: 1 } as never);
});
afterEach(close);

async function jobs(...all: ReturnType<typeof job>[]) {
  await tables.jobs.bulkPut(all as never);
  return all as never as Parameters<typeof partsReadyAt>[0] & Parameters<typeof reserve>[0];
}

describe("what jobs need of the parts store", () => {
  test("E-05 all is here: the promise waits for no part", async () => {
    expect(await partsReadyAt(await jobs(job("job000000000001", 1000)), noon)).toBeNaN();
  });

  test("E-05 two jobs share what is here, and the second waits for the usual days of delivery", async () => {
    const two = await jobs(job("job000000000001", 1000), job("job000000000002", 1000));
    expect(new Date(await partsReadyAt(two, noon)).toISOString()).toBe("2026-11-23T04:00:00.000Z");
  });

  test("E-05 what was ordered for the job comes on its day; work that is over waits for nothing", async () => {
    const all = await jobs(job("job000000000001", 3000), job("job000000000003", 9000, "done"));
    await tables.purchase_orders.put({ id: "order0000000001", shop: "shoppudong00001", part: pad, job: "job000000000001", quantity_milli: 2000, received_milli: 0, state: "ordered", expected_on: "2026-11-22 01:00:00.000Z", version: 1 } as never);
    expect(new Date(await partsReadyAt(all, noon)).toISOString()).toBe("2026-11-22T01:00:00.000Z");
  });

  test("P-02 what is there is frozen once, what is not is proposed once, and what is frozen counts as here", async () => {
    as("chen");
    const all = await jobs(job("job000000000001", 3000));
    expect(await reserve(all)).toEqual({ held: 1, proposed: 1 });
    expect(await reserve(all)).toEqual({ held: 0, proposed: 0 });
    expect((await tables.reservations.toArray()).map((r) => [r.job, r.quantity_milli, r.state])).toEqual([["job000000000001", 1000, "held"]]);
    expect((await tables.purchase_orders.toArray()).map((o) => [o.job, o.quantity_milli, o.state])).toEqual([["job000000000001", 2000, "proposed"]]);
  });
});
