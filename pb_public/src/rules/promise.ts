// The times that are promised to a customer: when work will be finished (E-05), when to look at it half way (W-06), when to
// tell that it is ready or late (D-02), when nobody is disturbed (M-03). Twin of internal/promise, which says each rule; the
// vectors of that package are run by both. Instants are milliseconds, minutes of a day count from the shop's midnight.

import { wall } from "./zone.ts";

/** The figures of a policy that these rules look at. */
export interface TimePolicy {
  quiet_from_minutes: number;
  quiet_to_minutes: number;
  opens_minutes: number;
  closes_minutes: number;
  open_days: number;
  promise_margin_percent: number;
  promise_step_minutes: number;
  progress_check_percent: number;
  notice_short_minutes: number;
  notice_long_minutes: number;
  notice_long_after_hours: number;
  delay_lead_minutes: number;
}

/** What is to be promised: labour minutes, when the last part is here (NaN: all are), other cars' minutes, technicians. */
export interface Work {
  minutes: number;
  partsAt: number;
  load: number;
  hands: number;
}

const minute = 60_000, dayLength = 86_400_000;
/** Days a promise looks ahead. */
const horizon = 400;

/** The minute of the shop's day, and that day's midnight as if it were UTC. */
function minuteOf(at: number, zone: string): { minute: number; day: number } {
  const local = wall(at, zone);
  const day = Math.floor(local / dayLength) * dayLength;
  return { minute: Math.floor((local - day) / minute), day };
}

/** A minute of a day by the clock on the wall. */
function onDay(day: number, at: number, zone: string): number {
  const as = day + at * minute;
  let ms = as;
  for (let round = 0; round < 2; round++) ms = as - (wall(ms, zone) - ms);
  return ms;
}

/** When the quiet hours that hold an instant end; null when none do. */
export function quietUntil(at: number, zone: string, from: number, to: number): number | null {
  const { minute: m, day } = minuteOf(at, zone);
  if ((from < to && m >= from && m < to) || (from > to && m < to)) return onDay(day, to, zone);
  if (from > to && m >= from) return onDay(day + dayLength, to, zone);
  return null;
}

/** The first honest promise (E-05): load, then labour with its margin, in opening hours, after the parts, rounded up. */
export function earliest(now: number, w: Work, p: TimePolicy, zone: string): number {
  const hands = Math.max(w.hands, 1);
  let begin = addWorking(now, Math.ceil(w.load / hands), p, zone);
  if (w.partsAt > begin) begin = w.partsAt;
  return roundUp(addWorking(begin, Math.ceil((w.minutes * (100 + p.promise_margin_percent)) / 100), p, zone), p.promise_step_minutes, zone);
}

/** The instant when so many minutes of opening hours have passed since `at`. */
export function addWorking(at: number, minutes: number, p: TimePolicy, zone: string): number {
  let left = minutes * minute, here = at;
  let { day } = minuteOf(at, zone);
  for (let n = 0; n < horizon; n++, day += dayLength) {
    if (!String(p.open_days).includes(String(((new Date(day).getUTCDay() + 6) % 7) + 1))) continue;
    here = Math.max(here, onDay(day, p.opens_minutes, zone));
    const room = onDay(day, p.closes_minutes, zone) - here;
    if (room >= left && room >= 0) return here + left;
    if (room > 0) left -= room;
  }
  return here + left;
}

function roundUp(at: number, step: number, zone: string): number {
  const { minute: m, day } = minuteOf(at, zone);
  const begun = at - onDay(day, m, zone) > 0 ? m + 1 : m;
  return onDay(day, Math.ceil(begun / step) * step, zone);
}

/** When a car's progress is looked at: the policy's share of the way from begin to promised (W-06). */
export function checkAt(begin: number, promised: number, p: TimePolicy): number {
  return begin + Math.floor((Math.max(promised - begin, 0) * p.progress_check_percent) / 100);
}

/** Whether the policy's share of a job's planned minutes is used (W-06). */
export function checkDue(worked: number, planned: number, p: TimePolicy): boolean {
  return planned > 0 && worked * 100 >= planned * p.progress_check_percent;
}

/** By when the customer hears that the car is ready, or why it is not (D-02). */
export function noticeAt(begin: number, promised: number, p: TimePolicy, zone: string): number {
  const long = promised - begin > p.notice_long_after_hours * 60 * minute;
  return awake(promised - (long ? p.notice_long_minutes : p.notice_short_minutes) * minute, p, zone);
}

/** When the advisor is asked what to tell about a car that is not ready. */
export function delayAskAt(begin: number, promised: number, p: TimePolicy, zone: string): number {
  return awake(noticeAt(begin, promised, p, zone) - p.delay_lead_minutes * minute, p, zone);
}

/** An instant in quiet hours moves to the minute before they began. */
function awake(at: number, p: TimePolicy, zone: string): number {
  if (quietUntil(at, zone, p.quiet_from_minutes, p.quiet_to_minutes) === null) return at;
  const { minute: m, day } = minuteOf(at, zone);
  const before = p.quiet_from_minutes > p.quiet_to_minutes && m < p.quiet_to_minutes ? day - dayLength : day;
  return onDay(before, p.quiet_from_minutes, zone) - minute;
}

/** By how many of the shop's days a promise lies after the one agreed (S-07). */
export function daysBeyond(agreed: number, promised: number, zone: string): number {
  return Math.max(Math.round((minuteOf(promised, zone).day - minuteOf(agreed, zone).day) / dayLength), 0);
}
