import { beforeEach, describe, expect, test, vi } from "vitest";
import { Keep, type Op } from "./keep.ts";
import { begin, end, enqueue, sessionIn, shown, sync, waitingOf } from "./wire.ts";

// The server of sync.md as far as one phone meets it: what it has settled, what it refuses, what it shows.
interface Call {
  path: string;
  body?: { device: string; epoch: string; mutations: { seq: number; id: string; ops: Op[] }[] };
}
let calls: Call[], settled: number, refuse: Set<string>, offline: boolean, signedOut: boolean, epoch: string, feed: object[], lost: boolean;

function json(status: number, body: object): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}

async function server(path: string, init: { body?: string }): Promise<Response> {
  if (offline) throw new TypeError("no network");
  const call: Call = { path, body: init.body ? (JSON.parse(init.body) as Call["body"]) : undefined };
  calls.push(call);
  if (signedOut) return json(401, { message: "x", data: { device: { code: "device.signed_out", message: "x" } } });
  if (path.startsWith("/api/sync/pull")) {
    const ops = feed;
    feed = [];
    return json(200, { epoch, cursor: `c${calls.length}`, more: false, reset: !path.includes("cursor="), ops });
  }
  if (call.body!.epoch !== epoch) return json(409, { message: "x", data: { epoch: { code: "sync.epoch", message: "x" } } });
  const outcomes = call.body!.mutations.map((m) => {
    if (m.seq > settled + 1) return { seq: m.seq, outcome: "retry", code: "sync.gap" };
    settled = Math.max(settled, m.seq);
    return refuse.has(m.id) ? { seq: m.seq, outcome: "rejected", code: "claim.used_up", said: { zh: "只有一次", en: "once" }, fields: { kind: {} } } : { seq: m.seq, outcome: "applied", version: {} };
  });
  if (lost) throw new TypeError("the answer was lost");
  return json(200, { epoch, seq: settled, outcomes });
}

const me = { id: "customer1", name: "林小雨", phone: "138" }, other = { id: "customer2", name: "别人", phone: "139" };
const op: Op = { op: "create", collection: "claims", id: "claim1", data: { number: "TH1", customer: "customer1" } };
let keep: Keep, n = 0;

const add = (draft?: string) => keep.act((hand) => enqueue(hand, "claim.file", [op], "2026-11-21T02:00:00.000Z", draft));
const outbox = () => keep.act((hand) => hand.all("outbox"));
const session = () => keep.act(sessionIn);

beforeEach(async () => {
  calls = [], settled = 0, refuse = new Set(), offline = signedOut = lost = false, epoch = "e1", feed = [];
  vi.stubGlobal("fetch", (path: string, init: { body?: string }) => server(path, init));
  keep = new Keep(`buyer-${++n}`);
  await begin(keep, "token", me);
});

