// The arithmetic of money, the twin of internal/price: integer fen, thousandths of a unit, whole percent.
import { Refused } from "./refused.ts";

/** What a line's price depends on. */
export interface PricedPart {
  quantity_milli: number;
  unit_fen: number;
  origin: string;
}

/** Limits of one part line, as in Go: they keep every total a safe integer. */
const maxUnitFen = 1_000_000_000;
const maxQuantityMilli = 10_000_000;
const maxLines = 100;
const maxText = 120;

/** Unit price × quantity in fen, half a fen rounded up. Nothing below 0 counts. */
export function lineFen(quantityMilli: number, unitFen: number): number {
  return Number((whole(unitFen) * whole(quantityMilli) + 500n) / 1000n);
}

/** A half-typed figure on a screen is no number yet and counts as 0. */
function whole(n: number): bigint {
  return Number.isFinite(n) && n > 0 ? BigInt(Math.trunc(n)) : 0n;
}

/** The sum of the lines; parts the customer brings along cost nothing (E-03). */
export function partsFen(parts: PricedPart[]): number {
  return parts.reduce((sum, p) => (p.origin === "customer" ? sum : sum + lineFen(p.quantity_milli, p.unit_fen)), 0);
}

export interface PricedJob {
  payer: string;
  labour_fen: number;
  parts_fen: number;
}

/** Totals of a document in fen; customer_fen counts only what the customer pays (E-04). */
export function totals(jobs: PricedJob[]): { customer_fen: number; labour_fen: number; parts_fen: number } {
  const sums = { customer_fen: 0, labour_fen: 0, parts_fen: 0 };
  for (const j of jobs) {
    sums.labour_fen += j.labour_fen;
    sums.parts_fen += j.parts_fen;
    if (j.payer === "customer") sums.customer_fen += j.labour_fen + j.parts_fen;
  }
  return sums;
}

/** The highest actual price an agreed one covers, fractions of a fen dropped (S-07). */
export function limitFen(agreedFen: number, percent: number): number {
  return Number((whole(agreedFen) * whole(100 + percent)) / 100n);
}

/** Whether the actual price needs no new consent; cheaper always is in range (S-07). */
export function inRange(agreedFen: number, actualFen: number, percent: number): boolean {
  return actualFen <= limitFen(agreedFen, percent);
}

/** 12345 fen is "123.45". */
export function yuan(fen: number): string {
  const abs = Math.abs(fen);
  return `${fen < 0 ? "-" : ""}${Math.floor(abs / 100)}.${String(abs % 100).padStart(2, "0")}`;
}

interface Line extends PricedPart {
  name: string;
  number: string;
  unit: string;
  grade: string;
}

/** Holds lines against their limits; null when they are right. */
export function checkParts(parts: Line[]): Refused | null {
  if (parts.length > maxLines) return new Refused("price.too_many_parts", "parts", { most: maxLines });
  for (const [i, p] of parts.entries()) {
    const field = wrong(p);
    if (field) return new Refused("price.part", "parts", { line: i + 1, field: [`part.${field}`] });
  }
  return null;
}

function wrong(p: Line): string {
  if (p.name === "" || tooLong(p.name)) return "name";
  if (tooLong(p.number)) return "number";
  if (!within(p.quantity_milli, 1, maxQuantityMilli)) return "quantity_milli";
  if (tooLong(p.unit)) return "unit";
  if (!within(p.unit_fen, 0, maxUnitFen)) return "unit_fen";
  if (!["shop", "customer"].includes(p.origin)) return "origin";
  if (!["", "genuine", "aftermarket"].includes(p.grade)) return "grade";
  return "";
}

function within(n: number, min: number, max: number): boolean {
  return Number.isSafeInteger(n) && n >= min && n <= max;
}

function tooLong(s: string): boolean {
  return [...s].length > maxText;
}
