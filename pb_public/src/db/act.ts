// The one way to change anything: an act is one transaction of rows and outbox, checked by the rules first. When it
// returns, the change is on the tablet's disk and will be sent; when it throws, nothing has happened.
import { Refused } from "../rules/refused.ts";
import { derive } from "./derive.ts";
import { newId, serverTime } from "./ids.ts";
import type { PreparedPhoto } from "./prepare.ts";
import { authorOf } from "./project.ts";
import { keyOf, type Op, type OutboxEntry } from "./records.ts";
import { withRoom } from "./room.ts";
import { applyOp, fieldsOf, sameValue, type Author } from "./row.ts";
import { theActor, theStore, type Actor, type Row, type Store } from "./store.ts";
import type { CollectionName, Rows } from "./types.gen.ts";
import { judge, judgeStates } from "./verdict.ts";

/** Ops in one act, as the server limits them. */
const maxOps = 200;

/** What an act may do. Rows are written when the whole act is known; ids are there at once. */
export interface Writer {
  /** Adds a row; shop is filled in, derived fields are the server's and cannot be given. Returns its id. */
  create<C extends CollectionName>(collection: C, data: Partial<Rows[C]>, id?: string): string;
  /** Changes the given fields. Fields that have this value already are left out. */
  patch<C extends CollectionName>(collection: C, id: string, data: Partial<Rows[C]>): void;
  /**
   * As patch, for a value that is made of what stands there, such as a list with one more entry: `make` is asked with the row as it
   * is when the act is written, so that two quick taps do not undo each other.
   */
  revise<C extends CollectionName>(collection: C, id: string, make: (row: Rows[C]) => Partial<Rows[C]>): void;
  remove(collection: CollectionName, id: string): void;
  /** Keeps a photo's bytes and adds its row; they are uploaded when there is a network. Returns the photo's id. */
  photo(p: PreparedPhoto, row: Pick<Rows["photos"], "subject_collection" | "subject_record"> & Partial<Pick<Rows["photos"], "visit" | "slot" | "source" | "source_note" | "evidence_reason">>): string;
}

/** A patch whose values are not known before it is written. */
type Revision = Pick<Op, "collection" | "id"> & { op: "revise"; make: (row: Row) => Record<string, unknown> };

interface Plan {
  ops: (Op | Revision)[];
  photos: { id: string; visit: string; prepared: PreparedPhoto }[];
}

function planner(plan: Plan, actor: Actor): Writer {
  const writer: Writer = {
    create(collection, data, id = newId()) {
      const own = collection === "shops" ? {} : { shop: actor.shop };
      plan.ops.push({ op: "create", collection, id, data: plain(collection, { ...own, ...data }) });
      return id;
    },
    patch(collection, id, data) {
      plan.ops.push({ op: "patch", collection, id, data: plain(collection, data) });
    },
    revise<C extends CollectionName>(collection: C, id: string, make: (row: Rows[C]) => Partial<Rows[C]>) {
      plan.ops.push({ op: "revise", collection, id, make: (row) => plain(collection, make(row as unknown as Rows[C])) });
    },
    remove(collection, id) {
      plan.ops.push({ op: "delete", collection, id });
    },
    photo(prepared, row) {
      const { sha256, width, height, media, taken_at } = prepared;
      const id = writer.create("photos", { visit: "", slot: "", ...row, sha256, width, height, media, taken_at, bytes: prepared.bytes.byteLength });
      plan.photos.push({ id, visit: row.visit ?? "", prepared });
      return id;
    },
  };
  return writer;
}

/** A copy as it will be on the wire: no proxies, no undefined, times as the server writes them. */
function plain(collection: string, data: Record<string, unknown>): Record<string, unknown> {
  const copy = JSON.parse(JSON.stringify(data)) as Record<string, unknown>;
  delete copy.id;
  for (const [name, value] of Object.entries(copy)) {
    if (typeof value === "string" && value.includes("T") && fieldsOf(collection)[name]?.type === "date") copy[name] = serverTime(new Date(value));
  }
  return copy;
}

/**
 * Does everything `build` writes as one act, or nothing. `intent` is a label for people and logs ("job.start").
 * Throws Refused when a rule says no, or `device.storage_full` when the tablet has no room left.
 */
export async function act(intent: string, build: (w: Writer) => void | Promise<void>): Promise<void> {
  return actOn(theStore(), theActor(), intent, build);
}

