// The tablet's disk: full while anything is being saved, or emptied by the browser.
import Dexie from "dexie";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lookAtCanary, lostPeople, noteUnsent } from "../db/canary.ts";
import { newId } from "../db/ids.ts";
import { prepareStore } from "../db/open.ts";
import type { PreparedPhoto } from "../db/prepare.ts";
import { keyOf } from "../db/records.ts";
import { isFull, isQuota, onRoom, setFull } from "../db/room.ts";
import { databaseName, useStore } from "../db/store.ts";
import { exportUnsent, importUnsent } from "./carry.ts";
import { Leader } from "./leader.ts";
import { fullAt, suffer } from "./testing/faults.ts";
import { TestServer } from "./testing/server.ts";
import { serverRows, Tablet } from "./testing/tablet.ts";

let server: TestServer;
let t: Tablet;

beforeEach(async () => {
  localStorage.clear();
  setFull(false);
  server = new TestServer();
  t = await Tablet.start(server);
});

afterEach(async () => {
  useStore(null, null);
  await t.end();
});

const photo: PreparedPhoto = { bytes: new Uint8Array(100).buffer, thumb: new ArrayBuffer(1), sha256: "a".repeat(64), width: 1, height: 1, media: "image/jpeg", taken_at: "2026-11-21 02:03:04.005Z" };

/** One act of rows, mutation and photo. */
async function receive(id: string): Promise<void> {
  await t.act("vehicle.add", (w) => {
    w.create("vehicles", { plate: "沪A12345" }, id);
    w.photo(photo, { subject_collection: "vehicles", subject_record: id });
  });
}

async function kept(): Promise<number[]> {
  return Promise.all([t.store.rows("vehicles").count(), t.store.rows("photos").count(), t.store.outbox.count(), t.store.uploads.count(), t.store.photo_bytes.count()]);
}

describe("quota", () => {
  test("X-02 quota while an edit and its photo are saved: said at once, nothing half, whichever write it is", async () => {
    let n = 0;
    for (let met = true; met; ) {
      const id = newId();
      const before = await kept();
      const full = fullAt(++n);
      await suffer(t.store, full);
      const saved = await receive(id).then(() => true, (e) => {
        expect(e).toMatchObject({ code: "device.storage_full" });
        return false;
      });
      met = full.met();
      expect(saved, `write ${n}`).toBe(!met);
      expect(isFull()).toBe(met);
      if (met) expect(await kept(), `write ${n}`).toEqual(before);
      full.clear();
    }
    expect(n).toBeGreaterThan(6);
    expect(await kept()).toEqual([1, 1, 1, 1, 1]);
  });

  test("X-02 what can be fetched again makes room, and the edit is saved after all", async () => {
    const { store } = t;
    await store.derivatives.put({ key: "x/320", media: "image/jpeg", bytes: new ArrayBuffer(10), at: 0 });
    await store.photo_bytes.bulkPut([{ sha256: "sent", media: "", bytes: new ArrayBuffer(1) }, { sha256: "unsent", media: "", bytes: new ArrayBuffer(1) }]);
    await store.uploads.bulkPut([{ sha256: "sent", state: "verified" }, { sha256: "unsent", state: "local" }] as never[]);
    const told: boolean[] = [];
    const stop = onRoom((full) => told.push(full));
    await suffer(store, fullAt(3, 1));
    const id = newId();
    await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }, id));
    stop();
    expect(told).toEqual([]);
    expect(await store.derivatives.count()).toBe(0);
    expect((await store.photo_bytes.toArray()).map((p) => p.sha256)).toEqual(["unsent"]);
    expect(await store.outbox.count()).toBe(1);
  });

  test("X-02 quota at any write of sending and fetching: nothing is lost or doubled, and all goes on when there is room", { timeout: 60_000 }, async () => {
    let n = 0;
    for (let met = true; met; ) {
      n += n < 12 ? 1 : 5;
      const tablet = await Tablet.start((server = new TestServer()));
      const id = newId();
      await tablet.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }, id));
      server.pageSize = 2;
      for (let i = 0; i < 5; i++) server.edit("customers", newId(), { name: `客户${i}` });
      const full = fullAt(n);
      await suffer(tablet.store, full);
      for (let i = 0; i < 4; i++) {
        for (const go of [() => tablet.push(), () => tablet.pull(), () => tablet.live()]) await go().catch((e: unknown) => expect(isQuota(e), String(e)).toBe(true));
      }
      met = full.met();
      full.clear();
      await tablet.sync();
      expect(await tablet.rows(), `write ${n}`).toEqual(serverRows(server));
      expect(server.state.applied).toHaveLength(1);
      await tablet.end();
    }
    expect(n).toBeGreaterThan(12);
  });

  test("X-07 a full disk is no network trouble: the leading tab stays connected and goes on by itself", async () => {
    server.edit("vehicles", newId(), { plate: "沪A12345" });
    const full = fullAt(1);
    await suffer(t.store, full);
    const states: boolean[] = [];
    const stop = new AbortController();
    const leader = new Leader({ link: t.link, photos: { presence: async () => "here", send: async () => ({ kind: "sent" }) }, liveUrl: null, renew: async () => false, tell: (s) => states.push(s.offlineSince === null), hidden: () => false });
    const running = leader.run(stop.signal);
    await new Promise((r) => setTimeout(r, 300));
    full.clear();
    leader.fetchNow();
    for (let i = 0; i < 100 && (await t.store.rows("vehicles").count()) === 0; i++) await new Promise((r) => setTimeout(r, 50));
    stop.abort();
    await running;
    expect(await t.store.rows("vehicles").count()).toBe(1);
    expect(states.every(Boolean)).toBe(true);
  });

  test("X-02 a file of unsent work comes in whole or not at all", async () => {
    useStore(t.store, t.actor);
    await receive(newId());
    await receive(newId());
    const file = await exportUnsent();
    const { id } = t.actor;
    await t.end();
    t = await Tablet.start(server, id);
    const full = fullAt(9);
    await suffer(t.store, full);
    useStore(t.store, t.actor);
    await expect(importUnsent(file)).rejects.toMatchObject({ code: "device.storage_full" });
    expect(await kept()).toEqual([0, 0, 0, 0, 0]);
    full.clear();
    expect(await importUnsent(file)).toBe(3);
    expect((await kept()).slice(2)).toEqual([2, 1, 1]);
  });
});

