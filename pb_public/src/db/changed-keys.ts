// Which rows a write touched, from Dexie's account of it.
import type { ObservabilitySet } from "dexie";
import type { Store } from "./store.ts";

/** Changed rows up to which they are told one by one. */
const fewRows = 100;

/** A node of Dexie's tree of key ranges, as it also comes from other tabs. */
interface Range {
  from?: unknown;
  to?: unknown;
  l?: Range | null;
  r?: Range | null;
}

/** Keys of a table's changed rows, or values of an index that rows have or had; null when they are many, or not known one by one. */
export function changedKeys(parts: ObservabilitySet, store: Store, table: string, index = ""): string[] | null {
  const keys: string[] = [];
  const rest: (Range | null | undefined)[] = [parts[`idb://${store.name}/${table}/${index}`] as Range | undefined];
  while (rest.length > 0) {
    const range = rest.pop();
    if (!range || range.from === undefined) continue;
    if (typeof range.from !== "string" || range.from !== range.to || keys.length === fewRows) return null;
    keys.push(range.from);
    rest.push(range.l, range.r);
  }
  return keys;
}
