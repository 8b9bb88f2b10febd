// Starts and stops syncing with the person at the tablet. Of several tabs one leads; the others write to the same
// store and are told how it stands.
import { liveQuery } from "dexie";
import { withStore } from "../db/open.ts";
import { people } from "../db/people.ts";
import { renew, session } from "../db/session.svelte.ts";
import { onStoreChange, storeInUse, type Store } from "../db/store.ts";
import { request } from "./http.ts";
import { Leader } from "./leader.ts";
import { photoAuthorization, type Ending, type Link } from "./link.ts";
import { liveUrl } from "./live.ts";
import type { NetworkStatus } from "./network.ts";
import { push } from "./push.ts";
import { setNetwork } from "./status.svelte.ts";
import { photoServer, uploadAll } from "./uploads.ts";

/** How often the outboxes of others on this tablet are looked at, ms. */
const othersMs = 60_000;
const othersSoonMs = 3_000;
/** How often a token is renewed while the app runs, ms. */
const renewMs = 6 * 3600_000;

/** The screen reads first: its rows are here already, and every turn locks them for a moment, ms. */
const screenFirstMs = 600;

type Message = { type: "status"; status: NetworkStatus } | { type: "ask" } | { type: "poke" };

let stop: AbortController | null = null;
let leader: Leader | null = null;
let channel: BroadcastChannel | null = null;

function linkOf(store: Store, token: () => string): Link {
  return {
    store,
    token,
    request,
    credential: async () => (await people.people.get(store.user))?.credential ?? "",
    keepCredential: async (credential) => void (await people.people.update(store.user, { credential })),
  };
}

function begin(): void {
  stop?.abort();
  channel?.close();
  channel = null;
  leader = null;
  const store = storeInUse();
  if (!store) return;
  stop = new AbortController();
  channel = new BroadcastChannel(`aftercare-sync-${store.user}`);
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.type === "status") setNetwork(data.status);
    if (data.type === "ask") leader?.report();
    if (data.type === "poke") leader?.fetchNow();
  };
  channel.postMessage({ type: "ask" } satisfies Message);
  void lead(store, stop.signal, channel);
}

/** Waits for the lead of this person's store and keeps it until the signal or the tab's end. */
async function lead(store: Store, signal: AbortSignal, to: BroadcastChannel): Promise<void> {
  const tell = (status: NetworkStatus) => {
    if (signal.aborted) return;
    setNetwork(status);
    to.postMessage({ type: "status", status } satisfies Message);
  };
  const run = async () => {
    if (signal.aborted) return;
    const link = linkOf(store, () => (session.user?.id === store.user ? session.token : ""));
    leader = new Leader({
      link,
      photos: photoServer(() => photoAuthorization(link)),
      liveUrl: liveUrl(),
      renew,
      tell,
      hidden: () => document.visibilityState === "hidden",
    });
    if (await store.get("cursor")) await new Promise((resolve) => setTimeout(resolve, screenFirstMs));
    if (signal.aborted) return;
    void renewNow();
    setTimeout(() => void sendForOthers(), othersSoonMs);
    await leader.run(signal);
  };
  await underLock(store.user, signal, run);
}

/** One tab at a time: the next in line takes over when this one ends, however it ends. Where the browser has no locks every tab leads: the server takes each mutation once all the same. */
export async function underLock(user: string, signal: AbortSignal, run: () => Promise<void>): Promise<void> {
  if (!navigator.locks) return run();
  try {
    await navigator.locks.request(`aftercare-sync-${user}`, { signal }, run);
  } catch (error) {
    if (!signal.aborted) console.error("no lead", error);
  }
}

/** Takes the next turn now: the network is back, somebody looks at the screen or asks for it. */
export function syncNow(): void {
  if (leader) leader.fetchNow();
  else channel?.postMessage({ type: "poke" } satisfies Message);
}

/**
 * What others left unsent on this tablet is sent, too, each as themselves: with their own token while it counts, else
 * with the push-only credential of this device and person (O-02).
 */
async function sendForOthers(): Promise<void> {
  if (!navigator.onLine) return;
  for (const person of await people.people.toArray()) {
    if (person.id === storeInUse()?.user) continue;
    const job = () => withStore(person.id, (store) => sendAll(linkOf(store, () => person.token)));
    if (!navigator.locks) await job();
    else await navigator.locks.request(`aftercare-sync-${person.id}`, { ifAvailable: true }, (lock) => (lock ? job() : undefined));
  }
}

async function sendAll(link: Link): Promise<void> {
  const { store } = link;
  const waiting = await store.outbox.where("status").equals("pending").count();
  const photos = await store.uploads.where("state").anyOf("local", "uploading", "stored").count();
  if (waiting + photos === 0) return;
  let ending: Ending = { kind: "again" };
  while (ending.kind === "again") ending = await push(link);
  if (ending.kind === "done") await sendPhotos(link);
}

/** The photos like the edits: with the person's own token while it counts, else with the push-only credential. */
async function sendPhotos(link: Link): Promise<void> {
  const { store } = link;
  const credential = await link.credential();
  const passes = [link.token(), credential && `Device ${await store.get("device")}.${credential}`].filter(Boolean);
  for (const pass of passes) {
    if ((await uploadAll(store, photoServer(async () => pass), AbortSignal.timeout(othersMs))) !== "sign_in") return;
  }
}

/** A fresh token, and what the server now says about the person (roles, shop, skill). */
async function renewNow(): Promise<void> {
  if (await renew()) leader?.authorise(session.token);
}

/** Wires everything up, once, at the app's start. */
export function startSync(): void {
  onStoreChange(begin);
  begin();
  addEventListener("online", syncNow);
  addEventListener("offline", () => leader?.networkGone());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && syncNow());
  liveQuery(() => people.people.toArray()).subscribe({ next: () => leader?.poke(true) });
  addEventListener("online", () => void sendForOthers());
  setInterval(() => void sendForOthers(), othersMs);
  setInterval(() => void renewNow(), renewMs);
}
