// Rows that screens read again and again, held in memory: what was read once is not asked of the disk a second time until
// it changes. Dexie announces every write of every tab by keys and by values of indexes; what an announcement names is
// forgotten at once, and the next reader asks the disk. In this tab that is before whoever wrote goes on, so nobody misses
// an own write. A transaction reads for itself: rules ask the rows as they are in it. Rows are frozen, for they are
// everybody's. The limit: rows of a collection are found by values of one indexed field, by id, or all together; any other
// answer is held under the name of its question until any row of the collection changes.
import Dexie, { type ObservabilitySet, type Table } from "dexie";
import { changedKeys } from "./changed-keys.ts";
import { onStoreChange, storeInUse, type Row, type Store } from "./store.ts";

/** Rows and answers of a collection beyond which it begins anew. */
const mostHeld = 20_000;
/** An answer of more rows is not held: whoever asks for so many does not ask often. */
const mostRows = 2_000;
/** After so many rows came at once that nobody names them (a first pull, say), more are on their way: for so long nothing is held, ms. */
const floodMs = 1_000;

/** What is known of one collection. */
class Held {
  readonly byId = new Map<string, Row | null>();
  readonly byField = new Map<string, Map<string, readonly Row[]>>();
  /** Which answers list a row: its fields and values. */
  readonly listed = new Map<string, [field: string, value: string][]>();
  /** Answers to other questions, by their names. */
  readonly answers = new Map<string, readonly Row[]>();
  all: readonly Row[] | null = null;
  /** Counts the announcements: what was asked before one of them is not kept after it. */
  changes = 0;
  private size = 0;
  private flooded = -Infinity;

  /** Many rows came at once. */
  flood(): void {
    this.clear();
    this.flooded = performance.now();
  }

  /** Whether what is read now is worth holding. */
  get calm(): boolean {
    return performance.now() - this.flooded >= floodMs;
  }

  clear(): void {
    this.byId.clear();
    this.byField.clear();
    this.listed.clear();
    this.answers.clear();
    this.all = null;
    this.size = 0;
  }

  keepRow(id: string, row: Row | null): void {
    this.grow(1);
    this.byId.set(id, row && Object.freeze(row));
  }

  keep(field: string, value: string, rows: Row[]): void {
    if (rows.length > mostRows) return;
    this.grow(rows.length + 1);
    const answers = this.byField.get(field) ?? new Map<string, readonly Row[]>();
    this.byField.set(field, answers.set(value, Object.freeze(rows)));
    for (const row of rows) {
      Object.freeze(row);
      const known = this.listed.get(row.id);
      if (known) known.push([field, value]);
      else this.listed.set(row.id, [[field, value]]);
    }
  }

  keepAll(rows: Row[]): void {
    if (rows.length > mostRows) return;
    this.grow(rows.length);
    for (const row of rows) Object.freeze(row);
    this.all = rows;
  }

  keepAnswer(question: string, rows: readonly Row[]): void {
    if (rows.length > mostRows) return;
    this.grow(rows.length + 1);
    for (const row of rows) Object.freeze(row);
    this.answers.set(question, rows);
  }

  /** A row is another one now, is new, or is gone. */
  forget(id: string): void {
    this.all = null;
    this.byId.delete(id);
    for (const [field, value] of this.listed.get(id) ?? []) this.byField.get(field)?.delete(value);
    this.listed.delete(id);
  }

  private grow(by: number): void {
    this.size += by;
    if (this.size <= mostHeld) return;
    this.clear();
    this.size = by;
  }
}

let store: Store | null = null;
const collections = new Map<string, Held>();

onStoreChange(() => collections.clear());

// A tab that was frozen may have slept through an announcement.
if (typeof window !== "undefined") {
  document.addEventListener("resume", () => forgetAll());
  window.addEventListener("pageshow", (event) => event.persisted && forgetAll());
}

Dexie.on("storagemutated", (parts: ObservabilitySet & { all?: unknown }) => {
  if (!store) return;
  if (parts.all) return forgetAll();
  const prefix = `idb://${store.name}/`;
  const tables = new Set(Object.keys(parts).flatMap((part) => (part.startsWith(prefix) ? [part.slice(prefix.length).split("/")[0]!] : [])));
  for (const name of tables) {
    const held = collections.get(name);
    if (held) changed(held, parts, store, name);
  }
});

