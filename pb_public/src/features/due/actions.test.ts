import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tables } from "../../db/index.ts";
import { as, close, ids, open, people } from "../order/testing/day.ts";
import { cancelMessage, closeItem, resend, tellDelay, tellReady } from "./actions.ts";
import { entriesOf, loadTodo, messagesOf } from "./load.ts";
import { byDue, countsOf, listed, reasonOf, standing, whose, type DueItem } from "./model.ts";
import { earliestPromise, loadOutlook } from "./outlook.ts";

const noon = Date.parse("2026-11-21T04:00:00Z");
const item = (data: Partial<DueItem>): DueItem => ({
  id: "due000000000001", version: 1, shop: "shoppudong00001", created: "2026-11-21 03:00:00.000Z", updated: "2026-11-21 03:00:00.000Z", key: `delay:${ids.visit}:1`, kind: "delay", role: "advisor",
  owner: people.chen.id, due_at: "2026-11-21 04:30:00.000Z", state: "open", visit: ids.visit, subject_collection: "visits", subject_record: ids.visit, data: null, answer: "", note: "", done_by: "", done_at: "",
  created_by: "", updated_by: "", device: "", captured_at: "", flags: null, ...data,
});

beforeEach(async () => {
  await open();
  await tables.customers.update(ids.customer, { phone: "13800000000" });
});
afterEach(close);

async function entry(data: Partial<DueItem> = {}) {
  await tables.due_items.put(item(data));
  return (await entriesOf([item(data)]))[0]!;
}

describe("to do", () => {
  const chen = { id: people.chen.id, roles: ["advisor"] }, wu = { id: people.wu.id, roles: ["leader"] }, gao = { id: "x", roles: ["manager"] };

  test("D-02 named, of my role, or somebody else's; a manager sees all", () => {
    const mine = item({}), role = item({ owner: "" }), other = item({ owner: "somebody" });
    expect([mine, role, other].map((i) => whose(i, chen))).toEqual(["mine", "role", "other"]);
    expect(listed([mine, role, other], chen, "own")).toHaveLength(2);
    expect(listed([mine, role, other], wu, "own")).toHaveLength(0);
    expect(listed([mine, role, other], gao, "own")).toHaveLength(3);
    expect(listed([mine, role, other], wu, "all")).toHaveLength(3);
  });

  test("V-04 late is late from the due instant on, the earliest first, counted for the menu", () => {
    const late = item({ id: "b", due_at: "2026-11-21 03:59:59.999Z" }), now = item({ id: "c", due_at: "2026-11-21 04:00:00.000Z" }), far = item({ id: "a", due_at: "2026-11-22 04:00:00.000Z" });
    expect([late, now, far, item({ state: "done" })].map((i) => standing(i, noon))).toEqual(["late", "soon", "open", "done"]);
    expect([far, now, late].sort(byDue).map((i) => i.id)).toEqual(["b", "c", "a"]);
    expect(countsOf([late, now, far, item({ state: "done" })], chen, noon)).toEqual({ open: 3, late: 1 });
  });

  test("D-02 the reason the server saw is the one proposed", () => {
    expect([item({ data: { reason: "part" } }), item({ data: { reason: "signature" } }), item({ data: { reason: "late" } }), item({})].map(reasonOf)).toEqual(["part", "customer", "other", "other"]);
  });
});

describe("closing", () => {
  test("D-02 not without a word", async () => {
    const e = await entry();
    await expect(closeItem(e.item, "  ")).rejects.toMatchObject({ code: "due.note_missing" });
    await closeItem(e.item, "已电话告知");
    expect(await tables.due_items.get(e.item.id)).toMatchObject({ state: "done", note: "已电话告知" });
  });

  test("W-06 a progress check not without its answer", async () => {
    as("wu");
    const e = await entry({ kind: "progress_check", role: "leader", owner: "" });
    await expect(closeItem(e.item, "看过")).rejects.toMatchObject({ code: "due.answer_missing" });
    await closeItem(e.item, "等件", "late");
    expect(await tables.due_items.get(e.item.id)).toMatchObject({ state: "done", answer: "late" });
  });

  test("V-04 what was closed today is listed, what was closed before is not", async () => {
    await tables.due_items.bulkPut([item({ id: "old", state: "done", done_at: "2026-11-20 10:00:00.000Z" }), item({ id: "new", key: "k", state: "done", done_at: "2026-11-21 02:00:00.000Z" }), item({ id: "open", key: "l" })]);
    const todo = await loadTodo("2026-11-20 16:00:00.000Z");
    expect([todo.open.map((e) => e.item.id), todo.done.map((e) => e.item.id)]).toEqual([["open"], ["new"]]);
    expect(todo.open[0]!.vehicle?.plate).toBe("沪A8K359");
  });
});

