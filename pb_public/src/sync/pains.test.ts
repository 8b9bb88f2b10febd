// What users of other sync engines complain about most, each as a test of this one. Others of the list stand beside
// what they are about: evicted storage and a full disk (room), two leader tabs (lead), a dead login and the next
// user's name (others).
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PreparedPhoto } from "../db/prepare.ts";
import { newId } from "../db/ids.ts";
import { keyOf } from "../db/records.ts";
import { useStore } from "../db/store.ts";
import { queue } from "./queue.ts";
import { TestServer } from "./testing/server.ts";
import { serverRows, settle, Tablet } from "./testing/tablet.ts";
import { uploadAll, type PhotoServer } from "./uploads.ts";

let server: TestServer;
let t: Tablet;
let id: string;

beforeEach(async () => {
  server = new TestServer();
  t = await Tablet.start(server);
  useStore(t.store, t.actor);
  id = newId();
  await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }, id));
  await t.sync();
});

afterEach(async () => {
  useStore(null, null);
  await t.end();
});

const edit = (data: Record<string, string>) => t.act("vehicle.edit", (w) => w.patch("vehicles", id, data));
const refuse = (value: string) => (server.rule = (op) => (Object.values(op.data ?? {}).includes(value) ? "flow.role" : null));

test("a stuck queue: neither a poisoned edit, nor one too large, nor a broken photo holds up what comes after", async () => {
  refuse("no");
  await edit({ note: "no" });
  await t.act("concern.add", (w) => void w.create("concerns", { visit: "visit0000000001", words: "大".repeat(4_000) }));
  await edit({ colour: "白" });
  const small = server.request;
  server.request = async (method, path, options) => {
    const text = JSON.stringify(options.body ?? "");
    return text.includes("大") ? { kind: "fault", status: 413, data: { body: { code: "sync.too_large", message: "" } }, message: "" } : small(method, path, options);
  };
  await t.sync();
  expect((await t.store.outbox.orderBy("seq").toArray()).map((e) => e.refusal?.code)).toEqual(["flow.role", "sync.too_large"]);
  expect(server.rows.get(keyOf("vehicles", id))?.colour).toBe("白");
});

test("a proxy's own 413 is no word of the server: the edit waits and goes", async () => {
  await edit({ colour: "白" });
  server.refuseOnce = { status: 413, code: "entity_too_large" };
  await t.sync();
  expect(await t.store.outbox.where("status").equals("rejected").count()).toBe(0);
  expect(server.rows.get(keyOf("vehicles", id))?.colour).toBe("白");
});

test("a denied write silently dropped: it stays, with its reason and the values that were wanted, until a person decides", async () => {
  refuse("no");
  await edit({ note: "no" });
  await t.sync();
  for (let i = 0; i < 3; i++) {
    await t.reload();
    useStore(t.store, t.actor);
    await t.sync();
  }
  expect(await queue()).toMatchObject([{ state: "rejected", refused: { code: "flow.role", ops: [{ data: { note: "no" } }] } }]);
});

test("no sign that the server undid a write: the row shows the server's value, and the queue says what became of one's own", async () => {
  refuse("no");
  await edit({ note: "no" });
  expect((await t.store.rows("vehicles").get(id))?.note).toBe("no");
  await t.sync();
  expect((await t.store.rows("vehicles").get(id))?.note).toBe("");
  expect((await queue()).filter((e) => e.refused)).toHaveLength(1);
});

test("\"200 with rejections\" taken as success: an answer that came through acknowledges only what it names as applied", async () => {
  refuse("no");
  for (const note of ["一", "no", "三"]) await edit({ note });
  await t.push();
  expect((await t.store.outbox.orderBy("seq").toArray()).map((e) => e.status)).toEqual(["acked", "rejected", "acked"]);
  const empty = server.request;
  server.request = async (...args) => (args[1].includes("push") ? { kind: "ok", body: { epoch: "e1", seq: 9, outcomes: [] } } : empty(...args));
  await edit({ note: "四" });
  expect((await t.push()).kind).toBe("later");
  expect(await t.store.outbox.where("status").equals("pending").count()).toBe(1);
});

