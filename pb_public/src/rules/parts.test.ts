import { describe, expect, test } from "vitest";
import generated from "../../../internal/flow/testdata/vectors/parts_generated.json";
import basesJSON from "../../../internal/flow/testdata/vectors/bases.json";
import parts from "../../../internal/flow/testdata/vectors/parts.json";
import { quantityText } from "./guards/parts.ts";
import { judge, type Bases, type Vector } from "./vectors.ts";

const sets = Object.entries(parts.bases as Record<string, Record<string, unknown>>);
const bases = { ...basesJSON, ...Object.fromEntries(sets.map(([name, set]) => [name, { over: "day", set }])) } as unknown as Bases;

describe("the tablet's rules of the parts store answer as the server's", () => {
  for (const v of parts.rules as unknown as Vector[]) {
    test(v.name, () => {
      expect(judge(bases, v)).toMatchObject({ code: "", flags: [], kept: false, ...v.want });
    });
  }
});

test("P-01 P-02 W-04 B-06 both sides agree on generated cases near every edge", () => {
  const nothing = { transition: "", code: "", field: "", params: {}, flags: [], kept: false };
  for (const v of generated as unknown as Vector[]) {
    expect(judge(bases, v), v.name).toEqual({ ...nothing, ...v.want });
  }
  expect(generated.length).toBeGreaterThanOrEqual(500);
});

test("quantities are said alike", () => {
  expect([0, 1000, 4500, 1, 10_020, -500].map(quantityText)).toEqual(["0", "1", "4.5", "0.001", "10.02", "-0.5"]);
});
