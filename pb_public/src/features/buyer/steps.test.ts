import { describe, expect, test } from "vitest";
import table from "../../../../internal/flow/table.json";
import type { Row } from "./keep.ts";
import { acts, opsOf, slipCode, toPay, unshown, type Act, type ClaimCase } from "./steps.ts";

const at = Date.parse("2026-11-21T02:00:00Z");
const around = (claim: object, more: Partial<ClaimCase> = {}): ClaimCase => ({ claim: { id: "c1", version: 3, shop: "s1", kind: "repair", ...claim } as Row, shipments: [], plans: [], photos: [], ...more });
const plan = (state: string, more: object = {}): Row => ({ id: "p1", version: 2, state, ...more });

describe("what a customer can do", () => {
  test("L-06 a plan is accepted or declined, plan and claim together", () => {
    const c = around({ state: "plan_offered", arrived_at: "x" }, { plans: [plan("offered")] });
    expect(acts(c)).toEqual(["accept_plan", "decline_plan"]);
    expect(opsOf(c, "accept_plan", at)).toEqual([
      { op: "patch", collection: "repair_plans", id: "p1", base: 2, data: { state: "accepted" } },
      { op: "patch", collection: "claims", id: "c1", base: 3, data: { state: "plan_accepted" } },
    ]);
  });
  test("L-06 L-08 a plan accepted from photos asks for the goods at once", () => {
    const c = around({ state: "plan_offered" }, { plans: [plan("offered")] });
    expect(acts(c)).toEqual(["accept_plan", "decline_plan", "withdraw"]);
    expect(opsOf(c, "accept_plan", at).map((op) => op.data.state)).toEqual(["accepted", "plan_accepted", "awaiting_goods"]);
  });
  test("L-06 L-10 what is paid before anything leaves", () => {
    const mended = (more: object) => around({ state: "repairing", ...more }, { plans: [plan("done", { agreed_fen: 11_800 })] });
    expect([toPay(mended({})), toPay(mended({ collected_fen: 11_800 })), toPay(around({ state: "repairing" }, { plans: [plan("paused", { agreed_fen: 8_800 })] }))]).toEqual([11_800, 0, 0]);
    expect(toPay(around({ state: "awaiting_payment", kind: "exchange", owed_fen: 3_000, collected_fen: 1_000 }))).toBe(2_000);
  });
  test("L-04 L-12 what was asked for and is not there yet is named before it is sent again; the proof of purchase is no condition", () => {
    const asked = (photos: object[]) => unshown(around({ state: "evidence_needed", needs: ["whole", "close", "invoice"] }, { photos: photos as Row[] }));
    expect([asked([]), asked([{ id: "a", slot: "whole" }]), asked([{ id: "a", slot: "whole" }, { id: "b", slot: "close", waits: true }])]).toEqual([["whole", "close"], ["close"], []]);
    expect([asked([{ id: "a", slot: "whole", source: "wechat" }]), asked([{ id: "a", slot: "whole", source: "wechat", evidence_reason: "原图" }])], "L-02 attached, it counts with a reason").toEqual([["whole", "close"], ["close"]]);
  });
  test("L-01 a parcel refused at the door is not the customer's to send", () => {
    expect(acts(around({ kind: "return", state: "awaiting_goods", refused_parcel: true }))).toEqual(["withdraw"]);
  });
  test("L-12 what was found during the work, and what differs from the photos, is agreed to", () => {
    expect(acts(around({ state: "repairing" }, { plans: [plan("paused")] }))).toEqual(["agree_surprise"]);
    expect(acts(around({ state: "received", arrival_note: "带子也断了", arrived_at: "x" }))).toEqual(["agree_difference"]);
    expect(acts(around({ state: "received", arrival_note: "带子也断了", difference_agreed_at: "x", arrived_at: "x" }))).toEqual([]);
  });
  test("L-08 goods are sent after the approval, as one act with the parcel", () => {
    const ops = opsOf(around({ state: "approved" }), "send_parcel", at, { id: "x1", carrier: " 顺丰 ", number: " SF1 " });
    expect(ops.map((op) => [op.collection, op.data.state ?? op.data.tracking_number])).toEqual([["claims", "awaiting_goods"], ["shipments", "SF1"], ["claims", "in_transit"]]);
    expect(opsOf(around({ state: "awaiting_goods" }), "send_parcel", at, { id: "x1", carrier: "a", number: "b" })).toHaveLength(2);
  });
  test("L-03 whoever may insist can; L-02 a claim is withdrawn until the goods are on their way", () => {
    expect(acts(around({ kind: "return", state: "negotiating", insist: true }))).toEqual(["insist", "withdraw"]);
    expect(acts(around({ kind: "return", state: "awaiting_goods" }, { shipments: [{ id: "s", direction: "in" }] }))).toEqual(["send_parcel"]);
    expect(acts(around({ state: "completed" }))).toEqual([]);
  });
  test("L-06 L-10 what has to be paid is told from the moment it is known, and no longer once it was paid", () => {
    const exchange = (more: object) => toPay(around({ kind: "exchange", owed_fen: 3_000, ...more }));
    expect([exchange({ state: "in_transit" }), exchange({ state: "accepted" }), exchange({ state: "awaiting_payment", collected_fen: 1_000 }), exchange({ state: "accepted", collected_fen: 3_000 })]).toEqual([0, 3_000, 2_000, 0]);
    const repair = (state: string, work: string) => toPay(around({ state }, { plans: [plan(work, { agreed_fen: 5_000 })] }));
    expect([repair("accepted", "accepted"), repair("awaiting_payment", "accepted"), repair("repairing", "in_progress"), repair("repairing", "done")]).toEqual([0, 5_000, 0, 5_000]);
  });
  test("X-02 nothing more is done while something waits to be sent", () => {
    expect(acts(around({ state: "approved", waits: true }))).toEqual([]);
    expect(acts(around({ state: "submitted", version: 0 }))).toEqual([]);
  });
  test("L-02 every step is one that the flow gives to customers", () => {
    const given = table.entities.claim.transitions.filter((step) => (step.roles as string[]).includes("customer"));
    for (const state of table.entities.claim.states) {
      for (const kind of ["return", "repair"]) {
        const c = around({ state, kind, insist: true }, { plans: [plan("offered")] });
        for (const act of acts(c)) {
          let from = state;
          for (const op of opsOf(c, act as Act, at, { id: "x", carrier: "a", number: "b" })) {
            if (op.collection !== "claims" || !op.data.state) continue;
            expect(given.some((step) => step.from === from && step.to === op.data.state), `${from} → ${String(op.data.state)}`).toBe(true);
            from = String(op.data.state);
          }
        }
      }
    }
  });
  test("L-09 the slip's code is what the warehouse scans", () => expect(slipCode("abc")).toBe("AC-RMA:abc"));
});
