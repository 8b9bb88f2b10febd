// The queue with the names people need beside it: the car each edit is about, and who is who.
import { tables, type CollectionName, type Rows } from "../../db";
import { conflicts, queue, type QueueEntry } from "../../sync/queue";

export interface Group {
  visit: string;
  vehicle: Rows["vehicles"] | null;
  entries: QueueEntry[];
}

export interface QueueData {
  groups: Group[];
  rejected: QueueEntry[];
  conflicts: { conflict: Rows["conflicts"]; row: Record<string, unknown> | undefined; visit: string }[];
  vehicles: Map<string, Rows["vehicles"]>; // by visit
  photos: Map<string, Rows["photos"]>; // by hash
  zones: Map<string, string>; // zone of the damage a photo shows, by hash
  names: Map<string, string>; // staff and devices by id
  count: number;
  bytes: number;
  sent: number;
}

export const emptyQueue: QueueData = { groups: [], rejected: [], conflicts: [], vehicles: new Map(), photos: new Map(), zones: new Map(), names: new Map(), count: 0, bytes: 0, sent: 0 };

export async function loadQueue(): Promise<QueueData> {
  const [entries, open, staff, devices] = await Promise.all([queue(), conflicts(), tables.staff.toArray(), tables.devices.toArray()]);
  const about = await Promise.all(open.filter((c) => c.state === "open").map(async (conflict) => {
    const row = await rowOf(conflict.collection, conflict.record);
    return { conflict, row, visit: visitOf(conflict.collection, conflict.record, row) };
  }));
  const waiting = entries.filter((e) => e.state !== "rejected");
  const rejected = entries.filter((e) => e.state === "rejected");
  const visits = [...new Set([...entries.map((e) => e.visit ?? ""), ...about.map((a) => a.visit)].filter(Boolean))];
  const photoEntries = waiting.filter((e) => e.kind === "photo");
  const photos = photoEntries.length ? await tables.photos.where("visit").anyOf(visits).toArray() : [];
  const vehicles = await vehiclesOf(visits);
  return {
    groups: grouped(waiting, vehicles), rejected, conflicts: about, vehicles,
    photos: new Map(photos.map((p) => [p.sha256, p])),
    zones: await zonesOf(photos),
    names: new Map([...staff.map((s) => [s.id, s.name] as const), ...devices.map((d) => [d.id, d.name || d.letter] as const)]),
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
