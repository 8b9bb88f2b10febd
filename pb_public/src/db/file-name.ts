import type { Row } from "./store.ts";

/** Collections whose rows are files. */
export type FileCollection = "vehicles" | "customers" | "assets";

const names: Record<FileCollection, string[]> = {
  vehicles: ["plate", "vin"],
  customers: ["name"],
  assets: ["label", "serial", "order_number", "batch_number", "name"],
};

/** What people call a file; twin of record.FileName on the server. */
export function fileName(collection: FileCollection, row: { id: string } & Partial<Row>): string {
  return String(names[collection].map((name) => row[name]).find(Boolean) ?? row.id);
}
