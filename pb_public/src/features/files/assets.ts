// Files of devices 设备 and goods 商品 (V-07): found by the beginning of serial, label, order, batch or inspection number or name, or by
// whose they are, the newest by any fragment, offline.
import { act, groupOf, keptOf, latestRows, newId, normalise, rowsOf, searchCustomers, soughtRows, tables, type Rows } from "../../db";

export type Asset = Rows["assets"];
export type Kind = Asset["kind"];

export interface AssetHit {
  asset: Asset;
  customer: Rows["customers"] | null;
}

/** The numbers a kind is known by, and what else is asked of it, in the order of the form. */
export const fieldsOfKind = {
  device: { numbers: ["serial", "label"], facts: ["brand", "model"] },
  goods: { numbers: ["order_number", "batch_number", "inspection_number"], facts: ["name", "brand", "model"] },
} as const;

const begins = ["serial", "label", "order_number", "batch_number", "inspection_number", "name"] as const;
const sought = ["serial", "label", "order_number", "batch_number", "inspection_number", "name", "brand", "model"] as const;

/** What a thing is called: name, or brand and model. */
export function assetName(a: Pick<Asset, "name" | "brand" | "model">): string {
  return a.name || [a.brand, a.model].filter(Boolean).join(" ");
}

/** The number it is known by. */
export function assetNumber(a: Asset): string {
  return a.label || a.serial || a.order_number || a.batch_number || a.inspection_number;
}

/** Among these the fragment is looked for: by their numbers and names, and by whose they are. */
async function candidates(fragment: string, limit: number): Promise<Asset[]> {
  const [named, owned] = await Promise.all([
    soughtRows(tables.assets, "created", begins, fragment, limit),
    searchCustomers(fragment).then((owners) => rowsOf(tables.assets, "customer", owners.map((c) => c.id))),
  ]);
  return [...new Map([...named, ...owned].map((a) => [a.id, a])).values()];
}

/** Files that hold the fragment, or the newest when there is none; a file that another one holds is shown as that one (V-05). */
export async function searchAssets(fragment: string, limit = 40): Promise<AssetHit[]> {
  const wanted = normalise(fragment);
  const all = wanted === "" ? await latestRows(tables.assets, "created", 2 * limit) : await candidates(fragment, limit);
  const owners = await ownersOf(all);
  const fits = (a: Asset): boolean => wanted === "" || sought.some((f) => normalise(a[f]).includes(wanted)) || normalise(owners.get(a.customer)?.name ?? "").includes(wanted);
  const found = all.filter(fits).sort((a, b) => (a.created < b.created ? 1 : -1));
  const kept = await keptOf("assets", found.map((a) => a.id));
  const byId = new Map((await tables.assets.bulkGet([...new Set(kept.values())])).flatMap((a) => (a ? [[a.id, a] as const] : [])));
  const files = new Map(found.map((a) => byId.get(kept.get(a.id) ?? "") ?? a).map((a) => [a.id, a]));
  return [...files.values()].slice(0, limit).map((asset) => ({ asset, customer: owners.get(asset.customer) ?? null }));
}

async function ownersOf(assets: Asset[]): Promise<Map<string, Rows["customers"]>> {
  const ids = [...new Set(assets.map((a) => a.customer).filter(Boolean))];
  const rows = await tables.customers.bulkGet(ids);
  return new Map(rows.flatMap((c) => (c ? [[c.id, c] as const] : [])));
}

export interface AssetFile {
  asset: Asset | null;
  customer: Rows["customers"] | null;
  photos: Rows["photos"][];
  /** Everything that is read as one with it, and the merges that say so. */
  files: Asset[];
  merges: Rows["merges"][];
}

export const noAsset: AssetFile = { asset: null, customer: null, photos: [], files: [], merges: [] };

export async function loadAsset(id: string): Promise<AssetFile> {
  const group = await groupOf("assets", id);
  const files = (await tables.assets.bulkGet(group.ids)).flatMap((a) => (a ? [a] : []));
  const asset = files[0];
  if (!asset) return noAsset;
  const owner = asset.customer ? ((await keptOf("customers", [asset.customer])).get(asset.customer) ?? asset.customer) : "";
  const [customer, photos] = await Promise.all([owner ? tables.customers.get(owner) : undefined, tables.photos.where("subject_record").anyOf(group.ids).toArray()]);
  return { asset, customer: customer ?? null, photos: photos.sort((a, b) => a.taken_at.localeCompare(b.taken_at)), files, merges: group.merges };
}

/** Opens the file, or writes what was changed in it. Returns its id. */
export async function saveAsset(before: Asset | null, data: Partial<Asset> & { kind: Kind }): Promise<string> {
  const id = before?.id ?? newId();
  const changed = Object.fromEntries(Object.entries(data).filter(([name, value]) => (before ? (before as unknown as Record<string, unknown>)[name] !== value : value !== "")));
  if (Object.keys(changed).length === 0) return id;
  if (before) await act("asset.edit", (w) => w.patch("assets", id, changed));
  else await act("asset.open", (w) => void w.create("assets", changed, id));
  return id;
}
