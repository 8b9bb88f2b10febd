import fc from "fast-check";
import { describe, expect, test } from "vitest";
import generated from "../../../internal/claim/testdata/vectors/generated.json";
import hand from "../../../internal/claim/testdata/vectors/hand.json";
import policies from "../../../internal/claim/testdata/vectors/policies.json";
import refunds from "../../../internal/claim/testdata/vectors/refunds.json";
import { calendarOf, contains } from "./calendar.ts";
import { answerBy, difference, differsOf, goesWith, missing, mustComeBack, previewClaim, refundOf, shipBackBy, shippedClaimPolicy, unfitPolicy, usesUp, type Case, type ClaimPolicy, type Paid, type Phase, type Verdict } from "./claim.ts";
import { Refused } from "./refused.ts";

interface Vector {
  name?: string;
  zone: string;
  policy?: Partial<ClaimPolicy>;
  case: Omit<Case, "received" | "filed"> & { received: string; filed: string };
  code: string;
  want?: Record<string, unknown>;
}

const official = calendarOf();
const policyOf = (set?: object): ClaimPolicy => ({ ...shippedClaimPolicy, ...set });

/** What a rule answers, or the code it refuses with. */
function told(ask: () => unknown): unknown {
  try {
    return ask();
  } catch (e) {
    if (e instanceof Refused) return e.code;
    throw e;
  }
}

function answer(v: Vector): unknown {
  return told(() => {
    const k = { ...v.case, received: Date.parse(v.case.received), filed: Date.parse(v.case.filed) };
    return previewClaim(policyOf(v.policy), k, official, v.zone);
  });
}

function want({ code, want: w }: Vector): unknown {
  if (code || !w) return code;
  const ms = (name: string) => Date.parse(w[name] as string);
  return { ...w, return_due: ms("return_due"), repair_due: ms("repair_due"), evidence_due: ms("evidence_due"), until: w.until ? ms("until") : null };
}

describe("claims: the tablet's rules answer as the server's", () => {
  test.each(hand as unknown as Vector[])("$name", (v) => expect(answer(v)).toEqual(want(v)));

  test("L-03 L-04 L-05 L-06 L-15 on every generated vector", () => {
    for (const [i, v] of (generated as unknown as Vector[]).entries()) expect(answer(v), `vector ${i}`).toEqual(want(v));
    expect(generated.length).toBeGreaterThanOrEqual(300);
  });

  test.each(refunds as unknown as { name: string; policy?: object; verdict: Verdict; order: Paid; fen: number; code: string }[])("$name", (v) => {
    expect(told(() => refundOf(policyOf(v.policy), v.verdict, v.order))).toBe(v.code || v.fen);
  });

  test.each(policies as { name: string; policy: object; field: string }[])("L-03 a policy: $name", (v) => {
    expect(unfitPolicy(policyOf(v.policy))).toBe(v.field);
  });
});

describe("claims: goods on their way", () => {
  const at = Date.parse("2026-09-29T02:00:00Z"), hour = 3_600_000;

  test("L-01 a refusal at the door is answered within two days, after the holiday when they end in it", () => {
    expect(answerBy(shippedClaimPolicy, at, official, "Asia/Shanghai").due).toBe(Date.parse("2026-10-08T16:00:00Z"));
  });
  test("L-08 sent at 47:59 h is in time, at 48 h it is not", () => {
    const w = shipBackBy(shippedClaimPolicy, at, official, "Asia/Shanghai");
    expect([contains(w, at + 48 * hour - 60_000), contains(w, at + 48 * hour)]).toEqual([true, false]);
  });
  test("L-09 what is not ticked is missing, in the order of the list", () => {
    expect(missing(shippedClaimPolicy, ["tags", "product", "ribbon"])).toEqual(["outer_packing", "return_slip", "accessories"]);
  });
  test("L-10 the difference", () => {
    expect([difference(29900, 39900), difference(29900, 19900), difference(1, 1)]).toEqual([{ collect: 10000, refund: 0 }, { collect: 0, refund: 10000 }, { collect: 0, refund: 0 }]);
  });
  test("L-11 which claims use up the one return or exchange", () => {
    const used = (kind: string, state: string, sent: boolean) => usesUp(kind, state, sent);
    expect([used("return", "submitted", false), used("exchange", "completed", true), used("return", "expired", true)]).toEqual([true, true, true]);
    expect([used("return", "rejected", false), used("exchange", "cancelled", false), used("return", "sent_back", true), used("return", "expired", false), used("repair", "completed", true)])
      .toEqual([false, false, false, false, false]);
  });
  test("L-03 L-05 L-06 the lane is monotone in time", () => {
    const phases: Phase[] = ["return", "month", "after"];
    fc.assert(fc.property(fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2026, 10, 1) }), fc.nat(50 * 24), fc.nat(20 * 24), fc.constantFrom<Verdict>("quality", "none"), (received, filed, later, verdict) => {
      const ask = (hours: number) => previewClaim(shippedClaimPolicy, { received, filed: received + hours * hour, verdict, traits: [], store_near: true }, official, "Asia/Shanghai");
      const before = ask(filed), after = ask(filed + later);
      expect(phases.indexOf(after.phase)).toBeGreaterThanOrEqual(phases.indexOf(before.phase));
      expect([!before.insist && after.insist, before.evidence_late && !after.evidence_late]).toEqual([false, false]);
    }));
  });
});

test("L-09 accessories of the goods and gifts of the order come back with them, each once, and nothing else", () => {
  const lines = [
    { id: "bag", name: "托特包", gift: false, accessories: ["防尘袋", "保养卡"] }, { id: "belt", name: "腰带", gift: false, accessories: ["防尘袋"] },
    { id: "scarf", name: "丝巾", gift: true, accessories: null },
  ];
  expect([goesWith(lines, ["bag"]), goesWith(lines, ["bag", "belt"]), goesWith(lines, ["scarf"]), goesWith([], ["bag"])]).toEqual([["防尘袋", "保养卡", "丝巾"], ["防尘袋", "保养卡", "丝巾"], [], []]);
});

test("L-01 L-09 a refused parcel comes back as it was sent: no slip, and not what never came, once that was judged", () => {
  const codes = (claim: object) => mustComeBack(shippedClaimPolicy, true, differsOf({ refused_parcel: true, ...claim })).map((i) => i.code);
  expect(codes({ verdict: "quality", mismatch: "gift" })).toEqual(["product", "outer_packing", "tags"]);
  expect(codes({ verdict: "none", mismatch: "gift" }), "it was there after all").toEqual(["product", "outer_packing", "tags", "accessories"]);
  expect(mustComeBack(shippedClaimPolicy, false, differsOf({ verdict: "quality", mismatch: "gift" }))).toHaveLength(5);
});
