// The rows people see = the server's rows + this tablet's own changes that have not come back from the server yet.
// A row without such changes is the server's row itself. Once it has some, the server's row moves to `shadow` and the
// table holds the sum; when the last of them has come back, the shadow goes. Everything here runs inside the caller's
// transaction.
import { derive } from "./derive.ts";
import { stepwise } from "./derive-claims.ts";
import { serverTime } from "./ids.ts";
import { applyOp, sameValue, type Author } from "./row.ts";
import { keyOf, splitKey, unsure, type Change, type OutboxEntry, type Touch } from "./records.ts";
import { collectionNames, collections, type Row, type Store } from "./store.ts";

/** The server's row under a key; null when the server has none, as far as is known here. */
export async function serverRow(store: Store, key: string): Promise<Row | null> {
  const shadow = await store.shadow.get(key);
  if (shadow) return shadow.row;
  const { collection, id } = splitKey(key);
  return (await store.rows(collection).get(id)) ?? null;
}

/** The mutations on a row that are not in the server's row yet, oldest first. */
export async function unsettled(store: Store, key: string): Promise<OutboxEntry[]> {
  const entries = await store.outbox.where("rows").equals(key).toArray();
  return entries.filter((e) => e.status !== "rejected").sort((a, b) => a.seq - b.seq);
}

export async function authorOf(store: Store, at: string): Promise<Author> {
  return { user: store.user, device: (await store.get("device")) ?? "", at: serverTime(new Date(at)) };
}

/** Sets the server's row under a key and shows it with the unsettled changes on top. */
export async function rebase(store: Store, key: string, server: Row | null): Promise<void> {
  const { collection, id } = splitKey(key);
  const entries = (await unsettled(store, key)).filter((e) => !holds(server, e, key));
  if (entries.length === 0) {
    await store.shadow.delete(key);
    if (server) await store.rows(collection).put(server);
    else await store.rows(collection).delete(id);
    return;
  }
  let row = server;
  for (const entry of entries) {
    const author = await authorOf(store, entry.at);
    for (const op of entry.ops) {
      if (keyOf(op.collection, op.id) !== key) continue;
      const before: Row | null = row, after = applyOp(before, op, author);
      row = after && stepwise.includes(collection) ? await derive(store, collection, after, before) : after;
    }
  }
  await store.shadow.put({ key, row: server });
  if (row) await store.rows(collection).put(stepwise.includes(collection) ? row : await derive(store, collection, row, server));
  else await store.rows(collection).delete(id);
}

/** Rows that nothing of this tablet's own lies on. */
function others(rows: Map<string, Row | null>, touched: Set<string>): Map<string, Row | null> {
  return touched.size === 0 ? rows : new Map([...rows].filter(([key]) => !touched.has(key)));
}

/** Rows are told by those around them: what is derived step by step comes after everything else. */
function inOrder(keys: string[]): string[] {
  const late = (key: string): number => Number(stepwise.includes(splitKey(key).collection));
  return keys.sort((a, b) => late(a) - late(b));
}

/** Whether the server's row already holds what an acknowledged mutation did to it. A delete has no version. */
function holds(server: Row | null, entry: OutboxEntry, key: string): boolean {
  if (entry.status !== "acked") return false;
  const version = entry.versions?.[key];
  return version === undefined ? server === null : server !== null && server.version >= version;
}

/**
 * What one change of the server makes of its row. A patch or put that is not newer than what is here changes nothing:
 * the same change may come by socket, by pull and twice. `lost` says that a patch met no row, which a pull from the
 * start repairs.
 */
function applyChange(row: Row | null, change: Change): { row: Row | null; lost: boolean } {
  switch (change.op) {
    case "put":
      if (row && row.version > change.version) return { row, lost: false };
      return { row: { ...change.data, id: change.id, version: change.version }, lost: false };
    case "patch":
      if (!row) return { row, lost: true };
      if (row.version >= change.version) return { row, lost: false };
      return { row: { ...row, ...change.data, id: change.id, version: change.version }, lost: false };
    case "delete":
    case "leave":
      return { row: null, lost: false };
  }
}

