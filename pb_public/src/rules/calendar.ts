// Until when: periods 期间 as Civil Code 民法典 articles 200–204 count them, over the State Council's working days (L-16). Twin of
// internal/calendar, which says each rule; the vectors of that package are run by both. Instants are milliseconds, days are
// the shop's, numbered from 1 January 1970; a due time is the first instant that is too late. It reads no clock.
import raw from "../../../internal/calendar/holidays.json";
import { Refused } from "./refused.ts";
import { wall } from "./zone.ts";

/** What the State Council announces for one year; days are "2026-10-01". */
export interface Year {
  year: number;
  source: string;
  days_off: Span[];
  makeup_days: string[];
}

/** One holiday from its first day to its last, both included. */
export interface Span {
  name: string;
  from: string;
  to: string;
}

/** A length of time as a policy or the law writes it. Hours run flat, the others in whole days of the shop. */
export interface Period {
  count: number;
  unit: "hour" | "day" | "workday" | "month";
}

/** A period that has begun. Assumed: its end hangs on a day of a year that nobody has published. */
export interface Window {
  from: number;
  due: number;
  assumed: boolean;
}

/** Which days are worked, and of which years that is known. */
export interface Calendar {
  years: ReadonlySet<number>;
  works: ReadonlyMap<number, boolean>;
}

const dayLength = 86_400_000, second = 1000;
const firstYear = 2000, lastYear = 2100, longestSpan = 31, mostOff = 90, mostMakeup = 40;

/** The years that came with the product. */
export const shippedYears = raw as Year[];

/** The shipped years and those a manager has loaded, which replace them. Throws Refused for a year that checkYear refuses. */
export function calendarOf(...loaded: Year[]): Calendar {
  return loaded.length === 0 ? (shipped ??= made([])) : made(loaded);
}

let shipped: Calendar | undefined;

function made(loaded: Year[]): Calendar {
  const byYear = new Map<number, Year>();
  for (const y of [...shippedYears, ...loaded]) {
    const refused = checkYear(y);
    if (refused) throw refused;
    byYear.set(y.year, y);
  }
  const days = new Map([...byYear.values()].map((y) => [y, named(y)] as const));
  const works = new Map<number, boolean>();
  for (const [y, own] of days) {
    // A day of the December before belongs to the later notice.
    const next = byYear.get(y.year + 1);
    const later = new Set(next && days.get(next)!.map(([day]) => day));
    for (const [day, worked] of own) if (!later.has(day)) works.set(day, worked);
  }
  return { years: new Set(byYear.keys()), works };
}

/** Counts a period from an event in a shop's zone (IANA name). */
export function windowOf(c: Calendar, event: number, p: Period, zone: string): Window {
  if (p.unit === "hour") return { from: event, due: event + p.count * 3_600_000, assumed: false };
  let last = dayOf(event, zone), known = true;
  if (p.unit === "workday") [last, known] = count(c, last, p.count);
  else if (p.unit === "month") last = addMonths(last, p.count);
  else last += p.count;
  const [end, sure] = afterRest(c, last);
  return { from: event, due: startOf(end + 1, zone), assumed: !known || !sure };
}

/** Whether an act at this instant is within the window. */
export function contains(w: Window, at: number): boolean {
  return at >= w.from && at < w.due;
}

/** Holds a year to what a calendar can be; null when all is well. */
export function checkYear(y: Year): Refused | null {
  if (!Number.isInteger(y.year) || y.year < firstYear || y.year > lastYear) return new Refused("holidays.year", "year", { first: firstYear, last: lastYear });
  if (y.source === "") return new Refused("holidays.source", "source");
  if (y.days_off.length === 0) return new Refused("holidays.empty", "days_off");
  const seen = new Set<number>();
  for (const span of y.days_off) {
    const refused = checkSpan(y.year, span, seen);
    if (refused) return refused;
  }
  for (const [i, text] of y.makeup_days.entries()) {
    if (i === mostMakeup) return new Refused("holidays.many", "makeup_days", { max: mostMakeup });
    const refused = checkDay(y.year, text, "makeup_days");
    if (refused) return refused;
    const day = readDay(text)!;
    if (seen.has(day)) return new Refused("holidays.twice", "makeup_days", { day: text });
    seen.add(day);
    if (!weekend(day)) return new Refused("holidays.makeup_weekday", "makeup_days", { day: text });
  }
  return null;
}

