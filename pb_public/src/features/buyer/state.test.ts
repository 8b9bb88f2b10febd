import { beforeEach, describe, expect, test, vi } from "vitest";
import { shippedClaimPolicy } from "../../rules/claim.ts";
import { Keep, type Op } from "./keep.ts";
import { Buyer } from "./state.svelte.ts";

// happy-dom draws no pictures: what a file says is its hash.
vi.mock("../../db/prepare.ts", () => ({
  preparePhoto: async (file: Blob) => ({ bytes: new ArrayBuffer(1), thumb: new ArrayBuffer(1), sha256: await file.text(), media: "image/jpeg", width: 1, height: 1, taken_at: "" }),
}));

// A server with one order of one bag under 13800138001, which signs in whoever knows the code.
interface Sent {
  at: string;
  ops: Op[];
}
let pushed: Sent[], offline: boolean, shows: object[], breaks: boolean, n = 0;
const bought = {
  customer: { id: "c1", name: "林小雨", phone: "13800138001" }, shop: { id: "s1", name: "沪一店", phone: "", address: "", time_zone: "Asia/Shanghai" }, now: "2026-11-21 02:00:00.000Z", policies: { default: shippedClaimPolicy },
  orders: [{ id: "o1", number: "DD-77", state: "placed", ordered_at: "", received_at: "2026-11-20 02:00:00.000Z", invoice_number: "", paid_fen: 9900, lines: [{ id: "l1", name: "包", sku: "", product_line: "default", quantity: 1, paid_fen: 9900, gift: false, exemptions: [] }] }],
};

const json = (body: object, status = 200) => new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

async function server(path: string, init: { body?: string }): Promise<Response> {
  if (offline) throw new TypeError("no network");
  if (path === "/api/claims/sign-in") return init.body!.includes('"123456"') ? json({ token: "t", customer: bought.customer }) : json({ message: "x", data: { code: { code: "buyer.code_wrong", message: "x" } } }, 400);
  if (path === "/api/claims/orders") return json(bought);
  if (path.startsWith("/api/sync/pull")) return json({ epoch: "e", cursor: "c", more: false, ops: shows.splice(0) });
  const { mutations } = JSON.parse(init.body!) as { mutations: (Sent & { seq: number })[] };
  pushed.push(...mutations);
  if (breaks) offline = true; // behind this answer
  return json({ epoch: "e", seq: mutations.length, outcomes: mutations.map((m) => ({ seq: m.seq, outcome: "applied" })) });
}

async function page(): Promise<Buyer> {
  const buyer = new Buyer(() => "开线：", new Keep(`state-${n}`));
  await buyer.load();
  return buyer;
}

/** A guest has written and sent a complete draft, whose photos are rows only here. */
async function written(buyer: Buyer, order: string): Promise<void> {
  const id = await buyer.draft(order, "138 0013 8001");
  const shots = ["whole", "close", "label", "packaging"].map((slot, i) => ({ id: `${order}-${i}`, sha256: String(i).repeat(64), slot, note: "" }));
  await buyer.change(id, { seen: "seam", words: "坏了", kind: "return", shots });
  await buyer.send(buyer.drafts.find((d) => d.id === id)!);
}

beforeEach(() => {
  n++;
  pushed = [];
  shows = [];
  offline = true;
  breaks = false;
  vi.stubGlobal("fetch", (path: string, init: { body?: string } = {}) => server(path, init));
});

describe("a guest's draft", () => {
  test("L-02 is adopted by the sign-in that matches and sent with the time at which it was written; another order's stays", async () => {
    const guest = await page();
    await written(guest, "DD-77");
    await written(guest, "DD-99");
    const sent = guest.drafts.find((d) => d.order === "DD-77")!.sent_at;
    const buyer = await page(); // reloaded
    expect(buyer.drafts.map((d) => [d.order, d.state]).sort()).toEqual([["DD-77", "waiting"], ["DD-99", "waiting"]]);
    offline = false;
    await buyer.signIn("DD-77", "13800138001", "123456");
    expect(pushed).toHaveLength(1);
    expect(pushed[0]!.at).toBe(sent.replace(" ", "T"));
    expect(pushed[0]!.ops[0]!.data).toMatchObject({ sales_order: "o1", customer: "c1", description: "开线：坏了" });
    expect(pushed[0]!.ops[1]!.data).toMatchObject({ sales_item: "l1", quantity: 1 });
    expect(buyer.drafts.map((d) => d.order)).toEqual(["DD-99"]);
    await buyer.settled();
    expect(pushed, "sent once").toHaveLength(1);
  });
  test("L-02 a number that was mistyped is put right after the sign-in: words, photos and the time of sending stay", async () => {
    const guest = await page();
    await written(guest, "DD-7");
    const { sent_at } = guest.drafts[0]!;
    offline = false;
    await guest.signIn("DD-77", "13800138001", "123456");
    expect([pushed.length, guest.drafts.map((d) => d.order)], "none of theirs").toEqual([0, ["DD-7"]]);
    await guest.isAbout(guest.drafts[0]!, guest.bought!.orders[0]!);
    await guest.settled();
    expect([pushed.length, pushed[0]!.at, pushed[0]!.ops.length, guest.drafts]).toEqual([1, sent_at.replace(" ", "T"), 6, []]);
  });
  test("L-02 a wrong code signs nobody in and loses nothing", async () => {
    const buyer = await page();
    await written(buyer, "DD-77");
    offline = false;
    await expect(buyer.signIn("DD-77", "13800138001", "000000")).rejects.toMatchObject({ code: "buyer.code_wrong" });
    expect([buyer.signedIn, buyer.drafts.length, pushed.length]).toEqual([false, 1, 0]);
  });
  test("L-02 without a network the door says so, and what was written is kept", async () => {
    const buyer = await page();
    await written(buyer, "DD-77");
    await expect(buyer.askCode("DD-77", "13800138001", "zh")).rejects.toMatchObject({ code: "buyer.offline" });
    expect((await page()).drafts).toHaveLength(1);
  });
});

