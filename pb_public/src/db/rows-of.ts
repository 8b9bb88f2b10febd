import type { Table } from "dexie";
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
