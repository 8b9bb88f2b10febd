import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { daysFrom, serverTime, tables, why, type PreparedPhoto, type Rows } from "../../db/index.ts";
import { as, close, open, people, row, type Who } from "../order/testing/day.ts";
import { agreeSurprise, answerPlan, approve, attach, beginRepair, collect, counterRefund, extend, fileClaim, giveUp, letCount, note, offerPlan, photo, receive, refund, sendBackUnpaid, sendOut, sent, step, surprise, tick, work, type Filing } from "./actions.ts";
import { findClaims, loadBench, loadClaim, loadList, loadMoney, stepsOf } from "./load.ts";
import { timelineOf } from "../../rules/claim-timeline.ts";
import type { Claim } from "./model.ts";

Object.assign(people, {
  feng: { id: "fengxue00000001", name: "冯雪", roles: ["agent"], skill: 0 }, he: { id: "hejun0000000001", name: "何俊", roles: ["supervisor"], skill: 0 },
  song: { id: "songya000000001", name: "宋雅", roles: ["finance"], skill: 0 }, tang: { id: "tangjun00000001", name: "唐军", roles: ["warehouse"], skill: 0 },
});
const be = (who: string): string => as(who as Who);
const day = 86_400_000;
const ago = (ms: number): string => serverTime(Date.now() - ms);
const parcel = { carrier: "顺丰速运", tracking_number: "SF0001", sent_at: "" };
const things = ["product", "outer_packing", "tags", "return_slip", "accessories"];

let shots = 0;
const shot = (): PreparedPhoto => ({ sha256: String(++shots).padStart(64, "a"), media: "image/jpeg", width: 4, height: 3, taken_at: ago(0), bytes: new ArrayBuffer(8), thumb: new ArrayBuffer(4) });

/** An order of two pieces at 99 yuan, received so long ago; null: not yet. */
async function sold(receivedAgo: number | null = day, more: Partial<Rows["sales_orders"]> = {}): Promise<Rows["sales_orders"]> {
  await row("sales_orders", { id: "sale00000000001", number: "261101-1", external_id: "261101-1", platform: "天猫", state: "placed", customer_name: "林小雨", phone: "13800138001", paid_fen: 21_000, shipping_fen: 1_200, received_at: receivedAgo === null ? "" : ago(receivedAgo), ...more });
  await row("sales_items", { id: "line00000000001", sales_order: "sale00000000001", line_number: 1, name: "托特包", sku: "XB-102", product_line: "", quantity: 2, unit_fen: 9_900, paid_fen: 19_800, exemptions: [] });
  return (await tables.sales_orders.get("sale00000000001"))!;
}

async function file(kind: Claim["kind"] = "return", receivedAgo: number | null = day, more: Partial<Filing> = {}): Promise<string> {
  be("feng");
  const sale = await sold(receivedAgo), line = (await tables.sales_items.get("line00000000001"))!;
  return fileClaim(sale, { kind, fault_claimed: true, description: "拉链拉不动，第一天就坏了", invoice_number: "", mismatch: "", goods: [{ line, quantity: 1 }], ...more });
}
const of = async (id: string): Promise<Claim> => (await tables.claims.get(id))!;
const plan = async (id: string): Promise<Rows["repair_plans"]> => (await tables.repair_plans.where("claim").equals(id).last())!;
const judge = async (id: string, verdict: "quality" | "none"): Promise<void> => note(await of(id), { verdict, verdict_reason: "照片可见拉链齿脱落" });

/** What only the server counts. */
async function counted(id: string, data: Partial<Claim>): Promise<void> {
  await tables.claims.update(id, data as never);
}

async function awaited(kind: Claim["kind"] = "return"): Promise<string> {
  const id = await file(kind, kind === "repair" ? 80 * day : day); // a repair that has its price
  if (kind === "repair") await note(await of(id), { pay_acknowledged_at: ago(0) });
  await judge(id, "quality");
  await approve(await of(id));
  return id;
}
async function received(kind: Claim["kind"] = "return"): Promise<string> {
  const id = await awaited(kind);
  be("tang");
  await sent(await of(id), parcel);
  await receive(await of(id), (await tables.shipments.where("claim").equals(id).first())!);
  return id;
}
async function accepted(kind: Claim["kind"] = "return", data: Partial<Claim> = {}): Promise<string> {
  const id = await received(kind);
  for (const thing of things) await photo(await of(id), shot(), `arrival.${thing}`);
  await step(await of(id), "accepted");
  await counted(id, data);
  return id;
}

beforeEach(() => open("released"));
afterEach(close);

