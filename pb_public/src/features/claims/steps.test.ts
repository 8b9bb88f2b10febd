// What a tablet without a network makes of a claim's steps is what the server will: the cases of hooks/claims_steps_test.go.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import cases from "../../../../internal/claim/testdata/vectors/steps.json";
import { serverTime, tables, type PreparedPhoto, type Rows } from "../../db/index.ts";
import { ingest, replaceAll } from "../../db/project.ts";
import { theStore, type Row } from "../../db/store.ts";
import { as, close, open, people, row, type Who } from "../order/testing/day.ts";
import { agreeSurprise, answerPlan, approve, beginRepair, fileClaim, note, offerPlan, photo, receive, refund, sent, step, surprise, work } from "./actions.ts";
import { loadClaim, loadMoney } from "./load.ts";
import type { Claim } from "./model.ts";

Object.assign(people, {
  feng: { id: "fengxue00000001", name: "冯雪", roles: ["agent"], skill: 0 }, song: { id: "songya000000001", name: "宋雅", roles: ["finance"], skill: 0 },
  tang: { id: "tangjun00000001", name: "唐军", roles: ["warehouse"], skill: 0 },
});
const be = (who: string): string => as(who as Who);
const day = 86_400_000;
const of = async (id: string): Promise<Claim> => (await tables.claims.get(id))!;
const plan = async (id: string): Promise<Rows["repair_plans"]> => (await tables.repair_plans.where("claim").equals(id).last())!;
let shots = 0;
const shot = (): PreparedPhoto => ({ sha256: String(++shots).padStart(64, "b"), media: "image/jpeg", width: 4, height: 3, taken_at: serverTime(Date.now()), bytes: new ArrayBuffer(8), thumb: new ArrayBuffer(4) });

interface Line { quantity: number; unit_fen: number; discount_fen: number; claimed: number }

async function sold(lines: Line[], shipping: number, receivedAgo = day): Promise<Rows["sales_orders"]> {
  const paid = lines.map((l) => l.quantity * l.unit_fen - l.discount_fen);
  await row("sales_orders", { id: "sale00000000001", number: "261101-1", external_id: "261101-1", platform: "天猫", state: "placed", customer_name: "林小雨", phone: "13800138001", shipping_fen: shipping, paid_fen: paid.reduce((a, b) => a + b, shipping), received_at: serverTime(Date.now() - receivedAgo) });
  for (const [i, l] of lines.entries()) await row("sales_items", { id: `line0000000000${i}`, sales_order: "sale00000000001", line_number: i + 1, name: "托特包", sku: "XB-102", product_line: "", quantity: l.quantity, unit_fen: l.unit_fen, discount_fen: l.discount_fen, paid_fen: paid[i], exemptions: [] });
  return (await tables.sales_orders.get("sale00000000001"))!;
}

async function arrived(kind: Claim["kind"], verdict: string, lines: Line[], shipping: number, more: Partial<Claim> = {}): Promise<string> {
  be("feng");
  const paid = kind === "repair"; // after the month it has its price
  const sale = await sold(lines, shipping, paid ? 80 * day : day), rows = await tables.sales_items.toArray();
  const goods = lines.flatMap((l, i) => (l.claimed > 0 ? [{ line: rows.find((r) => r.line_number === i + 1)!, quantity: l.claimed }] : []));
  const id = await fileClaim(sale, { kind, fault_claimed: true, description: "拉链拉不动", invoice_number: "", mismatch: "", goods });
  await note(await of(id), { verdict: verdict as Claim["verdict"], verdict_reason: "照片可见", ...(paid ? { pay_acknowledged_at: serverTime(Date.now()) } : {}), ...more });
  if (verdict === "none") {
    await step(await of(id), "negotiating");
    await note(await of(id), { insisted: true });
  }
  await approve(await of(id));
  be("tang");
  await sent(await of(id), { carrier: "顺丰", tracking_number: "SF1", sent_at: "" });
  await receive(await of(id), (await tables.shipments.where("claim").equals(id).first())!);
  return id;
}

async function accepted(c: (typeof cases.sums)[number]): Promise<string> {
  const id = await arrived(c.kind as Claim["kind"], c.verdict, c.lines, c.shipping_fen, c.replacement_fen > 0 || c.unpriced ? { replacement: "另一款", replacement_fen: c.replacement_fen } : {});
  for (const thing of ["product", "outer_packing", "tags", "return_slip", "accessories"]) await photo(await of(id), shot(), `arrival.${thing}`);
  await step(await of(id), "accepted");
  return id;
}

beforeEach(() => open("released"));
afterEach(close);

