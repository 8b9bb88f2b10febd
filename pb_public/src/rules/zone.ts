// The clock on the shop's wall: an instant in a time zone (IANA name). A zone that nobody knows is Shanghai, as on the server
// (hooks: promise.Zone). Asking the browser for a wall clock is dear, and every screen shows dozens of times: a zone's offset
// is asked once for each quarter of an hour, for clocks are changed at none other. Before 1970 they were; then each is asked.

const quarter = 900_000;
/** Quarters of an hour remembered for a zone; then it begins anew. */
const mostKept = 5_000;

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, Map<number, number>>();

/** The wall clock of an instant (ms), written as if it were UTC. Throws RangeError for what is no instant. */
export function wall(at: number, zone: string): number {
  if (at < 0) return at + offsetOf(Math.floor(at / 1000) * 1000, zone);
  let known = offsets.get(zone);
  if (!known) offsets.set(zone, (known = new Map()));
  const begun = Math.floor(at / quarter);
  let offset = known.get(begun);
  if (offset === undefined) {
    offset = offsetOf(begun * quarter, zone);
    if (known.size === mostKept) known.clear();
    known.set(begun, offset);
  }
  return at + offset;
}

/** Day ("2026-11-22") and minute of that day of a stored time (UTC text); day "" for what is no time. */
export function onWall(text: string, zone: string): { day: string; minute: number } {
  const at = Date.parse(text.replace(" ", "T"));
  if (Number.isNaN(at)) return { day: "", minute: 0 };
  const local = new Date(wall(at, zone));
  return { day: local.toISOString().slice(0, 10), minute: local.getUTCHours() * 60 + local.getUTCMinutes() };
}

/** How far a zone's clocks are from UTC at an instant of whole seconds, ms. */
function offsetOf(at: number, zone: string): number {
  let format = formats.get(zone);
  if (!format) formats.set(zone, (format = formatOf(zone)));
  const part: Record<string, number> = {};
  for (const p of format.formatToParts(at)) part[p.type] = Number(p.value);
  return Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!) - at;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const options = { year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
  try {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone || "Asia/Shanghai" });
  } catch {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "Asia/Shanghai" });
  }
}
