// The tab dies at any moment of acting, sending and fetching: at every single operation on the database in turn. What
// is found afterwards must be a state from which everything ends well.
import { expect, test } from "vitest";
import { newId } from "../db/ids.ts";
import { keyOf } from "../db/records.ts";
import { useStore } from "../db/store.ts";
import { exportUnsent, importUnsent } from "./carry.ts";
import { pull } from "./pull.ts";
import { push } from "./push.ts";
import { dieAt, suffer } from "./testing/faults.ts";
import { TestServer } from "./testing/server.ts";
import { serverRows, Tablet } from "./testing/tablet.ts";

interface Course {
  /** Before the tab that dies: in peace. */
  before?(t: Tablet, server: TestServer, id: string): Promise<void>;
  /** What the tab dies in. */
  run(t: Tablet, server: TestServer, id: string): Promise<void>;
  /** After the reload, before it is synced. */
  found?(t: Tablet, server: TestServer, id: string, died: string): Promise<void>;
  /** Mutations in effect at the end, where it does not depend on when the tab died. */
  applied?: number;
}

/** Plays a course once for each operation of it, dying there. Returns how many there are. */
async function dieEverywhere({ before, run, found, applied }: Course, stride = 1): Promise<number> {
  let n = 0;
  for (let met = true; met; ) {
    n += n < 60 ? stride : 4;
    const server = new TestServer();
    const t = await Tablet.start(server);
    const id = newId();
    const died = `died at ${n}`;
    await t.sync();
    await before?.(t, server, id);
    const death = dieAt(n);
    await suffer(t.store, death);
    await run(t, server, id).catch((error) => expect(String(error)).toContain("the tab died"));
    met = death.met();
    useStore(null, null);
    await t.reload();
    await found?.(t, server, id, died);
    t.socket = null;
    await t.sync();
    expect(await t.rows(), died).toEqual(serverRows(server));
    expect(new Set(server.state.applied).size, died).toBe(server.state.applied.length);
    if (applied !== undefined) expect(server.state.applied.length, died).toBe(applied);
    expect(await t.store.outbox.count(), died).toBe(0);
    expect(await t.store.shadow.count(), died).toBe(0);
    await t.end();
  }
  return n;
}

const car = (t: Tablet, id: string) => t.act("vehicle.add", (w) => {
  w.create("vehicles", { plate: "沪A12345" }, id);
  w.create("customers", { name: "李明" });
});

/** A day of one tablet: receive a car, edit it, send, meanwhile others edit, fetch. */
const day: Course = {
  async run(t, server, id) {
    await car(t, id);
    await t.push();
    await t.act("vehicle.edit", (w) => w.patch("vehicles", id, { colour: "白" }));
    if (server.rows.has(keyOf("vehicles", id))) server.edit("vehicles", id, { model: "朗逸" });
    await t.pull();
    await t.push();
    await t.live();
    await t.pull();
  },
  async found(t, server, id, died) {
    const row = await t.store.rows("vehicles").get(id);
    expect(await t.store.rows("customers").count(), `${died}: the act is whole or absent`).toBe(row ? 1 : 0);
    await t.sync();
    expect(server.rows.has(keyOf("vehicles", id)), `${died}: saved means sent`).toBe(row !== undefined);
  },
};

test("X-02 whenever the tab dies, nothing is lost, doubled or half there", { timeout: 120_000 }, async () => {
  expect(await dieEverywhere(day)).toBeGreaterThan(50);
});

test("X-02 nor when it pushes over the open line, whose answer may have been on its way", { timeout: 60_000 }, async () => {
  let frames = 0;
  await dieEverywhere({
    async before(t, _server, id) {
      await car(t, id);
      t.socket = () => "fine";
    },
    async run(t, _server, id) {
      await t.push();
      await t.act("vehicle.edit", (w) => w.patch("vehicles", id, { colour: "白" }));
      await t.push();
      await t.live();
    },
    async found(_t, server) {
      frames = Math.max(frames, server.frames);
    },
  }, 2);
  expect(frames, "both pushes went over the line").toBe(2);
});

test("X-02 nor when it offers again what a restored server lost", { timeout: 60_000 }, async () => {
  await dieEverywhere({
    async before(t, server, id) {
      const backup = server.backup();
      await car(t, id);
      await t.sync();
      await t.act("vehicle.edit", (w) => w.patch("vehicles", id, { colour: "白" }));
      await t.sync();
      await t.act("vehicle.edit", (w) => w.patch("vehicles", id, { note: "未发送" }));
      server.restore(backup);
    },
    run: (t) => t.sync(),
    applied: 3,
  }, 3);
});

test("X-02 nor while a snapshot comes in page by page", { timeout: 60_000 }, async () => {
  await dieEverywhere({
    async before(t, server, id) {
      await car(t, id);
      for (let i = 0; i < 5; i++) server.edit("customers", newId(), { name: `客户${i}` });
      server.pageSize = 2;
      await t.store.set("cursor", "");
    },
    async run(t) {
      await t.pull();
      await t.push();
    },
    async found(t, _server, id, died) {
      expect(await t.store.rows("vehicles").get(id), `${died}: the own edit is never wiped`).toBeDefined();
    },
    applied: 1,
  }, 2);
});

test("X-02 nor while a file of unsent work is taken in, nor while another tab takes over", { timeout: 60_000 }, async () => {
  let file = new Blob();
  await dieEverywhere({
    async before(t, _server, id) {
      await car(t, id);
      useStore(t.store, t.actor);
      file = await exportUnsent();
      useStore(null, null);
      await t.reload();
      await t.sync(); // the file is of work that has been sent since
      await t.store.sent.clear();
    },
    async run(t) {
      useStore(t.store, t.actor);
      await importUnsent(file);
      await t.push();
    },
    applied: 1,
  }, 3);
  await dieEverywhere({
    before: (t, _server, id) => car(t, id),
    async run(t) {
      const dying = { ...t.link, lead: 1 };
      await t.store.set("lead", 1);
      await push(dying);
      await pull(dying);
    },
    async found(t) {
      const next = await t.tab();
      while ((await push(next)).kind === "again");
      await pull(next);
    },
    applied: 1,
  }, 3);
});