describe("D-02 telling the customer, offline", () => {
  test("D-02 a delay: message, new promise and closed item are one act", async () => {
    const e = await entry();
    await tellDelay(e, { channel: "sms", text: "非常抱歉", lang: "zh", promisedAt: "2026-11-21 09:00:00.000Z" });
    const [message] = await messagesOf([ids.visit]);
    expect(message).toMatchObject({ kind: "delay", state: "queued", to: "13800000000", channel: "sms", customer: ids.customer });
    expect(message!.key.startsWith(`${e.item.key}:`)).toBe(true);
    expect((await tables.work_orders.get(ids.order))!.promised_at).toBe("2026-11-21 09:00:00.000Z");
    expect((await tables.due_items.get(e.item.id))!.state).toBe("done");
  });

  test("D-02 by telephone it has been told", async () => {
    const e = await entry();
    await tellDelay(e, { channel: "phone", text: "非常抱歉", lang: "zh", promisedAt: "" });
    expect((await messagesOf([ids.visit]))[0]).toMatchObject({ state: "told", channel: "phone" });
    expect((await tables.work_orders.get(ids.order))!.promised_at).toBe("2026-11-21 05:30:00.000Z");
  });

  test("M-03 without a number nothing is kept, and it says why", async () => {
    await tables.customers.update(ids.customer, { phone: "" });
    const e = await entry();
    await expect(tellDelay(e, { channel: "sms", text: "x", lang: "zh", promisedAt: "" })).rejects.toMatchObject({ code: "notify.to_invalid" });
    expect(await tables.messages.count()).toBe(0);
    expect((await tables.due_items.get(e.item.id))!.state).toBe("open");
  });

  test("D-02 ready is told under the key the server would use, so that it is told once", async () => {
    const e = await entry({ kind: "tell_ready", key: `ready:${ids.visit}:0` });
    await tellReady(e, { channel: "phone", text: "可以取车了", lang: "zh", promisedAt: "" });
    expect((await messagesOf([ids.visit]))[0]).toMatchObject({ key: `ready:${ids.visit}:0`, kind: "ready" });
  });

  test("M-03 a message that waits is taken back, one that failed goes again", async () => {
    const e = await entry();
    await tellDelay(e, { channel: "sms", text: "x", lang: "zh", promisedAt: "" });
    const [m] = await messagesOf([ids.visit]);
    await cancelMessage(m!);
    expect((await tables.messages.get(m!.id))!.state).toBe("cancelled");
    await tables.messages.update(m!.id, { state: "failed" });
    await resend((await tables.messages.get(m!.id))!);
    expect((await tables.messages.get(m!.id))!.state).toBe("queued");
  });
});

describe("E-05 the earliest promise", () => {
  test("E-05 counts the other cars, shared by the technicians, not the car itself", async () => {
    const base = { shop: "shoppudong00001", visit: ids.visit, work: "x", payer: "customer", origin: "estimate" };
    await tables.jobs.bulkPut([
      { ...base, id: "j1", work_order: ids.order, state: "approved", labour_minutes: 60 }, { ...base, id: "j2", work_order: "other", state: "dispatched", labour_minutes: 120 },
      { ...base, id: "j3", work_order: "other", state: "done", labour_minutes: 500 }] as never);
    const o = await loadOutlook("shoppudong00001", ids.order, noon);
    expect(o).toMatchObject({ load: 120, hands: 2, zone: "Asia/Shanghai" });
    expect(new Date(earliestPromise(noon, 60, o)).toISOString()).toBe("2026-11-21T06:15:00.000Z"); // 60 of load, 72 of labour, on the quarter
  });
});
