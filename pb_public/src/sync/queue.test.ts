import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newId } from "../db/ids.ts";
import { useStore } from "../db/store.ts";
import { exportUnsent, importUnsent } from "./carry.ts";
import { conflicts, discard, queue, resend, resolve } from "./queue.ts";
import { TestServer } from "./testing/server.ts";
import { serverRows, Tablet } from "./testing/tablet.ts";

let server: TestServer;
let t: Tablet;

beforeEach(async () => {
  server = new TestServer();
  t = await Tablet.start(server);
  useStore(t.store, t.actor);
});

afterEach(async () => {
  useStore(null, null);
  await t.end();
});

async function refusedEdit(): Promise<{ vehicle: string; key: string }> {
  const vehicle = newId();
  await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }, vehicle));
  await t.sync();
  server.rule = (op) => (op.op === "patch" ? "flow.role" : null);
  await t.act("vehicle.edit", (w) => w.patch("vehicles", vehicle, { colour: "白" }));
  await t.sync();
  return { vehicle, key: (await queue())[0].key };
}

describe("needs attention", () => {
  test("X-04 a refusal shows why, what others did meanwhile, and what was wanted", async () => {
    const { vehicle } = await refusedEdit();
    server.edit("vehicles", vehicle, { model: "朗逸" });
    await t.pull();
    const [entry] = await queue();
    expect(entry).toMatchObject({ state: "rejected", intent: "vehicle.edit", title: "沪A12345", refused: { code: "flow.role" } });
    expect(entry.refused?.ops).toEqual([{ op: "patch", collection: "vehicles", id: vehicle, data: { colour: "白" } }]);
    expect(entry.refused?.server?.[`vehicles/${vehicle}`]).toBeDefined();
  });

  test("X-04 what all others did to the row since is there, also what came in after the refusal", async () => {
    const { vehicle } = await refusedEdit();
    server.edit("vehicles", vehicle, { model: "朗逸", updated_by: "guo", updated: "2026-11-21 02:03:04.005Z" });
    await t.live();
    server.edit("vehicles", vehicle, { colour: "红", updated_by: "xu", updated: "2026-11-21 02:04:04.005Z" });
    await t.pull();
    const [entry] = await queue();
    expect(entry.refused?.others.map((o) => [o.by, Object.keys(o.values)])).toEqual([["guo", ["model"]], ["xu", ["colour"]]]);
    server.remove("vehicles", vehicle);
    await t.pull();
    expect((await queue())[0].refused?.others.at(-1)).toMatchObject({ op: "delete" });
  });

  test("X-04 sent again it is a new edit on the rows as they are now", async () => {
    const { vehicle, key } = await refusedEdit();
    server.edit("vehicles", vehicle, { model: "朗逸" });
    await t.pull();
    server.rule = () => null;
    await resend(key);
    expect((await t.store.rows("vehicles").get(vehicle))?.colour).toBe("白");
    expect((await t.store.outbox.toArray())[0].ops[0].base).toBe(2);
    await t.sync();
    expect(await t.rows()).toEqual(serverRows(server));
    expect(server.rows.get(`vehicles/${vehicle}`)?.colour).toBe("白");
    expect(await queue()).toEqual([]);
  });

  test("X-04 dropped, it is gone from the queue and kept with its reason", async () => {
    const { key } = await refusedEdit();
    await discard(key, "不再需要");
    expect(await queue()).toEqual([]);
    expect(await t.store.sent.get(key)).toMatchObject({ outcome: "discarded", reason: "不再需要" });
  });

  test("X-05 of two values either can stand", async () => {
    const vehicle = newId();
    await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345", colour: "白" }, vehicle));
    await t.sync();
    const conflict = newId();
    server.edit("conflicts", conflict, { shop: t.actor.shop, collection: "vehicles", record: vehicle, field: "colour", merge: "last", kept: "白", other: "黑", state: "open" });
    await t.pull();
    expect(await conflicts()).toHaveLength(1);
    await resolve(conflict, "other");
    expect(await conflicts()).toEqual([]);
    await t.sync();
    expect(server.rows.get(`vehicles/${vehicle}`)?.colour).toBe("黑");
    expect(server.rows.get(`conflicts/${conflict}`)).toMatchObject({ state: "resolved", resolution: "other" });
  });
});

