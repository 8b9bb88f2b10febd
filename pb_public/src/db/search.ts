// Finds a vehicle by any fragment of plate, VIN, phone or name, offline (V-06). The list is a text in memory, kept on
// the tablet between starts: a shop of 30,000 cars answers at once. Changed rows lie beside it until it is made anew.
// What was kept may be a little old when the app was closed in the middle of something: it answers all the same, exact
// plates and VINs are looked up by index, and the list is made anew meanwhile.
import Dexie, { type ObservabilitySet } from "dexie";
import { changedKeys } from "./changed-keys.ts";
import { groupOf, keptOf } from "./files.ts";
import { customerLine, linesWith, normalise, ownerPart, rank, vehicleLine, type Pack } from "./search-pack.ts";
import { readPack } from "./search-read.ts";
import { onStoreChange, storeInUse, theStore, type Store } from "./store.ts";
import type { Rows } from "./types.gen.ts";

export { normalise };

export interface VehicleHit {
  vehicle: Rows["vehicles"];
  customer: Rows["customers"] | null;
  matched: "plate" | "vin" | "phone" | "name";
  /** The file that holds the fragment, where it is read as one with the one shown (V-05). */
  through?: Rows["vehicles"];
}

type Vehicle = Rows["vehicles"];
type Customer = Rows["customers"];

/** Lines of rows changed since the list was made, by id; null: the row is gone. */
type Changes = Map<string, string | null>;

interface List {
  store: Store;
  pack: Pack;
  vehicles: Changes;
  customers: Changes;
  /** Whether it is known to hold every row as it is. */
  exact: boolean;
}

/** Changed rows beside the list from which on it is made anew. */
const mostChanges = 1_000;
/** Rest after a start or a large change before the list is read ahead of the first search, ms. */
const warmAfterMs = 1_500;
/** Rest after a change before it is written down, ms. */
const keepAfterMs = 3_000;

let list: Promise<List> | null = null;
let making: Promise<void> | null = null;
let keepWarm = false;
let warming: ReturnType<typeof setTimeout> | undefined;
let keeping: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

onStoreChange(() => {
  list = making = null;
  clearTimeout(keeping);
  warmSoon();
});

/** From now on the list is read while nobody asks for anything, so that the first letter of a search answers at once. */
export function keepSearchWarm(): void {
  keepWarm = true;
  warmSoon();
}

function warmSoon(): void {
  if (!keepWarm) return;
  clearTimeout(warming);
  warming = setTimeout(() => whenIdle(() => void (storeInUse() && theList().catch(() => undefined))), warmAfterMs);
}

function whenIdle(work: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(work, { timeout: warmAfterMs });
  else work();
}

