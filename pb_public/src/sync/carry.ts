// Unsent work as a file: the last way out when a tablet is about to be given away, or its browser about to forget.
import { Refused } from "../rules/refused.ts";
import { rebase, serverRow } from "../db/project.ts";
import { keyOf, type Mutation, type Refusal, type Upload } from "../db/records.ts";
import { withRoom } from "../db/room.ts";
import { theStore, type Store } from "../db/store.ts";

const kind = "aftercare-unsent";
/** 2: mutations say which app made them, and refused ones come with their refusal. Files of version 1 are read, too. */
const version = 2;

interface CarriedPhoto {
  upload: Upload;
  bytes: string;
}

interface CarriedMutation extends Mutation {
  refusal?: Refusal;
}

interface Carried {
  kind: typeof kind;
  version: number;
  user: string;
  device: string;
  made: string;
  mutations: CarriedMutation[];
  photos: CarriedPhoto[];
}

function toBase64(buffer: ArrayBuffer): string {
  const bytes = new Uint8Array(buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

function fromBase64(text: string): ArrayBuffer {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
}

/** Edits and photos of the person at the tablet that are not on the server yet, as one JSON file. */
export async function exportUnsent(): Promise<Blob> {
  const store = theStore();
  const entries = await store.outbox.where("status").anyOf("pending", "rejected").sortBy("seq");
  const uploads = await store.uploads.where("state").notEqual("verified").toArray();
  const carried: Carried = {
    kind, version, user: store.user, device: (await store.get("device")) ?? "", made: new Date().toISOString(),
    mutations: entries.map(({ seq, id, intent, at, seen, ops, app, refusal }) => ({ seq, id, intent, at, seen, ops, app, refusal })),
    photos: [],
  };
  for (const upload of uploads) {
    const bytes = await store.photo_bytes.get(upload.sha256);
    if (bytes) carried.photos.push({ upload, bytes: toBase64(bytes.bytes) });
  }
  return new Blob([JSON.stringify(carried)], { type: "application/json" });
}

async function read(file: Blob): Promise<Carried> {
  let carried: Partial<Carried>;
  try {
    carried = JSON.parse(await file.text());
  } catch {
    throw new Refused("device.file");
  }
  const known = carried?.kind === kind && (carried.version === 1 || carried.version === version);
  if (!known || !Array.isArray(carried.mutations) || !Array.isArray(carried.photos)) throw new Refused("device.file");
  if (!carried.mutations.every(isMutation) || !carried.photos.every(isPhoto)) throw new Refused("device.file");
  return carried as Carried;
}

function isMutation(m: Partial<CarriedMutation> | null): boolean {
  return typeof m?.id === "string" && typeof m.seq === "number" && typeof m.intent === "string" && typeof m.at === "string" && Array.isArray(m.ops);
}

function isPhoto(p: Partial<CarriedPhoto> | null): boolean {
  return typeof p?.bytes === "string" && typeof p.upload?.sha256 === "string";
}

/**
 * Takes the work of such a file into the queue of the same person, behind what is there, all of it or nothing. Work
 * that is here already, or was sent from here, is left out; what the tablet it comes from has sent meanwhile the
 * server knows by its id and does not do again. Returns how many edits and photos came in. Refused: device.file (not
 * such a file), device.file_of_other (another person's: nothing is sent under another name), device.storage_full.
 */
export async function importUnsent(f: Blob): Promise<number> {
  const store = theStore();
  const carried = await read(f);
  if (carried.user !== store.user) throw new Refused("device.file_of_other");
  const mutations = carried.mutations.sort((a, b) => a.seq - b.seq);
  return withRoom(store, () =>
    store.atomically(async () => {
      let count = 0;
      for (const mutation of mutations) if (await takeMutation(store, mutation)) count++;
      for (const photo of carried.photos) if (await takePhoto(store, photo)) count++;
      return count;
    }),
  );
}

async function takeMutation(store: Store, { id, intent, at, seen, ops, app, refusal }: CarriedMutation): Promise<boolean> {
  if ((await store.outbox.get(id)) || (await store.sent.get(id))) return false;
  const rows = [...new Set(ops.map((o) => keyOf(o.collection, o.id)))];
  if (refusal) {
    await store.outbox.add({ seq: 0, id, intent, at, seen, ops, app, rows, refusal, status: "rejected", attempts: 0 });
    return true;
  }
  const seq = ((await store.get("seq")) ?? 0) + 1;
  await store.outbox.add({ seq, id, intent, at, seen, ops, app, rows, status: "pending", attempts: 0 });
  await store.set("seq", seq);
  for (const key of rows) await rebase(store, key, await serverRow(store, key));
  return true;
}

async function takePhoto(store: Store, { upload, bytes }: CarriedPhoto): Promise<boolean> {
  if (await store.uploads.get(upload.sha256)) return false;
  await store.photo_bytes.put({ sha256: upload.sha256, media: upload.media, bytes: fromBase64(bytes) });
  await store.uploads.put({ ...upload, state: "local", sent: 0, url: undefined, attempts: 0, refusal: undefined });
  return true;
}
