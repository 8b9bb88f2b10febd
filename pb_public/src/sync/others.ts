// What people left unsent on this tablet when somebody else took it over (O-02): it is sent, each as themselves, with
// their own token while it counts, else with the push-only credential of their device.
import { noteUnsent } from "../db/canary.ts";
import { withStore } from "../db/open.ts";
import { people, type Person } from "../db/people.ts";
import { storeInUse, type Store } from "../db/store.ts";
import type { Answer } from "./http.ts";
import { Deposed, write, type Ending, type Link } from "./link.ts";
import { push } from "./push.ts";
import { photoServer, unfinished, uploadAll, type PhotoServer } from "./uploads.ts";

/** How long one person's photos may take before the next person's turn, ms. */
const photosMs = 60_000;
/** How often it is asked for people who left nothing unsent whether their device was revoked, ms. */
const askEveryMs = 3600_000;

export interface Others {
  linkOf(store: Store, token: () => string): Link;
  locks: Pick<LockManager, "request"> | undefined;
  /** The photo door with one fixed Authorization. */
  photos?(authorization: string): PhotoServer;
  /** This person's device was given up as lost. */
  revoked(user: string): Promise<void>;
}

const askedAt = new Map<string, number>();

/** Sends for everybody but the person at the tablet. `ask` also looks after those who left nothing, for a lost tablet. */
export async function sendForOthers(o: Others, ask = false, now = performance.now()): Promise<void> {
  for (const person of await people.people.toArray()) {
    if (person.id === storeInUse()?.user) continue;
    const due = ask || now - (askedAt.get(person.id) ?? -Infinity) >= askEveryMs;
    const job = async () => {
      const ending = await withStore(person.id, (store) => sendAll(o, store, person, due));
      if (ending.kind === "revoked") return o.revoked(person.id);
      if (due && ending.kind !== "later") askedAt.set(person.id, now);
      if (ending.kind !== "later") await hold(person, ending.kind === "sign_in");
    };
    try {
      if (!o.locks) await job();
      else await o.locks.request(leadLock(person.id), { ifAvailable: true }, (lock) => (lock ? job() : undefined));
    } catch (error) {
      if (!(error instanceof Deposed)) console.error("left work not sent", error);
    }
  }
}

/** The lock of whoever speaks for a person's store. */
export function leadLock(user: string): string {
  return `aftercare-sync-${user}`;
}

async function hold(person: Person, held: boolean): Promise<void> {
  if ((person.held ?? false) !== held) await people.people.update(person.id, { held });
}

async function sendAll(o: Others, store: Store, person: Person, due: boolean): Promise<Ending> {
  const waiting = await store.outbox.where("status").equals("pending").count();
  const photos = await unfinished(store);
  if (waiting + photos.length === 0 && !due) return { kind: "done" };
  const link: Link = { ...o.linkOf(store, () => person.token), lead: await takeOver(store), away: true };
  if (due) await store.set("reconcile", true);
  let ending: Ending = { kind: "again" };
  while (ending.kind === "again") ending = await push(link);
  if (ending.kind === "pull") ending = { kind: "later", reason: "another epoch" };
  if (ending.kind === "done" && photos.length > 0) ending = await sendPhotos(o, link);
  const left = (await store.outbox.where("status").equals("pending").count()) + (await unfinished(store)).length;
  noteUnsent(person.id, left);
  if (left === 0 && ending.kind === "sign_in") return { kind: "done" }; // nobody has to come back for nothing
  return ending;
}

function takeOver(store: Store): Promise<number> {
  return store.transaction("rw", store.meta, async () => {
    const term = ((await store.get("lead")) ?? 0) + 1;
    await store.set("lead", term);
    return term;
  });
}

/** The photos like the edits: with the person's own token while it counts, else with the push-only credential. */
async function sendPhotos(o: Others, link: Link): Promise<Ending> {
  const { store } = link;
  const credential = await link.credential();
  const passes = [link.token(), credential && `Device ${await store.get("device")}.${credential}`].filter(Boolean);
  for (const pass of passes) {
    const server = o.photos?.(pass) ?? photoServer(async () => pass);
    const ended = await uploadAll(store, server, AbortSignal.timeout(photosMs));
    if (ended !== "sign_in") return ended === "done" ? { kind: "done" } : { kind: "later", reason: "photos" };
  }
  return { kind: "sign_in" };
}

/**
 * Whether the credential still counts; where it does not (another tab was given a newer one that is lost, say), the
 * next push asks for a new one, while its person is still there to be asked for.
 */
export async function checkCredential(link: Link): Promise<void> {
  const credential = await link.credential();
  if (credential === "") return;
  const { device = "", epoch = "" } = await link.store.getAll("device", "epoch");
  const answer: Answer = await link.request("POST", "/api/sync/push", { body: { device, epoch, app: __APP_VERSION__, mutations: [] }, token: `Device ${credential}` });
  if (answer.kind === "fault" && answer.status === 401) await write(link, () => link.store.set("reconcile", true)).then(() => link.keepCredential(""));
}
