// What a walk-around is made of and what is still missing. Pure: rows in, answers out; no store, no clock.
import type { Rows } from "../../db/index.ts";
import { viewOf, type ViewName } from "../../ui/car/drawing.ts";
import type { ZoneState } from "../../ui/car/state.ts";

/** What was found of one item. "Does not apply" is no answer on a walk-around, and is none here. */
export type Finding = Rows["findings"] & { result: Result };
export type Mark = Rows["damage_marks"];
export type Photo = Rows["photos"];
export type Result = Exclude<Rows["findings"]["result"], "none">;

export interface Label {
  zh: string;
  en: string;
}

/**
 * One question of the walk-around. `zone` is where it is asked on the car drawing, `also` the same part on other
 * views. A `level` has a scale: `percent` (0–100, no default) or `marks` (between the marks of a dipstick). `fits`
 * names the energies that have the part at all.
 */
export interface Item {
  code: string;
  group: string;
  zone?: string;
  also?: string[];
  kind: "tri" | "level" | "reading";
  scale?: "percent" | "marks";
  fits?: string[];
  label: Label;
}

export interface Code {
  code: string;
  label: Label;
}

export interface Codes {
  version: number;
  kinds: Code[];
  severities: Code[];
  areas: Code[];
}

/** A template's group in the order of walking: interior, then round the car. */
export interface Group {
  key: string;
  view: ViewName | null; // null: no drawing, a list (engine bay)
  items: Item[];
}

/** Levels of the dipstick scale, in percent of what is between the marks; -1: this car has no such part. */
export const dipstick = { low: 0, between: 50, full: 100, absent: -1 } as const;

export function itemsOf(template: Pick<Rows["templates"], "items"> | null | undefined): Item[] {
  return Array.isArray(template?.items) ? (template.items as Item[]) : [];
}

export function codesOf(template: Pick<Rows["templates"], "codes"> | null | undefined): Codes {
  const codes = template?.codes as Partial<Codes> | null | undefined;
  return { version: codes?.version ?? 1, kinds: codes?.kinds ?? [], severities: codes?.severities ?? [], areas: codes?.areas ?? [] };
}

export function groupsOf(items: Item[]): Group[] {
  const groups: Group[] = [];
  for (const item of items) {
    let group = groups.find((g) => g.key === item.group);
    if (!group) groups.push((group = { key: item.group, view: null, items: [] }));
    group.items.push(item);
    if (item.zone) group.view ??= viewOf(item.zone);
  }
  return groups;
}

/** The newest answer to each item: two tablets may have answered the same one. */
export function answers(findings: Rows["findings"][]): Map<string, Finding> {
  return newest(findings.filter((f): f is Finding => f.result !== "none"));
}

/** The newest of each item, whatever it says. */
export function newest<F extends Rows["findings"]>(findings: F[]): Map<string, F> {
  const found = new Map<string, F>();
  for (const f of findings) {
    const other = found.get(f.item);
    if (!other || stampOf(f) > stampOf(other)) found.set(f.item, f);
  }
  return found;
}

const stampOf = (row: { captured_at: string; created: string; id: string }): string => `${row.captured_at || row.created} ${row.id}`;

/** What is known of each item, as far as its result. */
export type Results = ReadonlyMap<string, Pick<Finding, "result">>;

export function unseen(items: Item[], found: Results): Item[] {
  return items.filter((item) => !found.has(item.code));
}

/** The next item nobody has looked at: after the present one in the order of walking, then from the beginning. */
export function nextUnseen(items: Item[], found: Results, present: string | null): Item | null {
  const at = items.findIndex((item) => item.code === present);
  return unseen([...items.slice(at + 1), ...items.slice(0, at + 1)], found).find((item) => item.code !== present)
    ?? (present !== null && at >= 0 && !found.has(present) ? items[at]! : null);
}

/**
 * The items of a group that "the rest is good" may answer at one go: every one nobody has answered that needs no
 * figure of its own. Fuel and odometer are always read.
 */
export function restOf(group: Group, found: Results): Item[] {
  return unseen(group.items, found).filter((item) => item.kind === "tri" || item.scale === "marks");
}

/** The level a "good" stands for: between the marks, or that a car with this energy has no such part. */
export function goodLevel(item: Item, energy: string): number {
  if (item.kind !== "level") return 0;
  return item.fits && energy && !item.fits.includes(energy) ? dipstick.absent : dipstick.between;
}

/** The item a zone of the drawing belongs to, on whichever view it is drawn. */
export function itemAt(items: Item[], zone: string): Item | null {
  return items.find((item) => item.zone === zone) ?? items.find((item) => item.also?.includes(zone)) ?? null;
}

