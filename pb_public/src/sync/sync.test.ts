import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { newId } from "../db/ids.ts";
import { keyOf } from "../db/records.ts";
import { Refused } from "../rules/refused.ts";
import { type LiveOps, takeLive } from "./pull.ts";
import { TestServer, type Weather } from "./testing/server.ts";
import { serverRows, Tablet } from "./testing/tablet.ts";

let server: TestServer;
let tablets: Tablet[];

async function tablet(id?: string): Promise<Tablet> {
  const t = await Tablet.start(server, id);
  tablets.push(t);
  return t;
}

beforeEach(() => {
  server = new TestServer();
  tablets = [];
});

afterEach(async () => {
  for (const t of tablets) await t.end();
});

/** Weather that plays a list once, then stays fine. */
function weather(...list: Weather[]): () => Weather {
  return () => list.shift() ?? "fine";
}

async function newVehicle(t: Tablet, plate = "沪A12345"): Promise<string> {
  const id = newId();
  await t.act("vehicle.add", (w) => void w.create("vehicles", { plate }, id));
  return id;
}

describe("an act", () => {
  test("X-02 rows and outbox land in one transaction, or not at all", async () => {
    const t = await tablet();
    const id = await newVehicle(t);
    await expect(
      t.act("vehicle.edit", (w) => {
        w.patch("vehicles", id, { colour: "黑" });
        w.patch("vehicles", id, { odometer_km: -1 });
      }),
    ).rejects.toBeInstanceOf(Refused);
    expect((await t.store.rows("vehicles").get(id))?.colour).toBe("");
    expect(await t.store.outbox.count()).toBe(1);
  });

  test("X-02 what was saved is there after a reload, and is sent then", async () => {
    const t = await tablet();
    const id = await newVehicle(t);
    await t.reload();
    expect((await t.store.rows("vehicles").get(id))?.plate).toBe("沪A12345");
    await t.sync();
    expect(server.rows.get(keyOf("vehicles", id))?.plate).toBe("沪A12345");
  });

  test("a patch that changes nothing is not sent", async () => {
    const t = await tablet();
    const id = await newVehicle(t);
    await t.act("vehicle.edit", (w) => w.patch("vehicles", id, { plate: "沪A12345" }));
    expect(await t.store.outbox.count()).toBe(1);
  });

  test("seq counts 1, 2, 3 without gaps, also when two acts are made at once", async () => {
    const t = await tablet();
    await Promise.all([newVehicle(t, "沪A00001"), newVehicle(t, "沪A00002"), newVehicle(t, "沪A00003")]);
    expect((await t.store.outbox.orderBy("seq").toArray()).map((e) => e.seq)).toEqual([1, 2, 3]);
  });
});

