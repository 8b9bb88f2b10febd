// The server comes back from an older backup, once or again and again: what it lost is offered again, under the seqs it
// always had, in its order, and takes effect once.
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newId } from "../db/ids.ts";
import { keyOf } from "../db/records.ts";
import { useStore } from "../db/store.ts";
import { exportUnsent, importUnsent } from "./carry.ts";
import { forgetOld, keepSentDays, keepSentMs, noteContact } from "./reoffer.ts";
import { push } from "./push.ts";
import { TestServer, type Weather } from "./testing/server.ts";
import { serverRows, settle, Tablet } from "./testing/tablet.ts";

let server: TestServer;
let t: Tablet;
let id: string;

beforeEach(async () => {
  server = new TestServer();
  t = await Tablet.start(server);
  id = newId();
  await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }, id));
  await t.sync();
});

afterEach(() => t.end());

const edit = (data: Record<string, string>) => t.act("vehicle.edit", (w) => w.patch("vehicles", id, data));

async function converged(): Promise<void> {
  expect(await t.rows()).toEqual(serverRows(server));
  expect(new Set(server.state.applied).size).toBe(server.state.applied.length);
  expect(await t.store.outbox.where("status").anyOf("pending", "acked").count()).toBe(0);
}

/** What a screen does with the store in use, which is closed with it: a file is made, or taken in. */
async function onScreen<T>(tablet: Tablet, work: () => Promise<T>): Promise<T> {
  useStore(tablet.store, tablet.actor);
  const done = await work();
  useStore(null, null);
  await tablet.reload();
  return done;
}