describe("L-01 L-02 L-11 filing on the telephone", () => {
  test("L-02 L-11 the claim is the customer's of the order's phone, names its goods, and is the order's only return", async () => {
    const id = await file(), c = await of(id);
    const customer = (await tables.customers.get(c.customer))!;
    expect([customer.phone, customer.name, c.state, c.policy, c.product_line]).toEqual(["13800138001", "林小雨", "submitted", "shipped@1", "default"]);
    expect(c.number).toMatch(/^PD-T\d{6}-/);
    expect((await tables.claim_items.where("claim").equals(id).toArray()).map((i) => [i.sales_item, i.quantity])).toEqual([["line00000000001", 1]]);
    await expect(file("exchange")).rejects.toMatchObject({ code: "claim.used_up" });
    expect(await tables.claims.count(), "nothing of the second is kept").toBe(1);
    await file("repair");
  });

  test("L-01 a parcel refused at the door says what does not match, is answered by its own time and never repaired", async () => {
    const id = await file("return", null, { mismatch: "size" }), c = await of(id);
    expect([c.refused_parcel, c.route, c.received_at]).toEqual([true, "door", ""]);
    expect(c.answer_due_at > ago(0)).toBe(true);
    expect((await loadList("agent")).map((e) => e.claim.id)).toEqual([c.id]);
    await expect(file("repair", null, { mismatch: "size" })).rejects.toMatchObject({ code: "claim.door_kind" });
    await expect(file("return", day, { mismatch: "size" }), "after acceptance it is no ground").rejects.toMatchObject({ code: "claim.mismatch_late" });
  });

  test("L-01 L-08 L-09 a refused parcel comes back by its carrier: the customer sends nothing, and adds no slip", async () => {
    const id = await file("return", null, { mismatch: "size" });
    await judge(id, "quality");
    await approve(await of(id), { carrier: "顺丰速运", tracking_number: "SF7001" });
    expect(await of(id)).toMatchObject({ state: "in_transit", ship_back_due_at: "", freight: "company" });
    be("tang");
    expect((await findClaims("sf7001")).map((c) => c.id), "the dock finds it by the number it was sent under").toEqual([id]);
    await receive(await of(id), (await tables.shipments.where("claim").equals(id).first())!);
    for (const thing of things.filter((one) => one !== "return_slip")) await photo(await of(id), shot(), `arrival.${thing}`);
    expect((await stepsOf(await of(id), ["warehouse"])).get("accepted")).toBeNull();
  });

  test("L-01 a refused parcel of which no number is known waits for it, however long", async () => {
    const id = await file("return", null, { mismatch: "size" });
    await judge(id, "quality");
    await approve(await of(id), { carrier: "", tracking_number: "" });
    expect(await of(id)).toMatchObject({ state: "awaiting_goods", ship_back_due_at: "" });
    await sent(await of(id), { ...parcel, sent_at: ago(5 * day) });
    expect((await of(id)).state).toBe("in_transit");
  });

  test("L-14 a claim is found by its slip, its number, the order, the phone and the parcel", async () => {
    const id = await received(), c = await of(id);
    for (const text of [`AC-RMA:${id}`, c.number.toLowerCase(), "261101", "1380013", "sf0001"]) expect((await findClaims(text)).map((f) => f.id), text).toEqual([id]);
    expect(await findClaims("AC-RMA:nosuchclaim0000")).toEqual([]);
  });
});

