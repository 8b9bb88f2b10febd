import fc from "fast-check";
import { expect, test } from "vitest";
import vectors from "../../../internal/price/testdata/settle.json";
import { addCharges, allocate, balanceOf, chargeForm, grossFen, netFen, portionFen, sharesFen, type Charge } from "./settle.ts";

test("D-06 a discount is spread over the lines to the fen", () => {
  for (const { total, weights, parts } of vectors.allocate) expect(allocate(total, weights)).toEqual(parts);
});

test("D-06 a portion drops what is less than a fen", () => {
  for (const { fen, basis_points, portion } of vectors.portions) expect(portionFen(fen, basis_points)).toBe(portion);
});

test("D-07 D-09 what is due, paid, allowed and to be given back", () => {
  for (const v of vectors.balances) {
    const b = balanceOf(v.payer, (v.lines as Partial<Charge>[]).map(chargeForm), v.entries);
    expect(b).toEqual({ due: v.due, paid: v.paid, credit: v.credit, open: v.open, missing: v.missing, mayPay: v.pay, mayRefund: v.refund });
  }
});

const amount = fc.integer({ min: 0, max: 10_000_000_000 });

test("D-06 what is spread adds up, and nobody without a weight gets anything", () => {
  fc.assert(fc.property(amount, fc.array(amount, { minLength: 1, maxLength: 8 }), (total, weights) => {
    const parts = allocate(total, weights);
    const all = weights.reduce((a, b) => a + b, 0);
    expect(parts.reduce((a, b) => a + b, 0)).toBe(all > 0 ? total : 0);
    parts.forEach((part, i) => { if (weights[i] === 0) expect(part).toBe(0); });
  }));
});

test("D-09 a line and its counter-entry are nothing", () => {
  fc.assert(fc.property(amount, amount, fc.integer({ min: 0, max: 99 }), (labour, parts, discount) => {
    const l = chargeForm({ job: "j", labour_fen: labour, parts_fen: parts, discount_fen: discount, shares: [{ payer: "customer", fen: labour + parts - discount }] });
    const back = chargeForm({ job: "j", labour_fen: -labour, parts_fen: -parts, discount_fen: -discount, shares: [{ payer: "customer", fen: -(labour + parts - discount) }] });
    const sum = addCharges(l, back);
    expect([grossFen(sum), netFen(sum), sharesFen(sum), sum.shares.length]).toEqual([0, 0, 0, 0]);
  }));
});

test("D-09 paying what may be paid and refunding what may be refunded leaves nothing open", () => {
  fc.assert(fc.property(amount, fc.array(amount, { maxLength: 6 }), (due, paid) => {
    const line = chargeForm({ job: "j", labour_fen: due, shares: [{ payer: "customer", fen: due }] });
    const entries = paid.map((fen) => ({ payer: "customer", kind: "deposit", fen }));
    const b = balanceOf("customer", [line], entries);
    const after = balanceOf("customer", [line], [...entries, { payer: "customer", kind: "payment", fen: b.mayPay }, { payer: "customer", kind: "refund", fen: b.mayRefund }]);
    expect(after.open).toBe(0);
  }));
});
