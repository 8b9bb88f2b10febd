import { lookAtCanary } from "./canary.ts";
import { newId } from "./ids.ts";
import { Store, storeInUse } from "./store.ts";

/**
 * Opens a person's store, ready for use: its canary was looked at, and it has a device id. A store made anew after an
 * eviction is a new device: the seqs of the old one are never used again.
 */
export async function prepareStore(user: string): Promise<Store> {
  const store = new Store(user);
  await store.open();
  await lookAtCanary(store);
  if (!(await store.get("device"))) {
    await store.transaction("rw", store.meta, async () => {
      if (!(await store.get("device"))) await store.set("device", newId()); // another tab may have been faster
    });
  }
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
