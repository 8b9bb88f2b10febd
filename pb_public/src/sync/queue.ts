// The queue as people see it: what waits, what was refused and why, and the ways out.
import { act } from "../db/act.ts";
import { newId } from "../db/ids.ts";
import { rebase, serverRow } from "../db/project.ts";
import { keyOf, splitKey, type Op, type OutboxEntry, type Upload } from "../db/records.ts";
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
    fields: Record<string, { code: string; message: string }>;
    message: string;
    /** The rows as the server has them now, keyed "collection/id". */
    server?: Record<string, unknown>;
    ops: { op: string; collection: string; id: string; data: Record<string, unknown> }[];
  };
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
    const { code = "", message = "", fields = {}, server = {} } = e.refusal ?? {};
    entry.refused = { code, message, fields, server: Object.keys(server).length > 0 ? server : await serverNow(store, e.rows), ops };
  } else if (e.left) {
    entry.refused = { code: "sync.not_found", message: "", fields: {}, ops };
  }
  return entry;
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
  if (u.refusal) entry.refused = { code: u.refusal.code, message: u.refusal.message, fields: {}, ops: [] };
  return entry;
}

/** Open conflicts: two values met in one field, and a person decides or looks. */
export async function conflicts(): Promise<Rows["conflicts"][]> {
  return theStore().table("conflicts").where("state").equals("open").toArray();
}

/**
 * Sends a refused edit again as a new one, made on the rows as they are now; a refused photo from the beginning.
 * Without effect when it is not in the queue any more.
 */
export async function resend(key: string): Promise<void> {
  const store = theStore();
  if (key.startsWith(photoKey)) await resendPhoto(store, key.slice(photoKey.length));
  else await store.atomically(() => resendEdit(store, key));
  syncNow();
}

async function resendPhoto(store: Store, sha256: string): Promise<void> {
  await store.uploads.update(sha256, { state: "local", sent: 0, url: undefined, refusal: undefined, attempts: 0 });
}

async function resendEdit(store: Store, key: string): Promise<void> {
  const entry = await store.outbox.get(key);
  if (entry?.status !== "rejected") return;
  const ops: Op[] = [];
  for (const op of entry.ops) {
    const server = await serverRow(store, keyOf(op.collection, op.id));
    ops.push(op.op === "create" ? op : { ...op, base: Math.max(server?.version ?? 0, 1) });
  }
  const seq = ((await store.get("seq")) ?? 0) + 1;
  const { intent, at, rows } = entry;
  await store.outbox.delete(key);
  await store.outbox.add({ seq, id: newId(), intent, at, seen: (await store.get("cursor")) ?? "", ops, rows, status: "pending", attempts: 0 });
  await store.set("seq", seq);
  for (const row of rows) await rebase(store, row, await serverRow(store, row));
}

/** Drops a refused edit or photo for good. The reason is kept with it for as long as sent edits are. */
export async function discard(key: string, reason: string): Promise<void> {
  const store = theStore();
  await store.atomically(async () => {
    if (key.startsWith(photoKey)) {
      const sha256 = key.slice(photoKey.length);
      await store.uploads.delete(sha256);
      await store.photo_bytes.delete(sha256);
      return;
    }
    const entry = await store.outbox.get(key);
    if (entry?.status !== "rejected") return;
    const { seq, id, intent, at, seen, ops } = entry;
    await store.sent.put({ seq, id, intent, at, seen, ops, outcome: "discarded", commit: 0, acked_at: Date.now(), reason });
    await store.outbox.delete(key);
  });
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
