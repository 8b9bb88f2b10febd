// Starts and stops syncing with the person at the tablet. Of several tabs one leads; the others write to the same
// store and are told how it stands.
import { liveQuery } from "dexie";
import { people, tabletId } from "../db/people.ts";
import { onRoom, setFull } from "../db/room.ts";
import { justAnswered, leaveWiped, renew, session } from "../db/session.svelte.ts";
import { onStoreChange, storeInUse, type Store } from "../db/store.ts";
import { wipe } from "../db/wipe.ts";
import { request } from "./http.ts";
import { Candidate, type LeadMessage } from "./lead.ts";
import { Leader } from "./leader.ts";
import { photoAuthorization, type Link } from "./link.ts";
import { liveUrl } from "./live.ts";
import type { NetworkStatus } from "./network.ts";
import { checkCredential, leadLock, sendForOthers, type Others } from "./others.ts";
import { setNetwork, storageHere } from "./status.svelte.ts";
import { photoServer } from "./uploads.ts";

/** How often the outboxes of others on this tablet are looked at, ms. */
const othersMs = 60_000;
const othersSoonMs = 3_000;
/** How often a token is renewed while the app runs, ms. */
const renewMs = 6 * 3600_000;

/** The screen reads first: its rows are here already, and every turn locks them for a moment, ms. */
const screenFirstMs = 600;

type Message = { type: "status"; status: NetworkStatus } | { type: "ask" } | { type: "poke" } | LeadMessage;

/** To every tab of this installation, whoever is signed in there. */
type Notice = { type: "wiped"; user: string } | { type: "full"; full: boolean };

let stop: AbortController | null = null;
let leader: Leader | null = null;
let channel: BroadcastChannel | null = null;
let notices: BroadcastChannel | null = null;
let tablet = "";

function linkOf(store: Store, token: () => string): Link {
  return {
    store,
    token,
    request,
    tablet,
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
  const { signal } = (stop = new AbortController());
  const mine = (channel = new BroadcastChannel(`aftercare-sync-${store.user}`));
  const say = (message: Message) => signal.aborted || mine.postMessage(message);
  const candidate = new Candidate({
    name: leadLock(store.user), store, locks: navigator.locks, say,
    run: (term, over) => lead(store, term, over, say),
    alive: () => leader?.alive() ?? true,
  });
  mine.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.type === "status") setNetwork(data.status);
    else if (data.type === "ask") leader?.report();
    else if (data.type === "poke") leader?.fetchNow();
    else candidate.hear(data);
  };
  say({ type: "ask" });
  void candidate.campaign(signal);
}

/** Speaks for this person's store until the signal, or until another tab does. */
async function lead(store: Store, term: number, signal: AbortSignal, say: (message: Message) => void): Promise<void> {
  tablet ||= await tabletId();
  const link: Link = { ...linkOf(store, () => (session.user?.id === store.user ? session.token : "")), lead: term };
  const mine = new Leader({
    link,
    photos: photoServer(() => photoAuthorization(link)),
    liveUrl: liveUrl(),
    renew,
    tell: (known) => {
      if (signal.aborted) return;
      const status = { ...known, storage: storageHere() };
      setNetwork(status);
      say({ type: "status", status });
    },
    hidden: () => document.visibilityState === "hidden",
    revoked: () => revoked(store.user),
  });
  leader = mine;
  try {
    if (await store.get("cursor")) await new Promise((resolve) => setTimeout(resolve, screenFirstMs));
    if (signal.aborted) return;
    void (justAnswered() ? Promise.resolve(true) : renewNow()).then((counts) => (counts && !signal.aborted ? checkCredential(link) : undefined)).catch(() => undefined);
    setTimeout(() => void forOthers(), othersSoonMs);
    await mine.run(signal);
  } finally {
    if (leader === mine) leader = null;
  }
}

/** Takes the next turn now: the network is back, somebody looks at the screen or asks for it. */
export function syncNow(): void {
  if (leader) leader.fetchNow();
  else channel?.postMessage({ type: "poke" } satisfies Message);
}

const others: Others = { linkOf, locks: navigator.locks, revoked };

async function forOthers(ask = false): Promise<void> {
  if (!navigator.onLine) return;
  tablet ||= await tabletId();
  await sendForOthers(others, ask);
}

/**
 * This tablet was given up as lost: what the person has here goes, in every tab (O-03). Others who have used it were
 * most likely given up with it: their devices are asked about at once.
 */
async function revoked(user: string): Promise<void> {
  notices?.postMessage({ type: "wiped", user } satisfies Notice);
  leaveWiped(user);
  await wipe(user);
  leaveWiped(user); // says so on the sign-in screen
  void forOthers(true);
}

function hearNotice({ data }: MessageEvent<Notice>): void {
  if (data.type === "wiped") leaveWiped(data.user);
  if (data.type === "full") setFull(data.full);
}

/** A fresh token, and what the server now says about the person (roles, shop, skill). Whether the token counts. */
async function renewNow(): Promise<boolean> {
  const counts = await renew();
  if (counts) leader?.authorise(session.token);
  return counts;
}

/** Wires everything up, once, at the app's start. */
export function startSync(): void {
  notices = new BroadcastChannel("aftercare-notices");
  notices.onmessage = hearNotice;
  onRoom((full) => notices?.postMessage({ type: "full", full } satisfies Notice));
  onStoreChange(begin);
  begin();
  addEventListener("online", syncNow);
  addEventListener("offline", () => leader?.networkGone());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && syncNow());
  liveQuery(() => people.people.toArray()).subscribe({ next: () => leader?.poke(true) });
  addEventListener("online", () => void forOthers());
  setInterval(() => void forOthers(), othersMs);
  setInterval(() => void renewNow(), renewMs);
}
