import { describe, expect, test } from "vitest";
import table from "../../../internal/flow/table.json";
import { countdown, freightOf, nextDeadline, steps, timelineOf, type ClaimCourse, type ClaimEvent } from "./claim-timeline.ts";
import { instant } from "./clock.ts";

const event = (at: string, name: string, more: Partial<ClaimEvent> = {}): ClaimEvent => ({ at: `2026-11-${at}:00.000Z`, event: name, by: "x", name: "王芳", role: "agent", rules: ["L-07"], ...more });
const claim = (more: Partial<ClaimCourse> = {}): ClaimCourse => ({ id: "c", state: "submitted", kind: "return", history: [], ...more });

describe("timeline", () => {
  test("L-14 steps, parcels and money stand in the order in which they happened, with who and which rule", () => {
    const history = [event("21 02:00", "submitted", { name: "林小雨", role: "customer", rules: ["L-02"] }), event("21 03:00", "verdict", { value: "quality", note: "齿脱落" }), event("21 03:00", "approved")];
    const lines = timelineOf(claim({ state: "approved", history }), {
      shipments: [{ id: "s", direction: "in", carrier: "顺丰", tracking_number: "SF1", sent_at: "2026-11-21 09:00:00.000Z", delivered_at: "2026-11-23 01:00:00.000Z" }],
      messages: [{ id: "m", state: "sent", text: "请在 48 小时内寄回", created: "2026-11-21 03:30:00.000Z" }],
      refunds: [{ id: "r", kind: "refund", fen: 9900, created: "2026-11-24 01:00:00.000Z" }],
    });
    expect(lines.map((l) => l.event)).toEqual(["submitted", "verdict", "approved", "sent", "sent_in", "delivered_in", "refund"]);
    expect(lines[1]).toMatchObject({ name: "王芳", role: "agent", value: "quality", note: "齿脱落", rules: ["L-07"] });
    expect(lines[3]).toMatchObject({ source: "message", note: "请在 48 小时内寄回" });
    expect(lines[6]).toMatchObject({ source: "refund", value: "9900", rules: ["L-13"] });
    expect(lines.every((l) => !l.pending)).toBe(true);
  });

  test("L-06 L-12 a plan tells price and days where it was offered, and what was found while it waits and once it is agreed", () => {
    const history = [event("21 02:00", "submitted"), event("21 03:00", "plan_offered", { rules: ["L-06"] }), event("22 03:00", "plan_offered"), event("25 03:00", "repairing")];
    const declined = { id: "a", state: "declined", method: "换整件", price_fen: 30_000, days: 9 };
    const paused = { id: "b", state: "paused", method: "重缝", price_fen: 8_800, days: 3, surprise: "海绵断了", surprise_fen: 3_000, surprise_days: 2, updated: "2026-11-26 01:00:00.000Z" };
    const tell = (plan: object) => timelineOf(claim({ state: "repairing", kind: "repair", history }), { plans: [declined, { ...paused, ...plan }] });
    expect(tell({}).slice(1, 3).map((l) => [l.value, l.days, l.note])).toEqual([["30000", 9, "换整件"], ["8800", 3, "重缝"]]);
    expect(tell({}).at(-1)).toMatchObject({ event: "surprise_found", at: paused.updated, value: "3000", days: 2, note: "海绵断了", rules: ["L-12"] });
    expect(tell({ surprise_agreed_at: "2026-11-26 02:00:00.000Z" }).slice(-1).map((l) => [l.event, l.value])).toEqual([["surprise_agreed", "3000"]]);
    expect(tell({ state: "in_progress", surprise: "" }).at(-1)?.event).toBe("repairing");
    const agreed = { at: "2026-11-25 09:00:00.000Z", found: "线断了", fen: 500, days: 1, name: "林小雨", role: "customer" };
    expect(tell({ surprises: [agreed] }).slice(-2).map((l) => [l.event, l.value, l.name, l.note]), "the first stays when a second is found").toEqual([["surprise_agreed", "500", "林小雨", "线断了"], ["surprise_found", "3000", "", "海绵断了"]]);
    expect(tell({ state: "done", done_at: "2026-11-27 01:00:00.000Z", stopped_at: "2026-11-27 01:00:00.000Z" }).at(-1)).toMatchObject({ event: "work_stopped", note: "海绵断了", rules: ["L-12"] });
  });

  test("L-01 a parcel refused at the door is the carrier's to bring back, not the customer's to send", () => {
    const parcel = { id: "s", direction: "in", carrier: "顺丰", tracking_number: "SF1", sent_at: "2026-11-21 09:00:00.000Z" };
    expect(timelineOf(claim({ refused_parcel: true }), { shipments: [parcel] }).find((l) => l.event === "sent_in")?.rules).toEqual(["L-01"]);
    expect(timelineOf(claim(), { shipments: [parcel] }).find((l) => l.event === "sent_in")?.rules).toEqual(["L-08"]);
  });

  test("L-14 a step that the server has not confirmed yet is shown last, as such", () => {
    const lines = timelineOf(claim({ state: "cancelled", history: [event("21 02:00", "submitted"), event("21 03:00", "verdict")], updated: "2026-11-21 04:00:00.000Z" }));
    expect(lines.at(-1)).toMatchObject({ event: "cancelled", pending: true });
    expect(timelineOf(claim({ updated: "" })).map((l) => [l.event, l.pending])).toEqual([["submitted", true]]);
  });

  test("L-03 L-09 the step that decided the freight says who pays it", () => {
    const lines = timelineOf(claim({ state: "sent_back", history: [event("21 02:00", "verdict", { value: "none" }), event("21 03:00", "approved", { value: "customer" }), event("22 03:00", "sent_back", { value: "customer" })] }));
    expect(lines.map(freightOf)).toEqual(["", "customer", "customer"]);
  });

  test("L-14 every state of the flow has its place in the bar of steps", () => {
    expect(Object.keys(steps).sort()).toEqual([...table.entities.claim.states].sort());
  });
});