function checkSpan(year: number, span: Span, seen: Set<number>): Refused | null {
  const refused = checkDay(year, span.from, "days_off") ?? checkDay(year, span.to, "days_off");
  if (refused) return refused;
  const from = readDay(span.from)!, to = readDay(span.to)!;
  if (span.name === "" || to < from || to - from >= longestSpan) return new Refused("holidays.span", "days_off", { from: span.from, to: span.to, max: longestSpan });
  for (let day = from; day <= to; day++) {
    if (seen.has(day)) return new Refused("holidays.twice", "days_off", { day: textOf(day) });
    seen.add(day);
    if (seen.size > mostOff) return new Refused("holidays.many", "days_off", { max: mostOff });
  }
  return null;
}

/** One day of this year, or of the December before. */
function checkDay(year: number, text: string, field: string): Refused | null {
  const day = readDay(text);
  if (day === null) return new Refused("holidays.day", field, { day: text });
  if (day < readDay(`${year - 1}-12-01`)! || day > readDay(`${year}-12-31`)!) return new Refused("holidays.outside", field, { day: text, year });
  return null;
}

/** Every day of a checked year's notice, and whether it is worked. */
function named(y: Year): [day: number, works: boolean][] {
  const off = y.days_off.flatMap(({ from, to }) => {
    const first = readDay(from)!;
    return Array.from({ length: readDay(to)! - first + 1 }, (_, i): [number, boolean] => [first + i, false]);
  });
  return [...off, ...y.makeup_days.map((text): [number, boolean] => [readDay(text)!, true])];
}

function rests(c: Calendar, day: number): [rests: boolean, known: boolean] {
  const works = c.works.get(day);
  return works === undefined ? [weekend(day), c.years.has(yearOf(day))] : [!works, true];
}

function count(c: Calendar, from: number, workdays: number): [last: number, known: boolean] {
  let day = from, known = true;
  for (let left = workdays; left > 0; ) {
    const [rest, sure] = rests(c, ++day);
    known &&= sure;
    if (!rest) left--;
  }
  return [day, known];
}

function afterRest(c: Calendar, from: number): [last: number, known: boolean] {
  for (let day = from, known = true; ; day++) {
    const [rest, sure] = rests(c, day);
    known &&= sure;
    if (!rest) return [day, known];
  }
}

const textOf = (day: number) => new Date(day * dayLength).toISOString().slice(0, 10);
const yearOf = (day: number) => new Date(day * dayLength).getUTCFullYear();

function weekend(day: number): boolean {
  const weekday = new Date(day * dayLength).getUTCDay();
  return weekday === 0 || weekday === 6;
}

function readDay(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) || textOf(at / dayLength) !== text ? null : at / dayLength;
}

const dayOf = (at: number, zone: string) => Math.floor(wall(at, zone) / dayLength);

/** The corresponding day of a later month, or that month's last day where it has none. */
function addMonths(day: number, n: number): number {
  const at = new Date(day * dayLength), y = at.getUTCFullYear(), m = at.getUTCMonth() + n;
  return Math.min(Date.UTC(y, m, at.getUTCDate()), Date.UTC(y, m + 1, 0)) / dayLength;
}

/** The first instant of a day in a zone; where the clocks skip midnight, the moment they go on from. */
function startOf(day: number, zone: string): number {
  const midnight = day * dayLength;
  const guess = midnight - (wall(midnight, zone) - midnight);
  if (dayOf(guess, zone) === day && dayOf(guess - second, zone) < day) return guess;
  const from = midnight - 15 * 3_600_000; // no zone is further from UTC than 14 hours
  let low = 0, high = 28 * 3600;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (dayOf(from + middle * second, zone) >= day) high = middle;
    else low = middle + 1;
  }
  return from + low * second;
}