/** As `act`, in a given store as a given person. */
export async function actOn(store: Store, actor: Actor, intent: string, build: (w: Writer) => void | Promise<void>): Promise<void> {
  const plan: Plan = { ops: [], photos: [] };
  await build(planner(plan, actor));
  if (plan.ops.length > maxOps) throw new Error(`${intent}: ${plan.ops.length} ops in one act`);
  await withRoom(store, () =>
    store.atomically(async () => {
      await keep(store, actor, intent, plan);
      await keepPhotos(store, plan);
    }),
  );
}

/** Writes the rows and the mutation, inside the transaction. */
async function keep(store: Store, actor: Actor, intent: string, plan: Plan): Promise<void> {
  const at = new Date().toISOString();
  const { device = "", cursor = "", seq: last = 0 } = await store.getAll("device", "cursor", "seq");
  const author: Author = { user: store.user, device, at: serverTime(new Date(at)) };
  const ops: Op[] = [];
  for (const planned of plan.ops) {
    const op = await carryOut(store, actor, author, planned);
    if (op) ops.push(op);
  }
  if (ops.length === 0) return;
  const seq = last + 1;
  const entry: OutboxEntry = {
    seq, id: newId(), intent, at, seen: cursor, ops, app: __APP_VERSION__,
    status: "pending", attempts: 0, rows: [...new Set(ops.map((o) => keyOf(o.collection, o.id)))],
  };
  await store.outbox.add(entry);
  await store.set("seq", seq);
}

/** One op: the rules' word on it, then the row as it will look. Returns what goes on the wire, null if nothing would. */
async function carryOut(store: Store, actor: Actor, author: Author, planned: Op | Revision): Promise<Op | null> {
  const { collection, id } = planned;
  const key = keyOf(collection, id);
  const before = (await store.rows(collection).get(id)) ?? null;
  const asked: Op = planned.op === "revise" ? { op: "patch", collection, id, data: before ? planned.make(before) : {} } : planned;
  const op = asked.op === "create" ? asked : { ...asked, ...narrowed(asked, before) };
  if (op.op === "patch" && Object.keys(op.data ?? {}).length === 0) return null;
  const shadow = await store.shadow.get(key);
  const server = shadow ? shadow.row : before;
  const next = applyOp(before, op, author);
  const after = next && (await derive(store, collection, next, before));
  const refused = await judge(store, actor, { op, before, after, now: author.at });
  if (refused) throw refused;
  if (!shadow) await store.shadow.put({ key, row: server });
  if (after) await store.rows(collection).put(after);
  else await store.rows(collection).delete(id);
  // A row of our own that the server has not shown us yet will have version 1 when this op reaches it.
  return op.op === "create" ? op : { ...op, base: Math.max(server?.version ?? 0, 1) };
}

/** A patch without the fields that already have their value. */
function narrowed(op: Op, before: Row | null): { data?: Record<string, unknown> } {
  if (op.op !== "patch" || !op.data) return {};
  if (!before) throw new Refused("access.not_found", "id");
  return { data: Object.fromEntries(Object.entries(op.data).filter(([name, value]) => !sameValue(before[name], value))) };
}

async function keepPhotos(store: Store, plan: Plan): Promise<void> {
  for (const { id, visit, prepared } of plan.photos) {
    const { sha256, media, bytes, thumb } = prepared;
    if (await store.uploads.get(sha256)) continue;
    await store.photo_bytes.put({ sha256, media, bytes });
    await store.derivatives.put({ key: `${sha256}/320`, media, bytes: thumb, at: Date.now() });
    await store.uploads.put({ sha256, photo: id, visit, media, size: bytes.byteLength, sent: 0, state: "local", at: Date.now(), attempts: 0 });
  }
}

/**
 * Would this change be legal now? null: yes. Otherwise the refusal, whose sentence says what has to happen first.
 * Nothing is written. An id that is not there yet asks about creating it.
 */
export async function why<C extends CollectionName>(collection: C, id: string, patch: Partial<Rows[C]>): Promise<Refused | null> {
  const store = theStore();
  const actor = theActor();
  const author = await authorOf(store, new Date().toISOString());
  const before = (await store.rows(collection).get(id)) ?? null;
  const op: Op = { op: before ? "patch" : "create", collection, id, data: plain(collection, before ? patch : { shop: actor.shop, ...patch }) };
  const next = applyOp(before, op, author);
  const after = next && (await derive(store, collection, next, before));
  return judge(store, actor, { op, before, after, now: author.at });
}

/** As why, for each state a row could take now; nothing is written. Empty for a row that is not here. */
export async function whyStates(collection: CollectionName, id: string, states: string[]): Promise<Map<string, Refused | null>> {
  const store = theStore();
  const row = await store.rows(collection).get(id);
  return row && states.length > 0 ? judgeStates(store, theActor(), collection, row, states, serverTime(Date.now())) : new Map();
}
