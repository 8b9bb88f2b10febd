// What beginning something on a file, and merging two of them, looks at; twin of hooks/files.go on the server.
import type { File, Files } from "../rules/facts.ts";
import { fileName, keptOf, type FileCollection } from "./files.ts";
import type { Row, Store } from "./store.ts";

/** The files of a row that begins something on them, or the merges about the two files of a merge; null for any other row. */
export async function fileFacts(store: Store, collection: string, row: Row): Promise<Files | null> {
  if (collection === "merges") return { merges: await touching(store, row) };
  if (collection !== "visits" && collection !== "appointments") return null;
  return { vehicle: await file(store, "vehicles", row.vehicle), customer: await file(store, "customers", row.customer) };
}

async function file(store: Store, collection: FileCollection, id: unknown): Promise<File> {
  const row = id ? await store.rows(collection).get(String(id)) : undefined;
  if (!row) return {};
  const kept = (await keptOf(collection, [row.id], store)).get(row.id);
  return { status: String(row.status ?? ""), into: kept ? await nameOf(store, collection, kept) : "" };
}

async function touching(store: Store, row: Row) {
  const sides = [String(row.kept), String(row.folded)];
  const [kept, folded] = await Promise.all([store.rows("merges").where("kept").anyOf(sides).toArray(), store.rows("merges").where("folded").anyOf(sides).toArray()]);
  const standing = new Map([...kept, ...folded].filter((m) => m.state === "done" && m.collection === row.collection).map((m) => [m.id, m]));
  const collection = row.collection as FileCollection;
  return Promise.all([...standing.values()].map(async (m) => ({ id: m.id, kept: String(m.kept), folded: String(m.folded), kept_name: await nameOf(store, collection, String(m.kept)) })));
}

async function nameOf(store: Store, collection: FileCollection, id: string): Promise<string> {
  return fileName(collection, (await store.rows(collection).get(id)) ?? { id });
}