describe("L-03 L-05 L-06 L-07 deciding", () => {
  test("L-03 L-07 approved by a verdict with reasons; from then on the time to send runs", async () => {
    const id = await file();
    expect((await stepsOf(await of(id), ["agent"])).get("approved")?.code).toBe("claim.verdict_missing");
    await judge(id, "quality");
    expect(await of(id)).toMatchObject({ lane: "return_exchange", freight: "company" });
    expect((await stepsOf(await of(id), ["agent"])).get("approved")).toBeNull();
    await approve(await of(id));
    const c = await of(id);
    expect(c.state).toBe("awaiting_goods");
    expect(Date.parse(c.ship_back_due_at.replace(" ", "T")) - Date.now()).toBeGreaterThan(2 * day - 60_000);
    expect(await stepsOf(c, ["technician"]), "a technician has no step here").toEqual(new Map());
  });

  test("L-03 without fault it is talked over first; the customer insists within the window, at the own freight", async () => {
    const id = await file();
    await judge(id, "none");
    await expect(approve(await of(id))).rejects.toMatchObject({ code: "claim.talk_first" });
    await step(await of(id), "negotiating");
    await expect(approve(await of(id))).rejects.toMatchObject({ code: "claim.not_agreed" });
    await note(await of(id), { insisted: true });
    await approve(await of(id));
    expect(await of(id)).toMatchObject({ state: "awaiting_goods", freight: "customer" });
  });

  test("L-05 L-06 the case shows what either verdict brings, by the policy it keeps", async () => {
    const month = (await loadClaim(await file("return", 20 * day)))!;
    expect([month.seen.quality?.lane, month.seen.none?.lane, month.seen.none?.freight, month.seen.none?.insist]).toEqual(["return_exchange", "negotiate", "agreement", false]);
    const after = await file("repair", 80 * day);
    expect((await loadClaim(after))?.seen.quality).toMatchObject({ lane: "paid_repair", freight: "customer" });
    await judge(after, "quality");
    await expect(approve(await of(after))).rejects.toMatchObject({ code: "claim.pay_unacknowledged" });
  });

  test("L-02 L-04 late evidence counts from the phone's time only with a reason", async () => {
    const id = await file("return", 3 * day);
    await counted(id, { captured_at: ago(2.9 * day) });
    await note(await of(id), { evidence_wanted: "" });
    expect((await of(id)).evidence_late).toBe(true);
    await expect(note(await of(id), { capture_accepted: true })).rejects.toMatchObject({ code: "claim.capture_unexplained" });
    await note(await of(id), { capture_accepted: true, capture_reason: "当时没有网络" });
    expect(await of(id)).toMatchObject({ evidence_late: false, route: "online" });
  });

  test("L-02 L-14 what came by WeChat is attached with how and why, stands among the photos, and is no capture of the customer's until an agent says why it counts", async () => {
    const id = await file(), from = { source: "wechat", note: "客户打不开页面，发在微信里", counts: "" } as const;
    await note(await of(id), { evidence_wanted: "近照" });
    await step(await of(id), "evidence_needed");
    for (const slot of ["whole", "close", "label"]) await attach(await of(id), [shot()], { ...from, slot });
    await attach(await of(id), [shot()], { ...from, slot: "packaging", counts: "微信里看得到发送时间" });
    const refused = (await stepsOf(await of(id), ["agent"])).get("submitted");
    expect([refused?.code, refused?.params.photos]).toEqual(["claim.evidence_missing", ["evidence.whole", "evidence.close", "evidence.label"]]);
    for (const p of (await loadClaim(id))!.photos.filter((one) => !one.evidence_reason)) await letCount(p, "微信里看得到发送时间");
    await step(await of(id), "submitted");
    const photos = (await loadClaim(id))!.photos;
    expect(photos.map((p) => [p.source, p.evidence_by, p.evidence_at !== ""])).toEqual(Array.from({ length: 4 }, () => ["wechat", "fengxue00000001", true]));
    expect(timelineOf(await of(id) as never, { photos }).filter((l) => l.source === "photo").map((l) => l.event)).toEqual(["attached", "attached", "attached", "attached", "photo_counts", "photo_counts", "photo_counts", "photo_counts"]);
    await expect(attach(await of(id), [shot()], { ...from, slot: "whole", note: " " })).rejects.toMatchObject({ code: "photo.source_unexplained" });
    await expect(photo(await of(id), shot(), "whole"), "staff's own photo is no evidence").rejects.toMatchObject({ code: "photo.source_missing" });
    be("guo");
    await expect(attach(await of(id), [shot()], { ...from, slot: "whole" })).rejects.toMatchObject({ code: "flow.role" });
    await expect(letCount(photos[0]!, "我看过")).rejects.toMatchObject({ code: "flow.role" });
  });

  test("L-07 a rejection tells why; a withdrawal, too", async () => {
    const id = await file();
    await judge(id, "none");
    await expect(step(await of(id), "rejected")).rejects.toMatchObject({ code: "claim.rejection_missing" });
    await step(await of(id), "rejected", { rejection: "正常使用痕迹" });
    await expect(step(await of(await file()), "cancelled")).rejects.toMatchObject({ code: "claim.withdrawal_unexplained" });
  });
});

