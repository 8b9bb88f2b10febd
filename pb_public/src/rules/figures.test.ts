import { describe, expect, test } from "vitest";
import cases from "../../../internal/flow/testdata/figures.json";
import { checkFigures, shippedPolicy } from "./figures.ts";

describe("figures of a policy", () => {
  test("S-07 Q-01 W-03 the shipped figures", () => {
    expect(shippedPolicy).toMatchObject({ labour_range_percent: 10, parts_range_percent: 0, three_people: true, parallel_clocks: false });
    expect(checkFigures(shippedPolicy as unknown as Record<string, unknown>)).toBeNull();
  });
  for (const { data, code } of cases as { data: Record<string, unknown>; code: string }[]) {
    test(`a policy with ${JSON.stringify(data)}`, () => expect(checkFigures(data)?.code ?? "").toBe(code));
  }
});