describe("two tabs", () => {
  test("X-09 each keeps only what it has changed, and what one has sent or deleted the other does not bring back", async () => {
    const one = await page(), id = await one.draft("DD-77", "13800138001"), two = await page();
    await one.shoot(one.drafts[0]!, "whole", new Blob(["a"]));
    await two.change(id, { words: "坏了" });
    await one.load();
    expect([one.drafts[0]!.words, one.drafts[0]!.shots.length]).toEqual(["坏了", 1]);
    await two.discard(two.drafts[0]!);
    await one.change(id, { words: "还是坏的" });
    await one.shoot({ ...two.drafts[0]!, id, shots: [] } as never, "close", new Blob(["b"]));
    expect((await page()).drafts).toEqual([]);
    await written(one, "DD-77");
    await two.load();
    const sent = one.drafts[0]!;
    await two.change(sent.id, { words: "改了" });
    expect((await page()).drafts.map((d) => [d.state, d.words])).toEqual([["waiting", "坏了"]]);
  });
});

describe("photos", () => {
  test("X-02 a photo that two claims show stays when one of them is deleted; one that was taken again goes", async () => {
    const buyer = await page(), keep = new Keep(`state-${n}`);
    const first = await buyer.draft("DD-77", "13800138001"), second = await buyer.draft("DD-78", "13800138001"), of = (id: string) => buyer.drafts.find((d) => d.id === id)!;
    for (const [id, what] of [[first, "a"], [second, "a"], [second, "b"]] as const) await buyer.shoot(of(id), "whole", new Blob([what]));
    await buyer.shoot(of(second), "label", new Blob(["a"]));
    await buyer.discard(of(second));
    expect((await keep.act((hand) => hand.all("pictures"))).map((p) => p.sha256)).toEqual(["a"]);
  });
  test("X-02 two that are taken at once are both kept, with what was written meanwhile", async () => {
    const buyer = await page();
    const id = await buyer.draft("DD-77", "13800138001"), draft = buyer.drafts.find((d) => d.id === id)!;
    await Promise.all([buyer.shoot(draft, "whole", new Blob(["a"])), buyer.change(id, { words: "坏了" }), buyer.shoot(draft, "label", new Blob(["b"]))]);
    await buyer.shoot(draft, "whole", new Blob(["c"]));
    const kept = (await page()).drafts.find((d) => d.id === id)!;
    expect([kept.words, kept.shots.map((s) => s.slot).sort()]).toEqual(["坏了", ["label", "whole"]]);
  });
});

describe("signed in", () => {
  test("L-02 the only piece of an order needs no choosing", async () => {
    offline = false;
    const buyer = await page();
    await buyer.signIn("DD-77", "13800138001", "123456");
    const id = await buyer.draft("DD-77", "13800138001");
    expect(buyer.drafts.find((d) => d.id === id)).toMatchObject({ state: "open", lines: { l1: 1 } });
  });
  test("L-02 filed without a network it stands in the line at once, and goes out by itself later", async () => {
    offline = false;
    const buyer = await page();
    await buyer.signIn("DD-77", "13800138001", "123456");
    offline = true;
    const id = await buyer.draft("DD-77", "13800138001");
    const draft = buyer.drafts.find((d) => d.id === id)!;
    await expect(buyer.send(draft), "incomplete").rejects.toMatchObject({ code: "buyer.incomplete" });
    await written(buyer, "DD-77");
    await buyer.settled();
    expect([buyer.waiting.length, buyer.claims[0]?.waits, buyer.net]).toEqual([1, true, "offline"]);
    const later = await page();
    offline = false;
    await later.settled();
    expect([pushed.length, later.waiting.length, later.drafts.length]).toEqual([1, 0, 0]);
  });
  test("L-14 X-02 a claim that the server has taken stays in sight when the network ends before it is shown, also over a reload", async () => {
    offline = false;
    const buyer = await page();
    await buyer.signIn("DD-77", "13800138001", "123456");
    breaks = true;
    await written(buyer, "DD-77");
    await buyer.settled();
    const again = await page(), { id } = again.claims[0]!;
    for (const one of [buyer, again]) expect([pushed.length, one.waiting.length, one.drafts.length, one.claims.map((c) => c.waits)]).toEqual([1, 0, 0, [true]]);
    offline = breaks = false;
    shows = [{ op: "put", collection: "claims", id, data: { id, version: 1, customer: "c1", state: "submitted" } }];
    await again.settled();
    expect([again.claims.map((c) => [c.state, c.waits]), pushed.length]).toEqual([[["submitted", undefined]], 1]);
  });
  test("L-14 a claim's timeline has the messages that the customer got, not those that wait, failed or were taken back", async () => {
    const put = (collection: string, id: string, data: object) => ({ op: "put", collection, id, data: { id, version: 1, ...data } });
    shows = [put("claims", "claim1", { customer: "c1", state: "approved" }), ...["queued", "sending", "sent", "told", "failed", "cancelled"].map((state) => put("messages", state, { state, subject_record: "claim1" })), put("messages", "other", { state: "sent", subject_record: "claim2" })];
    offline = false;
    const buyer = await page();
    await buyer.signIn("DD-77", "13800138001", "123456");
    await buyer.settled();
    await buyer.load();
    expect(buyer.around("claim1").messages.map((m) => m.state).sort()).toEqual(["sent", "told"]);
  });
});
