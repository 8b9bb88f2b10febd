import { describe, expect, test } from "vitest";
import table from "../../../../internal/flow/table.json";
import { has } from "../../i18n/index.svelte";
import type { Row } from "./keep.ts";
import { freedOrder, nowOf, paysOf, shapeOf, unpaid } from "./now.ts";
import type { ClaimCase } from "./steps.ts";

const around = (claim: object, plan?: object, shipments: Row[] = []): ClaimCase => ({ claim: { id: "c1", version: 3, kind: "return", ...claim } as Row, shipments, plans: plan ? [{ id: "p1", version: 1, ...plan }] : [], photos: [] });
const mending = (plan: object, claim: object = {}): ClaimCase => around({ kind: "repair", state: "repairing", arrived_at: "x", ...claim }, plan);

describe("L-14 the first glance", () => {
  test("L-14 every state of the flow has its sentence, for each kind, whatever stands around it", () => {
    const lanes = ["", "return_exchange", "negotiate", "paid_repair"], freights = ["company", "customer", "agreement"];
    for (const state of table.entities.claim.states) {
      for (const kind of ["return", "exchange", "repair"]) {
        for (const more of [{}, { arrived_at: "x" }, { refused_parcel: true }, { route: "store" }, { insist: true }, { arrived_at: "x", arrival_note: "缺肩带" }]) {
          const says = nowOf(around({ state, kind, ...more })).says;
          expect(has(`buyer.${says}`), `${kind} ${state} ${says}`).toBe(true);
        }
      }
    }
    for (const lane of lanes.slice(1)) for (const freight of freights) expect(has(`buyer.${paysOf(around({ state: "awaiting_goods", lane, freight }))}`), `${lane} ${freight}`).toBe(true);
    expect([paysOf(around({ state: "submitted", lane: "" })), paysOf(around({ state: "cancelled", lane: "return_exchange", freight: "company" }))]).toEqual(["", ""]);
  });
  test("L-06 L-12 a repair says whose turn it is: ours, the customer's word, the customer's money, ours again", () => {
    const said = (c: ClaimCase) => [nowOf(c).says, nowOf(c).who, shapeOf(c)];
    expect(said(mending({ state: "in_progress" }))).toEqual(["now_repairing", "us", "now"]);
    expect(said(mending({ state: "paused" }))).toEqual(["now_surprise", "you", "attention"]);
    expect(said(mending({ state: "paused", surprise_agreed_at: "x" }))).toEqual(["now_goes_on", "us", "now"]);
    expect(said(mending({ state: "done", agreed_fen: 11_800 }))).toEqual(["now_pay_repair", "you", "attention"]);
    expect(said(mending({ state: "done", agreed_fen: 11_800 }, { collected_fen: 11_800 }))).toEqual(["now_mended", "us", "now"]);
    expect([0, 11_800].map((collected_fen) => said(mending({ state: "accepted", agreed_fen: 11_800 }, { state: "awaiting_payment", collected_fen })).slice(0, 2)), "paid before the bench begins").toEqual([["now_pay_first", "you"], ["now_accepted_repair", "us"]]);
    const stopped = { state: "done", done_at: "x", stopped_at: "x" };
    expect([said(mending({ ...stopped, agreed_fen: 1_000 }))[0], said(mending({ ...stopped, agreed_fen: 0 }))[0]]).toEqual(["now_pay_stopped", "now_stopped"]);
    expect([stopped, { state: "declined" }, { state: "done", done_at: "x" }].map((plan) => nowOf(mending(plan, { state: "completed" })).says), "what was not mended is not told as mended").toEqual(["now_completed_unmended", "now_completed_unmended", "now_completed_repair"]);
    expect([nowOf(mending({ state: "declined" }, { state: "returned" })).says, nowOf(mending({}, { state: "sent_back" })).says]).toEqual(["now_returned_unmended", "now_sent_back_repair"]);
    for (const says of ["now_pay_stopped", "now_stopped", "now_completed_unmended", "now_returned_unmended", "now_sent_back_repair", "pay_stopped", "pays_repair_company"]) expect(has(`buyer.${says}`), says).toBe(true);
    expect(said(around({ kind: "repair", state: "received", arrival_note: "带子断了", arrived_at: "x" }))).toEqual(["now_difference", "you", "attention"]);
    expect(said(around({ kind: "repair", state: "received", arrival_note: "带子断了", difference_agreed_at: "x", arrived_at: "x" }))).toEqual(["now_received_repair", "us", "now"]);
  });
  test("L-01 L-04 goods refused at the door are ours to wait for, those of late evidence go to the store", () => {
    expect(nowOf(around({ state: "awaiting_goods", refused_parcel: true }))).toEqual({ says: "now_door_back", who: "us" });
    expect(nowOf(around({ state: "awaiting_goods", route: "store" }))).toEqual({ says: "now_store", who: "you" });
    expect(nowOf(around({ state: "awaiting_goods", route: "online" }))).toEqual({ says: "now_awaiting_goods", who: "you" });
  });
  test("L-05 L-06 who pays is what was agreed, else what the lane says", () => {
    expect(paysOf(around({ state: "negotiating", lane: "negotiate", freight: "agreement", freight_agreed: "customer" }))).toBe("pays_customer");
    expect(paysOf(around({ state: "in_transit", lane: "return_exchange", freight: "company" }))).toBe("pays_company");
    expect(paysOf(around({ state: "plan_offered", lane: "paid_repair", freight: "customer" }))).toBe("pays_repair");
    expect(paysOf(around({ kind: "repair", state: "plan_offered", lane: "return_exchange", freight: "company" }))).toBe("pays_repair_company");
    const back = (value: string) => paysOf(around({ state: "sent_back", lane: "return_exchange", freight: "company", history: [{ event: "approved", value: "company" }, { event: "sent_back", value }] }));
    for (const payer of ["company", "customer", "agreement"]) expect([back(payer), has(`buyer.${back(payer)}`)], "L-09 the way back is paid by whom that step names").toEqual([`pays_back_${payer}`, true]);
  });
  test("L-10 goods that were checked wait for the difference, and the page says so at once", () => {
    const exchange = (more: object) => nowOf(around({ kind: "exchange", state: "accepted", owed_fen: 3_000, ...more }));
    expect([exchange({}), exchange({ collected_fen: 3_000 })]).toEqual([{ says: "now_awaiting_payment", who: "you" }, { says: "now_exchange_pending", who: "us" }]);
  });
  test("L-06 L-10 sent back because nothing was paid, the page says that, who pays the way, and nothing of missing things", () => {
    const history = [{ event: "received" }, { event: "accepted" }, { event: "awaiting_payment" }, { event: "sent_back", value: "customer" }];
    const back = (kind: string) => around({ state: "sent_back", kind, history });
    expect(["exchange", "repair"].map((kind) => [nowOf(back(kind)).says, shapeOf(back(kind)), paysOf(back(kind))])).toEqual([["now_sent_back_unpaid", "bad", "pays_back_customer"], ["now_sent_back_unpaid_repair", "bad", "pays_back_customer"]]);
    for (const says of ["now_sent_back_unpaid", "now_sent_back_unpaid_repair"]) expect(has(`buyer.${says}`), says).toBe(true);
    expect([unpaid(back("exchange")), unpaid(around({ state: "sent_back", history: history.slice(0, 1) })), unpaid(around({ state: "awaiting_payment", history: history.slice(0, 3) })), freedOrder(back("exchange"))]).toEqual([true, false, false, true]);
  });
  test("L-11 an order is free again when nothing of its claim was ever sent", () => {
    expect([freedOrder(around({ state: "expired" })), freedOrder(around({ state: "cancelled" })), freedOrder(around({ state: "submitted" }))]).toEqual([true, true, false]);
    const parcel = [{ id: "s", version: 1, direction: "in" } as Row];
    expect([freedOrder(around({ state: "sent_back" }, undefined, parcel)), freedOrder(around({ state: "sent_back", kind: "repair" }, undefined, parcel))], "sent back does not count").toEqual([true, false]);
    expect(freedOrder(around({ state: "expired" }, undefined, [{ id: "s", version: 1, direction: "in" } as Row]))).toBe(false);
    expect([shapeOf(around({ state: "expired" })), shapeOf(around({ state: "completed" })), shapeOf(around({ state: "cancelled" }))]).toEqual(["bad", "good", "hold"]);
  });
});
