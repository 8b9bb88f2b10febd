// Finds a vehicle by any fragment of plate, VIN, phone or name, offline (V-06). The index is a plain array in memory:
// at 5,000 vehicles a search is a few milliseconds, and there is nothing to keep in step on disk.
import Dexie, { type ObservabilitySet } from "dexie";
import { onStoreChange, storeInUse, theStore, type Store } from "./store.ts";
import type { Rows } from "./types.gen.ts";

export interface VehicleHit {
  vehicle: Rows["vehicles"];
  customer: Rows["customers"] | null;
  matched: "plate" | "vin" | "phone" | "name";
}

interface Entry {
  vehicle: string;
  plate: string;
  vin: string;
  phones: string[];
  name: string;
}

const settleMs = 300;

/** A short index is read anew before the next answer; a long one is renewed behind the answers. */
const shortIndex = 500;

let entries: Promise<Entry[]> | null = null;
let size = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

onStoreChange(() => (entries = null));

Dexie.on("storagemutated", (parts: ObservabilitySet) => {
  const store = storeInUse();
  if (!store || !entries) return;
  const ours = ["vehicles", "customers"].map((t) => `idb://${store.name}/${t}/`);
  if (!Object.keys(parts).some((part) => ours.some((o) => part.startsWith(o)))) return;
  clearTimeout(timer);
  if (size < shortIndex) entries = null;
  else timer = setTimeout(() => void refresh(store), settleMs);
});

/** Rebuilds behind the old index, so that searching never waits for it. */
async function refresh(store: Store): Promise<void> {
  if (storeInUse() !== store) return;
  const fresh = await read(store);
  if (storeInUse() === store) entries = Promise.resolve(fresh);
  size = fresh.length;
}

/** Letters and digits only, lower case, full-width forms folded: "沪A·12345" → "沪a12345". */
export function normalise(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/[\s·.\-_/()+]/g, "");
}

async function read(store: Store): Promise<Entry[]> {
  const [vehicles, customers] = await Promise.all([store.table("vehicles").toArray(), store.table("customers").toArray()]);
  const byId = new Map((customers as Rows["customers"][]).map((c) => [c.id, c]));
  return (vehicles as Rows["vehicles"][]).map((v) => {
    const customer = byId.get(v.customer);
    const phones = customer ? [customer.phone, ...(customer.phones ?? [])] : [];
    return {
      vehicle: v.id,
      plate: normalise(v.plate),
      vin: normalise(v.vin),
      phones: phones.filter((p) => typeof p === "string").map(normalise),
      name: normalise(customer?.name ?? ""),
    };
  });
}

/** Reads the index into memory ahead of the first search. */
export async function warmSearch(): Promise<void> {
  await index();
}

async function index(): Promise<Entry[]> {
  entries ??= read(theStore());
  const now = await entries;
  size = now.length;
  return now;
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
  const found = (await index())
    .flatMap((entry) => {
      const m = match(entry, wanted);
      return m ? [{ id: entry.vehicle, ...m }] : [];
    })
    .sort((a, b) => a.rank - b.rank)
    .slice(0, limit);
  const vehicles = (await store.table("vehicles").bulkGet(found.map((f) => f.id))) as (Rows["vehicles"] | undefined)[];
  const customers = (await store.table("customers").bulkGet(vehicles.map((v) => v?.customer ?? ""))) as (Rows["customers"] | undefined)[];
  return found.flatMap((f, i) => {
    const vehicle = vehicles[i];
    return vehicle ? [{ vehicle, customer: customers[i] ?? null, matched: f.matched }] : [];
  });
}