describe("what the customer was told", () => {
  test("L-14 a message stands where it went out; one that waits or failed stands where it was made, with its state", () => {
    const told = (state: string, more: object = {}) => timelineOf(claim(), { messages: [{ id: "m", state, text: "已批准", created: "2026-11-21 13:30:00.000Z", ...more }] }).find((l) => l.source === "message");
    expect(told("sent", { sent_at: "2026-11-22 00:00:01.000Z" })).toMatchObject({ at: "2026-11-22 00:00:01.000Z", event: "sent", note: "已批准" });
    expect([told("queued")?.at, told("failed")?.event]).toEqual(["2026-11-21 13:30:00.000Z", "failed"]);
  });
});

describe("next deadline", () => {
  const due = "2026-11-23 02:00:00.000Z", later = "2026-11-25 02:00:00.000Z";
  test("L-08 goods are sent until the time, or until what it was extended to", () => {
    expect(nextDeadline(claim({ state: "awaiting_goods", ship_back_due_at: due }))).toEqual({ kind: "ship_back", until: due, who: "customer", rule: "L-08" });
    expect(nextDeadline(claim({ state: "approved", ship_back_due_at: due, extended_until: later }))?.until).toBe(later);
    expect(nextDeadline(claim({ state: "awaiting_goods", ship_back_due_at: due, route: "store" }))?.kind, "L-04 to a store it is brought").toBe("bring");
    expect(nextDeadline(claim({ state: "in_transit", ship_back_due_at: due }))).toBeNull();
  });
  test("L-01 a parcel refused at the door is answered", () => {
    expect(nextDeadline(claim({ answer_due_at: due }))).toMatchObject({ kind: "answer", who: "company", rule: "L-01" });
    expect(nextDeadline(claim())).toBeNull();
  });
  test("L-14 the countdown is over at the instant itself, not before", () => {
    const at = instant(due);
    expect(countdown(due, at - 1)).toMatchObject({ over: false, days: 0, hours: 0, minutes: 0, seconds: 0 });
    expect(countdown(due, at).over).toBe(true);
    expect(countdown(due, at - 90_061_000)).toEqual({ over: false, days: 1, hours: 1, minutes: 1, seconds: 1 });
    expect(countdown("", at).over).toBe(true);
  });
});
