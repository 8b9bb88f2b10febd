import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { tables, why } from "../../db/index.ts";
import { session } from "../../db/session.svelte.ts";
import { as, close, ids, open, people, ready, row } from "../order/testing/day.ts";
import { accept, asked, coversOff, keysBack, leave, moments, monthsOn, nextKm, nextService, note, tick, type Moment } from "./actions.ts";

const visit = async () => (await tables.visits.get(ids.visit))!;
const delivery = async () => (await tables.deliveries.where("visit").equals(ids.visit).first()) ?? null;
const signed = { name: "李思远", relation: "self", strokes: [[{ x: 1, y: 2, t: 3 }, { x: 9, y: 8, t: 7 }]] } as unknown as Parameters<typeof accept>[1];
const all = (v: Awaited<ReturnType<typeof visit>>) => Object.values(moments).flat().filter((m) => asked(v, m));

beforeEach(async () => {
  await open();
  vi.spyOn(session, "user", "get").mockReturnValue({ ...people.chen, roles: ["advisor"], shop: "shoppudong00001" } as never);
});
afterEach(() => {
  vi.restoreAllMocks();
  close();
});

async function through(except: Moment[] = []): Promise<void> {
  const v = await visit();
  for (const m of all(v)) if (!except.includes(m)) await tick(v, await delivery(), m, true);
  await note(v, await delivery(), { parking: "B12", follow_up_when: "周六上午" });
}

describe("D-01 D-03 D-05 the delivery, step by step", () => {
  test("D-01 no wash that nobody wished, no covers that were never fitted, no old parts that nobody wants", async () => {
    const v = await visit();
    expect(all({ ...v, wash: "no", old_parts: "dispose", covers_fitted_at: "" } as typeof v)).not.toEqual(expect.arrayContaining(["washed_at"]));
    expect(asked({ ...v, wash: "yes" } as typeof v, "washed_at")).toBe(true);
    expect(asked({ ...v, old_parts: "show" } as typeof v, "old_parts_at")).toBe(true);
    expect(asked({ ...v, covers_fitted_at: "" } as typeof v, "covers_off_at")).toBe(false);
    expect(asked({ ...v, covers_fitted_at: "2026-11-21 01:00:00.000Z" } as typeof v, "covers_off_at")).toBe(true);
  });

  test("D-05 accepted by signature when all was shown and counted; then it stays as it is", async () => {
    await ready();
    as("chen");
    await through();
    await accept((await delivery())!, signed);
    expect(await delivery()).toMatchObject({ state: "accepted", signer_name: "李思远", handed_in_by: people.chen.id });
    await expect(note(await visit(), await delivery(), { parking: "A1" })).rejects.toMatchObject({ code: "delivery.accepted" });
  });

  for (const [m, code] of [["keys_at", "delivery.unprepared"], ["compared_at", "delivery.unshown"], ["belongings_at", "delivery.unreturned"]] as const) {
    test(`D-03 D-05 not without ${m}: refused, and the signature is not kept on it`, async () => {
      await ready();
      as("chen");
      await through([m]);
      await expect(accept((await delivery())!, signed)).rejects.toMatchObject({ code });
      expect((await delivery())!.state).toBe("open");
      expect((await delivery())!.signer_name ?? "").toBe("");
    });
  }

  test("D-04 nor without the question when to call", async () => {
    await ready();
    as("chen");
    const v = await visit();
    for (const m of all(v)) await tick(v, await delivery(), m, true);
    await note(v, await delivery(), { parking: "B12" });
    await expect(accept((await delivery())!, signed)).rejects.toMatchObject({ code: "delivery.follow_up_unasked" });
  });

  test("R-04 D-05 the covers' moment stands on the visit, too; a tick is taken back", async () => {
    await tables.visits.update(ids.visit, { covers_fitted_at: "2026-11-21 01:05:00.000Z" });
    await ready();
    as("chen");
    await tick(await visit(), await delivery(), "covers_off_at", true);
    expect((await visit()).covers_removed_at).not.toBe("");
    await tick(await visit(), await delivery(), "keys_at", true);
    await tick(await visit(), await delivery(), "keys_at", false);
    expect((await delivery())!.keys_at).toBe("");
  });

  test("D-03 V-01 the next service goes to the vehicle's file as well", async () => {
    await ready();
    as("chen");
    await nextService(await visit(), await delivery(), "2027-05-21 04:00:00.000Z", 58_000);
    expect(await tables.vehicles.get(ids.vehicle)).toMatchObject({ next_service_on: "2027-05-21 04:00:00.000Z", next_service_km: 58_000 });
    expect(await delivery()).toMatchObject({ next_service_km: 58_000 });
  });

  test("V-01 D-03 the next service is proposed from the interval and what the odometer reads, and by whole months", async () => {
    const v = { ...(await visit()), odometer_km: 48_213 }, car = { ...(await tables.vehicles.get(ids.vehicle))!, odometer_km: 48_200, service_interval_km: 10_000, next_service_km: 50_000 };
    expect(nextKm(v, car)).toBe(58_213);
    expect(nextKm(v, { ...car, service_interval_km: 0 })).toBe(50_000);
    expect(nextKm(v, { ...car, service_interval_km: 0, next_service_km: 48_213 })).toBe(0);
    expect([monthsOn("2026-11-22", 6), monthsOn("2026-11-30", 3), monthsOn("2026-08-31", 6)]).toEqual(["2027-05-22", "2027-02-28", "2027-02-28"]);
  });

  test("D-05 every key goes back to the customer", async () => {
    await row("key_tags", { id: "key000000000002", visit: ids.visit, tag: "13", keys: 1, holder_kind: "customer" });
    await keysBack(await visit());
    const tags = await tables.key_tags.where("visit").equals(ids.visit).toArray();
    expect(tags.map((k) => k.holder_kind)).toEqual(["customer", "customer"]);
    expect(tags.filter((k) => k.held_at)).toHaveLength(1);
  });
});

describe("E-08 leaving without the work", () => {
  test("E-08 a car with an open order stays; with a refused estimate it leaves", async () => {
    const left = async () => why("visits", (await visit()).id, { state: "left" });
    expect(await left()).toMatchObject({ code: "visit.order_open" });
    await tables.work_orders.update(ids.order, { state: "declined" });
    expect(await left()).toBeNull();
    await leave(await visit());
    expect((await visit()).state).toBe("left");
  });

  test("R-04 R-10 E-08 key and covers go back to who leaves without the work, before and after it is recorded", async () => {
    await tables.visits.update(ids.visit, { covers_fitted_at: "2026-11-21 01:05:00.000Z" });
    await tables.work_orders.update(ids.order, { state: "declined" });
    await coversOff(await visit());
    await leave(await visit());
    await keysBack(await visit());
    expect((await visit()).covers_removed_at).not.toBe("");
    expect((await tables.key_tags.get("key000000000001"))!.holder_kind).toBe("customer");
  });
});
