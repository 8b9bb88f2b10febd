// What the customer's page keeps on the phone: drafts with their photos, who is signed in, what the server has shown, and what
// waits to be sent. Plain IndexedDB: the page is small and has five stores. A write is done when its transaction is.

/** The stores and their keys. */
export interface Kept {
  /** By name, see `Meta`. */
  meta: unknown;
  /** By id. */
  drafts: unknown;
  /** Pictures by hash. */
  pictures: Picture;
  /** What the server has shown, by "collection/id". */
  rows: ServerRow;
  /** Mutations by id, those that the server has among them as long as a backup may be old. */
  outbox: Waiting;
}

export type Name = keyof Kept;

/** A prepared photo; `state` is what the server has of it. */
export interface Picture {
  sha256: string;
  bytes: ArrayBuffer;
  thumb: ArrayBuffer;
  media: string;
  width: number;
  height: number;
  taken_at: string;
  state: "local" | "sent" | "refused";
  /** The server has it since then by this phone's clock, ms. */
  had?: number;
  /** Where an upload has begun. */
  url?: string;
  /** Why the server does not want it. */
  code?: string;
}

export type Row = Record<string, unknown> & { id: string };

export interface ServerRow {
  key: string;
  collection: string;
  data: Row;
}

export interface Op {
  op: "create" | "patch";
  collection: string;
  id: string;
  base?: number;
  data: Record<string, unknown>;
}

/** A mutation as it goes over the wire. It waits, unless the server has it (`had`) or has said no (`refused`). */
export interface Waiting {
  id: string;
  seq: number;
  customer: string;
  device: string;
  intent: string;
  at: string;
  seen: string;
  ops: Op[];
  /** The draft it was made of. */
  draft?: string;
  /** The server has it since then by this phone's clock, ms; `commit` is its place in the server's log. */
  had?: { at: number; commit: number };
  /** The server has it, and has not shown yet what became of it: the network may end between the two. */
  unseen?: boolean;
  /** The server had it and lost it in a restore, as was seen then, ms. */
  again?: { at: number; commit: number };
  refused?: { code: string; field: string; said: Record<string, string> };
}

const names: readonly Name[] = ["meta", "drafts", "pictures", "rows", "outbox"];
const keyPaths: Partial<Record<Name, string>> = { drafts: "id", pictures: "sha256", rows: "key", outbox: "id" };

/** One transaction's hand on the stores. */
export interface Hand {
  get<N extends Name>(store: N, key: string): Promise<Kept[N] | undefined>;
  all<N extends Name>(store: N): Promise<Kept[N][]>;
  /** With a key for meta, whose values have none of their own. */
  put<N extends Name>(store: N, value: Kept[N], key?: string): void;
  drop(store: Name, key: string): void;
  clear(store: Name): void;
}

/** The page's store; `name` tells tests apart. */
export class Keep {
  private opened: Promise<IDBDatabase> | null = null;
  private others: BroadcastChannel | null = null;

  constructor(private readonly name = "aftercare-buyer") {}

  /** Calls back when another tab has written; returns how to stop. */
  heed(work: () => void): () => void {
    if (typeof BroadcastChannel === "undefined") return () => undefined;
    const channel = (this.others = new BroadcastChannel(this.name));
    channel.onmessage = work;
    return () => {
      channel.close();
      this.others = null;
    };
  }

  private open(): Promise<IDBDatabase> {
    this.opened ??= new Promise((done, fail) => {
      const request = indexedDB.open(this.name, 1);
      request.onupgradeneeded = () => {
        for (const store of names) request.result.createObjectStore(store, keyPaths[store] ? { keyPath: keyPaths[store] } : undefined);
      };
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error ?? new Error("no store"));
    });
    return this.opened;
  }

  /** Reads and writes as one: all of it is kept or nothing. The work awaits nothing but the hand. */
  async act<T>(work: (hand: Hand) => Promise<T>): Promise<T> {
    const tx = (await this.open()).transaction(names as Name[], "readwrite", { durability: "strict" });
    const over = new Promise<void>((done, fail) => {
      tx.oncomplete = () => done();
      tx.onabort = tx.onerror = () => fail(tx.error ?? new Error("not kept"));
    });
    let wrote = false;
    try {
      const result = await work(handOn(tx, () => (wrote = true)));
      await over;
      if (wrote) this.others?.postMessage(0);
      return result;
    } catch (error) {
      over.catch(() => undefined);
      try {
        tx.abort();
      } catch {
        // it has ended by itself
      }
      throw error;
    }
  }
}

function handOn(tx: IDBTransaction, writes: () => void): Hand {
  const into = (store: Name): IDBObjectStore => {
    writes();
    return tx.objectStore(store);
  };
  const asked = <T>(request: IDBRequest<T>) => new Promise<T>((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error ?? new Error("not read"));
  });
  return {
    get: (store, key) => asked(tx.objectStore(store).get(key)),
    all: (store) => asked(tx.objectStore(store).getAll()),
    put: (store, value, key) => void into(store).put(value, key),
    drop: (store, key) => void into(store).delete(key),
    clear: (store) => void into(store).clear(),
  };
}
