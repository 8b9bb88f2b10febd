import { describe, expect, test } from "vitest";
import { decimalText, parseDecimal } from "./decimal.ts";
import { strokePaths } from "../sign/strokes.ts";

describe("E-01 money in integer fen", () => {
  test.each([["216", 2, 21600], ["216.5", 2, 21650], ["¥1,280.00", 2, 128000], ["０．１", 2, 10], ["4.5", 3, 4500], [".5", 2, 50], ["", 2, 0], ["19.99", 2, 1999]])("E-01 %s with %i digits is %i", (text, digits, value) => {
    expect(parseDecimal(text, digits)).toBe(value);
  });

  test.each([["-1", 2], ["1.234", 2], ["abc", 2], ["1.2.3", 2], ["1e3", 2], [".", 2]])("E-01 %s is no amount", (text, digits) => {
    expect(parseDecimal(text, digits)).toBeNull();
  });

  test("E-01 what is shown is read back as it was", () => {
    for (const fen of [0, 1, 10, 99, 100, 21650, 999_999_999]) expect(parseDecimal(decimalText(fen, 2), 2)).toBe(fen);
    for (const milli of [1, 500, 1000, 4500, 12_345]) expect(parseDecimal(decimalText(milli, 3), 3)).toBe(milli);
  });
});

describe("S-03 strokes", () => {
  test("S-03 both ways of writing strokes are drawn; nothing is drawn of nothing", () => {
    expect(strokePaths([[{ x: 0, y: 0 }, { x: 10, y: 5 }]])?.paths).toEqual(["M0 0 L10 5"]);
    expect(strokePaths([{ points: [{ x: 3, y: 4 }] }])?.paths).toEqual(["M3 4 l0.01 0"]);
    expect(strokePaths(null)).toBeNull();
    expect(strokePaths([{ points: [] }])).toBeNull();
  });
});
