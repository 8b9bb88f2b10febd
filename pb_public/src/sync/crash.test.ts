// The tab dies at any moment of acting, sending and fetching: at every single operation on the database in turn. What
// is found afterwards must be a state from which everything ends well.
import { expect, test } from "vitest";
import type { DBCore, DBCoreTable, Middleware } from "dexie";
import { newId } from "../db/ids.ts";
import { keyOf } from "../db/records.ts";
import { TestServer } from "./testing/server.ts";
import { serverRows, Tablet } from "./testing/tablet.ts";

/** Counts the operations of a store and throws at the n-th, and at all that follow: the dead do nothing more. */
function dieAt(n: number): { middleware: Middleware<DBCore>; died: () => boolean } {
  let count = 0;
  const tick = () => {
    if (++count >= n) throw new Error("the tab died");
  };
  const wrap = (table: DBCoreTable): DBCoreTable => ({
    ...table,
    mutate: (request) => (tick(), table.mutate(request)),
    get: (request) => (tick(), table.get(request)),
    getMany: (request) => (tick(), table.getMany(request)),
    query: (request) => (tick(), table.query(request)),
    openCursor: (request) => (tick(), table.openCursor(request)),
    count: (request) => (tick(), table.count(request)),
  });
  const create = (core: DBCore): DBCore => ({ ...core, table: (name: string) => wrap(core.table(name)) });
  return { middleware: { stack: "dbcore" as const, name: "death", create: create as never }, died: () => count >= n };
}

/** A day of one tablet: receive a car, edit it, send, meanwhile others edit, fetch. */
async function day(t: Tablet, server: TestServer, id: string): Promise<void> {
  await t.act("vehicle.add", (w) => {
    w.create("vehicles", { plate: "沪A12345" }, id);
    w.create("customers", { name: "李明" });
  });
  await t.push();
  await t.act("vehicle.edit", (w) => w.patch("vehicles", id, { colour: "白" }));
  if (server.rows.has(keyOf("vehicles", id))) server.edit("vehicles", id, { model: "朗逸" });
  await t.pull();
  await t.push();
  await t.live();
  await t.pull();
}

test("X-02 whenever the tab dies, nothing is lost, doubled or half there", { timeout: 120_000 }, async () => {
  let died = true;
  let n = 0;
  while (died) {
    n += n < 60 ? 1 : 4;
    const server = new TestServer();
    const t = await Tablet.start(server);
    await t.sync();
    const id = newId();
    const death = dieAt(n);
    t.store.close();
    t.store.use(death.middleware);
    await t.store.open();
    await day(t, server, id).catch((error) => expect(String(error)).toContain("the tab died"));
    died = death.died();
    await t.reload();

    const row = await t.store.rows("vehicles").get(id);
    const customers = await t.store.rows("customers").count();
    expect(customers, `died at ${n}: the act is whole or absent`).toBe(row ? 1 : 0);
    const edits = await t.store.outbox.count();
    await t.sync();
    expect(await t.rows(), `died at ${n}`).toEqual(serverRows(server));
    expect(new Set(server.state.applied).size, `died at ${n}`).toBe(server.state.applied.length);
    expect(server.rows.has(keyOf("vehicles", id)), `died at ${n}: saved means sent`).toBe(row !== undefined);
    expect(await t.store.outbox.count(), `died at ${n} with ${edits} waiting`).toBe(0);
    await t.end();
  }
  expect(n).toBeGreaterThan(50);
});