/** Takes in changes of the server in their order. Returns whether some could not be applied (see applyChange). */
export async function ingest(store: Store, changes: Change[]): Promise<{ lost: boolean }> {
  const wanted = changes.filter((c) => known(c.collection));
  const rows = await serverRows(store, new Set(wanted.map((c) => keyOf(c.collection, c.id))));
  let lost = false;
  for (const change of wanted) {
    const key = keyOf(change.collection, change.id);
    const after = applyChange(rows.get(key) ?? null, change);
    lost ||= after.lost;
    rows.set(key, after.row);
  }
  await noteOthers(store, wanted, rows);
  const touched = await touchedKeys(store);
  await write(store, others(rows, touched));
  for (const key of inOrder([...rows.keys()].filter((k) => touched.has(k)))) {
    const row = rows.get(key) ?? null;
    if (!row) await markGone(store, key);
    await rebase(store, key, row);
  }
  await settle(store);
  return { lost };
}

/**
 * Puts a whole snapshot in the place of all rows. The outbox is never touched by it: unsent changes are laid over the
 * new rows. `round` is the pull that brought it; what was acknowledged before that pull began is in it, or was undone.
 */
export async function replaceAll(store: Store, changes: Change[], round: number): Promise<void> {
  const rows = new Map<string, Row | null>();
  for (const change of changes) {
    if (!known(change.collection)) continue;
    const key = keyOf(change.collection, change.id);
    rows.set(key, applyChange(rows.get(key) ?? null, change).row);
  }
  const held = (await store.shadow.toArray()).filter((s) => s.row !== null).map((s) => s.key);
  await retireBefore(store, round);
  await store.shadow.clear();
  for (const collection of collectionNames) await store.rows(collection).clear();
  const touched = await touchedKeys(store);
  await write(store, others(rows, touched));
  for (const key of inOrder([...touched])) {
    if (held.includes(key) && !rows.get(key)) await markGone(store, key);
    await rebase(store, key, rows.get(key) ?? null);
  }
  await settle(store);
  await settleKnown(store, round);
}

/** The server's rows under many keys; null where it has none. */
async function serverRows(store: Store, keys: Set<string>): Promise<Map<string, Row | null>> {
  const rows = new Map<string, Row | null>();
  const shadows = await store.shadow.bulkGet([...keys]);
  for (const shadow of shadows) if (shadow) rows.set(shadow.key, shadow.row);
  for (const [collection, ids] of byCollection([...keys].filter((k) => !rows.has(k)))) {
    const found = await store.rows(collection).bulkGet(ids);
    ids.forEach((id, i) => rows.set(keyOf(collection, id), found[i] ?? null));
  }
  return rows;
}

/** Writes rows that have nothing of this tablet's own on top: all collections at once, for the disk works while the next rows are made ready. */
async function write(store: Store, rows: Map<string, Row | null>): Promise<void> {
  await Promise.all([...byCollection([...rows.keys()])].flatMap(([collection, ids]) => {
    const of = (id: string) => rows.get(keyOf(collection, id)) ?? null;
    const gone = ids.filter((id) => !of(id));
    return [store.rows(collection).bulkPut(ids.map(of).filter((r) => r !== null)), store.rows(collection).bulkDelete(gone)];
  }));
}

function byCollection(keys: string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const key of keys) {
    const { collection, id } = splitKey(key);
    const group = groups.get(collection);
    if (group) group.push(id);
    else groups.set(collection, [id]);
  }
  return groups;
}

/** Keys of all rows with unsettled changes on top. */
async function touchedKeys(store: Store): Promise<Set<string>> {
  const keys = new Set<string>();
  for (const entry of await store.outbox.where("status").anyOf("pending", "acked").toArray()) {
    for (const key of entry.rows) keys.add(key);
  }
  return keys;
}

/**
 * The row was deleted by others or went out of this person's sight. Unsent changes to it are shown as needing
 * attention; they go on being sent, and the server's word on them counts. What the server has of them is settled.
 */
async function markGone(store: Store, key: string): Promise<void> {
  for (const entry of await unsettled(store, key)) {
    if (entry.status === "pending") await store.outbox.update(entry.id, { left: true });
    else await store.outbox.update(entry.id, { rows: entry.rows.filter((k) => k !== key) });
  }
}

/** Moves acknowledged mutations whose effect has come back out of the way. */
export async function settle(store: Store): Promise<void> {
  for (const entry of await store.outbox.where("status").equals("acked").toArray()) {
    if (entry.known) continue;
    const shadows = (await store.shadow.bulkGet(entry.rows)).filter((s) => s !== undefined);
    if (shadows.every((s) => holds(s.row, entry, s.key))) await retire(store, entry);
  }
}

/**
 * A complete pull that had begun after an outcome came holds its effect, whatever the versions say (the row may be
 * out of sight, say). Rows are shown without these mutations from then on.
 */
