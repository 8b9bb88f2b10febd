// Faults of the tablet itself: the tab dies at the n-th operation on its database, or the disk is full there.
import type { DBCore, DBCoreTable, Middleware } from "dexie";
import type { Store } from "../../db/store.ts";

export interface Fault {
  middleware: Middleware<DBCore>;
  /** Whether the n-th operation was reached. */
  met(): boolean;
}

/** Every operation calls `tick`, which throws when it is to fail. */
function wrapped(tick: (stores: boolean) => void): Middleware<DBCore> {
  const wrap = (table: DBCoreTable): DBCoreTable => ({
    ...table,
    mutate: (request) => (tick(request.type === "add" || request.type === "put"), table.mutate(request)),
    get: (request) => (tick(false), table.get(request)),
    getMany: (request) => (tick(false), table.getMany(request)),
    query: (request) => (tick(false), table.query(request)),
    openCursor: (request) => (tick(false), table.openCursor(request)),
    count: (request) => (tick(false), table.count(request)),
  });
  const create = (core: DBCore): DBCore => ({ ...core, table: (name: string) => wrap(core.table(name)) });
  return { stack: "dbcore" as const, name: "fault", create: create as never };
}

/** The tab dies at the n-th operation; the dead do nothing more. */
export function dieAt(n: number): Fault {
  let count = 0;
  const middleware = wrapped(() => {
    if (++count >= n) throw new Error("the tab died");
  });
  return { middleware, met: () => count >= n };
}

/** From the n-th write on the disk is full, for so many writes. What only deletes always fits. */
export function fullAt(n: number, writes = Infinity): Fault & { clear(): void } {
  let count = 0;
  let cleared = false;
  const middleware = wrapped((stores) => {
    if (!stores || cleared) return;
    count++;
    if (count >= n && count < n + writes) throw new DOMException("full", "QuotaExceededError");
  });
  return { middleware, met: () => count >= n, clear: () => void (cleared = true) };
}

/** Lets a fault into an open store. */
export async function suffer(store: Store, fault: Fault): Promise<void> {
  store.close();
  store.use(fault.middleware);
  await store.open();
}