function forgetAll(): void {
  for (const held of collections.values()) {
    held.changes++;
    held.clear();
  }
}

function changed(held: Held, parts: ObservabilitySet, of: Store, name: string): void {
  held.changes++;
  held.answers.clear();
  const ids = changedKeys(parts, of, name);
  if (!ids) return held.flood();
  for (const id of ids) held.forget(id);
  for (const [field, answers] of held.byField) {
    const values = changedKeys(parts, of, name, field);
    if (values) for (const value of values) answers.delete(value);
    else answers.clear();
  }
}

/** What is known of a table's rows; null where everybody reads for themselves. */
function heldOf(table: Table): Held | null {
  const present = storeInUse();
  if (Dexie.currentTransaction || !present?.isOpen() || (table.db as unknown) !== present) return null;
  if (store !== present) {
    collections.clear();
    store = present;
  }
  let held = collections.get(table.name);
  if (!held) collections.set(table.name, (held = new Held()));
  return held;
}

/** One transaction for any number of questions; each answers with all its rows at once. */
async function ask(table: string, questions: (store: IDBObjectStore) => IDBRequest[]): Promise<unknown[]> {
  const tx = store!.backendDB().transaction(table, "readonly");
  const requests = questions(tx.objectStore(table));
  if (requests.length === 0) return [];
  await new Promise<void>((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error ?? new Error("the store was closed"));
  });
  return requests.map((r) => r.result as unknown);
}

/** Whether a table's rows are held here and now. */
export function isHeld(table: Table): boolean {
  return heldOf(table) !== null;
}

/** Rows whose indexed field has one of the values, in the order of the values; of one value in the order of the ids. */
export async function heldByField(table: Table, field: string, values: readonly string[]): Promise<Row[]> {
  const held = heldOf(table)!;
  const known = held.byField.get(field);
  const missing = known ? values.filter((v) => !known.has(v)) : [...values];
  const found = new Map<string, readonly Row[]>();
  for (const v of values) {
    const rows = known?.get(v);
    if (rows) found.set(v, rows);
  }
  if (missing.length > 0) {
    const before = held.changes;
    const answers = await ask(table.name, (rows) => missing.map((v) => rows.index(field).getAll(v)));
    missing.forEach((v, i) => {
      const rows = answers[i] as Row[];
      found.set(v, rows);
      if (held.changes === before && held.calm) held.keep(field, v, rows);
    });
  }
  return values.flatMap((v) => found.get(v)!);
}

/** Rows by id, undefined where there is none. */
export async function heldById(table: Table, ids: readonly string[]): Promise<(Row | undefined)[]> {
  const held = heldOf(table)!;
  const missing = [...new Set(ids)].filter((id) => id && !held.byId.has(id));
  const fresh = new Map<string, Row | null>();
  const known = ids.map((id) => held.byId.get(id));
  if (missing.length > 0) {
    const before = held.changes;
    const answers = await ask(table.name, (rows) => missing.map((id) => rows.get(id)));
    missing.forEach((id, i) => {
      const row = (answers[i] as Row | undefined) ?? null;
      fresh.set(id, row);
      if (held.changes === before && held.calm) held.keepRow(id, row);
    });
  }
  return ids.map((id, i) => known[i] ?? fresh.get(id) ?? undefined);
}

/** Every row of a collection, in the order of the ids. */
export async function heldAll(table: Table): Promise<Row[]> {
  const held = heldOf(table)!;
  if (held.all) return [...held.all];
  const before = held.changes;
  const [rows] = (await ask(table.name, (all) => [all.getAll()])) as [Row[]];
  if (held.changes === before && held.calm) held.keepAll(rows);
  return [...rows];
}

/** The answer to a question that has a name, read once until any row of the collection changes. */
export async function heldAnswer(table: Table, question: string, read: () => PromiseLike<Row[]>): Promise<Row[]> {
  const held = heldOf(table)!;
  const known = held.answers.get(question);
  if (known) return [...known];
  const before = held.changes;
  const rows = await read();
  if (held.changes === before && held.calm) held.keepAnswer(question, rows);
  return [...rows];
}
