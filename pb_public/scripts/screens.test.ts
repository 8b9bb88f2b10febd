// @vitest-environment node
import { expect, test } from "vitest";
// @ts-expect-error a script of the bench, without types
import { routes, unsampled } from "../e2e/bench-screens.mjs";

test("X-01 the bench opens every staff screen: an address that names a record has a sample", () => {
  expect(routes().length).toBeGreaterThan(40);
  expect(unsampled()).toEqual([]);
});
