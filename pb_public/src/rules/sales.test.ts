import { describe, expect, test } from "vitest";
import basesJSON from "../../../internal/flow/testdata/vectors/bases.json";
import generated from "../../../internal/flow/testdata/vectors/sales_generated.json";
import sales from "../../../internal/flow/testdata/vectors/sales.json";
import { guards } from "./guards.ts";
import { saleLineUnfrozen, saleUnfrozen } from "./guards/sales.ts";
import { factsOf, judge, type Bases, type Vector } from "./vectors.ts";

const sets = Object.entries(sales.bases as Record<string, Record<string, unknown>>);
const bases = { ...basesJSON, ...Object.fromEntries(sets.map(([name, set]) => [name, { over: "day", set }])) } as unknown as Bases;

describe("the tablet's rules of sales orders answer as the server's", () => {
  for (const v of sales.rules as unknown as Vector[]) {
    test(v.name, () => {
      expect(judge(bases, v)).toMatchObject({ code: "", flags: [], kept: false, ...v.want });
    });
  }
  for (const c of sales.guards as { name: string; guard: string; base: string; set: Record<string, unknown>; code: string }[]) {
    test(c.name, () => expect(guards[c.guard]!(factsOf(bases, c.base, c.set))?.code ?? "").toBe(c.code));
  }
});

test("L-03 L-13 both sides agree on generated cases near every edge", () => {
  const nothing = { transition: "", code: "", field: "", params: {}, flags: [], kept: false };
  for (const v of generated as unknown as Vector[]) expect(judge(bases, v), v.name).toEqual({ ...nothing, ...v.want });
  expect(generated.length).toBeGreaterThanOrEqual(400);
});

test("L-13 amounts are written while the order is incoming", () => {
  const of = (entity: string, before: string, after: string, field: string) =>
    ({ entity, now: "", actor: { id: "m", name: "m", roles: ["manager"] }, before: { state: before }, after: { state: after }, changed: [field], sale: { state: after } });
  for (const [before, after, field, want] of [
    ["incoming", "placed", "paid_fen", null], ["placed", "incoming", "shipping_fen", null], ["placed", "placed", "discount_fen", "sale.frozen"],
    ["placed", "cancelled", "items_fen", "sale.frozen"], ["placed", "placed", "received_at", null],
  ] as const) {
    expect(saleUnfrozen(of("sales_order", before, after, field))?.code ?? null, `${before} ${after} ${field}`).toBe(want);
  }
  expect(saleLineUnfrozen(of("sales_item", "", "placed", "quantity"))?.code).toBe("sale.frozen");
  expect(saleLineUnfrozen(of("sales_item", "", "placed", "serial"))).toBeNull();
});