describe("push", () => {
  test("X-02 an answer lost after the commit: sent again, in effect once", async () => {
    const t = await tablet();
    await t.sync();
    const id = await newVehicle(t);
    server.network = weather("cut");
    expect((await t.push()).kind).toBe("later");
    expect(server.state.applied).toHaveLength(1);
    await t.reload();
    await t.sync();
    expect(server.state.applied).toHaveLength(1);
    expect(await t.rows()).toEqual(serverRows(server));
    expect((await t.store.rows("vehicles").get(id))?.version).toBe(1);
  });

  test.each<Weather>(["lost", "html", "bad", "cut", "twice"])("X-02 %s leaves the queue as it was, or takes effect once", async (fault) => {
    const t = await tablet();
    await t.sync();
    await newVehicle(t);
    server.network = weather(fault, fault, fault);
    await t.sync();
    expect(server.state.applied).toHaveLength(1);
    expect(await t.store.outbox.count()).toBe(0);
  });

  test("X-04 a refused edit stays with its reason and blocks no other", async () => {
    const t = await tablet();
    await t.sync();
    const first = await newVehicle(t, "沪A00001");
    await t.sync();
    server.rule = (op) => (op.data?.colour === "红" ? "flow.role" : null);
    await t.act("vehicle.edit", (w) => w.patch("vehicles", first, { colour: "红" }));
    await t.act("vehicle.edit", (w) => w.patch("vehicles", first, { model: "帕萨特" }));
    await t.sync();
    const [left] = await t.store.outbox.toArray();
    expect(left).toMatchObject({ status: "rejected", refusal: { code: "flow.role" } });
    expect(left.refusal?.server[keyOf("vehicles", first)]).toBeDefined();
    expect(await t.rows()).toEqual(serverRows(server));
    expect((await t.store.rows("vehicles").get(first))?.model).toBe("帕萨特");
  });

  test("X-04 what depends on a refused creation is refused too, and only that", async () => {
    const t = await tablet();
    server.rule = (op) => (op.op === "create" && op.data?.plate === "no" ? "field.taken" : null);
    const bad = await newVehicle(t, "no");
    await t.act("vehicle.edit", (w) => w.patch("vehicles", bad, { colour: "红" }));
    const good = await newVehicle(t, "沪A00001");
    await t.sync();
    expect((await t.store.outbox.orderBy("seq").toArray()).map((e) => e.refusal?.code)).toEqual(["field.taken", "sync.not_found"]);
    expect(await t.store.rows("vehicles").get(bad)).toBeUndefined();
    expect(server.rows.has(keyOf("vehicles", good))).toBe(true);
  });

  test("X-05 two people, different fields: both stand on both tablets", async () => {
    const [a, b] = [await tablet(), await tablet()];
    const id = await newVehicle(a);
    await a.sync();
    await b.sync();
    await a.act("vehicle.edit", (w) => w.patch("vehicles", id, { colour: "白" }));
    await b.act("vehicle.edit", (w) => w.patch("vehicles", id, { model: "途观" }));
    await b.sync();
    await a.sync();
    await b.sync();
    expect(await a.rows()).toEqual(await b.rows());
    expect(server.rows.get(keyOf("vehicles", id))).toMatchObject({ colour: "白", model: "途观" });
    expect((await a.store.sent.where("acked_at").above(0).toArray()).some((s) => s.outcome === "merged")).toBe(true);
  });

  test("own changes never conflict with themselves: their base stays what the person saw", async () => {
    const t = await tablet();
    const id = await newVehicle(t);
    await t.sync();
    for (const colour of ["红", "黄", "蓝"]) await t.act("vehicle.edit", (w) => w.patch("vehicles", id, { colour }));
    expect((await t.store.outbox.toArray()).map((e) => e.ops[0].base)).toEqual([1, 1, 1]);
    await t.sync();
    expect((await t.store.sent.toArray()).every((s) => s.outcome === "applied")).toBe(true);
    expect(server.rows.get(keyOf("vehicles", id))?.colour).toBe("蓝");
  });

  test("an echo that comes before the answer neither doubles nor undoes the edit", async () => {
    const t = await tablet();
    await t.sync();
    const id = await newVehicle(t);
    server.network = weather("cut");
    await t.push();
    await t.live();
    await t.act("vehicle.edit", (w) => w.patch("vehicles", id, { colour: "白" }));
    expect((await t.store.rows("vehicles").get(id))?.colour).toBe("白");
    await t.sync();
    expect(server.state.applied).toHaveLength(2);
    expect(await t.rows()).toEqual(serverRows(server));
  });

  test("X-02 an expired login keeps the queue; O-02 the device's credential sends it", async () => {
    const t = await tablet();
    await t.sync();
    expect(t.credential).not.toBe("");
    await newVehicle(t);
    server.expired.add(t.actor.id);
    const credential = t.credential;
    t.credential = "";
    expect((await t.push()).kind).toBe("sign_in");
    expect(await t.store.outbox.count()).toBe(1);
    t.credential = credential;
    expect((await t.push()).kind).toBe("again");
    expect(server.state.applied).toHaveLength(1);
    expect((await t.pull()).kind).toBe("sign_in");
  });

  test("a device id known as another person's is exchanged, and the queue goes on from 1", async () => {
    const [a, b] = [await tablet(), await tablet()];
    await a.sync();
    await b.store.set("device", (await a.store.get("device"))!);
    await newVehicle(b);
    await b.sync();
    expect(await b.store.get("device")).not.toBe(await a.store.get("device"));
    expect(server.state.applied).toHaveLength(1);
  });
});

describe("pull", () => {
  test("a snapshot in pages lands when its last page is here, also across a reload", async () => {
    for (let i = 0; i < 7; i++) server.edit("vehicles", newId(), { plate: `沪A0000${i}` });
    server.pageSize = 3;
    const t = await tablet();
    server.network = weather("fine", "fine", "fine", "lost");
    await t.push();
    expect((await t.pull()).kind).toBe("later");
    expect(await t.store.rows("vehicles").count()).toBe(0);
    await t.reload();
    await t.sync();
    expect(await t.rows()).toEqual(serverRows(server));
  });

  test("a reset never wipes the outbox: unsent edits lie on top of the new rows", async () => {
    const t = await tablet();
    const id = await newVehicle(t);
    await t.sync();
    await t.act("vehicle.edit", (w) => w.patch("vehicles", id, { colour: "白" }));
    server.edit("vehicles", id, { model: "朗逸" });
    await t.store.set("cursor", "");
    await t.pull();
    expect(await t.store.rows("vehicles").get(id)).toMatchObject({ colour: "白", model: "朗逸", version: 2 });
    expect(await t.store.outbox.count()).toBe(1);
  });

  test("a row that leaves is purged; unsent edits to it are kept and shown", async () => {
    const t = await tablet();
    const id = await newVehicle(t);
    await t.sync();
    await t.act("vehicle.edit", (w) => w.patch("vehicles", id, { colour: "白" }));
    server.remove("vehicles", id, "leave");
    await t.pull();
    expect(await t.store.rows("vehicles").get(id)).toBeUndefined();
    expect((await t.store.outbox.toArray())[0]).toMatchObject({ left: true, status: "pending" });
    server.rule = () => "sync.not_found";
    await t.sync();
    expect((await t.store.outbox.toArray())[0]).toMatchObject({ status: "rejected", refusal: { code: "sync.not_found" } });
  });

  test("X-03 no resurrection: a page older than what the socket brought does not undo it", async () => {
    const t = await tablet();
    await t.sync();
    const id = newId();
    server.edit("vehicles", id, { model: "朗逸" });
    const request = t.link.request;
    let raced = false;
    const racing = { ...t.link, request: async (...args: Parameters<typeof request>) => {
      const answer = await request(...args);
      if (!raced) {
        raced = true;
        server.remove("vehicles", id);
        await t.live();
      }
      return answer;
    } };
    const { pull } = await import("./pull.ts");
    await pull(racing);
    expect(await t.store.rows("vehicles").get(id)).toBeUndefined();
    expect(await t.rows()).toEqual(serverRows(server));
  });

  test("live ops that do not go on from here are not taken, and a pull repairs it", async () => {
    const t = await tablet();
    const id = await newVehicle(t);
    await t.sync();
    const patch = { op: "patch" as const, collection: "vehicles", id, version: 9, data: { colour: "红" } };
    expect(await takeLive(t.link, [{ prev: "elsewhere", cursor: "on", ops: [patch] }])).toBe(false);
    expect((await t.store.rows("vehicles").get(id))?.colour).toBe("");
  });
});

