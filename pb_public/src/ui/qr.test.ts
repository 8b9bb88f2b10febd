import { expect, test } from "vitest";
import { masked, qr, qrPath } from "./qr";
import vectors from "./qr.vectors.json";

// The vectors were drawn by boombuler/barcode, which draws the server's own codes. It may choose another mask: then one of
// the eight is its drawing, module for module.
const rows = (modules: boolean[][]) => modules.map((row) => {
  const bits = row.map((d) => (d ? "1" : "0")).join("").padEnd(Math.ceil(row.length / 4) * 4, "0");
  return bits.match(/.{4}/g)!.map((four) => parseInt(four, 2).toString(16)).join("");
});

test.each(vectors.map((v) => [v.text.slice(0, 24), v] as const))("D-07 the code of %s is the one another encoder draws", (_, { text, rows: want }) => {
  expect(masked(text).some((m) => rows(m).join("\n") === want.join("\n"))).toBe(true);
  expect(masked(text)).toContainEqual(qr(text));
});

test("D-07 what is too long for any code is none", () => {
  expect(qr("x".repeat(2331))!.length).toBe(177);
  expect(qr("x".repeat(2332))).toBeNull();
});

test("the path has a square for each dark module", () => {
  expect(qrPath([[true, false], [false, true]])).toBe("M0 0h1v1h-1zM1 1h1v1h-1z");
});