export function zonesOf(item: Item): string[] {
  return item.zone ? [item.zone, ...(item.also ?? [])] : [];
}

/** State of every zone. A part is hatched only where it is asked; its answer shows wherever it is drawn. */
export function zoneStates(items: Item[], found: Results): Record<string, ZoneState> {
  const states: Record<string, ZoneState> = {};
  for (const item of items) {
    const result = found.get(item.code)?.result;
    for (const zone of zonesOf(item)) states[zone] = result ?? (zone === item.zone ? "unseen" : "plain");
  }
  return states;
}

/** Worst result of a group, for its thumbnail: unseen wins until everything has been looked at, except over damage. */
export function groupState(group: Group, found: Results): Exclude<ZoneState, "plain"> {
  const results = group.items.map((item) => found.get(item.code)?.result);
  if (results.includes("bad")) return "bad";
  if (results.includes("attention")) return "attention";
  return results.includes(undefined) ? "unseen" : "good";
}

/** Marks in the order they were made; the number people say is the place in it, from 1. */
export function numbered(marks: Mark[]): { mark: Mark; number: number }[] {
  return [...marks].sort((a, b) => stampOf(a).localeCompare(stampOf(b))).map((mark, i) => ({ mark, number: i + 1 }));
}

/** Marks of the vehicle's last visit before this one, for comparison, newest visit only. */
export function earlierMarks(marks: Mark[], visits: Pick<Rows["visits"], "id" | "arrived_at">[], present: Pick<Rows["visits"], "id" | "arrived_at">): { marks: Mark[]; at: string } {
  const arrived = new Map(visits.map((v) => [v.id, v.arrived_at]));
  let at = "", last = "";
  for (const m of marks) {
    const when = arrived.get(m.visit) ?? "";
    if (m.visit === present.id || !when || when >= present.arrived_at) continue;
    if (when > at) {
      at = when;
      last = m.visit;
    }
  }
  return { marks: marks.filter((m) => m.visit === last && last !== ""), at };
}

/** A reading or level must be given a figure; a tri-state needs only its result. */
export function needsFigure(item: Item): boolean {
  return item.kind === "reading" || item.scale === "percent";
}

/** Result a level speaks for by itself: a fluid below its mark wants attention. */
function resultOfLevel(item: Item, level: number): Result {
  return item.scale === "marks" && level === dipstick.low ? "attention" : "good";
}

/** A new level changes the result only where the level alone had made it: what was said about the condition stays. */
export function resultWithLevel(item: Item, before: Pick<Finding, "result" | "level"> | undefined, level: number): Result {
  const own = before && before.result !== resultOfLevel(item, before.level);
  return own ? before.result : resultOfLevel(item, level);
}

/** Where a photo of a part belongs: to its mark, to its answer, or, before there is one, to the visit under its code. */
export function photosOfItem(photos: Photo[], item: Item, finding: Finding | undefined): Photo[] {
  return photos.filter((p) => (finding && p.subject_record === finding.id) || (p.subject_collection === "visits" && p.slot === item.code));
}

/** What a photo shows, as the part it belongs to; null for a photo of the whole car or of something else. */
export function itemOfPhoto(photo: Photo, items: Item[], found: ReadonlyMap<string, Finding>, marks: Mark[]): Item | null {
  if (photo.subject_collection === "damage_marks") {
    const mark = marks.find((m) => m.id === photo.subject_record);
    return mark ? itemAt(items, mark.zone) : null;
  }
  if (photo.subject_collection === "findings") return items.find((i) => found.get(i.code)?.id === photo.subject_record) ?? null;
  return items.find((i) => i.code === photo.slot) ?? null;
}

/** Near first, then far, then any number more. */
export function nextSlot(photos: Photo[]): "near" | "far" | "more" {
  if (!photos.some((p) => p.slot === "near")) return "near";
  return photos.some((p) => p.slot === "far") ? "more" : "far";
}

/** Photos of a mark then and now, near by near and far by far; the newest of each. Only what was taken at least once. */
export function pairs(then: Photo[], now: Photo[]): { slot: "near" | "far"; then: Photo | null; now: Photo | null }[] {
  const newest = (photos: Photo[], slot: string): Photo | null => photos.filter((p) => p.slot === slot).sort((a, b) => b.taken_at.localeCompare(a.taken_at))[0] ?? null;
  return (["near", "far"] as const).map((slot) => ({ slot, then: newest(then, slot), now: newest(now, slot) })).filter((p) => p.then || p.now);
}
