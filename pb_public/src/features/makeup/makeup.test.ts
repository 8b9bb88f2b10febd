// P-03 and P-04 on the tablet, offline: a part goes from the request to the customer's door, with its owner and due time at each step.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tables } from "../../db/index.ts";
import { as, close, open as openShop, people, row } from "../order/testing/day.ts";
import { approve, askAgain, askUnboxing, callOff, collect, decideUnboxing, decideUrgency, deliver, editPart, gather, orderPart, recall, receive, refill, reject, requestPart, ship, takeStep, unbox, type Wanted } from "./actions.ts";
import { findTargets, loadLists, loadPart, partsOfOrder } from "./load.ts";
import { byList, lastDay, standing, stepsOf, toRefill, whose, type Part } from "./model.ts";

const code = async (work: Promise<unknown>): Promise<string> => work.then(() => "", (e: { code: string }) => e.code);
const wanted: Wanted = { part_name: "左柜门", class: "hardware", quantity: 1, cause: "damaged", cause_note: "", batch_number: "P1", inspection_number: "QC1", charge_fen: 0, urgent: false, urgent_reason: "", wanted_at: "", note: "", sales_order: "sale00000000001" };
const part = async (id: string): Promise<Part> => (await tables.makeup_parts.get(id))!;
const box = { unbox_product: "床头柜", unbox_reason: "入住", refill_due_at: "2099-01-01 00:00:00.000Z" };

beforeEach(async () => {
  await openShop("released");
  Object.assign(people, {
    sun: { id: "sunli0000000001", name: "孙丽", roles: ["parts"], skill: 0 }, he: { id: "hejun0000000001", name: "何俊", roles: ["supervisor"], skill: 0 },
    feng: { id: "fengxue00000001", name: "冯雪", roles: ["agent"], skill: 0 }, tang: { id: "tangjun00000001", name: "唐军", roles: ["warehouse"], skill: 0 },
  });
  for (const p of Object.values(people)) await row("staff", { ...p, roles: [...p.roles], active: true });
  await row("sales_orders", { id: "sale00000000001", number: "26112200017", customer_name: "林小雨", phone: "13800138001", state: "placed" });
});
afterEach(close);
const are = (who: string) => as(who as never);

async function approved(more: Partial<Wanted> = {}): Promise<string> {
  are("feng");
  const id = await requestPart({ ...wanted, ...more });
  are("sun");
  await gather([await part(id)]);
  are("he");
  await approve([await part(id)]);
  return id;
}

