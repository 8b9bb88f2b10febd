// How figures, times and plates are written. Times come in as UTC text ("2026-11-21 02:03:04.005Z") and are shown in the
// shop's time zone, never the tablet's. Money is integer fen.
import { lang, t } from "../i18n/index.svelte";
import { wall } from "../rules/zone";
import { splitPlate } from "./plate";

let zone = "Asia/Shanghai";

/** Sets the shop's time zone (IANA name, from the shop row). An unknown name keeps the present one. */
export function setZone(name: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    zone = name;
  } catch {
    // keep what works
  }
}

/** Milliseconds of a stored UTC time; NaN when empty or broken. */
export function parseTime(iso: string | null | undefined): number {
  return iso ? Date.parse(iso.replace(" ", "T")) : NaN;
}

/** A time as records store it. */
export function stamp(ms: number = Date.now()): string {
  return new Date(ms).toISOString().replace("T", " ");
}

type Parts = { year: number; month: number; day: number; hour: string; minute: string; weekday: number };

const two = (n: number): string => String(n).padStart(2, "0");

/** What the clock on the shop's wall shows; the weekday counts from Sunday, 0. */
function parts(ms: number): Parts {
  const at = new Date(wall(ms, zone));
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate(), hour: two(at.getUTCHours()), minute: two(at.getUTCMinutes()), weekday: at.getUTCDay() };
}

const WEEKDAYS = { zh: ["日", "一", "二", "三", "四", "五", "六"], en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] };
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** 24-hour shop time: "09:46". */
export function time(iso: string | null | undefined): string {
  const ms = parseTime(iso);
  if (Number.isNaN(ms)) return "—";
  const p = parts(ms);
  return `${p.hour}:${p.minute}`;
}

/** "11 月 21 日 周六" / "Sat 21 Nov"; with the year when it is not this one. */
export function day(iso: string | null | undefined, now: number = Date.now()): string {
  const ms = parseTime(iso);
  if (Number.isNaN(ms)) return "—";
  const p = parts(ms);
  const year = p.year !== parts(now).year;
  if (lang.code === "zh") return `${year ? `${p.year} 年 ` : ""}${p.month} 月 ${p.day} 日 周${WEEKDAYS.zh[p.weekday]}`;
  return `${WEEKDAYS.en[p.weekday]} ${p.day} ${MONTHS[p.month - 1]}${year ? ` ${p.year}` : ""}`;
}

/** Day and time without the weekday; today's shows only the time, with the word. */
export function dateTime(iso: string | null | undefined, now: number = Date.now()): string {
  const ms = parseTime(iso);
  if (Number.isNaN(ms)) return "—";
  const p = parts(ms);
  const n = parts(now);
  const clock = `${p.hour}:${p.minute}`;
  if (p.year === n.year && p.month === n.month && p.day === n.day) return t("ui.today_at", { time: clock });
  const year = p.year !== n.year;
  if (lang.code === "zh") return `${year ? `${p.year} 年 ` : ""}${p.month} 月 ${p.day} 日 ${clock}`;
  return `${p.day} ${MONTHS[p.month - 1]}${year ? ` ${p.year}` : ""} ${clock}`;
}

/** The first instant that is too late, as people read a deadline: a day's end is "24:00" of that day, not the midnight after it. */
export function endOf(iso: string | null | undefined, now: number = Date.now()): string {
  const said = dateTime(iso, now);
  if (!said.endsWith("00:00")) return said;
  return dateTime(stamp(parseTime(iso) - 60_000), now).replace("23:59", "24:00");
}

/** "刚刚", "6 分钟前", "2 小时前", then the date. */
export function ago(iso: string | number | null | undefined, now: number = Date.now()): string {
  const ms = typeof iso === "number" ? iso : parseTime(iso);
  if (Number.isNaN(ms)) return "—";
  const passed = Math.floor((now - ms) / 60_000);
  if (passed < 1) return t("ui.just_now");
  if (passed < 60) return t("ui.minutes_ago", { n: passed });
  if (passed < 24 * 60) return t("ui.hours_ago", { n: Math.floor(passed / 60) });
  return dateTime(stamp(ms), now);
}

/** A length of time in words: "6 分", "1 小时 20 分". Negative counts as its size. */
export function span(ms: number): string {
  const all = Math.floor(Math.abs(ms) / 60_000);
  const hours = Math.floor(all / 60);
  if (hours === 0) return t("ui.span_minutes", { n: all });
  if (hours >= 48) return t("ui.span_days", { n: Math.floor(hours / 24) });
  return all % 60 === 0 ? t("ui.span_hours", { n: hours }) : t("ui.span_hours_minutes", { h: hours, m: all % 60 });
}

/** Minutes as work time: 52 → "0:52". */
export function minutes(n: number | null | undefined): string {
  const all = Math.max(0, Math.round(n ?? 0));
  return `${Math.floor(all / 60)}:${String(all % 60).padStart(2, "0")}`;
}

function grouped(n: number): string {
  return String(Math.trunc(n)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "¥1,280.00" from integer fen. */
export function money(fen: number | null | undefined): string {
  const all = Math.round(fen ?? 0);
  const size = Math.abs(all);
  return `${all < 0 ? "−" : ""}¥${grouped(Math.floor(size / 100))}.${String(size % 100).padStart(2, "0")}`;
}

/** "48,260 km". */
export function km(n: number | null | undefined): string {
  return n ? `${grouped(n)} km` : "—";
}

/** A word of a sentence where it stands alone: "Received". */
export function cased(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** "12,345". */
export function count(n: number): string {
  return grouped(n);
}

/** "4.1 MB", "820 KB". */
export function bytes(n: number): string {
  if (n >= 1_000_000_000) return `${(n / 1e9).toFixed(1)} GB`;
  return n >= 1_000_000 ? `${(n / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(n / 1e3))} KB`;
}

/** "沪A·8K359". */
export function plateText(plate: string | null | undefined): string {
  const { head, tail } = splitPlate(plate ?? "");
  return tail ? `${head}·${tail}` : head;
}

/** Shop-time text for <input type="datetime-local">; empty for no time. */
export function toShopInput(iso: string | null | undefined): string {
  const ms = parseTime(iso);
  if (Number.isNaN(ms)) return "";
  const p = parts(ms);
  return `${String(p.year).padStart(4, "0")}-${two(p.month)}-${two(p.day)}T${p.hour}:${p.minute}`;
}

/** The shop's calendar day of an instant, YYYY-MM-DD; empty for none. */
export function shopDay(iso: string | null | undefined): string {
  return toShopInput(iso).slice(0, 10);
}

/** The stored UTC time of what <input type="datetime-local"> holds in shop time; empty for no time. */
export function fromShopInput(text: string): string {
  const as = Date.parse(`${text}Z`);
  if (Number.isNaN(as)) return "";
  // Two rounds settle on the zone's offset also beside a change of offset.
  let ms = as;
  for (let round = 0; round < 2; round++) ms = as - (Date.parse(`${toShopInput(stamp(ms))}Z`) - ms);
  return stamp(ms);
}

/** UTC start of the shop's day that holds `now`. */
export function startOfDay(now: number = Date.now()): string {
  return fromShopInput(`${toShopInput(stamp(now)).slice(0, 10)}T00:00`);
}