/** Calls back when a newer list answers: what was found before may be more now. */
export function onSearchRenewed(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** Where the store stood: every change of a row moves one of these. */
async function stampOf(store: Store): Promise<string> {
  const { cursor = "", seq = 0, settled = 0 } = await store.getAll("cursor", "seq", "settled");
  return `${cursor}|${seq}|${settled}`;
}

async function openList(store: Store): Promise<List> {
  const { search, search_changes: changes } = await store.getAll("search", "search_changes");
  if (!search) return makeList(store);
  const beside = changes?.of === search.made ? changes : null;
  const exact = (beside ?? search).stamp === (await stampOf(store));
  const kept: List = { store, pack: search, vehicles: new Map(beside?.vehicles), customers: new Map(beside?.customers), exact };
  if (!exact) void renewAll(store);
  else void compare(kept);
  return kept;
}

/** A kept list with more or fewer cars than there are was made of other rows, whatever its stamp says. */
async function compare(l: List): Promise<void> {
  let lines = -2; // a text of no lines is "\n\n"
  for (let at = l.pack.vehicles.indexOf("\n"); at >= 0; at = l.pack.vehicles.indexOf("\n", at + 1)) lines++;
  if (l.pack.vehicles.length > 2) lines++;
  try {
    const rows = await l.store.table("vehicles").count();
    if (l.vehicles.size > 0 ? rows < lines - l.vehicles.size || rows > lines + l.vehicles.size : rows !== lines) await renewAll(l.store);
  } catch (error) {
    if (l.store === storeInUse()) console.warn("search list not compared", error);
  }
}

/** Reads all rows. What changes meanwhile is noted by `note`, which waits for this. */
async function makeList(store: Store): Promise<List> {
  const stamp = await stampOf(store);
  const pack = await readPack(store);
  const made = Date.now();
  await store.transaction("rw", store.meta, async () => {
    await store.set("search", { ...pack, made, stamp });
    await store.meta.delete("search_changes");
  }).catch((error: unknown) => console.warn("search list not kept", error));
  return { store, pack, vehicles: new Map(), customers: new Map(), exact: true };
}

/** Makes the list anew while the present one goes on answering. */
function renewAll(store: Store): Promise<void> {
  return (making ??= (async () => {
    const missed: string[][] = [[], []];
    const stop = onRows((vehicles, customers) => (missed[0].push(...vehicles), missed[1].push(...customers)));
    try {
      const fresh = await makeList(store);
      await renew(fresh, missed[0], missed[1]);
      if (store !== storeInUse()) return;
      list = Promise.resolve(fresh);
      for (const tell of listeners) tell();
    } catch (error) {
      if (store === storeInUse()) console.warn("search list not renewed", error);
    } finally {
      stop();
      making = null;
    }
  })());
}

type OnRows = (vehicles: string[], customers: string[]) => void;
const watchers = new Set<OnRows>();

function onRows(tell: OnRows): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

Dexie.on("storagemutated", (parts: ObservabilitySet) => {
  const store = storeInUse();
  if (!store || !(list || keepWarm)) return;
  const vehicles = changedKeys(parts, store, "vehicles");
  const customers = changedKeys(parts, store, "customers");
  if (!vehicles || !customers) return anew(store);
  if (vehicles.length + customers.length === 0) return;
  for (const tell of watchers) tell(vehicles, customers);
  if (list) list = list.then((l) => renew(l, vehicles, customers));
});

/** Many rows are others now, or it is not known which: searches wait for a new list. */
function anew(store: Store): void {
  list = null;
  making = null;
  void store.meta.bulkDelete(["search", "search_changes"]).catch(() => undefined);
  warmSoon();
}

/** Renews the lines of a few rows, and of the cars of changed customers. */
async function renew(l: List, vehicles: string[], customers: string[]): Promise<List> {
  const { store } = l;
  try {
    const owners = (await store.table("customers").bulkGet(customers)) as (Customer | undefined)[];
    customers.forEach((id, i) => l.customers.set(id, owners[i] ? customerLine(owners[i]) : null));
    const theirs = (await store.table("vehicles").where("customer").anyOf(customers).primaryKeys()) as string[];
    const ids = [...new Set([...vehicles, ...theirs])];
    const rows = (await store.table("vehicles").bulkGet(ids)) as (Vehicle | undefined)[];
    const of = (await store.table("customers").bulkGet(rows.map((v) => v?.customer ?? ""))) as (Customer | undefined)[];
    ids.forEach((id, i) => l.vehicles.set(id, rows[i] ? vehicleLine(rows[i], ownerPart(of[i])) : null));
    clearTimeout(keeping);
    if (l.vehicles.size + l.customers.size > mostChanges) void renewAll(store);
    else keeping = setTimeout(() => void keepChanges(l), keepAfterMs);
  } catch (error) {
    if (store === storeInUse()) throw error; // else the store was closed under it, and the list with it
  }
  return l;
}

/** Writes the changed lines down, so that the next start has them. */
async function keepChanges({ store, vehicles, customers, exact }: List): Promise<void> {
  if (store !== storeInUse() || !exact) return;
  try {
    const of = (await store.get("search"))?.made ?? 0;
    await store.set("search_changes", { of, stamp: await stampOf(store), vehicles: [...vehicles], customers: [...customers] });
  } catch (error) {
    if (store === storeInUse()) console.warn("search list not kept", error);
  }
}

/** The list, read when it is not there; an attempt that failed is not kept. */
async function theList(): Promise<List> {
  const mine = (list ??= openList(theStore()));
  try {
    return await mine;
  } catch (error) {
    if (list === mine) list = null;
    throw error;
  }
}

function* changedWith(changes: Changes, fragment: string): Generator<string> {
  for (const line of changes.values()) if (line?.slice(line.indexOf("\t") + 1).includes(fragment)) yield line;
}

const fields = ["plate", "vin", "name", "phone"] as const;

function hitOf(line: string, fragment: string): { id: string; matched: VehicleHit["matched"]; rank: number } {
  const [id = "", plate = "", vin = "", name = "", phones = ""] = line.split("\t");
  const ranks = [rank(plate, fragment), rank(vin, fragment), rank(name, fragment), Math.min(...phones.split(" ").map((p) => rank(p, fragment)))];
  const best = ranks.indexOf(Math.min(...ranks));
  return { id, matched: fields[best] ?? "plate", rank: ranks[best] ?? Infinity };
}

/** Vehicles whose plate, VIN, or customer's phone or name contains the fragment; whole and beginning matches first. */
export async function searchVehicles(fragment: string, limit = 20): Promise<VehicleHit[]> {
  const wanted = normalise(fragment);
  if (wanted === "") return [];
  const store = theStore();
  const l = await theList();
  const found = [...linesWith(l.pack.vehicles, wanted, l.vehicles), ...changedWith(l.vehicles, wanted)]
    .map((line) => hitOf(line, wanted))
    .filter((hit) => hit.rank < Infinity)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, limit);
  if (!l.exact) found.unshift(...(await byIndex(store, fragment, new Set(found.map((f) => f.id)))));
  const rows = (await store.table("vehicles").bulkGet(found.map((f) => f.id))) as (Vehicle | undefined)[];
  return asFiles(store, found.flatMap((f, i) => (rows[i] ? [{ row: rows[i], matched: f.matched }] : [])), limit);
}

