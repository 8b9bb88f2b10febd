// Notices that the browser threw away what was stored here. The canary is a row in the person's store; its twin, the
// mark, lies in another kind of storage and says when the store was last known to be there, and how much in it was
// not on the server. When only the mark is left, the store was evicted, and the person is told what may be missing.
import { newId } from "./ids.ts";
import type { Eviction } from "./records.ts";
import type { Store } from "./store.ts";

interface Mark {
  canary: string;
  /** When this was last written, ms. */
  at: number;
  /** Edits and photos that were not on the server then. */
  unsent: number;
  name: string;
}

const prefix = "aftercare.canary.";
/** A mark says when the store was there to about this, ms. */
const markEveryMs = 60_000;

function readMark(user: string): Mark | null {
  const text = localStorage.getItem(prefix + user);
  if (text === null) return null;
  try {
    return { at: 0, unsent: 0, name: "", ...(JSON.parse(text) as Partial<Mark> & { canary: string }) };
  } catch {
    return { canary: text, at: 0, unsent: 0, name: "" }; // as 0.1.0 wrote it
  }
}

function writeMark(user: string, mark: Mark): void {
  localStorage.setItem(prefix + user, JSON.stringify(mark));
}

export function forgetMark(user: string): void {
  localStorage.removeItem(prefix + user);
}

/** Looks at the canary, and lets a new one live where it is gone. An eviction stays noted until the person has read it. */
export async function lookAtCanary(store: Store, now = Date.now()): Promise<void> {
  const mark = readMark(store.user);
  const canary = await store.transaction("rw", store.meta, async () => {
    const { canary } = await store.getAll("canary");
    if (canary) return canary;
    const fresh = newId();
    await store.set("canary", fresh);
    if (mark) await store.set("eviction", { from: mark.at, to: now, unsent: mark.unsent });
    return fresh;
  });
  writeMark(store.user, { unsent: 0, name: "", ...mark, canary, at: now });
}

/** Notes what is not on the server yet, so that an eviction can say what may be missing. */
export function noteUnsent(user: string, unsent: number, name?: string, now = Date.now()): void {
  const mark = readMark(user);
  if (!mark || (mark.unsent === unsent && now - mark.at < markEveryMs)) return;
  writeMark(user, { ...mark, unsent, name: name ?? mark.name, at: now });
}

/** People whose whole installation is gone, not only their store: nobody of that name is known here any more. */
export function lostPeople(known: Set<string>, now = Date.now()): (Eviction & { name: string })[] {
  const users = Object.keys(localStorage).filter((k) => k.startsWith(prefix)).map((k) => k.slice(prefix.length));
  return users.filter((u) => !known.has(u)).map((u) => {
    const { at, unsent, name } = readMark(u)!;
    return { from: at, to: now, unsent, name };
  });
}
