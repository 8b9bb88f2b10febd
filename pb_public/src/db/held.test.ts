import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestServer } from "../sync/testing/server.ts";
import { Tablet } from "../sync/testing/tablet.ts";
import { firstRows, lastRows, latestRows, rowsAt, rowsBetween, rowsOf } from "./rows-of.ts";
import { Store, useStore } from "./store.ts";
import { tables } from "./tables.ts";

let t: Tablet;
let asked = 0;
const transaction = IDBDatabase.prototype.transaction;

beforeEach(async () => {
  t = await Tablet.start(new TestServer());
  useStore(t.store, t.actor);
  await t.store.rows("jobs").bulkPut([job("j1", "o1", "done"), job("j2", "o1", "paused"), job("j3", "o2", "paused")]);
  IDBDatabase.prototype.transaction = function (...given) {
    asked++;
    return transaction.apply(this, given);
  };
});

afterEach(async () => {
  IDBDatabase.prototype.transaction = transaction;
  useStore(null, null);
  await t.end();
});

const job = (id: string, order: string, state: string) => ({ id, version: 1, work_order: order, state });
const ids = (rows: { id: string }[]) => rows.map((row) => row.id).sort().join();
const ofOrder = async (order: string) => ids(await rowsOf(tables.jobs, "work_order", [order]));

/** How often the disk was asked meanwhile. */
async function asks(work: () => Promise<unknown>): Promise<number> {
  const before = asked;
  await work();
  return asked - before;
}

