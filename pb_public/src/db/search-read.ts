// Makes the search list from the rows, beside the page where the browser can.
import { Packer, type Pack } from "./search-pack.ts";
import type { Store } from "./store.ts";

/** Rows read at once in the page: a tap in between waits for no more than these. */
const readRows = 400;

function inWorker(name: string): Promise<Pack> {
  return new Promise((done, fail) => {
    const worker = new Worker(new URL("./search.worker.ts", import.meta.url), { type: "module" });
    const end = (work: () => void) => {
      worker.terminate();
      work();
    };
    worker.onmessage = ({ data }: MessageEvent<{ pack?: Pack; error?: string }>) => end(() => (data.pack ? done(data.pack) : fail(new Error(data.error))));
    worker.onerror = () => end(() => fail(new Error("worker")));
    worker.postMessage({ name });
  });
}

async function inPage(store: Store): Promise<Pack> {
  const packer = new Packer();
  await each(store, "customers", (rows) => packer.addCustomers(rows));
  await each(store, "vehicles", (rows) => packer.addVehicles(rows));
  return packer.pack();
}

/** A table's rows in the order of their ids, some hundred at a time. */
async function each(store: Store, table: string, take: (rows: { id: string }[]) => void): Promise<void> {
  for (let last = ""; ; ) {
    const rows = await store.rows(table).where("id").above(last).limit(readRows).toArray();
    take(rows);
    if (rows.length < readRows) return;
    last = rows[rows.length - 1]!.id;
  }
}

export async function readPack(store: Store): Promise<Pack> {
  // With an in-memory database (tests) a worker would look into another one.
  if (typeof Worker !== "undefined" && import.meta.env.MODE !== "test") {
    try {
      return await inWorker(store.name);
    } catch (error) {
      console.warn("search list not read beside the page", error);
    }
  }
  return inPage(store);
}