describe("L-08 L-09 the way to us", () => {
  test("L-08 sent late is refused; a supervisor extends with a reason, an agent does not", async () => {
    const id = await awaited();
    await counted(id, { ship_back_due_at: ago(3_600_000), approved_at: ago(3 * day) });
    await expect(sent(await of(id), parcel)).rejects.toMatchObject({ code: "shipment.late" });
    const until = serverTime(Date.now() + day);
    await expect(extend(await of(id), until, "客户住院")).rejects.toMatchObject({ code: "flow.role" });
    be("he");
    await expect(extend(await of(id), until, " ")).rejects.toMatchObject({ code: "claim.extension_unexplained" });
    await counted(id, { state: "expired" });
    await extend(await of(id), until, "客户住院");
    be("feng");
    await sent(await of(id), parcel);
    expect((await of(id)).state).toBe("in_transit");
  });

  test("L-09 everything is ticked with its photo, or it goes back with carrier, number and what was seen", async () => {
    const id = await received();
    await tick(await of(id), "tags", true);
    expect((await stepsOf(await of(id), ["warehouse"])).get("accepted")?.code).toBe("claim.incomplete");
    for (const thing of things) await tick(await of(id), thing, true);
    await expect(step(await of(id), "accepted")).rejects.toMatchObject({ code: "claim.arrival_unshown" });
    await tick(await of(id), "tags", false);
    await expect(sendOut(await of(id), "sent_back", parcel)).rejects.toMatchObject({ code: "claim.arrival_unexplained" });
    expect(await tables.shipments.where("claim").equals(id).count(), "and no parcel is kept").toBe(1);
    await sendOut(await of(id), "sent_back", { ...parcel, tracking_number: "SF0002" }, "缺吊牌");
    expect(await of(id)).toMatchObject({ state: "sent_back", arrival_note: "缺吊牌" });
  });

  test("L-09 things ticked in quick succession all stay ticked, by hand and by photo", async () => {
    const id = await received(), seen = await of(id);
    await Promise.all([tick(seen, "tags", true), photo(seen, shot(), "arrival.product"), tick(seen, "outer_packing", true), tick(seen, "return_slip", true), tick(seen, "tags", false)]);
    expect((await of(id)).ticked).toEqual(expect.arrayContaining(["product", "outer_packing", "return_slip"]));
    expect((await of(id)).ticked).toHaveLength(3);
  });

  test("L-09 a photo of a thing ticks it", async () => {
    const id = await received();
    await photo(await of(id), shot(), "arrival.product");
    expect((await of(id)).ticked).toEqual(["product"]);
    expect((await loadClaim(id))?.photos.map((p) => p.slot)).toEqual(["arrival.product"]);
    expect((await loadList("dock")).map((e) => e.claim.id)).toEqual([id]);
  });
});

describe("L-10 L-13 money", () => {
  test("L-13 the refund is exact, once, countered by an entry of its own, and signed off when it adds up", async () => {
    const id = await accepted("return", { refund_due_fen: 9_900 });
    be("song");
    expect((await loadMoney()).map((e) => [e.tab, e.fen])).toEqual([["refund", 9_900]]);
    await refund(await of(id), "original", "WX1");
    await expect(refund(await of(id), "original", "WX2")).rejects.toMatchObject({ code: "refund.twice" });
    const [first] = await tables.refunds.where("claim").equals(id).toArray();
    await counterRefund(first!, "退错账户");
    await expect(step(await of(id), "completed")).rejects.toMatchObject({ code: "claim.refund_open" });
    await refund(await of(id), "wechat", "WX3");
    await step(await of(id), "completed");
    expect((await of(id)).state).toBe("completed");
    be("feng");
    await expect(refund(await of(id), "original", "")).rejects.toMatchObject({ code: "flow.role" });
  });

  test("L-10 a difference that is not paid: after-sales writes why, the dock sends the goods back as they came", async () => {
    const id = await accepted("exchange", { owed_fen: 3_000 }), out = { ...parcel, tracking_number: "SF0004" };
    be("song");
    await step(await of(id), "awaiting_payment");
    await expect(giveUp(await of(id), "不付")).rejects.toMatchObject({ code: "flow.role" });
    be("tang");
    await expect(sendBackUnpaid(await of(id), out)).rejects.toMatchObject({ code: "claim.give_up_unexplained" });
    expect((await loadList("dock")).map((e) => e.claim.id)).toEqual([]);
    be("feng");
    await giveUp(await of(id), " 电话说不换了 ");
    expect((await of(id)).withdrawal_reason).toBe("电话说不换了");
    be("tang");
    expect((await loadList("dock")).map((e) => e.claim.id)).toEqual([id]);
    await sendBackUnpaid(await of(id), out);
    expect((await of(id)).state).toBe("sent_back");
    expect(await tables.shipments.where("claim").equals(id).count()).toBe(2);
  });

  test("L-10 paid after all before it has left, the reason opens nothing and the exchange goes on", async () => {
    const id = await accepted("exchange", { owed_fen: 3_000 });
    be("song");
    await step(await of(id), "awaiting_payment");
    be("feng");
    await giveUp(await of(id), "电话说不换了");
    be("song");
    await collect(await of(id), 3_000, "WX9");
    be("tang");
    await expect(sendBackUnpaid(await of(id), { ...parcel, tracking_number: "SF0005" })).rejects.toMatchObject({ code: "claim.paid_already" });
    expect((await loadList("dock")).map((e) => e.claim.id)).toEqual([]);
    be("song");
    await step(await of(id), "exchange_pending");
    expect((await of(id)).state).toBe("exchange_pending");
  });

  test("L-10 a dearer replacement leaves after the difference", async () => {
    const id = await accepted("exchange", { owed_fen: 3_000 });
    expect((await stepsOf(await of(id), ["warehouse"])).get("exchange_pending")?.code).toBe("claim.unpaid");
    be("song");
    expect((await loadMoney()).map((e) => [e.tab, e.fen])).toEqual([["collect", 3_000]]);
    await collect(await of(id), 3_000, "WX9");
    await step(await of(id), "exchange_pending");
    be("tang");
    await sendOut(await of(id), "returned", { ...parcel, tracking_number: "SF0003" });
    expect((await of(id)).state).toBe("returned");
  });
});