describe("eviction", () => {
  test("Safari evicting storage: noticed at the next start, told with when and how much may be missing", async () => {
    await receive(newId());
    noteUnsent(t.actor.id, 2, "陈佳宁", 5_000);
    const device = await t.store.get("device");
    await t.end();
    t = await Tablet.start(server, t.actor.id);
    const eviction = await t.store.get("eviction");
    expect(eviction).toMatchObject({ from: 5_000, unsent: 2 });
    expect(eviction!.to).toBeGreaterThan(5_000);
    expect(await t.store.get("device")).not.toBe(device);
    await t.reload();
    expect(await t.store.get("eviction")).toEqual(eviction); // until it is read
  });

  test("X-02 the new device's seqs are its own: nothing collides with what the old one sent", async () => {
    await receive(newId());
    await t.sync();
    await t.end();
    t = await Tablet.start(server, t.actor.id);
    const id = newId();
    await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A00002" }, id));
    await t.sync();
    expect(server.rows.has(keyOf("vehicles", id))).toBe(true);
    expect(server.state.applied).toHaveLength(2);
    expect(await t.rows()).toEqual(serverRows(server));
  });

  test("a mark as 0.1.0 wrote it counts, too; a first start and a wiped tablet are no eviction", async () => {
    expect(await t.store.get("eviction")).toBeUndefined();
    localStorage.setItem("aftercare.canary.other0000000001", "abcdefghijklmno");
    const store = await prepareStore("other0000000001");
    expect(await store.get("eviction")).toMatchObject({ from: 0, unsent: 0 });
    await lookAtCanary(store);
    store.close();
    await Dexie.delete(databaseName("other0000000001"));
  });

  test("X-02 everything but the mark gone, also who was known here: the sign-in screen can say whose", () => {
    noteUnsent(t.actor.id, 3, "陈佳宁", 6_000);
    expect(lostPeople(new Set())).toMatchObject([{ name: "陈佳宁", unsent: 3, from: 6_000 }]);
    expect(lostPeople(new Set([t.actor.id]))).toEqual([]);
  });
});