describe("a restored server", () => {
  test("X-02 restored again in the middle of the offering, to a backup of its first life: nothing is taken for another", async () => {
    const old = server.backup();
    await edit({ colour: "白" });
    server.rule = (op) => (op.data?.note === "no" ? "flow.role" : null);
    await edit({ note: "no" }); // refused: its seq is a hole from now on
    await edit({ model: "朗逸" });
    await edit({ make: "大众" });
    await t.sync();
    const newer = server.backup();
    await edit({ plate: "沪A99999" });
    await t.sync();
    server.restore(old);
    await t.pull();
    while ((await push(t.link, () => {}, 2)).kind === "again" && server.state.applied.length < 3);
    server.restore(newer);
    await t.sync();
    expect(server.rows.get(keyOf("vehicles", id))).toMatchObject({ colour: "白", model: "朗逸", make: "大众", plate: "沪A99999", note: "" });
    expect((await t.store.outbox.toArray()).map((e) => e.refusal?.code)).toEqual(["flow.role"]);
    await converged();
  });

  test("X-02 a seq is its mutation's for ever: refused, dropped and too old ones leave holes that are filled, not numbers that move", async () => {
    const backup = server.backup();
    server.rule = (op) => (op.data?.note === "no" ? "flow.role" : null);
    await edit({ note: "no" });
    await edit({ colour: "白" });
    await t.sync();
    await t.store.outbox.clear(); // dropped without a trace, as 0.1.0 did when it sent one again
    server.restore(backup);
    await edit({ model: "朗逸" });
    const before = new Map((await t.store.outbox.toArray()).map((e) => [e.id, e.seq]));
    for (const s of await t.store.sent.toArray()) before.set(s.id, s.seq);
    await t.sync();
    const after = new Map((await t.store.sent.toArray()).map((s) => [s.id, s.seq]));
    for (const [mutation, seq] of after) expect(before.get(mutation)).toBe(seq);
    expect(server.rows.get(keyOf("vehicles", id))).toMatchObject({ colour: "白", model: "朗逸" });
    await converged();
  });

  test("X-02 refused when offered again: needs attention, with its reason, and says how many were offered", async () => {
    const backup = server.backup();
    await edit({ colour: "白" });
    await edit({ model: "朗逸" });
    await t.sync();
    server.restore(backup);
    server.rule = (op) => (op.data?.colour ? "flow.role" : null);
    await t.sync();
    expect(await t.store.outbox.toArray()).toMatchObject([{ status: "rejected", refusal: { code: "flow.role" } }]);
    expect(await t.store.get("restored")).toMatchObject({ offered: 2 });
    expect(server.rows.get(keyOf("vehicles", id))?.model).toBe("朗逸");
    await converged();
  });

  test("X-02 a plain start offers nothing again and says nothing of it", async () => {
    await edit({ colour: "白" });
    await t.sync();
    await t.store.set("reconcile", true);
    await t.sync();
    expect(await t.store.get("restored")).toBeUndefined();
    expect(server.state.applied).toHaveLength(2);
  });

  test("X-02 by copied files, no new epoch told yet: the gap in the seqs is what gives it away", async () => {
    const backup = server.backup();
    await edit({ colour: "白" });
    await t.sync();
    server.restore(backup);
    server.epoch = "e1";
    await edit({ model: "朗逸" });
    for (let i = 0; i < 6; i++) await t.push();
    expect(server.rows.get(keyOf("vehicles", id))).toMatchObject({ colour: "白", model: "朗逸" });
  });

  test("X-02 by copied files, and then too busy to say that it lacks something: its seq gives it away", async () => {
    const backup = server.backup();
    await edit({ colour: "白" });
    await t.sync();
    server.state = structuredClone(backup);
    await edit({ model: "朗逸" });
    server.busy = true;
    await t.push();
    server.busy = false;
    for (let i = 0; i < 4; i++) await t.push();
    expect(server.rows.get(keyOf("vehicles", id))).toMatchObject({ colour: "白", model: "朗逸" });
  });

  test("X-02 by copied files, and what is sent first is an answer lost before: its seq gives it away", async () => {
    await edit({ make: "大众" });
    server.network = () => "cut";
    await t.push(); // taken, its answer lost
    server.network = () => "fine";
    const backup = server.backup();
    const [first] = await t.store.outbox.toArray();
    await edit({ colour: "白" });
    await t.push();
    await t.push();
    await t.store.outbox.put(first!); // as after a crash before the outcome was written
    server.state = structuredClone(backup);
    await edit({ model: "朗逸" });
    for (let i = 0; i < 6; i++) await t.push();
    expect(server.rows.get(keyOf("vehicles", id))).toMatchObject({ make: "大众", colour: "白", model: "朗逸" });
  });

  test("X-02 an edit acknowledged just before, whose row had not come back yet, is offered again, too", async () => {
    const t = await Tablet.start(server);
    await t.sync();
    const backup = server.backup();
    const id = newId();
    await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }, id));
    await t.push();
    server.state = structuredClone(backup); // by copied files: the epoch is the old one
    await t.act("vehicle.edit", (w) => w.patch("vehicles", id, { colour: "白" }));
    for (let i = 0; i < 4; i++) await t.push();
    await t.sync();
    expect(server.rows.get(`vehicles/${id}`)?.colour).toBe("白");
    await t.end();
  });

  test("X-02 lost by a restore that neither cursor nor row gives away: the server's next start does", async () => {
    await edit({ colour: "白" });
    await t.sync();
    const backup = server.backup(), settled = server.state.applied.length;
    await edit({ colour: "红" });
    await t.push();
    server.state = structuredClone(backup);
    server.edit("vehicles", id, { colour: "红" }); // somebody else's: the rows show all that was wanted
    await t.sync();
    expect(server.state.applied).toHaveLength(settled);
    server.boot = "b2";
    await t.sync();
    await t.sync();
    expect(server.state.applied).toHaveLength(settled + 1);
  });

  test("X-02 acknowledged, then lost by a restore that no cursor and no later edit gives away: offered again at once", async () => {
    const backup = server.backup();
    await edit({ colour: "白" });
    while ((await t.push()).kind === "again");
    expect((await t.store.outbox.toArray()).map((e) => e.status)).toEqual(["acked"]);
    server.state = structuredClone(backup); // the same epoch still
    await t.sync();
    expect(server.rows.get(keyOf("vehicles", id))).toMatchObject({ colour: "白" });
    await converged();
  });

  test("X-02 two weeks of acknowledged mutations are kept for it, and no more", async () => {
    await edit({ colour: "白" });
    await t.sync();
    const [first, last] = (await t.store.sent.orderBy("acked_at").toArray()).map((s) => s.acked_at);
    for (let day = 1; day <= keepSentDays; day++) await noteContact(t.store, Date.now() + day * 86_400_000);
    await forgetOld(t.store, first + keepSentMs);
    expect(await t.store.sent.count()).toBe(2);
    await forgetOld(t.store, last + keepSentMs + 1);
    expect(await t.store.sent.count()).toBe(0);
  });

  test("X-02 a tablet that lay in a drawer for a month still offers what a restore took meanwhile, however much it is", async () => {
    const backup = server.backup();
    await edit({ colour: "白" });
    await t.sync();
    const one = (await t.store.sent.orderBy("seq").last())!;
    const more = Array.from({ length: 600 }, (_, i) => ({ ...one, id: newId(), seq: one.seq + 1 + i, ops: [{ ...one.ops[0], data: { note: `${i}` } }] }));
    await t.store.sent.bulkPut(more);
    await t.store.set("seq", one.seq + more.length);
    server.restore(backup);
    await forgetOld(t.store, Date.now() + 31 * 86_400_000);
    expect(await t.store.sent.count()).toBe(602);
    await t.pull();
    await t.push(); // asks for the seq
    expect(await t.store.outbox.where("status").equals("pending").count()).toBe(601);
  });

  test("X-02 a clock that jumps, once and back, forgets nothing recent; a store that grows without end forgets the oldest", async () => {
    for (const colour of ["白", "黑"]) await edit({ colour });
    await t.sync();
    const now = Date.now();
    for (const jump of [400, 0, -400, 0]) await noteContact(t.store, now + jump * 86_400_000);
    await forgetOld(t.store, now + 400 * 86_400_000);
    expect(await t.store.sent.count()).toBe(3);
    await forgetOld(t.store, now + 400 * 86_400_000, 1);
    expect((await t.store.sent.toArray()).map((s) => s.seq)).toEqual([3]);
  });
});

