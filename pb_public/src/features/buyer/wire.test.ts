import { beforeEach, describe, expect, test, vi } from "vitest";
import { Keep, type Op } from "./keep.ts";
import { forgetOld, keptMs, ripe } from "./restored.ts";
import { sessionIn } from "./session.ts";
import { begin, end, enqueue, shown, sync, waitingOf } from "./wire.ts";

// The server of sync.md as far as one phone meets it: what it has settled, what it refuses, what it shows.
interface Call {
  path: string;
  body?: { device: string; epoch: string; mutations: { seq: number; id: string; commit?: number; ops: Op[] }[] };
}
let calls: Call[], settled: number, taken: string[], refuse: Set<string>, offline: boolean, signedOut: boolean, epoch: string, feed: object[], lost: boolean;

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
    if (m.seq <= settled) return { seq: m.seq, outcome: "applied", commit: 100 + m.seq, version: {} }; // as it was answered before
    settled = m.seq;
    if (m.ops.length > 0) taken.push(m.id);
    return m.ops.length === 0 || refuse.has(m.id) ? { seq: m.seq, outcome: "rejected", code: "claim.used_up", said: { zh: "只有一次", en: "once" }, fields: { kind: {} } } : { seq: m.seq, outcome: "applied", commit: 100 + m.seq, version: {} };
  });
  if (lost) throw new TypeError("the answer was lost");
  return json(200, { epoch, seq: settled, outcomes });
}

const me = { id: "customer1", name: "林小雨", phone: "138" }, other = { id: "customer2", name: "别人", phone: "139" };
const op: Op = { op: "create", collection: "claims", id: "claim1", data: { number: "TH1", customer: "customer1" } };
let keep: Keep, n = 0;

const add = (draft?: string) => keep.act((hand) => enqueue(hand, "claim.file", [op], "2026-11-21T02:00:00.000Z", draft));
/** What is not on the server. */
const outbox = async () => (await keep.act((hand) => hand.all("outbox"))).filter((w) => !w.had);
/** What went over the wire, call by call, without the question how far the server has heard. */
const pushes = () => calls.flatMap((c) => (c.body?.mutations.length ? [c.body] : []));
/** The server is an older backup, which has heard so many of this phone's acts. */
const restore = (heard: number, life: string): void => void (settled = heard, epoch = life, taken = []);
const session = () => keep.act(sessionIn);

beforeEach(async () => {
  calls = [], settled = 0, taken = [], refuse = new Set(), offline = signedOut = lost = false, epoch = "e1", feed = [];
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
    expect(pushes()[0]!.mutations.map((m) => m.seq)).toEqual([1, 2]);
    expect(await outbox()).toEqual([]);
  });
  test("X-02 an answer that was lost: the same mutation goes again under its seq and id, and a new store of the page finds it", async () => {
    await sync(keep);
    const one = await add();
    lost = true;
    expect(await sync(keep)).toBe("later");
    lost = false;
    keep = new Keep(`buyer-${n}`); // reloaded
    expect(await sync(keep)).toBe("done");
    const sent = pushes().map((b) => b.mutations[0]!);
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
    expect(pushes()).toHaveLength(1);
  });
  test("X-02 a claim that has arrived ends its draft", async () => {
    await keep.act(async (hand) => hand.put("drafts", { id: "d1" }));
    await add("d1");
    await sync(keep);
    expect(await keep.act((hand) => hand.all("drafts"))).toEqual([]);
  });
  test("a captive portal's page is no answer", async () => {
    await add();
    vi.stubGlobal("fetch", async () => new Response("<html>", { headers: { "content-type": "text/html" } }));
    expect(await sync(keep)).toBe("later");
    expect(await outbox()).toHaveLength(1);
  });
});

