import { describe, expect, test } from "vitest";
import { proposals } from "./promise";

const at = (text: string): number => Date.parse(`2026-11-21T${text}:00+08:00`);
const morning = at("10:00") + 86_400_000;

describe("E-05 the promised time", () => {
  test("E-05 nothing is offered that could not be kept", () => {
    expect(proposals(at("12:45"), at("17:30"), morning, at("11:00"))).toEqual([at("12:45"), at("14:45"), at("17:30"), morning]);
    expect(proposals(at("18:45"), at("17:30"), morning, NaN)[0]).toBe(at("18:45"));
  });

  test("E-05 the customer's wish stands among them when it can be kept", () => {
    expect(proposals(at("12:45"), at("17:30"), morning, at("14:00"))).toContain(at("14:00"));
  });
});