describe("work that came by a file and was sent from both tablets", () => {
  /** The person's new tablet, with the file's work, after the server said that it has it from the old one. */
  async function carriedOver(): Promise<void> {
    await edit({ colour: "白" });
    const file = await onScreen(t, exportUnsent);
    await t.sync();
    await t.end();
    t = await Tablet.start(server, t.actor.id);
    await onScreen(t, () => importUnsent(file));
    while ((await t.push()).kind === "again");
  }

  test.each([[true], [false]])("X-02 lost by a restore after its seq on the new tablet became another's: offered again, once (server tells of the first: %s)", async (tells) => {
    server.tellsFirst = tells;
    const backup = server.backup();
    await carriedOver();
    server.state = structuredClone(backup); // by copied files: the epoch is the old one, nothing gives it away yet
    const other = newId();
    await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪B1" }, other));
    for (let i = 0; i < 4; i++) await t.push();
    expect(server.rows.get(keyOf("vehicles", other))).toBeDefined();
    const fillers = [...server.state.devices.values()].flatMap((d) => [...d.outcomes.values()]).filter((o) => o.id === "");
    expect(fillers).toHaveLength(1);
    server.edit("vehicles", id, { colour: "白" }); // by chance: to whoever looks at the rows alone nothing is missing
    server.restore(server.backup()); // somebody else's cursor gives it away
    await t.sync();
    expect(server.state.applied).toHaveLength(3);
    server.restore(server.backup());
    await t.sync();
    expect(server.state.applied).toHaveLength(3);
    await converged();
  });

  test("X-02 refused on the old tablet: it is refused on the new one for the same reason, though the rows show what was wanted", async () => {
    server.rule = () => "flow.role";
    await edit({ colour: "白" });
    const file = await onScreen(t, exportUnsent);
    await t.push();
    await t.end();
    server.rule = () => null;
    server.edit("vehicles", id, { colour: "白" }); // somebody else's, by chance the same
    t = await Tablet.start(server, t.actor.id);
    await onScreen(t, () => importUnsent(file));
    while ((await t.push()).kind === "again");
    expect((await t.store.outbox.toArray()).map((e) => [e.status, e.refusal?.code])).toEqual([["rejected", "flow.role"]]);
    await t.sync();
    expect((await t.store.outbox.toArray()).map((e) => [e.status, e.refusal?.code])).toEqual([["rejected", "flow.role"]]);
    expect(await t.store.sent.count()).toBe(0);
  });

  test("X-02 rows that do not show it are a doubt: asked once, not at every pull", async () => {
    await carriedOver();
    await t.sync();
    const kept = (await t.store.sent.toArray())[0];
    await t.store.sent.clear();
    const { seq, id: mutation, intent, at, seen, ops, commit } = kept;
    await t.store.outbox.put({ seq, id: mutation, intent, at, seen, ops, commit, rows: [keyOf("vehicles", id)], status: "acked", attempts: 0, elsewhere: true, versions: { [keyOf("vehicles", id)]: 99 }, round: 0 });
    await t.store.set("elsewhere_in", server.epoch);
    await t.sync();
    const asked = server.requests;
    for (let i = 0; i < 3; i++) await t.sync();
    expect(server.requests - asked).toBe(3);
    expect(server.state.applied).toHaveLength(2);
    await converged();
  });
});

