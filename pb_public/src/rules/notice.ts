// Reads the State Council's yearly notice 国务院办公厅关于…年部分节假日安排的通知 as it is published, so that a manager need not
// type days (L-16). It only proposes: what it reads is shown, and held to the calendar's rules before it is saved.
import type { Span, Year } from "./calendar.ts";

/** The year a notice arranges; null when the text names no year or no holiday. What it does not say is left empty. */
export function readNotice(text: string): Year | null {
  const plain = text.normalize("NFKC");
  const year = Number(/关于\s*(\d{4})\s*年/.exec(plain)?.[1] ?? /(\d{4})\s*年/.exec(plain)?.[1]);
  if (!year) return null;
  const found: Year = { year, source: sourceOf(plain, year), days_off: [], makeup_days: [] };
  // Remarks in brackets name weekdays and lunar days, which would be taken for others.
  for (const part of plain.replace(/\([^)]*\)/g, "").split(/[一二三四五六七八九十]+、/)) {
    const [, name, arranged] = /^\s*([^:\n]+):(.*)$/s.exec(part) ?? [];
    const span = name && arranged ? spanOf(name.trim(), arranged, year) : null;
    if (!span) continue;
    found.days_off.push(span);
    for (const sentence of arranged!.split(/[。\n]/)) if (sentence.trim().endsWith("上班")) found.makeup_days.push(...daysOf(sentence, year));
  }
  found.makeup_days.sort();
  return found.days_off.length ? found : null;
}

function sourceOf(text: string, year: number): string {
  const number = /国办发明电\s*〔\d{4}〕\s*\d+\s*号/.exec(text)?.[0].replace(/\s/g, "");
  return `国务院办公厅关于${year}年部分节假日安排的通知${number ? `，${number}` : ""}`;
}

/** "10月1日至7日放假", "2026年12月31日至2027年1月2日放假", "6月10日放假". */
function spanOf(name: string, arranged: string, year: number): Span | null {
  const m = /(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日(?:至(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日)?[^。]*?放假/.exec(arranged);
  if (!m) return null;
  const to = dayText(Number(m[4] ?? year), m[5] ?? m[2]!, m[6] ?? m[3]!);
  const from = dayText(Number(m[1] ?? (m[6] ? year : to.slice(0, 4))), m[2]!, m[3]!);
  // A holiday that begins in December without saying its year began in the year before.
  return { name, from: !m[1] && from > to ? dayText(year - 1, m[2]!, m[3]!) : from, to };
}

function daysOf(sentence: string, year: number): string[] {
  return [...sentence.matchAll(/(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日/g)].map((m) => dayText(Number(m[1] ?? year), m[2]!, m[3]!));
}

const dayText = (year: number, month: string, day: string) => `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