test("a server echo lost during a push: the row comes right with the next pull, also when others wrote in between", async () => {
  await edit({ colour: "白" });
  server.network = () => "cut";
  await t.push(); // the echo went over a line nobody listened to
  server.network = () => "fine";
  server.edit("vehicles", id, { colour: "红", model: "朗逸" });
  await edit({ note: "后来" });
  await t.sync();
  expect(await t.rows()).toEqual(serverRows(server));
  expect(server.rows.get(keyOf("vehicles", id))).toMatchObject({ colour: "红", model: "朗逸", note: "后来" });
});

test("deletes resurrected: neither an unsent edit nor an old page brings back what was deleted", async () => {
  const other = await Tablet.start(server);
  await other.sync();
  await other.act("vehicle.edit", (w) => w.patch("vehicles", id, { colour: "白" }));
  server.remove("vehicles", id);
  await settle(t, other);
  for (const tablet of [t, other]) expect(await tablet.store.rows("vehicles").get(id)).toBeUndefined();
  expect(server.rows.has(keyOf("vehicles", id))).toBe(false);
  expect((await other.store.outbox.toArray())[0]).toMatchObject({ status: "rejected", refusal: { code: "sync.not_found" } });
  await other.end();
});

const photo = (n: number): PreparedPhoto => ({ bytes: new Uint8Array(1_000).fill(n).buffer, thumb: new ArrayBuffer(1), sha256: String(n).repeat(64), width: 1, height: 1, media: "image/jpeg", taken_at: "2026-11-21 02:03:04.005Z" });

test("Blobs unreadable: a photo's bytes are kept as bytes, and are the same after any number of reloads", async () => {
  await t.act("photo.take", (w) => void w.photo(photo(7), { subject_collection: "vehicles", subject_record: id }));
  for (let i = 0; i < 3; i++) await t.reload();
  const kept = (await t.store.photo_bytes.toArray())[0];
  expect(Object.prototype.toString.call(kept.bytes)).toBe("[object ArrayBuffer]");
  expect(new Uint8Array(kept.bytes).every((b) => b === 7)).toBe(true);
});

test("clock skew: no device's clock decides a winner, and a clock that jumps by 400 days loses and reorders nothing", async () => {
  const real = Date.now;
  const other = await Tablet.start(server);
  await other.sync();
  try {
    for (const [tablet, days, colour] of [[t, 400, "一"], [other, -400, "二"]] as const) {
      Date.now = () => real() + days * 86_400_000;
      await tablet.act("vehicle.edit", (w) => w.patch("vehicles", id, { colour }));
      await tablet.sync();
    }
    for (const [i, days] of [0, 400, -400, 1].entries()) {
      Date.now = () => real() + days * 86_400_000;
      await edit({ note: `第 ${i}` });
    }
    await settle(t, other);
  } finally {
    Date.now = real;
  }
  expect(server.rows.get(keyOf("vehicles", id))).toMatchObject({ colour: "二", note: "第 3" }); // in the order of arrival
  expect(await t.rows()).toEqual(serverRows(server));
  expect(await other.rows()).toEqual(serverRows(server));
  await other.end();
});

test("the whole submission re-sent for one photo: an edit goes once, and each photo by itself from where it was", async () => {
  await t.act("inspection.send", (w) => {
    w.patch("vehicles", id, { note: "三张照片" });
    for (const n of [1, 2, 3]) w.photo(photo(n), { subject_collection: "vehicles", subject_record: id });
  });
  await t.sync();
  const here = new Set<string>();
  const sends: string[] = [];
  let bad = true;
  const door: PhotoServer = {
    presence: async (sha256) => (here.has(sha256) ? "here" : "absent"),
    send: async ({ sha256 }, _bytes, on) => {
      sends.push(sha256[0] + (await t.store.uploads.get(sha256))!.sent);
      on.progress(500);
      await new Promise((r) => setTimeout(r, 20));
      if (sha256.startsWith("2") && bad) return { kind: "later" };
      here.add(sha256);
      return { kind: "sent" };
    },
  };
  expect(await uploadAll(t.store, door, new AbortController().signal)).toBe("later");
  bad = false;
  const frames = server.requests;
  expect(await uploadAll(t.store, door, new AbortController().signal)).toBe("done");
  expect(sends.sort()).toEqual(["10", "20", "2500", "30"]);
  expect(server.requests).toBe(frames);
  expect(server.state.applied).toHaveLength(2);
});
