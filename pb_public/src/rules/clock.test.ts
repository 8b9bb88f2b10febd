import { expect, test } from "vitest";
import vectors from "../../../internal/flow/testdata/vectors/clock.json";
import { worked } from "./clock.ts";

for (const { name, start, end, now, minutes, suspect } of vectors) {
  test(name, () => expect(worked(start, end, now)).toEqual({ minutes, suspect }));
}