type Step = { do: "edit" | "sync" | "push" | "reload" | "backup" | "restore" | "export" | "carry"; which: number; field: number; sky: Weather };
const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom("edit", "edit", "edit", "push", "push", "sync", "reload", "backup", "restore", "export", "carry"),
  which: fc.nat(3), field: fc.nat(3), sky: fc.constantFrom<Weather>("fine", "fine", "cut", "lost"),
});
const fields = ["colour", "model", "make", "note"] as const;

test("X-02 X-03 any course of edits, refusals, files, backups and restores: every edit is in effect once or refused and kept", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 30 }), async (steps) => {
      const shop = new TestServer();
      let a = await Tablet.start(shop);
      const b = await Tablet.start(shop);
      let file: { of: Blob; holds: Set<string> } | null = null;
      try {
        shop.rule = (op) => (Object.values(op.data ?? {}).includes("forbidden") ? "flow.role" : null);
        await a.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }, id));
        await settle(a, b);
        const backups = [shop.backup()];
        const made = new Set<string>();
        for (const s of steps) {
          const tablet = s.which % 2 ? b : a;
          shop.network = () => s.sky;
          if (s.do === "edit" && (await tablet.store.rows("vehicles").get(id))) {
            await tablet.act("vehicle.edit", (w) => w.patch("vehicles", id, { [fields[s.field]]: s.which === 3 ? "forbidden" : newId() }));
            for (const e of await tablet.store.outbox.toArray()) made.add(e.id);
          }
          if (s.do === "push") await tablet.push();
          if (s.do === "reload") await tablet.reload();
          if (s.do === "backup") backups.push(shop.backup());
          if (s.do === "restore") shop.restore(backups[s.which % backups.length]);
          if (s.do === "export") file = { holds: new Set(await a.store.outbox.where("status").anyOf("pending", "rejected").primaryKeys()), of: await onScreen(a, exportUnsent) };
          if (s.do === "carry" && file) {
            const { of, holds } = file;
            // What the old tablet alone remembered of acknowledged work goes with it.
            for (const { id } of [...(await a.store.outbox.toArray()), ...(await a.store.sent.toArray())]) if (!holds.has(id)) made.delete(id);
            await a.end();
            a = await Tablet.start(shop, a.actor.id);
            await onScreen(a, () => importUnsent(of));
            shop.tellsFirst = s.field % 2 === 0;
            file = null;
          }
          shop.network = () => "fine";
          if (s.do === "sync") await tablet.sync();
        }
        await settle(a, b);
        for (const tablet of [a, b]) {
          expect(await tablet.rows()).toEqual(serverRows(shop));
          expect(await tablet.store.outbox.where("status").anyOf("pending", "acked").count()).toBe(0);
        }
        expect(new Set(shop.state.applied).size).toBe(shop.state.applied.length);
        const kept = new Set([...(await a.store.outbox.toArray()), ...(await b.store.outbox.toArray())].map((e) => e.id));
        for (const mutation of made) expect(shop.state.applied.includes(mutation) || kept.has(mutation), mutation).toBe(true);
      } finally {
        await a.end();
        await b.end();
      }
    }),
    { numRuns: 15 },
  );
});
