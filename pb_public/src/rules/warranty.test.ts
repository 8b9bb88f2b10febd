import { describe, expect, test } from "vitest";
import vectors from "../../../internal/flow/testdata/vectors/warranty.json";
import { shippedPolicy } from "./figures.ts";
import { giveWarranty, lastDay, stands } from "./warranty.ts";

describe("the tablet guarantees what the server guarantees", () => {
  test("D-08 months end on the day of the same number, or the month's last", () => {
    for (const c of vectors.days) expect(lastDay(c.day, c.months), c.day).toBe(c.last);
  });
  for (const c of vectors.stands) test(c.name, () => expect(stands(c.until, c.limit, c.day, c.km)).toBe(c.stands));
  for (const c of vectors.given) {
    test(c.name, () => {
      const given = giveWarranty({ ...shippedPolicy, ...c.policy }, "rev1", c.state, c.day, c.km, c.jobs as never);
      expect(given).toEqual({ state: c.state, from_day: c.day, from_km: c.km, policy: "rev1", lines: c.lines });
    });
  }
});
