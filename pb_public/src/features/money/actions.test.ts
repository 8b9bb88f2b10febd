import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { act, serverTime, tables, type Charge } from "../../db/index.ts";
import { theStore } from "../../db/store.ts";
import { as, close, ids, job, open, people, propose, ready, row, sign, theCase, approve } from "../order/testing/day.ts";
import { placeOrder } from "../parts/actions.ts";
import { allowDiscount, counter, enter, invoice, issueSettlement, makeSettlement, settle, settleOrder, signSettlement, voidSettlement, type Entry } from "./actions.ts";
import { loadBill, loadDesk } from "./load.ts";
import { lessFor, lineOf, noEdit, standings, takenBack, toCharge, type LineEdit, type Settlement } from "./model.ts";

const signed = { name: "李思远", relation: "self", strokes: [[{ x: 1, y: 2, t: 3 }, { x: 9, y: 8, t: 7 }]] } as unknown as Parameters<typeof signSettlement>[1];
const order = async () => (await tables.work_orders.get(ids.order))!;
const paid = (fen: number, more: Partial<Entry> = {}): Entry => ({ kind: "payment", payer: "customer", method: "wechat", fen, ...more });

async function bill() {
  return (await loadBill(ids.order))!;
}

async function lines(edit: Partial<LineEdit> = {}): Promise<Charge[]> {
  const { bill: b, policy } = await bill();
  return toCharge(b.jobs, b.order, b.settlements).map((j) => lineOf(j, { ...noEdit, ...edit }, "", policy));
}

async function last(): Promise<Settlement> {
  return (await bill()).bill.settlements.at(-1)!;
}

async function open$(payer: string): Promise<number> {
  const { bill: b } = await bill();
  return standings(ids.order, b.settlements, b.payments).find((s) => s.payer === payer)?.balance.open ?? 0;
}

beforeEach(() => open());
afterEach(close);

describe("D-06 settling on the tablet", () => {
  test("D-06 a finished car stands on the desk; its line says what was agreed, to the fen", async () => {
    const id = await ready({ labour_fen: 21_601, parts: [{ name: "机油", number: "0W20", quantity_milli: 4_000, unit: "L", unit_fen: 6_933, origin: "shop", grade: "genuine" }] });
    as("zhao");
    expect((await loadDesk()).ready.map((b) => b.order.id)).toEqual([ids.order]);
    expect(await lines()).toEqual([{ job: id, agreed_fen: 49_333, labour_fen: 21_601, parts_fen: 27_732, discount_fen: 0, member_fen: 0, shares: [{ payer: "customer", fen: 49_333 }] }]);
    await makeSettlement(await order(), await lines(), true);
    expect(await last()).toMatchObject({ state: "issued", total_fen: 49_333, customer_fen: 49_333 });
    const { bill: b } = await bill();
    expect(toCharge(b.jobs, b.order, b.settlements), "nothing is charged twice").toEqual([]);
  });

  test("D-06 a job that was never consented is no line: refused, and nothing is kept", async () => {
    const id = await ready();
    await row("jobs", { ...(await job(id)), id: "job000000000099", work: "更换雨刮片" });
    as("zhao");
    await expect(makeSettlement(await order(), await lines(), true)).rejects.toMatchObject({ code: "consent.missing" });
    expect(await tables.settlements.count()).toBe(0);
  });

  test("D-06 two payers: settled and passed only after both have paid", async () => {
    await ready();
    as("zhao");
    await makeSettlement(await order(), await lines({ payer: "insurer", moved: 10_000 }), true);
    await signSettlement(await last(), signed);
    await enter(await order(), (await last()).id, paid(11_600));
    expect([await open$("customer"), await open$("insurer")]).toEqual([0, 10_000]);
    await expect(settle(await order(), await last())).rejects.toMatchObject({ code: "settlement.unpaid" });
    await enter(await order(), (await last()).id, paid(10_000, { payer: "insurer", method: "transfer" }));
    await settle(await order(), await last());
    expect([(await last()).state, (await order()).state]).toEqual(["settled", "settled"]);
  });

  test("D-06 not without the signature", async () => {
    await ready();
    as("zhao");
    await makeSettlement(await order(), await lines(), true);
    await enter(await order(), (await last()).id, paid(21_600));
    await expect(settle(await order(), await last())).rejects.toMatchObject({ code: "settlement.unsigned" });
  });

  test("D-06 a discount beyond the cashier's limit waits for a manager, who allows so much", async () => {
    await ready();
    as("zhao");
    await expect(makeSettlement(await order(), await lines({ discount: 5_000 }), true)).rejects.toMatchObject({ code: "settlement.discount_beyond" });
    await makeSettlement(await order(), await lines({ discount: 5_000 }), false);
    await expect(allowDiscount(await last(), 5_000)).rejects.toMatchObject({ code: "flow.role" });
    as("gao");
    await allowDiscount(await last(), 5_000);
    as("zhao");
    await issueSettlement(await last());
    expect(await last()).toMatchObject({ state: "issued", customer_fen: 16_600 });
  });

  test("D-06 taken back with a reason, and made again", async () => {
    await ready();
    as("zhao");
    await makeSettlement(await order(), await lines(), true);
    await expect(voidSettlement(await last(), " ")).rejects.toMatchObject({ code: "settlement.void_unexplained" });
    await voidSettlement(await last(), "抬头写错");
    expect((await lines()).length).toBe(1);
  });
});

