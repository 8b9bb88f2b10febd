import { describe, expect, test } from "vitest";
import { has } from "../../i18n/index.svelte";
import { intentText } from "../queue/words.ts";
import { entities } from "../../rules/table.ts";
import { answers } from "./answers.ts";
import { typing } from "./typing.ts";
import { asked, benchTab, byDeadline, deadline, mayJudge, moneyTask, owedFor, paidFor, readSlip, refundParts, standing, statesOf, stepsFrom, type Claim, type ClaimState, type Plan, type Refund } from "./model.ts";

const claim = (data: Partial<Claim>): Claim => ({ id: "c", state: "submitted", kind: "return", verdict: "", arrived_at: "", owed_fen: 0, collected_fen: 0, refund_due_fen: 0, filed_at: "2026-11-21 01:00:00.000Z", answer_due_at: "", ship_back_due_at: "", extended_until: "", compared_at: "", withdrawal_reason: "", ...data }) as Claim;
const plan = (data: Partial<Plan>): Plan => ({ id: "p", state: "offered", agreed_fen: 0, surprise_agreed_at: "", ...data }) as Plan;

describe("L-14 who is asked, and until when", () => {
  test("L-14 the timeline has words for a message in every state it is shown in", () => {
    for (const state of entities.message!.states!.filter((s) => s !== "cancelled")) expect(has(`claim_course.message_${state}`), state).toBe(true);
  });
  test("L-14 every state has somebody asked, or is over", () => {
    for (const state of entities.claim!.states!) expect(["agent", "customer", "dock", "bench", "finance", "nobody"]).toContain(asked(claim({ state: state as ClaimState })));
  });
  test("L-06 L-12 a repair goes between bench, after-sales and dock", () => {
    const repair = (data: Partial<Claim>): Claim => claim({ kind: "repair", ...data });
    expect(asked(repair({ verdict: "quality" }))).toBe("bench");
    expect(asked(repair({ state: "plan_accepted", arrived_at: "x" }))).toBe("bench");
    expect(asked(repair({ state: "plan_declined", arrived_at: "x" }))).toBe("dock");
    expect(asked(repair({ state: "repairing" }), plan({ state: "paused" }))).toBe("agent");
    expect(asked(repair({ state: "repairing" }), plan({ state: "done", agreed_fen: 5_000 }))).toBe("finance");
    expect(asked(repair({ state: "repairing", collected_fen: 5_000 }), plan({ state: "done", agreed_fen: 5_000 }))).toBe("dock");
    expect([benchTab(repair({ state: "plan_offered" }), plan({})), benchTab(repair({ state: "repairing" }), plan({ state: "in_progress" })), benchTab(claim({ state: "repairing" }), null)]).toEqual(["word", "work", null]);
  });
  test("L-01 L-08 the nearest deadline first, then who has waited longest; an extension counts", () => {
    const door = claim({ id: "door", answer_due_at: "2026-11-23 16:00:00.000Z" }), back = claim({ id: "back", state: "awaiting_goods", ship_back_due_at: "2026-11-22 16:00:00.000Z" });
    const old = claim({ id: "old", filed_at: "2026-11-01 01:00:00.000Z" }), young = claim({ id: "young" });
    expect([young, door, old, back].sort(byDeadline).map((c) => c.id)).toEqual(["back", "door", "old", "young"]);
    expect(deadline({ ...back, extended_until: "2026-11-25 16:00:00.000Z" })).toEqual({ at: "2026-11-25 16:00:00.000Z", what: "ship_back" });
    expect(deadline(claim({ state: "completed", answer_due_at: "2026-11-23 16:00:00.000Z" }))).toBeNull();
    const at = "2026-11-22 16:00:00.000Z", ms = Date.parse("2026-11-22T16:00:00Z");
    expect([standing(at, ms + 1), standing(at, ms - 3_600_000), standing(at, ms - 86_400_000)]).toEqual(["late", "soon", "open"]);
  });
  test("L-01 a parcel refused at the door is waited for at the dock, with or without its number, and has an answer until it is judged", () => {
    expect([asked(claim({ state: "awaiting_goods", refused_parcel: true })), asked(claim({ state: "awaiting_goods" }))]).toEqual(["dock", "customer"]);
    expect(stepsFrom("awaiting_goods", ["warehouse"]).map((s) => s.to)).toEqual(["in_transit"]);
    const at = "2026-11-23 16:00:00.000Z";
    expect([deadline(claim({ answer_due_at: at }))?.at, deadline(claim({ state: "negotiating", answer_due_at: at }))], "as the customer's countdown says").toEqual([at, null]);
  });
  test("L-10 what is not paid for is finance's to collect, and the dock's once it is given up with nothing paid", () => {
    const owing = (data: Partial<Claim>) => claim({ kind: "exchange", state: "awaiting_payment", owed_fen: 3_000, ...data });
    expect([owing({}), owing({ withdrawal_reason: " " }), owing({ withdrawal_reason: "不付" }), owing({ withdrawal_reason: "不付", collected_fen: 1 })].map((c) => asked(c))).toEqual(["finance", "finance", "dock", "finance"]);
    expect(statesOf.dock).toContain("awaiting_payment");
  });
  test("L-08 whoever approves asks for the goods in the same act", () => {
    for (const { roles } of entities.claim!.transitions!.filter((step) => step.to === "approved")) {
      for (const role of roles) expect(stepsFrom("approved", [role]).map((s) => s.to), role).toContain("awaiting_goods");
    }
  });
  test("L-03 the steps are the table's, for the roles one has", () => {
    expect(stepsFrom("received", ["warehouse"]).map((s) => s.to)).toEqual(["accepted", "sent_back"]);
    expect(stepsFrom("received", ["guard"])).toEqual([]);
  });
});

