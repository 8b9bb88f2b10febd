import { expect, test } from "vitest";
import { byDeadline, standingOf } from "./deadline";

const now = Date.parse("2026-11-21T06:00:00Z");

test("W-05 a deadline stands late, soon, in time, or was never set", () => {
  const at = ["2026-11-21 05:59:59.999Z", "2026-11-21 06:00:00.000Z", "2026-11-21 06:29:59.999Z", "2026-11-21 06:30:00.000Z", ""];
  expect(at.map((a) => standingOf(a, now))).toEqual(["late", "soon", "soon", "on_time", "open"]);
});

test("W-05 boards stand by deadline, what has none last", () => {
  const rows = ["", "2026-11-22 01:00:00.000Z", "2026-11-21 05:00:00.000Z"];
  expect([...rows].sort(byDeadline((r) => r))).toEqual(["2026-11-21 05:00:00.000Z", "2026-11-22 01:00:00.000Z", ""]);
});