describe("sending", () => {
  test("X-02 what is kept is sent once the network is back, in its order, and leaves the line when the server has it", async () => {
    offline = true;
    await add();
    await add();
    expect(await sync(keep)).toBe("later");
    expect(await outbox()).toHaveLength(2);
    offline = false;
    expect(await sync(keep)).toBe("done");
    expect(calls.find((c) => c.body)!.body!.mutations.map((m) => m.seq)).toEqual([1, 2]);
    expect(await outbox()).toEqual([]);
  });
  test("X-02 an answer that was lost: the same mutation goes again under its seq and id, and a new store of the page finds it", async () => {
    const one = await add();
    lost = true;
    expect(await sync(keep)).toBe("later");
    lost = false;
    keep = new Keep(`buyer-${n}`); // reloaded
    expect(await sync(keep)).toBe("done");
    const sent = calls.filter((c) => c.body).map((c) => c.body!.mutations[0]!);
    expect(sent.map((m) => [m.seq, m.id])).toEqual([[1, one.id], [1, one.id]]);
  });
  test("X-04 what a rule refuses stays with its sentence, keeps its draft, and blocks nothing behind it", async () => {
    await keep.act(async (hand) => hand.put("drafts", { id: "d1" }));
    const bad = await add("d1");
    await add();
    refuse.add(bad.id);
    expect(await sync(keep)).toBe("done");
    expect((await outbox()).map((w) => w.refused)).toEqual([{ code: "claim.used_up", field: "kind", said: { zh: "只有一次", en: "once" } }]);
    expect(await keep.act((hand) => hand.all("drafts"))).toHaveLength(1);
    expect(await sync(keep)).toBe("done");
    expect(calls.filter((c) => c.body)).toHaveLength(1);
  });
  test("X-02 a claim that has arrived ends its draft", async () => {
    await keep.act(async (hand) => hand.put("drafts", { id: "d1" }));
    await add("d1");
    await sync(keep);
    expect(await keep.act((hand) => hand.all("drafts"))).toEqual([]);
  });
  test("O-06 a server restored from a backup has heard less: what waits is counted on from there", async () => {
    await add();
    await sync(keep);
    settled = 0;
    epoch = "e2";
    await add();
    for (let round = 0; round < 4 && (await outbox()).length > 0; round++) await sync(keep);
    expect(await outbox()).toEqual([]);
    expect((await session())?.seq).toBe(1);
  });
  test("a captive portal's page is no answer", async () => {
    await add();
    vi.stubGlobal("fetch", async () => new Response("<html>", { headers: { "content-type": "text/html" } }));
    expect(await sync(keep)).toBe("later");
    expect(await outbox()).toHaveLength(1);
  });
});

describe("who is signed in", () => {
  test("X-02 a login that is over keeps what waits, and the next sign-in sends it from the same device", async () => {
    const one = await add();
    signedOut = true;
    expect(await sync(keep)).toBe("signed_out");
    expect(await session()).toMatchObject({ token: "", over: true });
    signedOut = false;
    await begin(keep, "token2", me);
    expect(await sync(keep)).toBe("done");
    expect(calls.at(-2)!.body).toMatchObject({ device: one.device, mutations: [{ seq: 1, id: one.id }] });
  });
  test("nothing is sent under another customer, nor are their rows shown", async () => {
    feed = [{ op: "put", collection: "claims", id: "x", data: { id: "x", number: "TH9" } }];
    await add();
    offline = true;
    await sync(keep);
    offline = false;
    await sync(keep);
    await add();
    await end(keep);
    await begin(keep, "token3", other);
    expect(await keep.act((hand) => hand.all("rows"))).toEqual([]);
    const pushes = calls.filter((c) => c.body).length;
    await sync(keep);
    expect(calls.filter((c) => c.body)).toHaveLength(pushes);
    expect(waitingOf(await outbox(), (await session())!)).toEqual([]);
    expect(await outbox()).toHaveLength(1);
  });
});

test("X-02 rows follow the server: put, patch, leave; what was done here stands on top until it has arrived", async () => {
  feed = [{ op: "put", collection: "claims", id: "a", data: { id: "a", state: "submitted", version: 1 } }, { op: "put", collection: "vehicles", id: "v", data: { id: "v" } }, { op: "put", collection: "claims", id: "b", data: { id: "b" } }];
  await sync(keep);
  feed = [{ op: "patch", collection: "claims", id: "a", data: { state: "approved", version: 2 } }, { op: "leave", collection: "claims", id: "b" }];
  await sync(keep);
  const rows = await keep.act((hand) => hand.all("rows"));
  expect(rows.map((r) => r.data)).toEqual([{ id: "a", state: "approved", version: 2 }]);
  await keep.act((hand) => enqueue(hand, "x", [{ op: "patch", collection: "claims", id: "a", base: 2, data: { state: "cancelled" } }], "2026-11-21T02:00:00.000Z"));
  expect(shown(rows, waitingOf(await outbox(), (await session())!), "claims")).toMatchObject([{ id: "a", state: "cancelled", version: 2, waits: true }]);
});
