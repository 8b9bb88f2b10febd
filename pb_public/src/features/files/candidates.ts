// Finds the other file of a merge, and says what each is by the fields that tell whether both are the same (V-05).
import { fileName, groupOf, searchCustomers, searchVehicles, tables, type FileCollection } from "../../db";
import { searchAssets } from "./assets";
import type { FileRow } from "./actions";

const fields: Record<FileCollection, string[]> = {
  vehicles: ["plate", "vin", "make", "model", "colour", "engine_no", "odometer_km"],
  customers: ["name", "title", "phone", "address", "member_level"],
  assets: ["name", "brand", "model", "serial", "label", "order_number", "batch_number", "inspection_number"],
};

/** Files that hold the fragment, without the ones that are this file already. */
export async function candidates(collection: FileCollection, mine: string, fragment: string): Promise<FileRow[]> {
  if (fragment.trim().length < 2) return [];
  const own = new Set((await groupOf(collection, mine)).ids);
  const found = collection === "vehicles" ? (await searchVehicles(fragment, 8)).map((h) => h.vehicle)
    : collection === "customers" ? await searchCustomers(fragment, 8) : (await searchAssets(fragment, 8)).map((h) => h.asset);
  return found.filter((row) => !own.has(row.id));
}

/** What a file says of itself, in the order in which two are compared. */
export function saysOf(collection: FileCollection, row: FileRow): string[] {
  return fields[collection].map((field) => String((row as unknown as Record<string, unknown>)[field] || "")).filter(Boolean);
}

export interface Side {
  row: FileRow;
  name: string;
  /** Receptions of the file itself, and of the person; devices and goods have none. */
  visits: number;
}

export async function sideOf(collection: FileCollection, row: FileRow): Promise<Side> {
  const visits = collection === "assets" ? 0 : await tables.visits.where(collection === "vehicles" ? "vehicle" : "customer").equals(row.id).count();
  return { row, name: fileName(collection, row as never), visits };
}

/** The fields in which either file says something, and whether they agree. */
export function compared(collection: FileCollection, a: FileRow, b: FileRow): { field: string; a: string; b: string; same: boolean }[] {
  const value = (row: FileRow, field: string): string => String((row as unknown as Record<string, unknown>)[field] || "");
  return fields[collection].map((field) => ({ field, a: value(a, field), b: value(b, field), same: value(a, field) === value(b, field) })).filter((f) => f.a || f.b);
}
