/// <reference lib="webworker" />
// Reads the search list beside the page: a shop of 100,000 records takes a second or two, and nobody waits for it.
import { Packer } from "./search-pack.ts";

/** Rows read at once. */
const batch = 2_000;

const promise = <T,>(request: IDBRequest<T>): Promise<T> =>
  new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });

async function each(db: IDBDatabase, table: string, take: (rows: { id: string }[]) => void): Promise<void> {
  for (let last: string | null = null; ; ) {
    const range: IDBKeyRange | null = last === null ? null : IDBKeyRange.lowerBound(last, true);
    const rows: { id: string }[] = await promise(db.transaction(table).objectStore(table).getAll(range, batch));
    take(rows);
    if (rows.length < batch) return;
    last = rows[rows.length - 1]!.id;
  }
}

self.onmessage = async (event: MessageEvent<{ name: string }>) => {
  let db: IDBDatabase | null = null;
  try {
    db = await promise(indexedDB.open(event.data.name));
    db.onversionchange = () => db?.close(); // a wipe or a newer app must not wait for this
    const packer = new Packer();
    await each(db, "customers", (rows) => packer.addCustomers(rows));
    await each(db, "vehicles", (rows) => packer.addVehicles(rows));
    self.postMessage({ pack: packer.pack() });
  } catch (error) {
    self.postMessage({ error: String(error) });
  } finally {
    db?.close();
  }
};
