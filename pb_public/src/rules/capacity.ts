// What a shop can take, and what is taken of it; the twin of internal/flow/capacity.go, which says what each part means.
import { onWall } from "./zone.ts";

export interface Capacity {
  id: string;
  revision: number;
  from_day: string;
  until_day: string;
  weekdays: string;
  opens: number;
  closes: number;
  slot_minutes: number;
  bays: number;
  technicians: number;
  bookable_percent: number;
}

export interface Booking {
  id: string;
  /** Start in the shop's time: "2026-11-22" and minutes of that day. */
  day: string;
  minute: number;
  minutes: number;
  hands: number;
  /** The same start, UTC as stored. */
  starts_at?: string;
}

export interface Piece {
  day: string;
  slot: number;
  minutes: number;
}

export interface SlotLoad {
  day: string;
  slot: number;
  bay: number;
  hand: number;
  bay_room: number;
  hand_room: number;
}

/** States in which an appointment takes room. */
export const holdingStates = ["confirmed", "reminded", "arrived"];

/** How many days a booking may reach over. */
export const spanDays = 21;

/** What holds on a day, found before: a booking is laid over the same days again and again. */
const holding = new WeakMap<readonly Capacity[], Map<string, Capacity | null>>();

/** What holds on a day: the highest revision that names it; null when none does or the shop is closed. */
export function capacityOn(all: readonly Capacity[], day: string): Capacity | null {
  let known = holding.get(all);
  if (!known) holding.set(all, (known = new Map()));
  let found = known.get(day);
  if (found === undefined) known.set(day, (found = highestOn(all, day)));
  return found;
}

function highestOn(all: readonly Capacity[], day: string): Capacity | null {
  const weekday = weekdayOf(day);
  let best: Capacity | null = null;
  for (const c of all) {
    if (weekday === "" || day < c.from_day || (c.until_day !== "" && day > c.until_day) || !c.weekdays.includes(weekday)) continue;
    if (!best || c.revision > best.revision) best = c;
  }
  return best && best.bays > 0 && best.technicians > 0 && best.slot_minutes > 0 && best.opens < best.closes ? best : null;
}

/** The slots a booking takes; none when the shop is closed at its start. */
export function occupies(all: Capacity[], b: Booking): Piece[] {
  let c = capacityOn(all, b.day);
  if (!c || b.minute < c.opens || b.minute >= c.closes) return [];
  const pieces: Piece[] = [];
  let day = b.day, at = b.minute, left = b.minutes;
  for (let i = 0; i < spanDays; i++) {
    while (c && at < c.closes && left > 0) {
      const slot: number = c.opens + Math.floor((at - c.opens) / c.slot_minutes) * c.slot_minutes;
      const take = Math.min(left, Math.min(slot + c.slot_minutes, c.closes) - at);
      pieces.push({ day, slot, minutes: take });
      at += take;
      left -= take;
    }
    if (left <= 0) break; // most end on their own day
    day = nextDay(day);
    c = capacityOn(all, day);
    at = c?.opens ?? 0;
  }
  return pieces;
}

/** Bookings summed over slots, by "day slot"; only slots that some booking touches are there. */
export function loads(all: Capacity[], bookings: Booking[]): Map<string, SlotLoad> {
  const sums = new Map<string, SlotLoad>();
  for (const b of bookings) {
    for (const p of occupies(all, b)) {
      const key = slotKey(p.day, p.slot);
      const load = sums.get(key) ?? emptyLoad(all, p.day, p.slot);
      load.bay += p.minutes;
      load.hand += p.minutes * b.hands;
      sums.set(key, load);
    }
  }
  return sums;
}

export function isOver(load: SlotLoad): boolean {
  return load.bay > load.bay_room || load.hand > load.hand_room;
}

/** The first slot that b would fill beyond its room beside the others; null when it fits. */
export function overfull(all: Capacity[], others: Booking[], b: Booking): SlotLoad | null {
  return overfullBeside(all, loads(all, others.filter((o) => o.id !== b.id)), b);
}

/** The same for others that are summed already, without b: many wishes are laid beside the same bookings. */
export function overfullBeside(all: Capacity[], sums: Map<string, SlotLoad>, b: Booking): SlotLoad | null {
  return beside(all, sums, b).find(isOver) ?? null;
}

