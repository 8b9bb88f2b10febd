// What needs attention, put together: a refused edit with all that was made on top of it and so could not stand either.
import type { QueueEntry } from "../../sync/queue";

export interface Matter {
  entry: QueueEntry;
  /** Refused because `entry` was, in their order. */
  after: QueueEntry[];
}

/** Refused edits and photos, oldest first, those that depend on another with it. */
export function mattersOf(entries: QueueEntry[]): Matter[] {
  const matters: (Matter & { rows: Set<string>; ids: Set<string> })[] = [];
  for (const entry of entries) {
    if (!entry.refused) continue;
    const on = matters.find((m) => dependsOn(entry, m.rows, m.ids));
    const matter = on ?? { entry, after: [], rows: new Set<string>(), ids: new Set<string>() };
    if (on) on.after.push(entry);
    else matters.push(matter);
    for (const { op, collection, id, data } of entry.refused.ops) {
      if (op === "create") matter.ids.add(id);
      // A step of a row's state is what the next step stands on; other fields stand on nothing.
      if (op !== "patch" || "state" in data) matter.rows.add(`${collection}/${id}`);
    }
  }
  return matters.map(({ entry, after }) => ({ entry, after }));
}

function dependsOn(entry: QueueEntry, rows: Set<string>, ids: Set<string>): boolean {
  return (entry.refused?.ops ?? []).some(({ collection, id, data }) => rows.has(`${collection}/${id}`) || Object.values(data).some((value) => names(value, ids)));
}

function names(value: unknown, ids: Set<string>): boolean {
  return Array.isArray(value) ? value.some((v) => names(v, ids)) : typeof value === "string" && ids.has(value);
}
