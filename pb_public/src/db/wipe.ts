// A tablet given up as lost (O-03): everything a person has on it goes, and it says so. The intention is written down
// first, so that a tablet switched off in the middle goes on at its next start, before anything is shown.
import Dexie from "dexie";
import { forgetMark } from "./canary.ts";
import { people } from "./people.ts";
import { databaseName, Store } from "./store.ts";

/** What the sign-in screen says: whose work was wiped here, and when (ms). */
export interface Wiped {
  name: string;
  at: number;
}

const intentKey = "aftercare.wipe";
const noticeKey = "aftercare.wiped";
/** Caches that hold the app itself and nobody's data. */
const shellCaches = "aftercare-shell-";
/** Another tab may sit frozen on the database: it is empty by then, and goes when that tab does, ms. */
const deleteWaitMs = 3_000;

function read<T>(key: string, none: T): T {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? "null") as T | null) ?? none;
  } catch {
    return none;
  }
}

function intents(): Record<string, Wiped> {
  return read<Record<string, Wiped>>(intentKey, {});
}

/** What was wiped here last, until somebody signs in again; null: nothing. */
export function wiped(): Wiped | null {
  return read<Wiped | null>(noticeKey, null);
}

export function forgetWiped(): void {
  localStorage.removeItem(noticeKey);
}

/**
 * Wipes what a person has on this installation: rows, queue, photos, pictures kept for looking at, token, PIN,
 * credential, drafts. Nobody else's. May be called again at any point of it.
 */
export async function wipe(user: string, now = Date.now()): Promise<void> {
  const person = await people.people.get(user);
  const all = intents();
  const what = all[user] ?? { name: person?.name ?? "", at: now };
  localStorage.setItem(intentKey, JSON.stringify({ ...all, [user]: what }));
  localStorage.setItem(noticeKey, JSON.stringify(what));
  await people.transaction("rw", people.people, people.now, async () => {
    await people.people.delete(user);
    if ((await people.now.get("user"))?.id === user) await people.now.delete("user");
  });
  await empty(user);
  await dropCaches();
  dropDrafts(user);
  const left = intents();
  delete left[user];
  if (Object.keys(left).length > 0) localStorage.setItem(intentKey, JSON.stringify(left));
  else localStorage.removeItem(intentKey);
}

/** Ends what a switched-off tablet had begun. Called at start, before anybody's store is opened. */
export async function finishWipes(): Promise<void> {
  for (const user of Object.keys(intents())) await wipe(user);
}

/** First the contents, which no other tab can hold up, then the database itself. */
async function empty(user: string): Promise<void> {
  if (await Dexie.exists(databaseName(user))) {
    const store = new Store(user);
    try {
      await store.atomically(async () => void (await Promise.all(store.tables.map((table) => table.clear()))));
    } finally {
      store.close();
    }
    const gone = Dexie.delete(databaseName(user));
    await Promise.race([gone, new Promise((done) => setTimeout(done, deleteWaitMs))]);
  }
  forgetMark(user);
}

async function dropCaches(): Promise<void> {
  if (typeof caches === "undefined") return;
  for (const name of await caches.keys()) if (!name.startsWith(shellCaches)) await caches.delete(name);
}

/** Half-filled forms a screen keeps under the person's id. */
function dropDrafts(user: string): void {
  for (const key of Object.keys(localStorage)) if (key.includes(user) && key !== intentKey) localStorage.removeItem(key);
}