describe("rows that are held", () => {
  test("X-01 what was read is not read again, whichever way it is asked for", async () => {
    for (const read of [
      () => tables.jobs.get("j1"), () => tables.jobs.bulkGet(["j1", "j2", "none"]), () => tables.jobs.toArray(), () => rowsOf(tables.jobs, "state", ["paused", "done"]),
      () => tables.jobs.where("work_order").equals("o1").toArray(), () => tables.jobs.where("work_order").anyOf(["o2", "o3"]).first(), () => tables.jobs.where("work_order").equals("o2").primaryKeys(),
    ] as (() => Promise<unknown>)[]) {
      const first = await read();
      expect(await asks(async () => expect(await read()).toEqual(first))).toBe(0);
    }
  });

  test("X-01 any number of values are one transaction, and only those that are not known are asked", async () => {
    expect(await asks(async () => expect(ids(await rowsOf(tables.jobs, "work_order", ["o1", "o2", "o3"]))).toBe("j1,j2,j3"))).toBe(1);
    expect(await asks(() => rowsOf(tables.jobs, "work_order", ["o1", "o3"]))).toBe(0);
    expect(await asks(() => rowsOf(tables.jobs, "work_order", ["o1", "o4"]))).toBe(1);
  });

  test("X-01 an own write is in the next answer: changed, moved to another value, new, gone", async () => {
    const all = async () => [await ofOrder("o1"), await ofOrder("o2"), ids(await tables.jobs.toArray()), (await tables.jobs.get("j1"))?.state, (await tables.jobs.get("j9"))?.state];
    expect(await all()).toEqual(["j1,j2", "j3", "j1,j2,j3", "done", undefined]);
    await t.store.rows("jobs").update("j1", { state: "passed" });
    expect(await all()).toEqual(["j1,j2", "j3", "j1,j2,j3", "passed", undefined]);
    expect((await rowsOf(tables.jobs, "work_order", ["o1"])).find((j) => j.id === "j1")?.state).toBe("passed");
    await t.store.rows("jobs").update("j2", { work_order: "o2" });
    expect(await all()).toEqual(["j1", "j2,j3", "j1,j2,j3", "passed", undefined]);
    await t.store.rows("jobs").put(job("j9", "o1", "paused"));
    expect(await all()).toEqual(["j1,j9", "j2,j3", "j1,j2,j3,j9", "passed", "paused"]);
    await t.store.rows("jobs").delete("j3");
    expect(await all()).toEqual(["j1,j9", "j2", "j1,j2,j9", "passed", "paused"]);
    await t.store.rows("jobs").bulkPut(Array.from({ length: 120 }, (_, i) => job(`k${i}`, "o3", "done")));
    expect(await ofOrder("o3")).toBe(Array.from({ length: 120 }, (_, i) => `k${i}`).sort().join());
    await t.store.rows("jobs").clear();
    expect(await all()).toEqual(["", "", "", undefined, undefined]);
  });

  test("X-01 a change names few: the answers about other rows stay", async () => {
    await Promise.all([ofOrder("o1"), ofOrder("o2")]);
    await t.store.rows("jobs").update("j3", { state: "done" });
    expect(await asks(() => ofOrder("o1"))).toBe(0);
    expect(await asks(() => ofOrder("o2"))).toBe(1);
  });

  test("X-01 what was asked before a write and answered after it is not held", async () => {
    const early = ofOrder("o2");
    await t.store.rows("jobs").put(job("j4", "o2", "done"));
    await early;
    expect(await ofOrder("o2")).toBe("j3,j4");
  });

  test("X-01 a transaction reads for itself, and what it takes back was never held", async () => {
    expect(await ofOrder("o1")).toBe("j1,j2");
    const torn = t.store.atomically(async () => {
      await t.store.rows("jobs").put(job("j5", "o1", "done"));
      expect(await ofOrder("o1")).toBe("j1,j2,j5");
      expect((await tables.jobs.get("j5"))?.state).toBe("done");
      throw new Error("torn");
    });
    await expect(torn).rejects.toThrow("torn");
    expect(await ofOrder("o1")).toBe("j1,j2");
    expect(await tables.jobs.get("j5")).toBeUndefined();
  });

  test("X-01 a write of another tab is heard of", async () => {
    expect(await ofOrder("o2")).toBe("j3");
    const other = new Store(t.store.user);
    await other.rows("jobs").put(job("j6", "o2", "done"));
    expect(await ofOrder("o2")).toBe("j3,j6");
    other.close();
  });

  test("O-02 another person's store answers for itself", async () => {
    expect(await ofOrder("o1")).toBe("j1,j2");
    const other = await Tablet.start(new TestServer());
    useStore(other.store, other.actor);
    expect(await ofOrder("o1")).toBe("");
    useStore(t.store, t.actor);
    await other.end();
  });

  test("X-01 lists may be sorted by whoever has them; rows are everybody's and cannot be changed", async () => {
    const first = await tables.jobs.toArray();
    first.reverse().pop();
    expect(ids(await tables.jobs.toArray())).toBe("j1,j2,j3");
    const [row] = await rowsOf(tables.jobs, "work_order", ["o2"]);
    expect(() => { row!.state = "done"; }).toThrow(TypeError);
  });

  test("X-01 a range, the first and the last of a value, a place: read once until any row of the collection changes", async () => {
    const claim = (id: string, filed_at: string) => ({ id, version: 1, state: "submitted", filed_at });
    await t.store.rows("claims").bulkPut([claim("c1", "2026-11-20"), claim("c2", "2026-11-21"), claim("c3", "")]);
    await t.store.rows("visits").bulkPut([{ id: "v1", version: 1, arrived_at: "2026-11-21" }, { id: "v2", version: 1, arrived_at: "2026-11-22" }]);
    const order = async (rows: Promise<{ id: string }[]>) => (await rows).map((row) => row.id).join();
    const all = async () => [
      await order(firstRows(tables.claims, "[state+filed_at]", "submitted", 2)), await order(firstRows(tables.claims, "[state+filed_at]", "submitted", 2, "0")),
      await order(lastRows(tables.claims, "[state+filed_at]", "submitted", 1)), await order(rowsAt(tables.claims, "[state+filed_at]", ["submitted", ""])),
      await order(latestRows(tables.visits, "arrived_at", 1)), await order(rowsBetween(tables.visits, "arrived_at", "2026-11-21", "2026-11-22")),
    ];
    expect(await all()).toEqual(["c3,c1", "c1,c2", "c2", "c3", "v2", "v1"]);
    const last = async () => (await lastRows(tables.claims, "[state+filed_at]", "submitted", 1))[0];
    expect(await last(), "the very same row").toBe(await last());
    await t.store.rows("claims").put(claim("c4", "2026-11-22"));
    expect(await all()).toEqual(["c3,c1", "c1,c2", "c4", "c3", "v2", "v1"]);
    await t.store.rows("visits").update("v2", { arrived_at: "2026-11-21" });
    expect(await all()).toEqual(["c3,c1", "c1,c2", "c4", "c3", "v2", "v1,v2"]);
  });

  test("X-01 what goes on from a question is Dexie's own", async () => {
    await t.store.rows("visits").bulkPut([{ id: "v1", version: 1, arrived_at: "2026-11-21" }, { id: "v2", version: 1, arrived_at: "2026-11-22" }]);
    expect(await tables.jobs.where("state").equals("paused").reverse().limit(1).toArray()).toHaveLength(1);
    expect(await tables.jobs.where("state").anyOf(["paused", "done"]).count()).toBe(3);
    expect((await tables.visits.orderBy("arrived_at").reverse().limit(1).toArray())[0]?.id).toBe("v2");
    expect(await tables.visits.where("arrived_at").above("2026-11-21").count()).toBe(1);
    expect(await tables.visits.count()).toBe(2);
  });
});
