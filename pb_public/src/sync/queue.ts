// The queue as people see it: what waits, what was refused and why, and the ways out.
import { act } from "../db/act.ts";
import { newId } from "../db/ids.ts";
import { rebase, serverRow } from "../db/project.ts";
import { keyOf, splitKey, type Op, type OutboxEntry, type SentEntry, type Upload } from "../db/records.ts";
import { theStore, type Store } from "../db/store.ts";
import type { CollectionName, Rows } from "../db/types.gen.ts";
import { syncNow } from "./engine.ts";

export interface QueueEntry {
  key: string;
  kind: "edit" | "photo";
  /** Label of the act ("job.start"), "photo" for a photo. */
  intent: string;
  /** When it was made, ms. */
  at: number;
  state: "waiting" | "sending" | "retry" | "rejected";
  /** Share of a photo's bytes that is there, 0 to 1. */
  progress?: number;
  bytes?: number;
  /** Plate of the vehicle it is about, where there is one. */
  title?: string;
  visit?: string;
  /** Hash of the photo's bytes. */
  sha256?: string;
  /** Why it needs attention: a rule's no, or that its row went out of sight (`sync.not_found`). */
  refused?: {
    code: string;
    fields: Record<string, { code: string; message: string; said?: Record<string, string> }>;
    message: string;
    /** The server's sentence in each language. */
    said?: Record<string, string>;
    /** The rows as the server has them now, keyed "collection/id". */
    server?: Record<string, unknown>;
    ops: { op: string; collection: string; id: string; data: Record<string, unknown> }[];
    /** What others did to its rows since it was made, oldest first. */
    others: OthersChange[];
  };
}

/** One change by somebody else. `values`: what the fields became, as far as it is known here; null for long values. */
export interface OthersChange {
  key: string;
  by: string;
  at: string;
  /** "delete": the row is gone. */
  op: string;
  values: Record<string, unknown>;
}

const photoKey = "photo:";

/** Everything that is not on the server yet or needs a person, oldest first. Use it inside `live`. */
export async function queue(): Promise<QueueEntry[]> {
  const store = theStore();
  const edits = await store.outbox.where("status").anyOf("pending", "rejected").sortBy("seq");
  const photos = await store.uploads.where("state").notEqual("verified").sortBy("at");
  const entries: QueueEntry[] = [];
  for (const edit of edits) entries.push(await editEntry(store, edit));
  for (const photo of photos) entries.push(await photoEntry(store, photo));
  return entries;
}

/** The visit a mutation is about: of its first row that names one. */
async function visitOf(store: Store, ops: Op[]): Promise<string> {
  for (const op of ops) {
    if (op.collection === "visits") return op.id;
    const named = op.data?.visit ?? (await store.rows(op.collection).get(op.id))?.visit;
    if (named) return String(named);
  }
  return "";
}

async function plateOf(store: Store, visit: string, ops: Op[]): Promise<string> {
  const vehicle = (await store.rows("visits").get(visit))?.vehicle ?? ops.find((o) => o.collection === "vehicles")?.id;
  return String((vehicle && (await store.rows("vehicles").get(String(vehicle)))?.plate) || "");
}

async function editEntry(store: Store, e: OutboxEntry): Promise<QueueEntry> {
  const visit = await visitOf(store, e.ops);
  const entry: QueueEntry = {
    key: e.id, kind: "edit", intent: e.intent, at: Date.parse(e.at), visit, title: await plateOf(store, visit, e.ops),
    state: e.status === "rejected" ? "rejected" : e.attempts > 0 ? "retry" : "waiting",
  };
  const ops = e.ops.map(({ op, collection, id, data }) => ({ op, collection, id, data: data ?? {} }));
  if (e.status === "rejected") {
    const { code = "", message = "", said, fields = {}, server = {} } = e.refusal ?? {};
    entry.refused = { code, message, said, fields, server: Object.keys(server).length > 0 ? server : await serverNow(store, e.rows), ops, others: othersOf(e) };
  } else if (e.left) {
    entry.refused = { code: "sync.not_found", message: "", fields: {}, ops, others: othersOf(e) };
  }
  return entry;
}

/** The server's account of what others did up to its refusal, and what came in here since. */
function othersOf({ refusal, others = [] }: OutboxEntry): OthersChange[] {
  const told: OthersChange[] = Object.entries(refusal?.since ?? {}).flatMap(([key, changes]) => changes.map(({ by, at, op, data = {} }) => ({ key, by, at, op, values: data })));
  const last = told.reduce((at, o) => (o.at > at ? o.at : at), "");
  const heard = others.filter((o) => o.at === "" || o.at > last).map(({ key, by, at, fields }): OthersChange => ({ key, by, at, op: fields.length > 0 ? "update" : "delete", values: Object.fromEntries(fields.map((f) => [f, null])) }));
  const when = (o: OthersChange) => o.at || "9"; // a row that is gone does not say when
  return [...told, ...heard].sort((a, b) => (when(a) < when(b) ? -1 : when(a) > when(b) ? 1 : 0));
}

