import { describe, expect, test } from "vitest";
import { normalPlate, plateComplete, plateEnergy, splitPlate } from "./plate";

describe("plates", () => {
  test.each([
    ["沪A8K359", "fuel"], ["京AD0001", "fuel"], ["沪AD62815", "electric"], ["沪AF09173", "hybrid"], ["粤B12345D", "electric"], ["粤B12345F", "hybrid"],
    ["粤BA234学", "fuel"], ["粤ZA23港", null], ["粤ZAB23港", "fuel"], ["沪A8O359", null], ["沪A8K35", null], ["8K359", null], ["", null],
  ])("%s is %s", (plate, energy) => {
    expect(plateEnergy(plate)).toBe(energy);
    expect(plateComplete(plate)).toBe(energy !== null);
  });
  test("what people type is one plate", () => {
    for (const text of ["沪A·8K359", "沪a 8k359", "沪Ａ８Ｋ３５９", "沪A-8K359"]) expect(normalPlate(text)).toBe("沪A8K359");
  });
  test("a plate is drawn with its dot behind the office letter; an unknown one as written", () => {
    expect(splitPlate("沪A8K359")).toEqual({ head: "沪A", tail: "8K359" });
    expect(splitPlate("B-MW 123")).toEqual({ head: "BMW123", tail: "" });
  });
});