describe("L-06 L-12 the bench", () => {
  test("L-06 L-08 a plan made from photos and accepted on the telephone asks for the goods at once, with the time to send them", async () => {
    const id = await file("repair", 80 * day);
    await judge(id, "quality");
    await offerPlan(await of(id), { method: "更换拉链", price_fen: 5_000, days: 3 });
    await answerPlan(await of(id), await plan(id), true);
    const c = await of(id);
    expect([c.state, (await plan(id)).state, c.ship_back_due_at > ago(0)]).toEqual(["awaiting_goods", "accepted", true]);
  });

  test("L-06 L-12 a plan, the customer's word, a surprise that pauses until agreed, and the way back after the money", async () => {
    const id = await received("repair");
    be("guo");
    await expect(offerPlan(await of(id), { method: "更换拉链", price_fen: 5_000, days: 0 })).rejects.toMatchObject({ code: "repair.days_missing" });
    await offerPlan(await of(id), { method: "更换拉链", price_fen: 5_000, days: 3 });
    be("feng");
    await answerPlan(await of(id), await plan(id), true);
    be("guo");
    await expect(beginRepair(await of(id), await plan(id))).rejects.toMatchObject({ code: "claim.uncompared" });
    await note(await of(id), { compared_at: ago(0), arrival_note: "里衬有油渍" });
    await expect(beginRepair(await of(id), await plan(id))).rejects.toMatchObject({ code: "claim.difference_open" });
    be("feng");
    await note(await of(id), { difference_agreed_at: ago(0) });
    be("guo");
    await beginRepair(await of(id), await plan(id));
    expect((await loadBench()).map((e) => e.workDue > ago(0))).toEqual([true]);
    await surprise(await plan(id), { words: "里衬也破了", fen: 2_000, days: 1 });
    await expect(work(await plan(id), "in_progress")).rejects.toMatchObject({ code: "repair.surprise_open" });
    be("feng");
    expect((await loadList("agent")).map((e) => e.claim.id), "an agent asks the customer").toEqual([id]);
    await agreeSurprise(await plan(id), "13800138001 10:20：好的，一起修");
    be("guo");
    await work(await plan(id), "in_progress");
    await surprise(await plan(id), { words: "拉头也坏了", fen: 0, days: 2 });
    await tables.repair_plans.update((await plan(id)).id, { surprises: [{ at: ago(day), found: "里衬也破了", fen: 2_000, days: 1, how: "", name: "", role: "agent" }] } as never); // as the server writes it down
    be("feng");
    await agreeSurprise(await plan(id), "好的");
    const begun = [(await plan(id)).decided_at, (await of(id)).arrived_at].sort()[1]!;
    expect((await loadBench())[0]!.workDue, "the days of both count").toBe(await daysFrom((await of(id)).shop, begun, 3 + 1 + 2));
    be("guo");
    await work(await plan(id), "in_progress");
    await work(await plan(id), "done");
    be("tang");
    await expect(sendOut(await of(id), "returned", parcel)).rejects.toMatchObject({ code: "claim.unpaid" });
    be("song");
    await collect(await of(id), 7_000, "WX7");
    be("tang");
    await sendOut(await of(id), "returned", parcel);
    expect(await why("claims", id, { state: "completed" })).toBeNull();
  });
});