describe("a server restored from an older backup", () => {
  const ids = async () => (await keep.act((hand) => hand.all("outbox"))).sort((a, b) => a.seq - b.seq).map((w) => w.id);
  test("X-02 O-06 what it had taken since is offered again by itself, once, under the same seqs and ids, before what was never sent", async () => {
    await add();
    await sync(keep);
    await add();
    await sync(keep);
    restore(1, "e2");
    offline = true;
    await add();
    await sync(keep);
    offline = false;
    keep = new Keep(`buyer-${n}`); // reloaded
    for (let round = 0; round < 3; round++) await sync(keep);
    expect(pushes().at(-1)!.mutations.map((m) => [m.seq, m.commit ?? 0])).toEqual([[2, 102], [3, 0]]);
    expect(taken).toEqual((await ids()).slice(1));
    expect([await outbox(), (await session())?.seq]).toEqual([[], 3]);
  });
  test("X-02 O-06 restored once more, to the same or to a younger backup, nothing is doubled and nothing lacks", async () => {
    for (let i = 0; i < 3; i++) {
      await add();
      await sync(keep);
    }
    for (const [heard, life] of [[0, "e2"], [2, "e3"], [3, "e4"]] as const) {
      restore(heard, life);
      for (let round = 0; round < 3; round++) await sync(keep);
      expect(taken, life).toEqual((await ids()).slice(heard));
      expect(await outbox()).toEqual([]);
    }
  });
  test("X-02 a seq that a refused act had used up is filled, so that what stands behind it comes through", async () => {
    const bad = await add();
    const good = await add();
    refuse.add(bad.id);
    await sync(keep);
    restore(0, "e2");
    for (let round = 0; round < 3; round++) await sync(keep);
    expect(taken).toEqual([good.id]);
    expect(await outbox()).toMatchObject([{ id: bad.id, refused: { code: "claim.used_up" } }]);
  });
  test("X-02 R-07 photos are asked about again", async () => {
    const picture = { sha256: "a", bytes: new ArrayBuffer(1), thumb: new ArrayBuffer(1), media: "image/jpeg", width: 1, height: 1, taken_at: "", state: "sent" as const, url: "/u" };
    await sync(keep);
    await keep.act(async (hand) => hand.put("pictures", picture));
    await sync(keep);
    expect(await keep.act((hand) => hand.get("pictures", "a"))).toMatchObject({ state: "sent" });
    restore(0, "e2");
    await sync(keep);
    expect(await keep.act((hand) => hand.get("pictures", "a"))).toMatchObject({ state: "local", url: undefined });
  });
  test("X-02 what it refuses now stays with its sentence; its claim is not there to show it", async () => {
    const one = await add("d1");
    await sync(keep);
    restore(0, "e2");
    refuse.add(one.id);
    await sync(keep);
    expect(await outbox()).toMatchObject([{ id: one.id, refused: { code: "claim.used_up" } }]);
  });
  test("X-02 an act waits for what others had done before it, and not for ever", async () => {
    const parcel = { ...(await add()), ops: [{ op: "patch" as const, collection: "claims", id: "c", base: 4, data: { state: "in_transit" } }] };
    const behind = await add();
    const lost = { ...parcel, again: { at: 1_000, commit: 9 } };
    const row = (version: number) => [{ key: "claims/c", collection: "claims", data: { id: "c", version } }];
    expect(ripe([lost, behind], [], 2_000)).toEqual([]);
    expect(ripe([lost, behind], row(3), 2_000)).toEqual([]);
    expect(ripe([lost, behind], row(4), 2_000)).toHaveLength(2);
    expect(ripe([lost, behind], row(3), 1_000 + 10 * 60_000)).toHaveLength(2);
    expect(ripe([parcel, behind], row(3), 2_000), "what was never sent goes at once").toHaveLength(2);
  });
  test("X-02 it is kept for as long as a backup may be old", async () => {
    await add();
    await sync(keep);
    const all = () => keep.act((hand) => hand.all("outbox"));
    await keep.act((hand) => forgetOld(hand, Date.now() + keptMs - 60_000));
    expect(await all()).toHaveLength(1);
    await keep.act((hand) => forgetOld(hand, Date.now() + keptMs + 60_000));
    expect(await all()).toEqual([]);
  });
  test("X-02 R-07 a photo that the server has frees its bytes with it, and keeps its small picture; one that it has not stays whole", async () => {
    const picture = (sha256: string, state: "local" | "sent") => ({ sha256, state, bytes: new ArrayBuffer(9), thumb: new ArrayBuffer(3), media: "image/jpeg", width: 1, height: 1, taken_at: "" });
    await keep.act(async (hand) => {
      for (const [sha, state] of [["a", "sent"], ["b", "local"]] as const) {
        hand.put("pictures", picture(sha, state));
        hand.put("rows", { key: `photos/${sha}`, collection: "photos", data: { id: sha, sha256: sha } });
      }
    });
    const left = async (): Promise<[number, number][]> => (await keep.act((hand) => hand.all("pictures"))).map((p) => [p.bytes.byteLength, p.thumb.byteLength]);
    await keep.act((hand) => forgetOld(hand, 1_000));
    await keep.act((hand) => forgetOld(hand, 1_000 + keptMs - 1));
    expect(await left()).toEqual([[9, 3], [9, 3]]);
    await keep.act((hand) => forgetOld(hand, 1_000 + keptMs + 1));
    expect(await left()).toEqual([[0, 3], [9, 3]]);
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
    expect(pushes().at(-1)).toMatchObject({ device: one.device, mutations: [{ seq: 1, id: one.id }] });
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
    const before = pushes().length;
    await sync(keep);
    expect(pushes()).toHaveLength(before);
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
