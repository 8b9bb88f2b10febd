import { describe, expect, test } from "vitest";
import generated from "../../../internal/flow/testdata/vectors/generated.json";
import basesJSON from "../../../internal/flow/testdata/vectors/bases.json";
import rules from "../../../internal/flow/testdata/vectors/rules.json";
import { judge, type Bases, type Vector } from "./vectors.ts";

const bases = basesJSON as unknown as Bases;

describe("the tablet's rules answer as the server's", () => {
  for (const v of rules as unknown as Vector[]) {
    test(v.name, () => {
      // A vector written by hand leaves out what it does not care about.
      expect(judge(bases, v)).toMatchObject({ code: "", flags: [], kept: false, ...v.want });
    });
  }
});

test("S-01 S-02 W-01 Q-01 both sides agree on generated cases near every edge", () => {
  const nothing = { transition: "", code: "", field: "", params: {}, flags: [], kept: false };
  for (const v of generated as unknown as Vector[]) {
    expect(judge(bases, v), v.name).toEqual({ ...nothing, ...v.want });
  }
  expect(generated.length).toBeGreaterThanOrEqual(500);
});