describe("D-07 D-09 the ledger", () => {
  test("D-09 no fen above the bill, none back that was not paid, and a refund says why", async () => {
    await ready();
    as("zhao");
    await makeSettlement(await order(), await lines(), true);
    const id = (await last()).id;
    await expect(enter(await order(), id, paid(21_601))).rejects.toMatchObject({ code: "payment.beyond_due" });
    await expect(enter(await order(), id, paid(1, { kind: "refund", reason: "多收" }))).rejects.toMatchObject({ code: "payment.beyond_paid" });
    await enter(await order(), id, paid(21_600));
    expect(await tables.payments.count()).toBe(1);
  });

  test("D-07 credit is not the cashier's to give", async () => {
    await ready();
    as("zhao");
    await makeSettlement(await order(), await lines(), true);
    await expect(enter(await order(), (await last()).id, paid(21_600, { kind: "credit", due_at: "2026-12-21 04:00:00.000Z" }))).rejects.toMatchObject({ code: "payment.credit_role" });
    as("gao");
    await enter(await order(), (await last()).id, paid(21_600, { kind: "credit", due_at: "2026-12-21 04:00:00.000Z" }));
    as("zhao");
    await signSettlement(await last(), signed);
    await settle(await order(), await last());
    expect((await loadDesk()).receivable.map((b) => b.order.id), "what was not paid stays a receivable").toEqual([ids.order]);
  });

  test("D-09 what was settled is corrected by a counter-entry and a refund; it is itself never touched", async () => {
    const id = await ready();
    as("zhao");
    await makeSettlement(await order(), await lines(), true);
    const first = await last();
    await enter(await order(), first.id, paid(21_600));
    await signSettlement(first, signed);
    await settle(await order(), await last());
    as("gao");
    await counter(await order(), await last(), [lessFor(id, "customer", 1_600)], "工时多算");
    expect(await open$("customer")).toBe(-1_600);
    await enter(await order(), first.id, paid(1_600, { kind: "refund", reason: "工时多算" }));
    expect(await open$("customer")).toBe(0);
    await expect(act("x", (w) => w.patch("settlements", first.id, { note: "改一下" }))).rejects.toMatchObject({ code: "settlement.frozen" });
    await expect(invoice(await order(), first, { kind: "invoice", payer: "customer", number: "1", title: "李思远", tax_number: "", fen: 21_601 })).rejects.toMatchObject({ code: "invoice.beyond" });
    await invoice(await order(), first, { kind: "invoice", payer: "customer", number: "1", title: "李思远", tax_number: "", fen: 21_600 });
    expect(await tables.invoices.count()).toBe(1);
  });

  test("D-09 an order is not settled over a counter-entry that has taken its job off already", async () => {
    await ready();
    as("zhao");
    await makeSettlement(await order(), await lines(), true);
    const first = await last();
    await enter(await order(), first.id, paid(21_600));
    await signSettlement(first, signed);
    await act("settlement.settle", (w) => w.patch("settlements", first.id, { state: "settled" }));
    as("gao");
    await act("settlement.counter", (w) => {
      const back = w.create("settlements", { visit: ids.visit, work_order: ids.order, number: "J9", kind: "counter", corrects: first.id, state: "draft", lines: first.lines!.map(takenBack), reason: "重开" });
      w.patch("settlements", back, { state: "issued" });
    });
    as("zhao");
    expect(await settleOrder(await order())).toBe(false);
    await expect(act("order.settle", (w) => w.patch("work_orders", ids.order, { state: "settled" }))).rejects.toMatchObject({ code: "settlement.job_open" });
  });
});