test("L-14 a claim is read with what its customer was told of it, and nothing that was taken back or is about another", async () => {
  be("feng");
  const sale = await sold([{ quantity: 1, unit_fen: 9_900, discount_fen: 0, claimed: 1 }], 0);
  const id = await fileClaim(sale, { kind: "return", fault_claimed: true, description: "坏了", invoice_number: "", mismatch: "", goods: [{ line: (await tables.sales_items.toArray())[0]!, quantity: 1 }] });
  const { customer } = await of(id), told = (n: number, state: Rows["messages"]["state"], about: string) => row("messages", { id: `message0000000${n}`, key: String(n), kind: "claim_approved", channel: "sms", to: "138", lang: "zh", text: "已批准", state, customer, subject_collection: "claims", subject_record: about });
  expect(customer).not.toBe("");
  await told(1, "sent", id);
  await told(2, "queued", id);
  await told(3, "cancelled", id);
  await told(4, "sent", "another00000000");
  expect((await loadClaim(id))!.messages.map((m) => m.state).sort()).toEqual(["queued", "sent"]);
});

describe("money of a claim without a network", () => {
  for (const c of cases.sums) test(c.name, async () => expect(await of(await accepted(c))).toMatchObject({ owed_fen: c.owed_fen, refund_due_fen: c.refund_due_fen }));

  test("L-13 finance sees the sum at once, and what had gone back for the order before is not paid again", async () => {
    await row("claims", { id: "claimbefore0001", sales_order: "sale00000000001", kind: "repair", state: "completed", number: "T0" });
    await row("refunds", { id: "refundbefore001", claim: "claimbefore0001", kind: "refund", fen: 20_000, created: serverTime(Date.now()) });
    await accepted(cases.sums[1]!);
    be("song");
    expect((await loadMoney()).map((e) => [e.tab, e.fen])).toEqual([["refund", 600]]);
  });

  test("X-01 what was counted here stands when the server sends something else of the claim, or everything anew", async () => {
    const id = await accepted(cases.sums[1]!), store = theStore();
    const standing = async (): Promise<unknown[]> => { const c = await of(id); return [c.state, c.refund_due_fen, c.arrived_at !== "", c.ship_back_due_at !== ""]; };
    const before = await standing();
    expect(before).toEqual(["accepted", 20_600, true, true]);
    const put = (collection: string, data: Row) => ({ op: "put" as const, collection, id: data.id, version: 1, data });
    const server = { ...(await of(id)), state: "submitted", refund_due_fen: 0, verdict: "", verdict_by: "", verdict_at: "", arrived_at: "", approved_at: "", ship_back_due_at: "", version: 1 } as unknown as Row;
    await store.atomically(async () => { await ingest(store, [put("claims", server)]); });
    expect(await standing()).toEqual(before);
    const others = (await Promise.all((["sales_orders", "sales_items", "shops", "staff"] as const).map(async (name) => (await tables[name].toArray()).map((r) => put(name, r as unknown as Row))))).flat();
    await store.atomically(() => replaceAll(store, [put("claims", server), ...others], 99));
    expect(await standing()).toEqual(before);
  });
});

test("L-13 X-01 what is due stands beside its own refund when the server sends the claim anew, and is signed off", async () => {
  const id = await accepted(cases.sums[1]!), store = theStore(), server = { ...(await of(id)), version: 1 } as unknown as Row;
  be("song");
  await refund(await of(id), "original", "WX1");
  await store.atomically(async () => { await ingest(store, [{ op: "put", collection: "claims", id, version: 1, data: server }]); });
  expect([(await of(id)).state, (await of(id)).refund_due_fen]).toEqual(["refund_pending", 20_600]);
  await step(await of(id), "completed");
  expect((await of(id)).state).toBe("completed");
});

describe("surprises at the bench without a network", () => {
  for (const c of cases.surprises) {
    test(c.name, async () => {
      const id = await arrived("repair", "quality", [{ quantity: 2, unit_fen: 9_900, discount_fen: 0, claimed: 1 }], 0);
      be("guo");
      await offerPlan(await of(id), { method: "更换拉链", price_fen: c.price_fen, days: 3 });
      be("feng");
      await answerPlan(await of(id), await plan(id), true);
      be("guo");
      await note(await of(id), { compared_at: serverTime(Date.now()) });
      await beginRepair(await of(id), await plan(id));
      for (const found of c.found) {
        be("guo");
        await surprise(await plan(id), { words: `里衬也破了 ${found.fen}`, fen: found.fen, days: 1 });
        await expect(work(await plan(id), "in_progress"), "the customer has not agreed to this one").rejects.toMatchObject({ code: "repair.surprise_open" });
        if (!found.agreed) continue;
        be("feng");
        await agreeSurprise(await plan(id), "电话：好的");
        be("guo");
        await work(await plan(id), "in_progress");
      }
      expect((await plan(id)).agreed_fen).toBe(c.agreed_fen);
      be("song");
      expect((await loadMoney()).map((e) => [e.tab, e.fen])).toEqual([["collect", c.agreed_fen]]);
    });
  }
});
