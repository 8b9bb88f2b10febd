// What is read aloud: the findings that are not good, and how much was looked at. Pure.
import type { Finding, Item, Mark, Photo } from "./model.ts";

export interface Reading {
  items: number;
  seen: number;
  marks: number;
  photos: number;
  poor: { item: Item; finding: Finding; marks: number[] }[];
}

/** The walk-around in figures, and every answer that is not "good" with the numbers of its marks, in walking order. */
export function reading(items: Item[], found: ReadonlyMap<string, Finding>, marks: { mark: Mark; number: number }[], photos: Photo[]): Reading {
  const poor = items.flatMap((item) => {
    const finding = found.get(item.code);
    if (!finding || finding.result === "good") return [];
    const zones = [item.zone, ...(item.also ?? [])];
    return [{ item, finding, marks: marks.filter(({ mark }) => zones.includes(mark.zone)).map((m) => m.number) }];
  });
  return { items: items.length, seen: items.filter((i) => found.has(i.code)).length, marks: marks.length, photos: photos.length, poor };
}