describe("X-01 half-written text", () => {
  test("X-01 L-07 what is being written about a claim is there after a reload, for that claim and field, until it is saved", () => {
    typing("c1", "reason").keep("照片可见 😤");
    expect([typing("c1", "reason").before, typing("c2", "reason").before, typing("c1", "plan").before]).toEqual(["照片可见 😤", "", ""]);
    typing("c1", "reason").done();
    expect(typing("c1", "reason").before).toBe("");
  });
});

describe("L-09 L-13 slips and sums", () => {
  test("L-09 a slip's code is read whatever the scanner types", () => {
    expect(readSlip(" AC-RMA:abcdefghij01234 ")).toEqual({ claim: "abcdefghij01234" });
    expect(readSlip("ac-rma:ABCDEFGHIJ01234")).toEqual({ claim: "abcdefghij01234" });
    expect(readSlip("SH-T261122-A01")).toEqual({ number: "SH-T261122-A01" });
  });
  test("L-13 a refund comes apart into lines, shipping and what was cut, and adds up again", () => {
    const goods = [{ paid_fen: 19_801, units: 2, quantity: 1 }, { paid_fen: 500, units: 1, quantity: 1 }];
    expect(refundParts(10_400, goods)).toEqual({ lines: [9_900, 500], shipping: 0, cut: 0 });
    expect(refundParts(11_600, goods)).toEqual({ lines: [9_900, 500], shipping: 1_200, cut: 0 });
    expect(refundParts(10_000, goods)).toEqual({ lines: [9_900, 500], shipping: 0, cut: 400 });
  });
  test("L-10 L-13 finance refunds, collects, or signs off", () => {
    const back = { kind: "refund", fen: 9_900 } as Refund;
    expect(moneyTask(claim({ state: "accepted", refund_due_fen: 9_900 }), null, [])).toEqual({ tab: "refund", fen: 9_900 });
    expect(moneyTask(claim({ state: "refund_pending", refund_due_fen: 9_900 }), null, [back])).toEqual({ tab: "sign", fen: 9_900 });
    expect(moneyTask(claim({ state: "awaiting_payment", kind: "exchange", owed_fen: 3_000 }), null, [])).toEqual({ tab: "collect", fen: 3_000 });
    expect(moneyTask(claim({ state: "completed", refund_due_fen: 9_900 }), null, [back])).toBeNull();
  });
  test("L-07 every canned answer has its sentence and its short name", () => {
    for (const [where, codes] of Object.entries(answers)) for (const code of codes) expect([has(`claims.answer_${where}_${code}`), has(`claims.short_${where}_${code}`)], `${where} ${code}`).toEqual([true, true]);
  });
  test("X-04 every step of a claim has its name in the queue", () => {
    const steps = [...new Set(entities.claim!.transitions!.filter((t) => t.name !== "reopen" && t.name !== "close").map((t) => t.name))];
    expect(steps.filter((name) => !has(`intents.claim_${name}`))).toEqual([]);
    expect(intentText("claim.approve")).not.toBe(intentText("other.thing"));
  });
});

describe("L-07 L-10 whose verdict, and what is paid first", () => {
  test("L-07 a verdict is its judge's, and a supervisor has the last word", () => {
    const of = (verdict_by: string, user: string, ...roles: string[]) => mayJudge(claim({ verdict_by }), user, roles);
    expect([of("", "feng", "agent"), of("feng", "feng", "agent"), of("feng", "qin", "agent"), of("feng", "qin", "supervisor"), of("", "tang", "warehouse")]).toEqual([true, true, false, true, false]);
    expect(mayJudge(claim({ state: "approved", verdict_by: "" }), "feng", ["agent"])).toBe(false);
  });
  test("L-10 what was paid for the goods, and what is owed once they were checked", () => {
    expect(paidFor([{ paid_fen: 10_000, units: 3, quantity: 2 }, { paid_fen: 500, units: 1, quantity: 1 }])).toBe(7_166);
    const owed = (data: Partial<Claim>) => owedFor(claim({ kind: "exchange", owed_fen: 3_000, ...data }));
    expect([owed({ state: "accepted" }), owed({ state: "awaiting_payment", collected_fen: 3_000 }), owed({ state: "exchange_pending" }), owed({ state: "accepted", kind: "return" })]).toEqual([3_000, 0, 0, 0]);
  });
});
