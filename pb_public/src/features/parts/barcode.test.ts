import { expect, test } from "vitest";
import { bars128, codes128 } from "./barcode.ts";

test("P-01 a label's bars: start B, the text, its check digit, stop", () => {
  // The standard's own example: "PJJ123C" has check symbol 54 in set A; in set B the start counts one more: 55.
  expect(codes128("PJJ123C")).toEqual([104, 48, 42, 42, 17, 18, 19, 35, 55]);
  const { bars, width } = bars128("PJJ123C")!;
  expect(width).toBe(10 + 11 * 9 + 13 + 10);
  expect(bars.length).toBe(3 * 9 + 4);
  expect(bars[0]).toEqual([10, 2]);
});

test("P-01 every symbol is eleven modules of three bars", () => {
  for (let c = 32; c < 127; c++) {
    const { bars, width } = bars128(String.fromCharCode(c))!;
    expect(width).toBe(10 + 33 + 13 + 10);
    expect(bars.length).toBe(13);
  }
});

test("P-01 what the bars cannot say is said to be so", () => {
  expect(bars128("")).toBeNull();
  expect(bars128("前刹车片")).toBeNull();
});
