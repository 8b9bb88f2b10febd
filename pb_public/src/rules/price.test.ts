import fc from "fast-check";
import { describe, expect, test } from "vitest";
import vectors from "../../../internal/price/testdata/vectors.json";
import { checkParts, inRange, limitFen, lineFen, partsFen, totals, yuan } from "./price.ts";

test("E-01 lines round half a fen up", () => {
  for (const { quantity_milli, unit_fen, fen } of vectors.lines) expect(lineFen(quantity_milli, unit_fen)).toBe(fen);
});

test("S-07 the range ends at the fen", () => {
  for (const { agreed_fen, percent, limit_fen } of vectors.limits) {
    expect(limitFen(agreed_fen, percent)).toBe(limit_fen);
    expect(inRange(agreed_fen, limit_fen, percent)).toBe(true);
    expect(inRange(agreed_fen, limit_fen + 1, percent)).toBe(false);
  }
});

test("E-04 totals count for the customer only what the customer pays", () => {
  for (const { jobs, sums } of vectors.totals) expect(totals(jobs)).toEqual(sums);
});

describe("E-03 part lines keep their limits", () => {
  for (const { name, parts, code, params } of vectors.parts) {
    test(`E-03 ${name}`, () => {
      const refused = checkParts(parts);
      expect(refused?.code ?? "").toBe(code);
      if (code !== "") expect(refused?.params).toEqual(params);
    });
  }
});

test("E-01 a line is the exact product, rounded half up", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000_000 }), fc.integer({ min: 0, max: 1_000_000_000 }), (q, u) => {
      expect(lineFen(q, u)).toBe(Number((BigInt(q) * BigInt(u) * 2n + 1000n) / 2000n));
    }),
  );
});

test("E-04 totals are the sums of their lines, in any order", () => {
  const amount = fc.integer({ min: 0, max: 10_000_000_000 });
  const job = fc.record({ payer: fc.constantFrom("customer", "warranty"), labour_fen: amount, parts_fen: amount });
  fc.assert(
    fc.property(fc.array(job), (jobs) => {
      const customers = jobs.filter((j) => j.payer === "customer").reduce((sum, j) => sum + j.labour_fen + j.parts_fen, 0);
      expect(totals(jobs).customer_fen).toBe(customers);
      expect(totals([...jobs].reverse())).toEqual(totals(jobs));
    }),
  );
});

test("a half-typed figure counts as nothing", () => {
  expect(lineFen(Number.NaN, 100)).toBe(0);
  expect(lineFen(1000, undefined as unknown as number)).toBe(0);
  expect(lineFen(-1000, 100)).toBe(0);
  expect(partsFen([{ quantity_milli: 1000, unit_fen: 10.9, origin: "shop" }])).toBe(10);
});

test("amounts in sentences are yuan", () => {
  expect([0, 5, 100, 12345, -5, -12345].map(yuan)).toEqual(["0.00", "0.05", "1.00", "123.45", "-0.05", "-123.45"]);
});
