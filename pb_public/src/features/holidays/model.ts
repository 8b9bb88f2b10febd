// The calendars a shop counts by, as its manager sees them: the years that came with the product, those the shop has loaded,
// and the years that nobody has published yet.
import { act, type Rows } from "../../db";
import { calendarOf, checkYear, shippedYears, type Calendar, type Span, type Year } from "../../rules/calendar";

type Row = Rows["holidays"];

/** One year in force; revision 0 came with the product. */
export interface Listed {
  year: Year;
  revision: number;
  at: string;
  by: string;
}

const own = (rows: Row[], shop: string) => rows.filter((r) => r.shop === shop).sort((a, b) => a.revision - b.revision);

const yearOf = (row: Row): Year => ({ year: row.year, source: row.source, days_off: row.days_off as Year["days_off"], makeup_days: (row.makeup_days ?? []) as string[] });

/** The days a shop counts by (record.CalendarOf on the server). */
export function calendarOfShop(rows: Row[], shop: string): Calendar {
  return calendarOf(...own(rows, shop).filter((r) => r.active).map(yearOf));
}

/** The years in force, latest first. */
export function yearsOf(rows: Row[], shop: string): Listed[] {
  const inForce = new Map<number, Listed>(shippedYears.map((year) => [year.year, { year, revision: 0, at: "", by: "" }]));
  for (const row of own(rows, shop)) if (row.active) inForce.set(row.year, { year: yearOf(row), revision: row.revision, at: row.created, by: row.created_by });
  return [...inForce.values()].sort((a, b) => b.year.year - a.year.year);
}

/** Years that due times already hang on, or soon will, and that nobody has published: this one, and the next from November on. */
export function unpublished(c: Calendar, today: string): number[] {
  const year = Number(today.slice(0, 4));
  return (today.slice(5, 7) >= "11" ? [year, year + 1] : [year]).filter((y) => !c.years.has(y));
}

const names: Record<string, string> = {
  元旦: "holidays.new_year", 春节: "holidays.spring_festival", 清明节: "holidays.tomb_sweeping", 劳动节: "holidays.labour_day",
  端午节: "holidays.dragon_boat", 中秋节: "holidays.mid_autumn", 国庆节: "holidays.national_day",
};

/** The holidays of a span as the notice names them ("国庆节、中秋节"), each with its key, null where it has none. */
export function namesOf(span: Span): { name: string; key: string | null }[] {
  return span.name.split("、").map((name) => ({ name, key: names[name] ?? null }));
}

/** Puts a year into force as the shop's next revision of it. Throws Refused for one that cannot be. */
export async function load(rows: Row[], shop: string, year: Year): Promise<void> {
  const refused = checkYear(year);
  if (refused) throw refused;
  const revision = Math.max(0, ...own(rows, shop).filter((r) => r.year === year.year).map((r) => r.revision)) + 1;
  await act("holidays.load", (w) => {
    w.create("holidays", { ...year, revision, active: true });
  });
}
