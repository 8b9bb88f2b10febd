import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tables } from "../../db/index.ts";
import { calendarOf } from "../../rules/calendar";
import { shippedClaimPolicy } from "../../rules/claim";
import { Refused } from "../../rules/refused";
import { as, close, open } from "../order/testing/day";
import { claimRevisions, codeFor, copyOf, differing, enactClaims, linesOf, tryPolicy } from "./claims";

const policy = (change: Partial<typeof shippedClaimPolicy>) => ({ ...copyOf(shippedClaimPolicy), ...change });
const row = (id: string, revision: number, data: object, over: object = {}) => ({ id, shop: "s1", kind: "claims", revision, data, active: true, created: `2026-11-2${revision} 01:00:00.000Z`, created_by: "boss", ...over }) as never;
const day = (text: string) => Date.parse(`${text}+08:00`);

describe("the manager's policy of claims", () => {
  test("L-03 each product line has its newest active revision, the default the shipped one until it has its own", () => {
    const rows = [row("a", 1, policy({ line: "leather" })), row("b", 2, policy({ line: "leather", late_evidence: "agent" })), row("c", 3, policy({ line: "leather", late_evidence: "store" }), { active: false }), row("x", 9, policy({}), { shop: "s2" }), row("y", 9, {}, { kind: "service_lane" })];
    expect(linesOf(rows, "s1").map((l) => [l.line, l.revision, l.policy.late_evidence])).toEqual([["default", 0, "store"], ["leather", 2, "agent"]]);
    expect(claimRevisions(rows, "s1", "leather").map((r) => [r.id, r.present, r.changes])).toEqual([["c", false, ["late_evidence"]], ["b", true, ["late_evidence"]], ["a", false, []]]);
    expect(claimRevisions(rows, "s1", "default")).toEqual([]);
  });
  test("L-09 L-15 what was changed is named by its part", () => {
    expect(differing(shippedClaimPolicy, policy({ return: { count: 15, unit: "day" }, exemptions: [] }))).toEqual(["return", "exemptions"]);
    expect(differing(shippedClaimPolicy, policy({ return: { unit: "workday", count: 7 }, shipping: { none: "never", quality: "whole" } }))).toEqual([]);
    expect(codeFor([{ code: "gift_box", label: { zh: "盒", en: "Gift box" } }], "Gift box!")).toBe("gift_box_2");
    expect(codeFor([], "防尘袋")).toBe("item");
  });
  test("L-03 L-16 a parcel received on Friday 25 September 2026 is tried before the rule holds", () => {
    const trial = { received: day("2026-09-25T12:00:00"), filed: day("2026-10-12T09:00:00"), verdict: "none" as const, traits: [], store_near: false };
    const at = (p: typeof shippedClaimPolicy) => tryPolicy(p, trial, calendarOf(), "Asia/Shanghai");
    const [now, then] = [at(shippedClaimPolicy), at(policy({ return: { count: 15, unit: "day" } }))];
    expect(now).toMatchObject({ lane: "negotiate", insist: true, return_due: day("2026-10-13T00:00:00") });
    expect(then).toMatchObject({ insist: false, freight: "agreement", return_due: day("2026-10-11T00:00:00") });
    expect(at(policy({ completeness: [] }))).toBeInstanceOf(Refused);
    expect(tryPolicy(shippedClaimPolicy, { ...trial, filed: trial.received - 1 }, calendarOf(), "Asia/Shanghai")).toMatchObject({ code: "claim.filed_before_received" });
  });
});

describe("offline on the manager's tablet", () => {
  beforeEach(() => open("released"));
  afterEach(close);
  test("L-03 a new line is enacted as the shop's next revision; nobody else's", async () => {
    as("gao");
    await enactClaims(await tables.policies.toArray(), "shoppudong00001", policy({ line: "leather", return: { count: 10, unit: "workday" } }));
    await enactClaims(await tables.policies.toArray(), "shoppudong00001", policy({ late_evidence: "agent" }));
    const rows = await tables.policies.where("kind").equals("claims").toArray();
    expect(linesOf(rows, "shoppudong00001").map((l) => [l.line, l.revision])).toEqual([["default", 2], ["leather", 1]]);
    as("chen");
    await expect(enactClaims(rows, "shoppudong00001", policy({}))).rejects.toMatchObject({ code: "flow.role" });
  });
  test("L-09 a list that nobody could read is not enacted", async () => {
    as("gao");
    await expect(enactClaims([], "shoppudong00001", policy({ exemptions: [{ code: "x", label: { zh: " ", en: "x" } }] }))).rejects.toMatchObject({ code: "policy.claims" });
    await expect(enactClaims([], "shoppudong00001", policy({ ship_back: { count: 0, unit: "hour" } }))).rejects.toMatchObject({ code: "policy.claims" });
    expect(await tables.policies.where("kind").equals("claims").count()).toBe(0);
  });
});
