// A new version of the app finds the store of the one before, with a queue in it.
import Dexie from "dexie";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newId } from "../db/ids.ts";
import { prepareStore } from "../db/open.ts";
import { keyOf } from "../db/records.ts";
import { collections, databaseName, firstApp } from "../db/store.ts";
import { TestServer } from "./testing/server.ts";
import { serverRows, Tablet } from "./testing/tablet.ts";

const user = "chen00000000001";
let server: TestServer;

beforeEach(() => (server = new TestServer()));
afterEach(() => Dexie.delete(databaseName(user)));

/** A store as release 0.1.0 made it: its schema, its fields. */
async function storeOf010(fill: (db: Dexie) => Promise<void>): Promise<void> {
  const db = new Dexie(databaseName(user));
  db.version(1).stores({
    ...collections,
    outbox: "id, seq, status, *rows", sent: "id, seq, acked_at", shadow: "key", meta: "key", staging: "page",
    uploads: "sha256, state, at", photo_bytes: "sha256", derivatives: "key, at",
  });
  await db.open();
  await fill(db);
  db.close();
}

describe("the store of release 0.1.0", () => {
  test("X-02 loses nothing in the upgrade, and its queue is sent as 0.1.0's by this version", async () => {
    const [vehicle, made, sent, refused] = [newId(), newId(), newId(), newId()];
    server.edit("vehicles", vehicle, { shop: "shop00000000001", plate: "沪A12345" });
    const create = { op: "create", collection: "customers", id: newId(), data: { name: "李明", shop: "shop00000000001" } };
    const patch = (colour: string) => ({ op: "patch", collection: "vehicles", id: vehicle, base: 1, data: { colour } });
    await storeOf010(async (db) => {
      const at = "2026-11-20T02:03:04.005Z";
      await db.table("meta").bulkPut([
        { key: "device", value: newId() }, { key: "seq", value: 3 }, { key: "epoch", value: "e1" }, { key: "cursor", value: server.cursor() }, { key: "canary", value: newId() }, { key: "reconcile", value: false },
      ]);
      const row = server.rows.get(keyOf("vehicles", vehicle))!;
      await db.table("vehicles").put({ ...row, colour: "白" });
      await db.table("shadow").put({ key: keyOf("vehicles", vehicle), row });
      await db.table("outbox").bulkPut([
        { seq: 2, id: refused, intent: "vehicle.edit", at, seen: "", ops: [patch("红")], rows: [keyOf("vehicles", vehicle)], status: "rejected", attempts: 0, refusal: { code: "flow.role", message: "", fields: {}, server: {} } },
        { seq: 3, id: made, intent: "vehicle.edit", at, seen: "", ops: [patch("白"), create], rows: [keyOf("vehicles", vehicle), keyOf("customers", create.id)], status: "pending", attempts: 2 },
      ]);
      await db.table("sent").put({ seq: 1, id: sent, intent: "vehicle.edit", at, seen: "", ops: [patch("黑")], outcome: "applied", commit: 1, acked_at: Date.now() });
      await db.table("uploads").put({ sha256: "a".repeat(64), photo: newId(), visit: "", media: "image/jpeg", size: 3, sent: 1, state: "uploading", url: "/api/uploads/x", at: 1, attempts: 1 });
      await db.table("photo_bytes").put({ sha256: "a".repeat(64), media: "image/jpeg", bytes: new Uint8Array([1, 2, 3]).buffer });
    });
    const t = await Tablet.start(server, user);
    expect((await t.store.outbox.toArray()).map((e) => e.app)).toEqual([firstApp, firstApp]);
    expect((await t.store.sent.get(sent))?.app).toBe(firstApp);
    expect((await t.store.uploads.toArray())[0]).toMatchObject({ state: "uploading", sent: 1, url: "/api/uploads/x" });
    expect([...new Uint8Array((await t.store.photo_bytes.toArray())[0].bytes)]).toEqual([1, 2, 3]);
    expect(await t.store.get("eviction")).toBeUndefined();
    // The server has settled nothing of this device: all it once acknowledged is offered again, under the old seqs.
    await t.sync();
    expect(server.apps.filter(Boolean)).toContain("0.1.0");
    expect(server.state.applied).toEqual([sent, made]);
    expect((await t.store.outbox.toArray()).map((e) => e.id)).toEqual([refused]);
    expect(server.rows.get(keyOf("customers", create.id))?.name).toBe("李明");
    expect(await t.rows()).toEqual(serverRows(server));
    t.store.close();
  });

  test("X-02 several tabs of the new version open it at once", async () => {
    await storeOf010(async (db) => void (await db.table("meta").put({ key: "device", value: "dev000000000001" })));
    const stores = await Promise.all([prepareStore(user), prepareStore(user)]);
    for (const store of stores) expect(await store.get("device")).toBe("dev000000000001");
    for (const store of stores) store.close();
  });
});

test("X-02 a server that no longer takes what this version sends: the queue is kept, and it is said", async () => {
  const t = await Tablet.start(server, user);
  await t.sync();
  await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }));
  server.oldApps.add(__APP_VERSION__);
  for (let i = 0; i < 3; i++) expect((await t.push()).kind).toBe("old_app");
  expect(await t.store.outbox.where("status").equals("pending").count()).toBe(1);
  server.oldApps.clear(); // the app has been updated
  await t.sync();
  expect(server.state.applied).toHaveLength(1);
  await t.end();
});

test("mutations of today name this version", async () => {
  const t = await Tablet.start(server, user);
  await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }));
  await t.sync();
  expect(server.apps).toContain(__APP_VERSION__);
  await t.end();
});
