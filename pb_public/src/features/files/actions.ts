// What became of a file, and two files of one car, person or thing (V-05). Each is one act; nothing is moved between rows.
import { act, type FileCollection, type Rows } from "../../db";
import { stamp } from "../../ui/format";

export type Status = Rows["vehicles"]["status"];

/** Any row that is a file. */
export type FileRow = Rows["vehicles"] | Rows["customers"] | Rows["assets"];

export async function markFile(collection: FileCollection, row: { id: string }, status: Status, note: string): Promise<void> {
  await act("file.mark", (w) => w.patch(collection, row.id, { status, status_on: status ? stamp() : "", status_note: note.trim() } as never));
}

/** From now on `folded` is read as `kept`. */
export async function mergeFiles(collection: FileCollection, kept: string, folded: string, reason: string): Promise<void> {
  await act("file.merge", (w) => void w.create("merges", { collection, kept, folded, reason: reason.trim(), state: "done" }));
}

export async function undoMerge(merge: { id: string }): Promise<void> {
  await act("file.unmerge", (w) => w.patch("merges", merge.id, { state: "undone" }));
}