describe("offline on the tablet", () => {
  test("P-03 asked for, listed, reviewed, made, received, sent, tracked", async () => {
    const id = await approved();
    expect(await part(id)).toMatchObject({ state: "approved", role: "parts", approved_by: people["he" as "chen"].id, list_number: expect.stringMatching(/BQ\d{6}-/) });
    expect((await part(id)).ready_due_at > (await part(id)).approved_at).toBe(true);
    are("sun");
    await takeStep(await part(id));
    expect((await part(id)).owner).toBe(people["sun" as "chen"].id);
    await orderPart(await part(id), { source: "make", supplier: "", reference: "SC-1" });
    expect(await part(id)).toMatchObject({ state: "ordered", role: "warehouse", owner: "" });
    expect((await part(id)).due_at).toBe((await part(id)).ready_due_at);
    are("tang");
    await receive(await part(id));
    await editPart(await part(id), { delivery_on: "2099-01-01 00:00:00.000Z" });
    expect((await part(id)).due_at).toBe("2099-01-01 00:00:00.000Z");
    expect(await code(ship(await part(id), { delivery_number: "", carrier: "顺丰", tracking_number: " " }))).toBe("makeup.parcel_missing");
    await ship(await part(id), { delivery_number: "CK-7", carrier: "顺丰", tracking_number: "SF1" });
    are("feng");
    await deliver(await part(id));
    const done = await part(id);
    expect(done).toMatchObject({ state: "completed", role: "", due_at: "" });
    expect(stepsOf(done).map((s) => s.reached)).toEqual(["done", "done", "done", "done", "done", "done", "done"]);
    expect((await loadLists()).done.map((l) => [l.part.id, l.name, l.order])).toEqual([[id, "林小雨", "26112200017"]]);
  });
  test("P-03 requests without their numbers are not gathered, all of them or none", async () => {
    are("feng");
    const [a, b] = [await requestPart(wanted), await requestPart({ ...wanted, batch_number: "" })];
    are("sun");
    expect(await code(gather([await part(a), await part(b)]))).toBe("makeup.unidentified");
    expect((await part(a)).state).toBe("requested");
    await editPart(await part(b), { batch_number: "P2" });
    await gather([await part(a), await part(b)]);
    expect((await part(a)).list_number).toBe((await part(b)).list_number);
    expect(byList([await part(a), await part(b)])).toHaveLength(1);
  });
  test("P-04 urgent waits for the supervisor, and brings the date forward", async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString().replace("T", " ");
    const id = await approved({ class: "double_gloss", urgent: true, urgent_reason: "入住", wanted_at: soon });
    are("sun");
    expect(await code(orderPart(await part(id), { source: "make", supplier: "", reference: "" }))).toBe("makeup.urgent_open");
    expect(await code(decideUrgency(await part(id), "approved"))).toBe("flow.role");
    are("he");
    await decideUrgency(await part(id), "approved");
    expect(await part(id)).toMatchObject({ ready_due_at: soon, due_at: soon, urgent_decided_by: people["he" as "chen"].id });
  });
  test("P-04 a box is opened after approval, marked, and filled up again", async () => {
    const id = await approved();
    are("sun");
    await askUnboxing(await part(id), box);
    expect(await code(unbox(await part(id), "C-01"))).toBe("makeup.unbox_unapproved");
    are("he");
    await decideUnboxing(await part(id), "approved");
    are("sun");
    expect(await code(unbox(await part(id), " "))).toBe("makeup.unbox_unmarked");
    await unbox(await part(id), "C-01");
    expect(stepsOf(await part(id)).map((s) => s.state)).toContain("unboxed");
    expect((await loadLists()).refill.map((l) => l.part.id)).toEqual([id]);
    await callOff(await part(id), "客户退货");
    expect(toRefill(await part(id))).toBe(true);
    await refill(await part(id), "已装回");
    expect((await loadLists()).refill).toEqual([]);
  });
  test("P-04 a charged part is paid before it is sent", async () => {
    const id = await approved({ charge_fen: 5000 });
    are("sun");
    await orderPart(await part(id), { source: "buy", supplier: "五金店", reference: "" });
    await receive(await part(id));
    const parcel = { delivery_number: "", carrier: "顺丰", tracking_number: "SF1" };
    expect(await code(ship(await part(id), parcel))).toBe("makeup.unpaid");
    are("zhao");
    await collect(await part(id), 5000, "WX1");
    are("sun");
    await ship(await part(id), parcel);
    expect(await part(id)).toMatchObject({ state: "shipped", collected_fen: 5000, role: "agent" });
  });
  test("P-04 one that was paid for is called off once the money is back, also when its parcel was lost", async () => {
    const id = await approved({ charge_fen: 5000 });
    are("sun");
    await orderPart(await part(id), { source: "buy", supplier: "五金店", reference: "" });
    await receive(await part(id));
    are("zhao");
    await collect(await part(id), 5000, "WX1");
    are("sun");
    await ship(await part(id), { delivery_number: "", carrier: "顺丰", tracking_number: "SF1" });
    expect(await code(callOff(await part(id), "包裹丢失"))).toBe("makeup.paid");
    are("zhao");
    await collect(await part(id), 0, "WX1 退回");
    are("sun");
    await callOff(await part(id), "包裹丢失");
    expect(await part(id)).toMatchObject({ state: "cancelled", collected_fen: 0, collected_reference: "WX1 退回" });
  });
  test("P-03 rejected with a reason and asked for again; ordered anew with a reason", async () => {
    are("feng");
    const id = await requestPart(wanted);
    are("sun");
    await gather([await part(id)]);
    are("he");
    expect(await code(reject(await part(id), " "))).toBe("makeup.rejection_missing");
    await reject(await part(id), "照片不清");
    are("feng");
    await askAgain(await part(id));
    expect(await part(id)).toMatchObject({ state: "requested", gathered_at: "", closed_at: "", role: "parts" });
    const other = await approved();
    are("sun");
    await orderPart(await part(other), { source: "make", supplier: "", reference: "" });
    await recall(await part(other), "工厂停工");
    expect(await part(other)).toMatchObject({ state: "approved", source: "", ordered_at: "" });
  });
  test("P-03 whom it is for is found by the beginning of a number; the part shows it", async () => {
    expect((await findTargets("261122")).map((f) => [f.kind, f.id])).toEqual([["sales_order", "sale00000000001"]]);
    expect((await findTargets("1380")).map((f) => f.id)).toEqual(["sale00000000001"]);
    expect(await findTargets("2")).toEqual([]);
    are("feng");
    const id = await requestPart(wanted);
    expect((await loadPart(id)).line).toMatchObject({ name: "林小雨", phone: "13800138001" });
    expect((await loadPart("none")).line).toBeNull();
    expect((await partsOfOrder("sale00000000001")).open.map((l) => l.part.id)).toEqual([id]);
    expect((await partsOfOrder("another00000001")).open).toEqual([]);
  });
});

describe("P-03 due times as people read them", () => {
  const at = Date.parse("2026-11-23T16:00:00Z");
  test("a due time is the first instant too late: it is late then, and its last day is the one before", () => {
    expect([standing("2026-11-23 16:00:00.000Z", at), standing("2026-11-23 16:00:00.000Z", at - 1), standing("2026-11-25 16:00:00.000Z", at), standing("", at)]).toEqual(["late", "soon", "open", "none"]);
    expect(lastDay("2026-11-23 16:00:00.000Z")).toBe("2026-11-23 15:59:59.999Z");
  });
  test("a step is its role's until somebody takes it", () => {
    const me = { id: "a", roles: ["parts"] };
    expect([whose({ owner: "", role: "parts" } as Part, me), whose({ owner: "a", role: "warehouse" } as Part, me), whose({ owner: "b", role: "parts" } as Part, me)]).toEqual(["role", "mine", "other"]);
  });
});
