// When work will be finished that is promised to a customer (E-05). Twin of that part of internal/promise, which says the
// rule; both run its vectors. What follows from a promise (W-06, D-02, M-03) the server alone reckons. Instants are
// milliseconds, minutes of a day count from the shop's midnight.

import { wall } from "./zone.ts";

/** The figures of a policy that these rules look at. */
export interface TimePolicy {
  opens_minutes: number;
  closes_minutes: number;
  open_days: number;
  promise_margin_percent: number;
  promise_step_minutes: number;
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

/** The first honest promise (E-05): load, then labour with its margin, in opening hours, after the parts, rounded up. */
export function earliest(now: number, w: Work, p: TimePolicy, zone: string): number {
  const hands = Math.max(w.hands, 1);
  let begin = addWorking(now, Math.ceil(w.load / hands), p, zone);
  if (w.partsAt > begin) begin = w.partsAt;
  return roundUp(addWorking(begin, Math.ceil((w.minutes * (100 + p.promise_margin_percent)) / 100), p, zone), p.promise_step_minutes, zone);
}

/** The instant when so many minutes of opening hours have passed since `at`. */
function addWorking(at: number, minutes: number, p: TimePolicy, zone: string): number {
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
