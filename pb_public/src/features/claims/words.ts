// How the end of a time is said: a day's end is "24:00" of that day, not the midnight after it.
import { dateTime, parseTime, stamp } from "../../ui/format.ts";

/** The instant that is too late, as people read a deadline. */
export function endOf(iso: string, now: number): string {
  const said = dateTime(iso, now);
  if (!said.endsWith("00:00")) return said;
  return dateTime(stamp(parseTime(iso) - 60_000), now).replace("23:59", "24:00");
}
