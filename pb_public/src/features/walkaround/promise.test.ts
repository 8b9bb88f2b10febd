import { describe, expect, test } from "vitest";
import { earliest, marginMinutes, proposals } from "./promise";

const at = (text: string): number => Date.parse(`2026-11-21T${text}:00+08:00`);

describe("E-05 the promised time", () => {
  test("E-05 is the labour and a margin from now, on the next quarter hour", () => {
    expect(earliest(at("10:04"), 102)).toBe(at("12:45"));
    expect(earliest(at("10:00"), 15)).toBe(at("11:00"));
    expect(marginMinutes).toBeGreaterThan(0);
  });

  test("E-05 nothing is offered that could not be kept", () => {
    expect(proposals(at("10:04"), 102, at("17:30"), at("10:00") + 86_400_000, at("11:00"))).toEqual([at("12:45"), at("14:45"), at("17:30"), at("10:00") + 86_400_000]);
    expect(proposals(at("16:50"), 60, at("17:30"), at("10:00") + 86_400_000, NaN)[0]).toBe(at("18:45"));
  });

  test("E-05 the customer's wish stands among them when it can be kept", () => {
    expect(proposals(at("10:04"), 102, at("17:30"), at("10:00") + 86_400_000, at("14:00"))).toContain(at("14:00"));
  });
});
