// Files that are read as one since a merge 并档 (V-05). A merge moves nothing: whoever shows a file asks here which files it
// is made of, and taking the merge back leaves each as it was.
import { fileName, type FileCollection } from "./file-name.ts";
import { theStore, type Row, type Store } from "./store.ts";
import { held } from "./tables.ts";
import type { Rows } from "./types.gen.ts";

export { fileName };
export type { FileCollection };

/** The files that are one file: the one that is kept, all of their ids (the kept one first), and the merges that say so. */
export interface FileGroup {
  kept: string;
  ids: string[];
  merges: Rows["merges"][];
}

/** The file that holds each of these since a merge, by id; files that stand alone are not in it. */
export async function keptOf(collection: FileCollection, ids: string[], store: Store = theStore()): Promise<Map<string, string>> {
  const asked = [...new Set(ids)].filter(Boolean);
  if (asked.length === 0) return new Map();
  const merges = (await held(store.rows("merges")).where("folded").anyOf(asked).toArray()).filter((m) => stands(m, collection));
  return new Map(merges.map((m) => [String(m.folded), String(m.kept)]));
}

/** Everything that is read as one with this file. */
export async function groupOf(collection: FileCollection, id: string, store: Store = theStore()): Promise<FileGroup> {
  const kept = (await keptOf(collection, [id], store)).get(id) ?? id;
  const merges = (await held(store.rows("merges")).where("kept").equals(kept).toArray()).filter((m) => stands(m, collection)) as unknown as Rows["merges"][];
  return { kept, ids: [kept, ...merges.map((m) => m.folded)], merges };
}

function stands(merge: Row, collection: FileCollection): boolean {
  return merge.state === "done" && merge.collection === collection;
}
