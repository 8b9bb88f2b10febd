import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { newId } from "../db/ids.ts";
import { Store } from "../db/store.ts";
import { Leader } from "./leader.ts";
import { quiet, type NetworkStatus } from "./network.ts";
import { TestServer } from "./testing/server.ts";
import { serverRows, Tablet } from "./testing/tablet.ts";
import type { PhotoServer } from "./uploads.ts";

let server: TestServer;
let t: Tablet;
let stop: AbortController;
let status: NetworkStatus;
let running: Promise<void>;

const noPhotos: PhotoServer = { presence: async () => "here", send: async () => ({ kind: "sent" }) };

function lead(renew: () => Promise<boolean> = async () => false, liveUrl: string | null = null): Leader {
  const leader = new Leader({ link: t.link, photos: noPhotos, liveUrl, renew, tell: (s) => (status = s), hidden: () => false });
  running = leader.run(stop.signal);
  return leader;
}

beforeEach(async () => {
  server = new TestServer();
  t = await Tablet.start(server);
  stop = new AbortController();
  status = quiet;
  running = Promise.resolve();
});

afterEach(async () => {
  stop.abort();
  await running;
  vi.unstubAllGlobals();
  await t.end();
});

const emptied = () => vi.waitFor(async () => expect(await t.store.outbox.count()).toBe(0), { timeout: 15_000 });

describe("the leading tab", () => {
  test("X-07 says that it is connected, and since when it is not", async () => {
    server.network = () => "lost";
    lead();
    await vi.waitFor(() => expect(status.offlineSince).not.toBeNull());
    expect(status.connected).toBe(false);
    server.network = () => "fine";
    await vi.waitFor(() => expect(status.connected).toBe(true), { timeout: 5_000 });
    expect(status.offlineSince).toBeNull();
  });

  test("X-02 the outbox drains by itself once the faults stop", async () => {
    let bad = 3;
    server.network = () => (bad-- > 0 ? "html" : "fine");
    lead();
    await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }));
    await emptied();
    expect(server.state.applied).toHaveLength(1);
  });

  test("an act made while it rests is sent at once", async () => {
    lead();
    await vi.waitFor(() => expect(status.connected).toBe(true));
    await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }));
    await vi.waitFor(() => expect(server.state.applied).toHaveLength(1), { timeout: 1_000 });
  });

  test("X-02 a dead login asks for a new one, keeps the queue, and goes on when it is there", async () => {
    await t.sync();
    t.credential = "";
    server.expired.add(t.actor.id);
    const renew = vi.fn(async () => false);
    const leader = lead(renew);
    await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }));
    await vi.waitFor(() => expect(status.reconnect).toBe(true));
    expect(renew).toHaveBeenCalled();
    expect(await t.store.outbox.count()).toBe(1);
    server.expired.clear();
    leader.poke(true);
    await emptied();
    expect(status.reconnect).toBe(false);
  });

  test("X-02 a restored server is noticed, fetched and given back what it lost, with nobody's help", async () => {
    lead();
    const backup = server.backup();
    const id = newId();
    await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }, id));
    await emptied();
    server.restore(backup);
    await t.act("vehicle.edit", (w) => w.patch("vehicles", id, { colour: "白" }));
    await vi.waitFor(() => expect(server.rows.get(`vehicles/${id}`)?.colour).toBe("白"), { timeout: 10_000 });
    await emptied();
    expect(await t.rows()).toEqual(serverRows(server));
  });
});

describe("several tabs", () => {
  test("X-08 a burst over the line does not hold up what comes after it: what waits is taken in together", async () => {
    let say: (frame: object) => void = () => {};
    vi.stubGlobal("WebSocket", class {
      onmessage: (e: { data: string }) => void = () => {};
      onclose: (e: { code: number }) => void = () => {};
      constructor() {
        queueMicrotask(() => (this as unknown as { onopen(): void }).onopen());
      }
      send(): void {
        say = (frame) => this.onmessage({ data: JSON.stringify(frame) });
        say({ type: "ready", epoch: server.epoch, cursor: server.cursor() });
      }
      close(): void {
        this.onclose({ code: 1000 });
      }
    });
    const id = newId();
    await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }, id));
    await t.sync();
    lead(undefined, "wss://shop");
    await vi.waitFor(() => expect(status.connected).toBe(true));
    const from = server.state.log.length, asked = server.requests, writes = vi.spyOn(t.store, "transaction");
    for (let i = 1; i <= 200; i++) server.edit("vehicles", id, { colour: `色${i}` });
    for (const l of server.state.log.slice(from)) say({ prev: server.cursor(l.seq - 1), cursor: server.cursor(l.seq), ops: server.seen(l, t.actor.id) });
    await vi.waitFor(async () => expect((await t.store.rows("vehicles").get(id))?.colour).toBe("色200"));
    expect(await t.store.get("cursor")).toBe(server.cursor());
    expect(writes.mock.calls.length, "the first by itself, the others at once").toBeLessThanOrEqual(4);
    expect(server.requests, "nothing was fetched").toBe(asked);
  });

  test("X-09 two tabs write to one store: seqs do not collide, each sees the other's rows", async () => {
    const other = new Store(t.actor.id);
    const mine = t.store;
    for (let i = 0; i < 5; i++) {
      t.store = i % 2 ? other : mine;
      await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: `沪A0000${i}` }));
    }
    t.store = mine;
    expect((await other.outbox.orderBy("seq").toArray()).map((e) => e.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(await mine.rows("vehicles").count()).toBe(5);
    other.close();
  });
});
