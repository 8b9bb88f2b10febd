// What every screen shows of network and queue. The leading tab knows about the network and tells the others;
// counts are read from the store, so that every tab has them at once.
import { liveQuery, type Subscription } from "dexie";
import { noteUnsent } from "../db/canary.ts";
import type { Eviction } from "../db/records.ts";
import { isFull, onRoom } from "../db/room.ts";
import { session } from "../db/session.svelte.ts";
import { onStoreChange, storeInUse, type Store } from "../db/store.ts";
import { quiet, type NetworkStatus, type StorageState } from "./network.ts";

interface Counts {
  edits: number;
  photos: number;
  progress: number;
  attention: number;
}

const none: Counts = { edits: 0, photos: 0, progress: 1, attention: 0 };

let network = $state.raw<NetworkStatus>(quiet);
let counts = $state.raw<Counts>(none);
let persisted = $state<boolean | null>(null);
let full = $state(isFull());
let eviction = $state.raw<Eviction | null>(null);
let updateReady = $state(false);

async function count(store: Store): Promise<Counts> {
  const edits = await store.outbox.where("status").equals("pending").count();
  const rejected = await store.outbox.where("status").equals("rejected").count();
  const gone = await store.outbox.where("status").equals("pending").filter((e) => e.left === true).count();
  const conflicts = await store.table("conflicts").where("state").equals("open").count();
  const open = await store.uploads.where("state").anyOf("local", "uploading", "stored").toArray();
  const refused = await store.uploads.where("state").equals("refused").count();
  const bytes = open.reduce((sum, u) => sum + u.size, 0);
  const sent = open.reduce((sum, u) => sum + u.sent, 0);
  return { edits, photos: open.length, progress: bytes === 0 ? 1 : sent / bytes, attention: rejected + gone + conflicts + refused };
}

let watching: Subscription[] = [];

function watch(): void {
  for (const one of watching) one.unsubscribe();
  watching = [];
  const store = storeInUse();
  network = quiet;
  counts = none;
  eviction = null;
  if (!store) return;
  const stranger = (e: unknown) => store === storeInUse() && console.error("queue not counted", e);
  watching = [
    liveQuery(() => count(store)).subscribe({ next: (c) => counted(store, c), error: stranger }),
    liveQuery(() => store.get("eviction")).subscribe({ next: (e) => (eviction = e ?? null), error: stranger }),
  ];
  void askToKeep();
}

function counted(store: Store, c: Counts): void {
  counts = c;
  noteUnsent(store.user, c.edits + c.photos, session.user?.id === store.user ? session.user.name : undefined);
}

/** The person has read that the browser threw their work away. */
export async function dismissEviction(): Promise<void> {
  await storeInUse()?.set("eviction", null);
}

onStoreChange(watch);
onRoom((now) => (full = now));

/** Asks the browser not to evict what is stored, once somebody is signed in; the answer is shown. */
async function askToKeep(): Promise<void> {
  if (!navigator.storage?.persist) return;
  persisted = (await navigator.storage.persisted()) || (await navigator.storage.persist());
}

/** What this tab knows of the browser's store. */
export function storageHere(): StorageState {
  return { persisted, full, evicted: eviction !== null };
}

export function setNetwork(status: NetworkStatus): void {
  network = status;
}

export function setUpdateReady(): void {
  updateReady = true;
}

export const sync = {
  /** The last exchange with the server worked. */
  get connected(): boolean {
    return network.connected;
  },
  /** Since when it does not (ms), null while connected. */
  get offlineSince(): number | null {
    return network.connected ? null : network.offlineSince;
  },
  /** Edits and photos that are not on the server yet. */
  get pending(): number {
    return counts.edits + counts.photos;
  },
  get pendingEdits(): number {
    return counts.edits;
  },
  get pendingPhotos(): number {
    return counts.photos;
  },
  /** Of the photos that wait: share of their bytes that is there, 0 to 1. */
  get photoProgress(): number {
    return counts.progress;
  },
  /** Refused edits and photos, edits to rows that went out of sight, open conflicts. */
  get attention(): number {
    return counts.attention;
  },
  get lastSync(): number | null {
    return network.lastSync;
  },
  /** While the first snapshot comes in; total is null as long as nobody knows it. */
  get firstSync(): { done: number; total: number | null } | null {
    return network.firstSync;
  },
  /** What the browser's store is worth: whether it may be evicted, is full, was evicted. */
  get storage(): StorageState {
    const told = network.storage;
    return { persisted: persisted ?? told.persisted, full: full || told.full, evicted: eviction !== null || told.evicted };
  },
  /** When the browser threw away what was stored here, and how many edits and photos were unsent when last counted; null: never, or read. */
  get eviction(): Eviction | null {
    return eviction;
  },
  /** This tablet was given up as lost, and what was here has been wiped (`session.revoked` says whose and when). */
  get revoked(): boolean {
    return network.revoked || session.revoked !== null;
  },
  /** Whether the browser promised not to evict what is stored; null: not asked yet, or it does not say. */
  get persisted(): boolean | null {
    return persisted;
  },
  /** The sign-in no longer counts: sign in again. The queue is kept. */
  get reconnect(): boolean {
    return network.reconnect;
  },
  /** The server no longer takes what this version sends: update. The queue is kept. */
  get oldApp(): boolean {
    return network.oldApp;
  },
  /** The browser threw away what was stored here: unsent work may have been lost. */
  get evicted(): boolean {
    return eviction !== null;
  },
  /** A new version is there and comes with the next reload, when nobody is in the middle of something. */
  get updateReady(): boolean {
    return updateReady;
  },
};
