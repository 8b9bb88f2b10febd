// A length of time for tight places: words below an hour ("24 分"), hours:minutes from there ("1:39").
import { minutes, span } from "../../ui/format";

/** The size of ms; negative counts as its size. */
export function shortSpan(ms: number): string {
  const size = Math.abs(ms);
  return size < 3_600_000 || size >= 48 * 3_600_000 ? span(size) : minutes(Math.floor(size / 60_000));
}
