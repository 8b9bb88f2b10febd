import { expect, test } from "vitest";
import vectors from "../../../internal/promise/testdata/vectors/promise.json";
import { earliest, type TimePolicy } from "./promise.ts";

test("E-05 the tablet promises what the server would, on every vector, in four time zones", () => {
  for (const [i, v] of vectors.entries()) {
    const work = { minutes: v.minutes, partsAt: Date.parse((v as { parts_at?: string }).parts_at ?? ""), load: v.load, hands: v.hands };
    expect(earliest(Date.parse(v.now), work, v.policy as TimePolicy, v.zone), `vector ${i}`).toBe(Date.parse(v.earliest));
  }
  expect(vectors.length).toBeGreaterThanOrEqual(300);
});
