// The store of one signed-in person on this installation: the rows this person may see, what they did and has not
// arrived yet, and their photos. One database per person, so that nothing is ever sent or shown as somebody else.
import Dexie, { type Table, type Transaction } from "dexie";
import type { CollectionName } from "./types.gen.ts";
import type { Derivative, MetaValues, OutboxEntry, PhotoBytes, SentEntry, ShadowRow, StagedPage, Upload } from "./records.ts";

/** Any row, where the collection is not known to the compiler. */
export type Row = { id: string; version: number } & Record<string, unknown>;

/** Indexes of each collection; every collection of the flow table has its line (a test holds them together). */
export const collections: { [C in CollectionName]: string } = {
  shops: "id",
  staff: "id",
  customers: "id",
  seal_keys: "id, key",
  devices: "id",
  vehicles: "id, customer, plate, vin",
  capacities: "id",
  standard_times: "id, system",
  appointments: "id, vehicle, customer, state, starts_at",
  preparations: "id, appointment, state",
  visits: "id, vehicle, customer, state, arrived_at, appointment",
  concerns: "id, visit",
  templates: "id, kind",
  parts: "id, number, barcode",
  purchase_orders: "id, part, job, work_order, state",
  goods_receipts: "id, part, purchase_order, state",
  stock_counts: "id, state",
  stock_moves: "id, job, work_order, stock_count, version, [part+version], [part+created]",
  reservations: "id, job, work_order, state, [part+state]",
  customer_parts: "id, visit, work_order, job, state",
  tools: "id, number, barcode",
  tool_loans: "id, borrower, state, [tool+state]",
  inspections: "id, visit, vehicle, asset, template, [template+completed_at]",
  findings: "id, visit, inspection",
  damage_marks: "id, visit, inspection, vehicle",
  photos: "id, visit, subject_record, sha256, state",
  belongings: "id, visit",
  key_tags: "id, visit",
  work_orders: "id, visit, state",
  jobs: "id, visit, work_order, state, *technicians",
  customer_links: "id, visit, work_order",
  consents: "id, visit, work_order, state",
  settlements: "id, visit, work_order, state, kind",
  payments: "id, visit, work_order, kind",
  invoices: "id, visit, settlement",
  gate_passes: "id, visit, state, number",
  gate_uses: "id, visit, pass, used_at",
  deliveries: "id, visit",
  time_entries: "id, visit, work_order, job, technician",
  messages: "id, visit, customer, state",
  due_items: "id, visit, state, kind",
  quality_checks: "id, visit, work_order, stage",
  policies: "id, kind",
  holidays: "id, year",
  conflicts: "id, record, state",
  corrections: "id, record",
  quality_reports: "id, visit, job, state",
  fault_cases: "id",
  warranty_claims: "id, visit, job, state",
  assets: "id, customer, status, created, serial, label, order_number, batch_number, inspection_number, name",
  merges: "id, kept, folded",
  sales_orders: "id, number, phone, state, received_at, ordered_at, external_id, customer_name, tracking_number, invoice_number",
  sales_items: "id, sales_order, serial",
  claims: "id, sales_order, customer, state, number, [state+filed_at], [state+ship_back_due_at], [state+answer_due_at]",
  claim_items: "id, claim, sales_item",
  shipments: "id, claim, tracking_number",
  repair_plans: "id, claim, state",
  refunds: "id, claim",
  makeup_parts: "id, state, sales_order, refill_due_at, [state+delivered_at], [state+closed_at]",
};

export const collectionNames = Object.keys(collections) as CollectionName[];

/** Their indexes in 0.1.0: every one had the shop besides, which nobody ever asked for and every write paid for. */
const firstIndexes = Object.fromEntries(collectionNames.map((name) => [name, name === "shops" ? "id" : collections[name].replace("id", "id, shop")]));

/** The release whose mutations did not say which app had made them. */
export const firstApp = "0.1.0";

export class Store extends Dexie {
  declare outbox: Table<OutboxEntry, string>;
  declare sent: Table<SentEntry, string>;
  declare shadow: Table<ShadowRow, string>;
  declare meta: Table<{ key: string; value: unknown }, string>;
  declare staging: Table<StagedPage, number>;
  declare uploads: Table<Upload, string>;
  declare photo_bytes: Table<PhotoBytes, string>;
  declare derivatives: Table<Derivative, string>;
  readonly user: string;

  constructor(user: string) {
    super(databaseName(user));
    this.user = user;
    this.version(1).stores({
      ...firstIndexes,
      outbox: "id, seq, status, *rows",
      sent: "id, seq, acked_at",
      shadow: "key",
      meta: "key",
      staging: "page",
      uploads: "sha256, state, at",
      photo_bytes: "sha256",
      derivatives: "key, at",
    });
    // Another tab wipes this person's store: it closes here, and no query that is still under way makes it anew.
    this.on("versionchange", (event) => {
      if (event.newVersion) return;
      this.close();
      return false;
    });
    // 0.2.0: mutations say which app made them. Those that are here were made by the one before.
    this.version(2).stores(collections).upgrade(async (tx) => {
      const made = (e: { app?: string }) => void (e.app ??= firstApp);
      await tx.table("outbox").toCollection().modify(made);
      await tx.table("sent").toCollection().modify(made);
    });
    // 0.3.0: the service lane's collections.
    this.version(3).stores(collections);
  }

  rows(collection: string): Table<Row, string> {
    return this.table(collection);
  }

  async get<K extends keyof MetaValues>(key: K): Promise<MetaValues[K] | undefined> {
    return (await this.meta.get(key))?.value as MetaValues[K] | undefined;
  }

  /** Several at once. */
  async getAll<K extends keyof MetaValues>(...keys: K[]): Promise<Partial<Pick<MetaValues, K>>> {
    const found = await this.meta.bulkGet(keys);
    return Object.fromEntries(found.flatMap((row) => (row ? [[row.key, row.value]] : []))) as Partial<Pick<MetaValues, K>>;
  }

  async set<K extends keyof MetaValues>(key: K, value: MetaValues[K]): Promise<void> {
    await this.meta.put({ key, value });
  }

  /** One transaction over everything: what happens in it happens whole or not at all, also when the tab dies in it. */
  atomically<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.transaction("rw", this.tables, async (tx) => await work(tx)); // Dexie keeps its zone only in an async function
  }
}

export function databaseName(user: string): string {
  return `aftercare-${user}`;
}

/** Who acts: the signed-in person as the rules see them. */
export interface Actor {
  id: string;
  name: string;
  roles: string[];
  shop: string;
  skill: number;
}

let current: Store | null = null;
let actor: Actor | null = null;
const listeners = new Set<() => void>();

/** Makes a person's store the one that `tables`, `act` and `live` work on; null when nobody is signed in. */
export function useStore(store: Store | null, person: Actor | null): void {
  const before = current;
  current = store;
  actor = person;
  if (before === store) return;
  before?.close();
  for (const tell of listeners) tell();
}

/** The person at the tablet. Throws when nobody is signed in. */
export function theActor(): Actor {
  if (!actor) throw new Error("nobody is signed in");
  return actor;
}

/** Calls back whenever another person's store (or none) is in use. */
export function onStoreChange(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export function storeInUse(): Store | null {
  return current;
}

/** The store in use. Throws when nobody is signed in: no screen that asks for it is reachable then. */
export function theStore(): Store {
  if (!current) throw new Error("nobody is signed in");
  return current;
}
