import Dexie, { type Table } from "dexie";
import { heldByField, isHeld } from "./held.ts";

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
  return table.where(index).between([value, from], [value, Dexie.maxKey], true, true).limit(limit).toArray();
}

/** The last rows that have a value, in the order of a second field, the last one first. */
export async function lastRows<T>(table: Table<T, string>, index: string, value: string, limit: number): Promise<T[]> {
  return table.where(index).between([value, Dexie.minKey], [value, Dexie.maxKey], true, true).reverse().limit(limit).toArray();
}