/** The slots b takes, each with what is taken of it by b and the others. */
function beside(all: Capacity[], sums: Map<string, SlotLoad>, b: Booking): SlotLoad[] {
  return occupies(all, b).map((p) => {
    const load = sums.get(slotKey(p.day, p.slot)) ?? emptyLoad(all, p.day, p.slot);
    return { ...load, bay: load.bay + p.minutes, hand: load.hand + p.minutes * b.hands };
  });
}

function emptyLoad(all: Capacity[], day: string, slot: number): SlotLoad {
  const c = capacityOn(all, day);
  const length = c ? Math.min(slot + c.slot_minutes, c.closes) - slot : 0;
  const room = (n: number) => Math.floor((n * length * (c?.bookable_percent ?? 0)) / 100);
  return { day, slot, bay: 0, hand: 0, bay_room: room(c?.bays ?? 0), hand_room: room(c?.technicians ?? 0) };
}

/** The slots of a day with what is taken of each. */
export function dayLoads(all: Capacity[], day: string, sums: Map<string, SlotLoad>): SlotLoad[] {
  const c = capacityOn(all, day);
  if (!c) return [];
  const slots: SlotLoad[] = [];
  for (let at = c.opens; at < c.closes; at += c.slot_minutes) slots.push(sums.get(slotKey(day, at)) ?? emptyLoad(all, day, at));
  return slots;
}

/** Percent of the tighter of bays and hands, rounded up; a slot without room is full. */
export function percentOf(load: SlotLoad): number {
  const share = (taken: number, room: number) => (room <= 0 ? 100 : Math.ceil((taken * 100) / room));
  return Math.max(share(load.bay, load.bay_room), share(load.hand, load.hand_room));
}

/**
 * Lighter slots 均化: where a booking of this length would leave its fullest slot emptiest, on the given days. Only starts
 * from `after` on and where it fits; the emptiest first, then the earliest. `sums` are the others', without the wish.
 */
export function lighterSlots(all: Capacity[], sums: Map<string, SlotLoad>, wish: Booking, days: string[], after: { day: string; minute: number }, most = 3): { day: string; minute: number; percent: number }[] {
  const found: { day: string; minute: number; percent: number }[] = [];
  for (const day of days) {
    const c = capacityOn(all, day);
    for (let minute = c?.opens ?? 0; c && minute < c.closes; minute += c.slot_minutes) {
      if (day < after.day || (day === after.day && minute < after.minute)) continue;
      const touched = beside(all, sums, { ...wish, day, minute });
      if (touched.length === 0 || touched.some(isOver)) continue;
      found.push({ day, minute, percent: Math.max(...touched.map(percentOf)) });
    }
  }
  return found.sort((x, y) => x.percent - y.percent || (x.day < y.day ? -1 : x.day > y.day ? 1 : x.minute - y.minute)).slice(0, most);
}

/** What a manager's permission to overbook is for. */
export function slotMark(b: { starts_at?: string; minutes: number; hands: number }): string {
  return `${b.starts_at ?? ""}/${b.minutes}/${b.hands}`;
}

/** Minutes of a day as "09:30". */
export function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

function slotKey(day: string, slot: number): string {
  return `${day} ${String(slot).padStart(4, "0")}`;
}

function date(day: string): Date | null {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? new Date(`${day}T00:00:00Z`) : null;
  return at && !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === day ? at : null;
}

export function isDay(day: string): boolean {
  return date(day) !== null;
}

/** The day n days later; before, when n is negative. */
export function addDays(day: string, n: number): string {
  const at = date(day);
  return at ? new Date(at.getTime() + n * 86_400_000).toISOString().slice(0, 10) : day;
}

function nextDay(day: string): string {
  return addDays(day, 1);
}

/** "1" for Monday to "7" for Sunday; "" for what is no day. */
export function weekdayOf(day: string): string {
  const at = date(day);
  return at ? String(((at.getUTCDay() + 6) % 7) + 1) : "";
}

/** A stored start (UTC) on the clock on the shop's wall, as a booking. */
export function bookingOf(row: { id: string; starts_at: string; minutes: number; hands: number }, zone: string): Booking {
  const { day, minute } = onWall(row.starts_at, zone);
  return { id: row.id, day, minute, minutes: row.minutes, hands: Math.max(1, row.hands || 0), starts_at: row.starts_at };
}
