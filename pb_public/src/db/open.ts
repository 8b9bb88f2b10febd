import { newId } from "./ids.ts";
import { Store, storeInUse } from "./store.ts";

/** Set when the browser had thrown away a person's store although the installation was still here. */
export const evicted = { users: new Set<string>() };

function canaryName(user: string): string {
  return `aftercare.canary.${user}`;
}

/**
 * Opens a person's store, ready for use: it has a device id, and its canary was looked at. The canary's twin lies in
 * another kind of storage; if only the twin is left, the store was evicted and work may have been lost: say so.
 */
export async function prepareStore(user: string): Promise<Store> {
  const store = new Store(user);
  await store.open();
  const { canary, device } = await store.getAll("canary", "device");
  const twin = localStorage.getItem(canaryName(user));
  if (!canary && twin) evicted.users.add(user);
  const both = canary ?? newId();
  if (!canary || !device) {
    await store.transaction("rw", store.meta, async () => {
      if (!canary) await store.set("canary", both);
      if (!(await store.get("device"))) await store.set("device", newId()); // another tab may have been faster
    });
  }
  localStorage.setItem(canaryName(user), both);
  return store;
}

/** Does something with a person's store, which is closed again unless it is the one in use. */
export async function withStore<T>(user: string, work: (store: Store) => Promise<T>): Promise<T> {
  const inUse = storeInUse();
  if (inUse?.user === user) return work(inUse);
  const store = new Store(user);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}
