// What happens when the tablet's disk is full: what can be fetched again is freed, the work is tried once more, and
// when that does not help the person is told at once that it was not saved. Nothing is ever half there: each piece of
// work is one transaction.
import { Refused } from "../rules/refused.ts";
import type { Store } from "./store.ts";

let full = false;
const listeners = new Set<(full: boolean) => void>();

/** Whether the last thing to be saved found no room. */
export function isFull(): boolean {
  return full;
}

/** Calls back when the tablet's disk gets full, and when something could be saved again. */
export function onRoom(tell: (full: boolean) => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** Says whether there is room; also for what another tab has found out. */
export function setFull(now: boolean): void {
  if (full === now) return;
  full = now;
  for (const tell of listeners) tell(now);
}

/** Whether an error, or one of those inside it, says that the disk is full. */
export function isQuota(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > 4) return false;
  const { name, inner, failures } = error as { name?: unknown; inner?: unknown; failures?: unknown };
  if (name === "QuotaExceededError") return true;
  return isQuota(inner, depth + 1) || (Array.isArray(failures) && failures.some((f) => isQuota(f, depth + 1)));
}

/**
 * Frees what the server has and can be fetched again: pictures of others, bytes of photos it has verified, pages of a
 * snapshot that is still coming in (it begins anew).
 */
async function freeRoom(store: Store): Promise<void> {
  const attempts = [
    () => store.derivatives.clear(),
    async () => store.photo_bytes.bulkDelete(await store.uploads.where("state").equals("verified").primaryKeys()),
    () => store.transaction("rw", store.staging, store.meta, async () => {
      await store.staging.clear();
      await store.set("staged", null);
    }),
  ];
  for (const attempt of attempts) await attempt().catch((error: unknown) => isQuota(error) || console.warn("no room could be made", error));
}

/**
 * Does work that writes; on a full disk once more after making room. Throws Refused device.storage_full when that fails,
 * too. `proves`: that it could be written shows that there is room again (work that may write nothing does not).
 */
export async function withRoom<T>(store: Store, work: () => Promise<T>, proves = true): Promise<T> {
  for (let freed = false; ; freed = true) {
    try {
      const result = await work();
      if (proves) setFull(false);
      return result;
    } catch (error) {
      if (!isQuota(error)) throw error;
    }
    if (freed) break;
    await freeRoom(store);
  }
  setFull(true);
  throw new Refused("device.storage_full");
}