/** What was found, as files: a file that another one holds is shown as that one, with the cars of a merged customer (V-05). */
async function asFiles(store: Store, found: { row: Vehicle; matched: VehicleHit["matched"] }[], limit: number): Promise<VehicleHit[]> {
  const people = found.filter((f) => f.matched === "name" || f.matched === "phone").map((f) => f.row.customer);
  const cars = await carsOfMerged(store, people);
  const all = [...found, ...cars.map((row) => ({ row, matched: "name" as const }))];
  const kept = await keptOf("vehicles", all.map((f) => f.row.id), store);
  const vehicles = new Map(((await store.table("vehicles").bulkGet([...kept.values()])) as (Vehicle | undefined)[]).flatMap((v) => (v ? [[v.id, v]] : [])));
  const hits = new Map<string, VehicleHit>();
  for (const { row, matched } of all) {
    const vehicle = vehicles.get(kept.get(row.id) ?? "") ?? row;
    if (!hits.has(vehicle.id)) hits.set(vehicle.id, { vehicle, customer: null, matched, ...(vehicle !== row && { through: row }) });
  }
  const shown = [...hits.values()].slice(0, limit);
  const owners = await keptOf("customers", shown.map((h) => h.vehicle.customer), store);
  const customers = (await store.table("customers").bulkGet(shown.map((h) => owners.get(h.vehicle.customer) ?? h.vehicle.customer))) as (Customer | undefined)[];
  return shown.map((h, i) => ({ ...h, customer: customers[i] ?? null }));
}

/** The cars of everybody who is one person with these since a merge. */
async function carsOfMerged(store: Store, customers: string[]): Promise<Vehicle[]> {
  if (customers.length === 0 || (await store.rows("merges").count()) === 0) return [];
  const groups = await Promise.all([...new Set(customers)].filter(Boolean).map((id) => groupOf("customers", id, store)));
  const ids = groups.flatMap((g) => (g.ids.length > 1 ? g.ids : []));
  return ids.length ? ((await store.table("vehicles").where("customer").anyOf(ids).toArray()) as Vehicle[]) : [];
}

/** Whole plates and VINs by the table's own index: never older than the rows, so that no car gets a second file. */
async function byIndex(store: Store, fragment: string, known: Set<string>) {
  const spellings = [...new Set([fragment.trim(), fragment.trim().toUpperCase(), normalise(fragment).toUpperCase()])];
  const [plates, vins] = await Promise.all([
    store.table("vehicles").where("plate").anyOf(spellings).primaryKeys(),
    store.table("vehicles").where("vin").anyOf(spellings).primaryKeys(),
  ]);
  const hit = (id: string, matched: VehicleHit["matched"]) => ({ id, matched, rank: 0 });
  return [...(plates as string[]).map((id) => hit(id, "plate")), ...(vins as string[]).map((id) => hit(id, "vin"))].filter((h) => !known.has(h.id));
}

/** Customers whose name or phone contains the fragment. */
export async function searchCustomers(fragment: string, limit = 8): Promise<Customer[]> {
  const wanted = normalise(fragment);
  if (wanted === "") return [];
  const store = theStore();
  const l = await theList();
  const lines = [...changedWith(l.customers, wanted), ...linesWith(l.pack.customers, wanted, l.customers)];
  const found = lines.filter((line) => line.split("\t").slice(1).some((part) => part.split(" ").some((p) => p.includes(wanted)))).slice(0, limit);
  const ids = found.map((line) => line.slice(0, line.indexOf("\t")));
  const kept = await keptOf("customers", ids, store);
  const rows = (await store.table("customers").bulkGet([...new Set(ids.map((id) => kept.get(id) ?? id))])) as (Customer | undefined)[];
  return rows.flatMap((row) => (row ? [row] : []));
}

/** Reads the list ahead of the first search. */
export async function warmSearch(): Promise<void> {
  await theList();
}