export async function settleBefore(store: Store, round: number): Promise<void> {
  for (const key of await retireBefore(store, round)) await rebase(store, key, await serverRow(store, key));
  await settleKnown(store, round);
}

/**
 * Mutations whose id the server knew already: their first effect stands, whatever it was. When the rows of a pull
 * begun after that show all that was wanted it is done, else a person has to look.
 */
async function settleKnown(store: Store, round: number): Promise<void> {
  for (const entry of await store.outbox.where("status").equals("acked").toArray()) {
    if (!entry.known || (entry.round ?? 0) >= round) continue;
    if (await proven(store, entry)) await retire(store, entry);
    else await store.outbox.update(entry.id, { status: "rejected", known: undefined, refusal: { code: "sync.reused", message: "", fields: {}, server: {} } });
    for (const key of entry.rows) await rebase(store, key, await serverRow(store, key));
  }
}

async function retireBefore(store: Store, round: number): Promise<Set<string>> {
  const keys = new Set<string>();
  for (const entry of await store.outbox.where("status").equals("acked").toArray()) {
    if (entry.known || (entry.round ?? 0) >= round) continue;
    if (!(await shown(store, entry))) await doubt(store, entry);
    await retire(store, entry);
    for (const key of entry.rows) keys.add(key);
  }
  return keys;
}

/**
 * Out of sight, or lost by a restore that no cursor gave away: the server's seq will tell, and of what stands under
 * another device's seq the server itself, asked once more.
 */
async function doubt(store: Store, { elsewhere, again }: OutboxEntry): Promise<void> {
  if (elsewhere && again) return;
  await store.set("reconcile", true);
  if (elsewhere) await store.set("elsewhere_in", unsure);
}

/** Whether the server's rows show what it said it had done. */
async function shown(store: Store, entry: OutboxEntry): Promise<boolean> {
  for (const key of entry.rows) if (!holds(await serverRow(store, key), entry, key)) return false;
  return true;
}

async function retire(store: Store, entry: OutboxEntry): Promise<void> {
  const { seq, id, intent, at, seen, ops, app, commit = 0, acked_at = 0, outcome = "applied", elsewhere } = entry;
  const { device, contact } = await store.getAll("device", "contact");
  await store.sent.put({ seq, id, intent, at, seen, ops, app, outcome, commit, acked_at, device, elsewhere, day: contact?.day });
  await store.outbox.delete(entry.id);
}

/** Whether the server's rows show all that a mutation wanted. */
async function proven(store: Store, entry: OutboxEntry): Promise<boolean> {
  for (const op of entry.ops) {
    const row = await serverRow(store, keyOf(op.collection, op.id));
    if (op.op === "delete" ? row !== null : row === null) return false;
    if (op.op === "patch" && !Object.entries(op.data ?? {}).every(([name, value]) => sameValue(row?.[name], value))) return false;
  }
  return true;
}

/** Writes down what others do to rows that mutations here touch: a person who has to decide wants to know. */
async function noteOthers(store: Store, changes: Change[], rows: Map<string, Row | null>): Promise<void> {
  const entries = (await store.outbox.toArray()).filter((e) => e.rows.length > 0);
  if (entries.length === 0) return;
  const mine = await store.get("device");
  for (const entry of entries) {
    const seen = new Set(entry.others?.map((o) => o.key + o.at + o.fields.join()));
    const others = changes.flatMap((change) => touchBy(change, entry, rows, mine)).filter((o) => !seen.has(o.key + o.at + o.fields.join()));
    if (others.length > 0) await store.outbox.update(entry.id, { others: [...(entry.others ?? []), ...others].slice(-mostOthers) });
  }
}

function touchBy(change: Change, entry: OutboxEntry, rows: Map<string, Row | null>, mine: string | undefined): Touch[] {
  const key = keyOf(change.collection, change.id);
  if (!entry.rows.includes(key)) return [];
  const row: Record<string, unknown> = { ...rows.get(key), ...change.data };
  if (change.op !== "delete" && change.op !== "leave" && row.device === mine) return [];
  const fields = change.op === "patch" ? Object.keys(change.data ?? {}).filter((name) => !bookkeeping.has(name)) : [];
  return [{ key, by: String(row.updated_by ?? ""), at: String(row.updated ?? ""), fields }];
}

/** Changes of others kept with one mutation, and fields that change with every save. */
const mostOthers = 30;
const bookkeeping = new Set(["updated", "updated_by", "version", "device"]);

function known(collection: string): boolean {
  return collection in collections;
}
