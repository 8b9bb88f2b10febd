// Finds a vehicle by any fragment of plate, VIN, phone or name, offline (V-06). The index is a list in memory: at 5,000
// vehicles a search is a few milliseconds, and there is nothing to keep in step on disk. A change of a few rows renews
// just their entries; a change of many (the first sync, an import) makes the list be read anew.
import Dexie, { type ObservabilitySet } from "dexie";
import { onStoreChange, storeInUse, theStore, type Store } from "./store.ts";
import type { Rows } from "./types.gen.ts";

export interface VehicleHit {
  vehicle: Rows["vehicles"];
  customer: Rows["customers"] | null;
  matched: "plate" | "vin" | "phone" | "name";
}

type Vehicle = Rows["vehicles"];
type Customer = Rows["customers"];

interface Entry {
  vehicle: string;
  plate: string;
  vin: string;
  phones: string[];
  name: string;
}

/** Changed rows up to which entries are renewed one by one. */
const fewRows = 100;
/** Rows read at once: a tap in between waits for no more than these. */
const readRows = 400;
/** Rest after a start or a large change before the list is read ahead of the first search, ms. */
const warmAfterMs = 1_500;

let index: Promise<Map<string, Entry>> | null = null;
let keepWarm = false;
let warming: ReturnType<typeof setTimeout> | undefined;

onStoreChange(drop);

function drop(): void {
  index = null;
  if (!keepWarm) return;
  clearTimeout(warming);
  warming = setTimeout(() => whenIdle(() => void (storeInUse() && warmSearch().catch(() => undefined))), warmAfterMs);
}

function whenIdle(work: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(work, { timeout: warmAfterMs });
  else work();
}

/** From now on the list is read while nobody asks for anything, so that the first letter of a search answers at once. */
export function keepSearchWarm(): void {
  keepWarm = true;
  drop();
}

Dexie.on("storagemutated", (parts: ObservabilitySet) => {
  const store = storeInUse();
  if (!store || !(index || keepWarm)) return;
  const vehicles = changedKeys(parts, store, "vehicles");
  const customers = changedKeys(parts, store, "customers");
  if (!vehicles || !customers) drop();
  else if (index && vehicles.length + customers.length > 0) index = index.then((entries) => renew(store, entries, vehicles, customers));
});

/** A node of Dexie's tree of key ranges, as it also comes from other tabs. */
interface Range {
  from?: unknown;
  to?: unknown;
  l?: Range | null;
  r?: Range | null;
}

/** Keys of a table's changed rows; null when they are many, or not known one by one. */
function changedKeys(parts: ObservabilitySet, store: Store, table: string): string[] | null {
  const keys: string[] = [];
  const rest: (Range | null | undefined)[] = [parts[`idb://${store.name}/${table}/`] as Range | undefined];
  while (rest.length > 0) {
    const range = rest.pop();
    if (!range || range.from === undefined) continue;
    if (typeof range.from !== "string" || range.from !== range.to || keys.length === fewRows) return null;
    keys.push(range.from);
    rest.push(range.l, range.r);
  }
  return keys;
}

async function renew(store: Store, entries: Map<string, Entry>, vehicles: string[], customers: string[]): Promise<Map<string, Entry>> {
  try {
    const of = (await store.table("vehicles").where("customer").anyOf(customers).primaryKeys()) as string[];
    const ids = [...new Set([...vehicles, ...of])];
    const rows = (await store.table("vehicles").bulkGet(ids)) as (Vehicle | undefined)[];
    const owners = (await store.table("customers").bulkGet(rows.map((v) => v?.customer ?? ""))) as (Customer | undefined)[];
    ids.forEach((id, i) => {
      const row = rows[i];
      if (row) entries.set(id, entryOf(row, owners[i]));
      else entries.delete(id);
    });
  } catch (error) {
    if (store === storeInUse()) throw error; // else the store was closed under it, and the list with it
  }
  return entries;
}

/** Letters and digits only, lower case, full-width forms folded: "沪A·12345" → "沪a12345". */
export function normalise(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/[\s·.\-_/()+]/g, "");
}

function entryOf(v: Vehicle, customer: Customer | undefined): Entry {
  const phones = customer ? [customer.phone, ...(customer.phones ?? [])] : [];
  return {
    vehicle: v.id,
    plate: normalise(v.plate),
    vin: normalise(v.vin),
    phones: phones.filter((p) => typeof p === "string").map(normalise),
    name: normalise(customer?.name ?? ""),
  };
}

async function read(store: Store): Promise<Map<string, Entry>> {
  const customers = new Map<string, Customer>();
  for await (const part of parts<Customer>(store, "customers")) for (const row of part) customers.set(row.id, row);
  const entries = new Map<string, Entry>();
  for await (const part of parts<Vehicle>(store, "vehicles")) for (const row of part) entries.set(row.id, entryOf(row, customers.get(row.customer)));
  return entries;
}

/** A table's rows in the order of their ids, some hundred at a time. What changes meanwhile is renewed afterwards. */
async function* parts<T extends { id: string }>(store: Store, table: string): AsyncGenerator<T[]> {
  for (let last = ""; ; ) {
    const rows = (await store.table(table).where("id").above(last).limit(readRows).toArray()) as unknown as T[];
    yield rows;
    if (rows.length < readRows) return;
    last = rows[rows.length - 1]!.id;
  }
}

/** The list, read when it is not there; an attempt that failed is not kept. */
async function theIndex(): Promise<Map<string, Entry>> {
  const mine = (index ??= read(theStore()));
  try {
    return await mine;
  } catch (error) {
    if (index === mine) index = null;
    throw error;
  }
}

/** Reads the index into memory ahead of the first search. */
export async function warmSearch(): Promise<void> {
  await theIndex();
}

/** How well a text answers: whole, beginning, inside; infinite when not at all. */
function rank(text: string, fragment: string): number {
  const at = text.indexOf(fragment);
  if (at < 0) return Infinity;
  return at > 0 ? 2 : text.length === fragment.length ? 0 : 1;
}

function match(entry: Entry, fragment: string): { matched: VehicleHit["matched"]; rank: number } | null {
  const ranks: [VehicleHit["matched"], number][] = [
    ["plate", rank(entry.plate, fragment)],
    ["vin", rank(entry.vin, fragment)],
    ["phone", Math.min(...entry.phones.map((p) => rank(p, fragment)), Infinity)],
    ["name", rank(entry.name, fragment)],
  ];
  const best = ranks.reduce((a, b) => (b[1] < a[1] ? b : a));
  return best[1] === Infinity ? null : { matched: best[0], rank: best[1] };
}

/** Vehicles whose plate, VIN, or customer's phone or name contains the fragment; whole and beginning matches first. */
export async function searchVehicles(fragment: string, limit = 20): Promise<VehicleHit[]> {
  const wanted = normalise(fragment);
  if (wanted === "") return [];
  const store = theStore();
  const found = [...(await theIndex()).values()]
    .flatMap((entry) => {
      const m = match(entry, wanted);
      return m ? [{ id: entry.vehicle, ...m }] : [];
    })
    .sort((a, b) => a.rank - b.rank)
    .slice(0, limit);
  const vehicles = (await store.table("vehicles").bulkGet(found.map((f) => f.id))) as (Vehicle | undefined)[];
  const customers = (await store.table("customers").bulkGet(vehicles.map((v) => v?.customer ?? ""))) as (Customer | undefined)[];
  return found.flatMap((f, i) => {
    const vehicle = vehicles[i];
    return vehicle ? [{ vehicle, customer: customers[i] ?? null, matched: f.matched }] : [];
  });
}
