// How a deadline stands, and the order of a board by deadline. Pure: the instant is an argument (ms).
import { ms } from "../order/model.ts";
import { marginMinutes } from "./stage.ts";

export type Standing = "late" | "soon" | "on_time" | "open";

/** Past, within the last half hour before it, in time, or never set. */
export function standingOf(at: string, now: number): Standing {
  const due = ms(at);
  if (Number.isNaN(due)) return "open";
  const left = (due - now) / 60_000;
  return left < 0 ? "late" : left < marginMinutes ? "soon" : "on_time";
}

/** The nearest deadline first, what has none last. */
export function byDeadline<T>(at: (row: T) => string): (a: T, b: T) => number {
  return (a, b) => (at(a) || "9").localeCompare(at(b) || "9");
}