describe("unsent work as a file", () => {
  test("X-02 what one installation could not send, another of the same person sends, once", async () => {
    const vehicle = newId();
    await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }, vehicle));
    await t.act("photo", (w) => {
      w.photo({ bytes: new Uint8Array([1, 2, 3]).buffer, thumb: new ArrayBuffer(1), sha256: "a".repeat(64), width: 1, height: 1, media: "image/jpeg", taken_at: "2026-11-21 02:03:04.005Z" }, { subject_collection: "vehicles", subject_record: vehicle });
    });
    const file = await exportUnsent();
    const { id } = t.actor;
    await t.end();
    t = await Tablet.start(server, id);
    useStore(t.store, t.actor);
    expect(await importUnsent(file)).toBe(3);
    expect(await importUnsent(file)).toBe(0);
    expect([...new Uint8Array((await t.store.photo_bytes.get("a".repeat(64)))!.bytes)]).toEqual([1, 2, 3]);
    await t.sync();
    expect(server.rows.get(`vehicles/${vehicle}`)?.plate).toBe("沪A12345");
    expect(server.state.applied).toHaveLength(2);
  });

  test("X-02 what its first tablet has sent meanwhile is not done again, and what was refused there is refused here", async () => {
    server.rule = (op) => (op.data?.note === "no" ? "flow.role" : null);
    const vehicle = newId();
    await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }, vehicle));
    for (const note of ["一", "no", "三"]) await t.act("vehicle.edit", (w) => w.patch("vehicles", vehicle, { note }));
    const file = await exportUnsent();
    await t.sync();
    expect(server.state.applied).toHaveLength(3);
    const { id } = t.actor;
    await t.end();
    t = await Tablet.start(server, id);
    useStore(t.store, t.actor);
    expect(await importUnsent(file)).toBe(4);
    await t.sync();
    expect(server.state.applied).toHaveLength(3);
    expect((await t.store.outbox.toArray()).map((e) => e.refusal?.code)).toEqual(["flow.role"]);
    expect(await t.rows()).toEqual(serverRows(server));
    expect(server.rows.get(`vehicles/${vehicle}`)?.note).toBe("三");
  });

  test("X-02 a server that does not say what became of it: the rows show it, or a person looks", async () => {
    server.tellsFirst = false;
    const vehicle = newId();
    await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }, vehicle));
    await t.act("vehicle.edit", (w) => w.patch("vehicles", vehicle, { note: "一" }));
    const file = await exportUnsent();
    await t.sync();
    server.edit("vehicles", vehicle, { note: "别人的" });
    const { id } = t.actor;
    await t.end();
    t = await Tablet.start(server, id);
    useStore(t.store, t.actor);
    await importUnsent(file);
    await t.sync();
    expect((await t.store.outbox.toArray()).map((e) => [e.ops[0].op, e.refusal?.code])).toEqual([["patch", "sync.reused"]]);
    expect(await t.rows()).toEqual(serverRows(server));
  });

  test("X-02 what was refused comes along with its reason, and is not sent by itself", async () => {
    const { key } = await refusedEdit();
    const file = await exportUnsent();
    const { id } = t.actor;
    await t.end();
    t = await Tablet.start(server, id);
    useStore(t.store, t.actor);
    await importUnsent(file);
    server.rule = () => null;
    await t.sync();
    expect(await queue()).toMatchObject([{ key, state: "rejected", refused: { code: "flow.role" } }]);
    await resend(key);
    await t.sync();
    expect(await queue()).toEqual([]);
  });

  test("X-02 a file of release 0.1.0 is read, too", async () => {
    const at = new Date().toISOString();
    const mutation = { seq: 1, id: newId(), intent: "vehicle.add", at, seen: "", ops: [{ op: "create", collection: "vehicles", id: newId(), data: { plate: "沪A00001" } }] };
    const file = new Blob([JSON.stringify({ kind: "aftercare-unsent", version: 1, user: t.actor.id, device: newId(), made: at, mutations: [mutation], photos: [] })]);
    expect(await importUnsent(file)).toBe(1);
    await t.sync();
    expect(server.apps).toContain("0.1.0");
    expect(server.state.applied).toEqual([mutation.id]);
  });

  test("X-02 nothing is taken in under another name, nor from any other file", async () => {
    await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }));
    const file = await exportUnsent();
    const other = await Tablet.start(server);
    useStore(other.store, other.actor);
    await expect(importUnsent(file)).rejects.toMatchObject({ code: "device.file_of_other" });
    await expect(importUnsent(new Blob(["{}"]))).rejects.toMatchObject({ code: "device.file" });
    await expect(importUnsent(new Blob(["<html>"]))).rejects.toMatchObject({ code: "device.file" });
    await other.end();
  });
});