describe("B-06 deposits", () => {
  const part = "part00000000001", purchase = (n: number) => `purchase000000${n}`;
  beforeEach(async () => {
    const id = await propose({ parts: [{ name: "前保险杠", number: "BP-1", quantity_milli: 1_000, unit: "件", unit_fen: 100_000, origin: "shop", grade: "genuine" }] });
    await sign(id);
    await approve(id);
    await row("parts", { id: part, number: "BP-1", name: "前保险杠", class: "C", unit: "件", price_fen: 100_000, store_milli: 0, workshop_milli: 0, active: true });
    for (const n of [1, 2]) await row("purchase_orders", { id: purchase(n), part, quantity_milli: 1_000, cause: "shortage", visit: ids.visit, work_order: ids.order, job: id, state: "proposed", unit_fen: 100_000, expected_on: "2026-11-25 00:00:00.000Z" });
  });
  const place = async (n: number, deposit = 0, reference = "") => {
    as("gao");
    const o = (await tables.purchase_orders.get(purchase(n)))!;
    await placeOrder(o, { quantity_milli: 1_000, supplier: "", number: "", expected_on: o.expected_on, deposit_fen: deposit, deposit_reference: reference });
    return (await tables.purchase_orders.get(purchase(n)))!.state;
  };
  const deposit = async (fen: number, reference = "") => {
    as("zhao");
    await enter(await order(), "", paid(fen, { kind: "deposit", reference }));
  };

  test("B-06 what the cashier took lets the part be ordered; a fen too little does not", async () => {
    await deposit(49_999);
    await expect(place(1)).rejects.toMatchObject({ code: "purchase.deposit_missing", params: { need: "500.00", paid: "499.99" } });
    await deposit(1);
    expect(await place(1)).toBe("ordered");
  });

  test("B-06 one deposit does not pay for two orders", async () => {
    await deposit(50_000);
    expect(await place(1)).toBe("ordered");
    await expect(place(2)).rejects.toMatchObject({ code: "purchase.deposit_missing" });
    await deposit(50_000);
    expect(await place(2)).toBe("ordered");
  });

  test("B-06 a receipt noted by hand counts once, not from the ledger again; what was given back does not count", async () => {
    await deposit(30_000, "SK-1");
    await expect(place(1, 30_000, "SK-1")).rejects.toMatchObject({ code: "purchase.deposit_missing" });
    await deposit(20_000, "SK-2");
    expect(await place(1, 30_000, "SK-1")).toBe("ordered");
    as("zhao");
    await enter(await order(), "", paid(20_000, { kind: "refund", reason: "客户不要了" }));
    await expect(place(2, 30_001, "SK-3")).rejects.toMatchObject({ code: "purchase.deposit_missing" });
  });
});

test("D-06 the desk reads only orders that were billed, whatever else was released", async () => {
  await ready();
  await row("work_orders", { id: "order0000000009", visit: ids.visit, number: "old", state: "released" });
  as("zhao");
  const desk = await loadDesk();
  expect([desk.ready.length, desk.leaving.length, desk.receivable.length]).toEqual([1, 0, 0]);
  expect((await theCase()).order.id).toBe(ids.order);
  expect((await job((await theCase()).jobs[0]!.id)).state).toBe("passed");
  expect(theStore().user).toBe(people.zhao.id);
});

test("E-08 R-02 D-07 a car that leaves without the work: its fee, then its pass, until it has passed the gate; who only asked needs the pass alone", async () => {
  const id = await propose({ work: "异响诊断", diagnosis_only: true, labour_fen: 20_000 });
  await sign(id);
  await tables.jobs.update(id, { state: "approved" });
  await tables.work_orders.update(ids.order, { state: "declined" });
  await tables.visits.update(ids.visit, { state: "left", arrived_at: serverTime(Date.now()) });
  await row("visits", { id: "visit0000000002", number: "A08", vehicle: ids.vehicle, customer: ids.customer, state: "left", purpose: "consultation", arrived_at: serverTime(Date.now()) });
  await row("visits", { id: "visit0000000003", number: "A01", vehicle: ids.vehicle, state: "left", arrived_at: serverTime(Date.now() - 20 * 86_400_000) });
  as("zhao");
  const seen = async () => { const d = await loadDesk(); return { ready: d.ready.map((b) => b.order.id), leavers: d.leavers.map((l) => [l.visit.number, l.pass?.number ?? ""]) }; };
  expect(await seen()).toEqual({ ready: [ids.order], leavers: [["A08", ""]] });
  await makeSettlement(await order(), await lines(), true);
  expect((await seen()).ready, "issued, not paid").toEqual([ids.order]);
  await signSettlement(await last(), signed);
  await enter(await order(), (await last()).id, paid(20_000));
  await settle(await order(), await last());
  expect((await seen()).ready).toEqual([]);
  await row("gate_passes", { id: "pass00000000001", visit: ids.visit, number: "F1", plate: "沪A8K359", state: "issued" });
  expect((await seen()).leavers).toEqual(expect.arrayContaining([["A07", "F1"], ["A08", ""]]));
  await tables.gate_passes.update("pass00000000001", { state: "used" });
  expect((await seen()).leavers).toEqual([["A08", ""]]);
});

test("R-02 D-07 years of cars that left without the work do not hide today's", async () => {
  const visit = (n: number, arrived: number) => row("visits", { id: `leaver${String(n).padStart(9, "0")}`, number: `L${n}`, vehicle: ids.vehicle, customer: ids.customer, state: "left", purpose: "consultation", arrived_at: serverTime(arrived) });
  const day = 86_400_000;
  for (let n = 0; n < 220; n++) await visit(n, Date.now() - (30 + n) * day);
  await visit(900, Date.now() - day);
  await visit(901, Date.now() - 3_600_000);
  as("zhao");
  expect((await loadDesk()).leavers.map((l) => l.visit.number)).toEqual(["L900", "L901"]);
});