/** What others have made of the rows meanwhile. */
async function serverNow(store: Store, keys: string[]): Promise<Record<string, unknown>> {
  const rows: Record<string, unknown> = {};
  for (const key of keys) {
    const row = await serverRow(store, key);
    if (row) rows[key] = row;
  }
  return rows;
}

async function photoEntry(store: Store, u: Upload): Promise<QueueEntry> {
  const entry: QueueEntry = {
    key: photoKey + u.sha256, kind: "photo", intent: "photo", at: u.at, visit: u.visit, title: await plateOf(store, u.visit, []),
    sha256: u.sha256, bytes: u.size, progress: u.size === 0 ? 0 : u.sent / u.size,
    state: u.state === "refused" ? "rejected" : u.state === "local" ? (u.attempts > 0 ? "retry" : "waiting") : "sending",
  };
  if (u.refusal) entry.refused = { code: u.refusal.code, message: u.refusal.message, fields: {}, ops: [], others: [] };
  return entry;
}

/** Open conflicts: two values met in one field, and a person decides or looks. */
export async function conflicts(): Promise<Rows["conflicts"][]> {
  return theStore().table("conflicts").where("state").equals("open").toArray();
}

/** Values a person put in the place of refused ones, by "collection/id" and field. */
export type Corrections = Record<string, Record<string, unknown>>;

/**
 * Sends refused edits again as new ones, made on the rows as they are now and in the order given; a refused photo from
 * the beginning. Without effect on what is not in the queue any more.
 */
export async function resend(keys: string | string[], corrected: Corrections = {}): Promise<void> {
  const store = theStore();
  await store.atomically(async () => {
    for (const key of [keys].flat()) {
      if (key.startsWith(photoKey)) await resendPhoto(store, key.slice(photoKey.length));
      else await resendEdit(store, key, corrected);
    }
  });
  syncNow();
}

async function resendPhoto(store: Store, sha256: string): Promise<void> {
  await store.uploads.update(sha256, { state: "local", sent: 0, url: undefined, refusal: undefined, attempts: 0 });
}

async function resendEdit(store: Store, key: string, corrected: Corrections): Promise<void> {
  const entry = await store.outbox.get(key);
  if (entry?.status !== "rejected") return;
  const ops: Op[] = [];
  for (const refused of entry.ops) {
    const server = await serverRow(store, keyOf(refused.collection, refused.id));
    const values = corrected[keyOf(refused.collection, refused.id)];
    const op = values ? { ...refused, data: { ...refused.data, ...values } } : refused;
    ops.push(op.op === "create" ? op : { ...op, base: Math.max(server?.version ?? 0, 1) });
  }
  const seq = ((await store.get("seq")) ?? 0) + 1;
  const { intent, at, rows, app } = entry;
  await store.outbox.delete(key);
  await store.outbox.add({ seq, id: newId(), intent, at, seen: (await store.get("cursor")) ?? "", ops, rows, app, status: "pending", attempts: 0 });
  await store.set("seq", seq);
  for (const row of rows) await rebase(store, row, await serverRow(store, row));
}

/** Drops refused edits or photos for good. What they were and the reason are kept for as long as sent edits are. */
export async function discard(keys: string | string[], reason: string): Promise<void> {
  const store = theStore();
  await store.atomically(async () => {
    for (const key of [keys].flat()) {
      if (key.startsWith(photoKey)) await discardPhoto(store, key.slice(photoKey.length), reason);
      else await discardEdit(store, key, reason);
    }
  });
}

async function discardEdit(store: Store, key: string, reason: string): Promise<void> {
  const entry = await store.outbox.get(key);
  if (entry?.status !== "rejected") return;
  const { seq, id, intent, at, seen, ops } = entry;
  await store.sent.put({ seq, id, intent, at, seen, ops, outcome: "discarded", commit: 0, acked_at: Date.now(), reason });
  await store.outbox.delete(key);
}

async function discardPhoto(store: Store, sha256: string, reason: string): Promise<void> {
  const upload = await store.uploads.get(sha256);
  if (!upload) return;
  const at = new Date(upload.at).toISOString();
  await store.sent.put({ seq: 0, id: photoKey + sha256, intent: "photo", at, seen: "", ops: [{ op: "patch", collection: "photos", id: upload.photo }], outcome: "discarded", commit: 0, acked_at: Date.now(), reason });
  await store.uploads.delete(sha256);
  await store.photo_bytes.delete(sha256);
}

/** What was dropped here in the last days, newest first: the log of it. Use it inside `live`. */
export async function dropped(most = 50): Promise<SentEntry[]> {
  return theStore().sent.orderBy("acked_at").reverse().filter((s) => s.outcome === "discarded").limit(most).toArray();
}

/** Settles a conflict: the value that stands stays, or the other one takes its place. Throws Refused as `act` does. */
export async function resolve(conflict: string, resolution: "kept" | "other"): Promise<void> {
  const row = await theStore().table("conflicts").get(conflict);
  if (!row) return;
  await act("conflict.resolve", (w) => {
    w.patch("conflicts", conflict, { state: "resolved", resolution });
    const { collection, id } = splitKey(keyOf(row.collection, row.record));
    if (resolution === "other") w.patch(collection as CollectionName, id, { [row.field]: row.other });
  });
}

export { exportUnsent, importUnsent } from "./carry.ts";
