import Dexie, { type Table } from "dexie";
import { heldAnswer, heldByField, isHeld } from "./held.ts";
import type { Row } from "./store.ts";

/** Up to so many values each is asked for by itself. */
const mostAsked = 300;

/**
 * Rows whose indexed field has one of the values. Each value is one request for all its rows, and all go out at once:
 * a cursor over many values, as `anyOf` is, steps row by row and each step is a round trip.
 */
export async function rowsOf<T>(table: Table<T, string>, field: string, values: readonly string[]): Promise<T[]> {
  const asked = [...new Set(values)];
  if (isHeld(table)) return (await heldByField(table, field, asked)) as T[];
  if (asked.length > mostAsked) return table.where(field).anyOf(asked).toArray();
  return (await Promise.all(asked.map((value) => table.where(field).equals(value).toArray()))).flat();
}

/**
 * The first rows that have a value, in the order of a second field: of ten thousand open claims a desk reads those that are due
 * first. `index` is a compound one, "[state+filed_at]"; `from` leaves out what lies before it, as rows that have nothing there do.
 */
export async function firstRows<T>(table: Table<T, string>, index: string, value: string, limit: number, from: unknown = Dexie.minKey): Promise<T[]> {
  return once(table, `first ${limit} ${index} ${value} ${String(from)}`, () => table.where(index).between([value, from], [value, Dexie.maxKey], true, true).limit(limit).toArray());
}

/** The last rows that have a value, in the order of a second field, the last one first; `from` as in firstRows. */
export async function lastRows<T>(table: Table<T, string>, index: string, value: string, limit: number, from: unknown = Dexie.minKey): Promise<T[]> {
  return once(table, `last ${limit} ${index} ${value} ${String(from)}`, () => table.where(index).between([value, from], [value, Dexie.maxKey], true, true).reverse().limit(limit).toArray());
}

/** The last rows of all in the order of a field, the last one first. */
export async function latestRows<T>(table: Table<T, string>, field: string, limit: number): Promise<T[]> {
  return once(table, `latest ${limit} ${field}`, () => table.orderBy(field).reverse().limit(limit).toArray());
}

/** Of so many rows, the latest, any fragment is looked for. */
const latestSought = 400;

/**
 * Among these a fragment is looked for, by index: every row of which one of the fields begins with it, up to `limit` for each field,
 * and the latest of all in the order of `by`, which may hold it anywhere. Each row once; whoever asks leaves out what does not fit.
 */
export async function soughtRows<T extends { id: string }>(table: Table<T, string>, by: string, fields: readonly string[], fragment: string, limit: number): Promise<T[]> {
  const start = fragment.trim();
  const found = await Promise.all([latestRows(table, by, latestSought), ...fields.map((f) => table.where(f).startsWithIgnoreCase(start).limit(limit).toArray())]);
  return [...new Map(found.flat().map((row) => [row.id, row])).values()];
}

/** Rows whose field lies from `lower` up to `upper`, that one not with them. */
export async function rowsBetween<T>(table: Table<T, string>, field: string, lower: string, upper: string): Promise<T[]> {
  return once(table, `between ${field} ${lower} ${upper}`, () => table.where(field).between(lower, upper).toArray());
}

/** Rows at a place of an index that no single text names: values of a compound one, or a number. */
export async function rowsAt<T>(table: Table<T, string>, index: string, place: number | readonly (string | number)[]): Promise<T[]> {
  return once(table, `at ${index} ${JSON.stringify(place)}`, () => table.where(index).equals(place as never).toArray());
}

function once<T>(table: Table<T, string>, question: string, read: () => PromiseLike<T[]>): PromiseLike<T[]> {
  return isHeld(table) ? (heldAnswer(table, question, read as unknown as () => PromiseLike<Row[]>) as unknown as Promise<T[]>) : read();
}
