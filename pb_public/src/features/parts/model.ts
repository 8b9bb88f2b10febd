// What the parts screens speak of. Quantities are thousandths of the part's unit, money fen. Pure: reads no clock, no store.
import type { Part as Line, Rows } from "../../db/index.ts";
import { agreedMilli, quantityText } from "../../rules/guards/parts.ts";

export type PartRow = Rows["parts"];
export type Move = Rows["stock_moves"];
export type Reservation = Rows["reservations"];
export type Purchase = Rows["purchase_orders"];
export type Receipt = Rows["goods_receipts"];
export type CountSheet = Rows["stock_counts"];
export type Tool = Rows["tools"];
export type Loan = Rows["tool_loans"];
export type OwnPart = Rows["customer_parts"];
export type Place = "store" | "workshop";

/** What a part comes to on this tablet: the server's levels with what was done here since. */
export interface Stock {
  store: number;
  workshop: number;
  /** Held for jobs and appointments and not issued yet. */
  frozen: number;
  /** Ordered or proposed and not in stock yet, and the earliest day it is expected ("" when nobody knows). */
  coming: number;
  expected: string;
}

export const noStock: Stock = { store: 0, workshop: 0, frozen: 0, coming: 0, expected: "" };

export const total = (s: Stock): number => s.store + s.workshop;

/** What nobody has a hold on; below zero is a shortage. */
export const free = (s: Stock): number => total(s) - s.frozen;

/** "4.5 L" */
export function amount(milli: number, unit = ""): string {
  return `${quantityText(milli)}${unit ? ` ${unit}` : ""}`;
}

/** P-05: nothing went out for so many days. Stock that never moved counts from the day it came in. */
export type Pace = "moving" | "slow" | "dead";

export function paceOf(part: PartRow, stock: Stock, days: { slow: number; dead: number }, now: number): Pace {
  if (total(stock) <= 0) return "moving";
  const last = part.last_out_at || part.last_in_at || part.created;
  const idle = (now - Date.parse(last.replace(" ", "T"))) / 86_400_000;
  return idle >= days.dead ? "dead" : idle >= days.slow ? "slow" : "moving";
}

/** Below the minimum, counting what is on its way. */
export function isLow(part: PartRow, stock: Stock): boolean {
  return part.active && free(stock) < part.minimum_milli;
}

/** Substitutes 互换件 by number. */
export function substitutesOf(part: PartRow): string[] {
  return Array.isArray(part.substitutes) ? (part.substitutes as string[]) : [];
}

/** One part of a job as the counter sees it. */
export interface PickLine {
  job: string;
  work: string;
  number: string;
  name: string;
  unit: string;
  agreed: number;
  issued: number;
  part: PartRow | null;
  stock: Stock;
  /** Frozen for this job. */
  held: number;
}

/** What can be handed out now of a line: what it still lacks, as far as it lies here and nobody else has a hold on it. */
export function pickable(line: PickLine): number {
  return Math.max(0, Math.min(line.agreed - line.issued, total(line.stock), free(line.stock) + line.held));
}

/** The store's lines of a job, one a part number: what the customer brings along is not the store's. */
export function linesOf(job: { parts: Line[] | null }): { number: string; name: string; unit: string; agreed: number }[] {
  const seen = new Map<string, { number: string; name: string; unit: string; agreed: number }>();
  for (const line of job.parts ?? []) {
    if (line.origin === "customer" || line.number === "" || seen.has(line.number)) continue;
    seen.set(line.number, { number: line.number, name: line.name, unit: line.unit, agreed: agreedMilli(job as never, line.number) });
  }
  return [...seen.values()];
}

export interface CountLine {
  part: string;
  book_milli: number;
  counted_milli: number | null;
}

export function countLines(sheet: CountSheet): CountLine[] {
  return Array.isArray(sheet.lines) ? (sheet.lines as CountLine[]) : [];
}

export const difference = (l: CountLine): number => (l.counted_milli === null ? 0 : l.counted_milli - l.book_milli);

/** Any fragment of number, name or barcode; a scanned code is one of them whole. */
export function matches(part: { number: string; name: string; barcode: string }, text: string): boolean {
  const want = text.trim().toUpperCase();
  return want === "" || [part.number, part.name, part.barcode].some((s) => s.toUpperCase().includes(want));
}

export function isCode(part: { number: string; barcode: string }, code: string): boolean {
  const want = code.trim().toUpperCase();
  return want !== "" && (part.barcode.toUpperCase() === want || part.number.toUpperCase() === want);
}
