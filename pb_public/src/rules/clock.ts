// Minutes of a time entry; the twin of Worked in internal/flow/clock.go.

/** How far two tablets' clocks may differ, ms. */
export const skewMs = 5 * 60_000;

/**
 * The whole minutes between start and end of a time entry (UTC texts as stored), never below 0, and whether the figure
 * is to be doubted: end before start, either in the future, or unreadable. An entry that still runs has 0 minutes, and
 * time that has not passed counts for nothing.
 */
export function worked(startedAt: string, endedAt: string, now: string): { minutes: number; suspect: boolean } {
  const start = instant(startedAt);
  const latest = instant(now) + skewMs;
  if (endedAt === "") return { minutes: 0, suspect: Number.isNaN(start) || start > latest };
  const end = instant(endedAt);
  if (Number.isNaN(start) || Number.isNaN(end)) return { minutes: 0, suspect: true };
  return { minutes: Math.max(0, Math.floor((Math.min(end, latest) - start) / 60_000)), suspect: end < start || start > latest || end > latest };
}

/** Milliseconds since 1970 of "2026-11-21 02:03:04.005Z" or RFC 3339; NaN when it is neither. */
export function instant(s: string): number {
  if (!/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(s)) return Number.NaN;
  const day = s.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).getUTCDate() === Number(day.slice(8)) ? Date.parse(s.replace(" ", "T")) : Number.NaN; // 30 February is no day, and JavaScript takes it for 2 March
}

/** Time on the clock, from until before, ms; the twin of stretch in internal/flow/clock.go. */
export interface Stretch {
  from: number;
  until: number;
}

/** What a new entry takes: while it runs, all time from its start on; once ended, what has passed of it. */
export function stretchBooked(startedAt: string, endedAt: string, now: string): Stretch {
  const end = endedAt === "" ? Number.POSITIVE_INFINITY : Math.min(instant(endedAt), instant(now) + skewMs);
  return stretch(instant(startedAt), end);
}

/** What a stored entry takes: an end in the future takes no more than was counted. */
export function stretchCounted(startedAt: string, endedAt: string, minutes: number): Stretch {
  const start = instant(startedAt);
  if (endedAt === "") return stretch(start, Number.POSITIVE_INFINITY);
  const end = instant(endedAt);
  return stretch(start, end - start >= (minutes + 1) * 60_000 ? start + minutes * 60_000 : end);
}

/** A start nobody can read takes all time while the clock runs, and none once it has ended. */
function stretch(from: number, until: number): Stretch {
  if (!Number.isNaN(from) && !Number.isNaN(until)) return { from, until };
  return until === Number.POSITIVE_INFINITY ? { from: Number.NEGATIVE_INFINITY, until } : { from: 0, until: 0 };
}

/** Whether two stretches share time. One may begin the instant the other ends; an empty one shares none. */
export function meet(a: Stretch, b: Stretch): boolean {
  return a.from < a.until && b.from < b.until && a.from < b.until && b.from < a.until;
}
