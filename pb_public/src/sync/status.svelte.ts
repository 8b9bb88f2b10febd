// What every screen shows of network and queue. The leading tab knows about the network and tells the others;
// counts are read from the store, so that every tab has them at once.
import { liveQuery, type Subscription } from "dexie";
import { evicted } from "../db/open.ts";
import { onStoreChange, storeInUse, type Store } from "../db/store.ts";
import { quiet, type NetworkStatus } from "./network.ts";

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
let lost = $state(false);
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

let watching: Subscription | null = null;

function watch(): void {
  watching?.unsubscribe();
  watching = null;
  const store = storeInUse();
  network = quiet;
  counts = none;
  lost = store !== null && evicted.users.has(store.user);
  if (!store) return;
  watching = liveQuery(() => count(store)).subscribe({ next: (c) => (counts = c), error: (e) => store === storeInUse() && console.error("queue not counted", e) });
  void askToKeep();
}

onStoreChange(watch);

/** Asks the browser not to evict what is stored, once somebody is signed in; the answer is shown. */
async function askToKeep(): Promise<void> {
  if (!navigator.storage?.persist) return;
  persisted = (await navigator.storage.persisted()) || (await navigator.storage.persist());
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
    return lost;
  },
  /** A new version is there and comes with the next reload, when nobody is in the middle of something. */
  get updateReady(): boolean {
    return updateReady;
  },
};