describe("frames of the live socket", () => {
  /** What the server's log says since `from`, a frame for each change, as a burst of it arrives. */
  function frames(t: Tablet, from: number): LiveOps[] {
    return server.state.log.filter((l) => l.seq > from).map((l) => ({ prev: server.cursor(l.seq - 1), cursor: server.cursor(l.seq), ops: server.seen(l, t.actor.id) }));
  }

  async function followed(): Promise<{ t: Tablet; id: string; from: number }> {
    const t = await tablet();
    const id = await newVehicle(t);
    await t.sync();
    const from = Number(((await t.store.get("cursor")) ?? "").split(":")[2]);
    for (let i = 1; i <= 40; i++) server.edit("vehicles", id, { colour: `色${i}` });
    return { t, id, from };
  }

  test("X-08 a burst is taken in at once, in its order", async () => {
    const { t, id, from } = await followed();
    const write = vi.spyOn(t.store, "transaction");
    expect(await takeLive(t.link, frames(t, from))).toBe(true);
    expect(write).toHaveBeenCalledTimes(1);
    expect((await t.store.rows("vehicles").get(id))?.colour).toBe("色40");
    expect(await t.store.get("cursor")).toBe(server.cursor());
  });

  test("X-08 what a pull has brought already is not taken in again, and the rest goes on from there", async () => {
    const { t, id, from } = await followed();
    const burst = frames(t, from);
    await t.pull();
    server.edit("vehicles", id, { colour: "之后" });
    expect(await takeLive(t.link, burst)).toBe(true);
    expect(await takeLive(t.link, [...burst.slice(-2), ...frames(t, from + 40)])).toBe(true);
    expect((await t.store.rows("vehicles").get(id))?.colour).toBe("之后");
    expect(await t.store.get("cursor")).toBe(server.cursor());
  });

  test("X-08 of a burst with one missing nothing is taken, and a pull brings all", async () => {
    const { t, id, from } = await followed();
    const before = await t.store.get("cursor");
    expect(await takeLive(t.link, frames(t, from).toSpliced(20, 1))).toBe(false);
    expect(await t.store.get("cursor")).toBe(before);
    await t.pull();
    expect((await t.store.rows("vehicles").get(id))?.colour).toBe("色40");
  });
});

describe("a server restored from an older backup", () => {
  test("X-02 what it lost is offered again, once, in order, and what was unsent follows", async () => {
    const t = await tablet();
    const id = await newVehicle(t);
    await t.sync();
    const backup = server.backup();
    await t.act("vehicle.edit", (w) => w.patch("vehicles", id, { colour: "白" }));
    await t.act("vehicle.edit", (w) => w.patch("vehicles", id, { model: "朗逸" }));
    await t.sync();
    await t.act("vehicle.edit", (w) => w.patch("vehicles", id, { note: "未发送" }));
    server.restore(backup);
    await t.sync();
    expect(server.rows.get(keyOf("vehicles", id))).toMatchObject({ colour: "白", model: "朗逸", note: "未发送", version: 4 });
    expect(new Set(server.state.applied).size).toBe(server.state.applied.length);
    expect(await t.rows()).toEqual(serverRows(server));
  });

  test("X-02 also when the tablet no longer has what lies between: the rest is numbered anew", async () => {
    const t = await tablet();
    await t.sync();
    const backup = server.backup();
    await newVehicle(t, "沪A00001");
    await newVehicle(t, "沪A00002");
    await t.sync();
    await t.store.sent.clear();
    const id = await newVehicle(t, "沪A00003");
    server.restore(backup);
    await t.sync();
    expect(server.rows.has(keyOf("vehicles", id))).toBe(true);
    expect(await t.store.outbox.count()).toBe(0);
  });
});
