import type { Policy } from "../rules/facts.ts";
import { shippedPolicy } from "../rules/figures.ts";
import { theActor, theStore, type Row, type Store } from "./store.ts";
import { held } from "./tables.ts";

/** The newest active policy of a shop; null when it has none. */
export async function activePolicy(store: Store, shop: string): Promise<Row | null> {
  const rows = (await held(store.rows("policies")).where("kind").equals("service_lane").toArray()).filter((p) => p.shop === shop && p.active);
  return rows.sort((a, b) => Number(b.revision) - Number(a.revision))[0] ?? null;
}

/** The figures a visit began with, else the shop's present ones, else the shipped ones. */
export async function policyOf(store: Store, visit: Row | null, shop: string): Promise<Policy> {
  const own = visit?.policy ? await held(store.rows("policies")).get(String(visit.policy)) : undefined;
  const policy = own ?? (await activePolicy(store, shop));
  return { ...shippedPolicy, ...(policy?.data as Partial<Policy> | undefined) };
}

/** The figures for a visit, for a screen that shows them. */
export async function policyFor(visit: string, shop: string): Promise<Policy> {
  const store = theStore();
  return policyOf(store, (await held(store.rows("visits")).get(visit)) ?? null, shop);
}

/** A shop's present figures, for screens: of the signed-in person's shop when none is named. */
export async function presentPolicy(shop: string = theActor().shop): Promise<Policy> {
  return policyOf(theStore(), null, shop);
}

/** The figures of many visits at once, by the visit's id: one read of the shop's few revisions. */
export async function policiesFor(visits: { id: string; policy?: string; shop: string }[]): Promise<Map<string, Policy>> {
  if (visits.length === 0) return new Map();
  const rows = await held(theStore().rows("policies")).where("kind").equals("service_lane").toArray();
  const newest = (shop: string): Row | undefined => rows.filter((p) => p.shop === shop && p.active).sort((a, b) => Number(b.revision) - Number(a.revision))[0];
  const of = (v: { policy?: string; shop: string }) => rows.find((p) => v.policy && p.id === v.policy) ?? newest(v.shop);
  return new Map(visits.map((v) => [v.id, { ...shippedPolicy, ...(of(v)?.data as Partial<Policy> | undefined) }]));
}
