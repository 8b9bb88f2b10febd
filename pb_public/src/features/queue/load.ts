// The queue with the names people need beside it: the car each edit is about, and who is who.
import { fieldsOf, tables, type CollectionName, type Rows } from "../../db";
import { t } from "../../i18n/index.svelte";
import { conflicts, queue, type QueueEntry } from "../../sync/queue";
import { mattersOf, type Matter } from "./matters";
import type { Names } from "./values";

export interface Group {
  visit: string;
  vehicle: Rows["vehicles"] | null;
  entries: QueueEntry[];
}

export interface OpenConflict {
  conflict: Rows["conflicts"];
  row: Record<string, unknown> | undefined;
  visit: string;
}

export interface QueueData {
  groups: Group[];
  matters: Matter[];
  conflicts: OpenConflict[];
  vehicles: Map<string, Rows["vehicles"]>; // by visit, and by the key of an entry or id of a conflict about a vehicle itself
  photos: Map<string, Rows["photos"]>; // by hash
  zones: Map<string, string>; // zone of the damage a photo shows, by hash
  names: Names;
  count: number;
  bytes: number;
  sent: number;
}

export const emptyQueue: QueueData = { groups: [], matters: [], conflicts: [], vehicles: new Map(), photos: new Map(), zones: new Map(), names: new Map(), count: 0, bytes: 0, sent: 0 };

export async function loadQueue(): Promise<QueueData> {
  const [entries, open] = await Promise.all([queue(), conflicts()]);
  const about = await Promise.all(open.filter((c) => c.state === "open").map(async (conflict) => {
    const row = await rowOf(conflict.collection, conflict.record);
    return { conflict, row, visit: visitOf(conflict.collection, conflict.record, row) };
  }));
  const waiting = entries.filter((e) => e.state !== "rejected");
  const visits = [...new Set([...entries.map((e) => e.visit ?? ""), ...about.map((a) => a.visit)].filter(Boolean))];
  const photoEntries = waiting.filter((e) => e.kind === "photo");
  const hashes = entries.flatMap((e) => (e.sha256 ? [e.sha256] : []));
  const photos = hashes.length ? await tables.photos.where("sha256").anyOf(hashes).toArray() : [];
  const vehicles = new Map([...(await vehiclesOf(visits)), ...(await namedVehicles(entries, open))]);
  return {
    groups: grouped(waiting, vehicles), matters: mattersOf(entries), conflicts: about, vehicles,
    photos: new Map(photos.map((p) => [p.sha256, p])),
    zones: await zonesOf(photos),
    names: await namesOf(entries, about),
    count: waiting.length,
    bytes: photoEntries.reduce((sum, e) => sum + (e.bytes ?? 0), 0),
    sent: photoEntries.reduce((sum, e) => sum + (e.bytes ?? 0) * (e.progress ?? 0), 0),
  };
}

async function zonesOf(photos: Rows["photos"][]): Promise<Map<string, string>> {
  const marks = await tables.damage_marks.bulkGet(photos.filter((p) => p.subject_collection === "damage_marks").map((p) => p.subject_record));
  const zone = new Map(marks.flatMap((m) => (m ? [[m.id, m.zone]] : [])));
  return new Map(photos.flatMap((p) => (zone.has(p.subject_record) ? [[p.sha256, zone.get(p.subject_record)!]] : [])));
}

/** What ids stand for: staff and devices, and the records that refused edits and conflicts name. */
async function namesOf(entries: QueueEntry[], open: OpenConflict[]): Promise<Names> {
  const [staff, devices] = await Promise.all([tables.staff.toArray(), tables.devices.toArray()]);
  const names: Names = new Map([...devices.map((d) => [d.id, d.name || t("queue.tablet", { letter: d.letter })] as const), ...staff.map((s) => [s.id, s.name] as const)]);
  const wanted = new Map<string, Set<string>>();
  const want = (collection: string, data: Record<string, unknown> | undefined): void => {
    for (const [field, value] of Object.entries(data ?? {})) {
      const to = relationOf(collection, field);
      if (!to || to === "staff") continue;
      for (const id of [value].flat()) if (typeof id === "string" && id) wanted.set(to, (wanted.get(to) ?? new Set()).add(id));
    }
  };
  for (const { refused } of entries) for (const op of refused?.ops ?? []) {
    want(op.collection, op.data);
    want(op.collection, refused?.server?.[`${op.collection}/${op.id}`] as Record<string, unknown> | undefined);
  }
  for (const { conflict: c } of open) want(c.collection, { [c.field]: c.kept }), want(c.collection, { [c.field]: c.other });
  for (const [collection, ids] of wanted) {
    for (const id of ids) {
      const name = labelOf(await rowOf(collection, id));
      if (name) names.set(id, name);
    }
  }
  return names;
}

function relationOf(collection: string, field: string): string | undefined {
  if (!(collection in tables)) return undefined;
  const spec = fieldsOf(collection)[field];
  return spec?.type === "relation" ? spec.to : undefined;
}

/** What a record is called: a job by its work, a car by its plate, an order by its number. */
export function labelOf(row: Record<string, unknown> | undefined): string {
  for (const field of ["work", "words", "plate", "name", "number", "tag"]) if (typeof row?.[field] === "string" && row[field]) return row[field];
  return "";
}

async function rowOf(collection: string, id: string): Promise<Record<string, unknown> | undefined> {
  const table = tables[collection as CollectionName] as { get(id: string): PromiseLike<unknown> } | undefined;
  return (await table?.get(id)) as Record<string, unknown> | undefined;
}

function visitOf(collection: string, id: string, row: Record<string, unknown> | undefined): string {
  return collection === "visits" ? id : typeof row?.visit === "string" ? row.visit : "";
}

async function vehiclesOf(visits: string[]): Promise<Map<string, Rows["vehicles"]>> {
  const rows = (await tables.visits.bulkGet(visits)).flatMap((v) => (v ? [v] : []));
  const vehicles = await tables.vehicles.bulkGet(rows.map((v) => v.vehicle));
  return new Map(rows.flatMap((visit, i) => (vehicles[i] ? [[visit.id, vehicles[i]]] : [])));
}

/** Cars that edits and conflicts without a visit are about: their own file, or the one of their customer. */
async function namedVehicles(entries: QueueEntry[], open: Rows["conflicts"][]): Promise<[string, Rows["vehicles"]][]> {
  const about = [
    ...entries.filter((e) => e.refused && !e.visit).flatMap((e) => (e.refused?.ops ?? []).slice(0, 1).map((op) => ({ key: e.key, collection: op.collection, id: op.id }))),
    ...open.map((c) => ({ key: c.id, collection: c.collection, id: c.record })),
  ];
  const found: [string, Rows["vehicles"]][] = [];
  for (const { key, collection, id } of about) {
    const vehicle = collection === "vehicles" ? await tables.vehicles.get(id) : collection === "customers" ? await tables.vehicles.where("customer").equals(id).first() : undefined;
    if (vehicle) found.push([key, vehicle]);
  }
  return found;
}

function grouped(entries: QueueEntry[], vehicles: Map<string, Rows["vehicles"]>): Group[] {
  const groups = new Map<string, Group>();
  for (const entry of entries) {
    const visit = entry.visit ?? "";
    const group = groups.get(visit) ?? { visit, vehicle: vehicles.get(visit) ?? null, entries: [] };
    group.entries.push(entry);
    groups.set(visit, group);
  }
  return [...groups.values()];
}
