import fc from "fast-check";
import { describe, expect, test } from "vitest";
import generated from "../../../internal/calendar/testdata/vectors/generated.json";
import hand from "../../../internal/calendar/testdata/vectors/hand.json";
import years from "../../../internal/calendar/testdata/vectors/years.json";
import { calendarOf, checkYear, contains, shippedYears, windowOf, type Calendar, type Period, type Window, type Year } from "./calendar.ts";

interface Vector {
  name?: string;
  loaded?: Year[];
  zone: string;
  event: string;
  period: Period;
  due: string;
  assumed: boolean;
}

const answer = (v: Vector) => windowOf(calendarOf(...(v.loaded ?? [])), Date.parse(v.event), v.period, v.zone);
const want = (v: Vector): Window => ({ from: Date.parse(v.event), due: Date.parse(v.due), assumed: v.assumed });

describe("the calendar: the tablet counts as the server does", () => {
  test.each(hand as Vector[])("$name", (v) => {
    const w = answer(v);
    expect(w).toEqual(want(v));
    expect([w.from - 1, w.from, w.due - 1, w.due].map((at) => contains(w, at))).toEqual([false, true, true, false]);
  });

  test("L-16 on every generated vector, in seven time zones", () => {
    for (const [i, v] of (generated as Vector[]).entries()) expect(answer(v), `vector ${i}`).toEqual(want(v));
    expect(generated.length).toBeGreaterThanOrEqual(500);
  });

  test.each(years as { name: string; year: Year; code: string; field: string; params: Record<string, unknown> }[])("L-16 a loaded year: $name", (v) => {
    const refused = checkYear(v.year);
    expect({ code: refused?.code ?? "", field: refused?.field ?? "", params: refused?.params ?? {} }).toEqual({ code: v.code, field: v.field, params: v.params });
    if (refused) expect(() => calendarOf(v.year)).toThrow();
    else expect(calendarOf(v.year).years.has(v.year.year)).toBe(true);
  });

  test("L-16 a shop's zone that nobody knows counts as Shanghai", () => {
    const at = Date.parse("2026-11-20T03:00:00Z"), p: Period = { count: 1, unit: "workday" };
    expect(windowOf(calendarOf(), at, p, "Mars/Olympus")).toEqual(windowOf(calendarOf(), at, p, "Asia/Shanghai"));
  });
});

describe("the calendar: what always holds", () => {
  const c = calendarOf();
  const event = fc.integer({ min: Date.UTC(2023, 11, 1), max: Date.UTC(2027, 5, 1) });
  const period = fc.record({ count: fc.integer({ min: 0, max: 40 }), unit: fc.constantFrom("hour", "day", "workday", "month") }) as fc.Arbitrary<Period>;
  const zone = fc.constantFrom("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Africa/Cairo");

  test("L-16 no window shrinks when a holiday is added inside it", () => {
    fc.assert(fc.property(event, period, zone, fc.nat(60), (at, p, z, inside) => {
      const works = new Map(c.works).set(Math.floor(at / 86_400_000) + inside, false);
      expect(windowOf({ ...c, works } satisfies Calendar, at, p, z).due).toBeGreaterThanOrEqual(windowOf(c, at, p, z).due);
    }));
  });

  test("L-16 a later event, a longer period are never due earlier", () => {
    fc.assert(fc.property(event, period, zone, fc.nat(10 * 86_400_000), fc.nat(9), (at, p, z, later, more) => {
      const { due } = windowOf(c, at, p, z);
      expect(windowOf(c, at + later, p, z).due).toBeGreaterThanOrEqual(due);
      expect(windowOf(c, at, { ...p, count: p.count + more }, z).due).toBeGreaterThanOrEqual(due);
    }));
  });

  test("L-16 the years shipped are those of 2024 to 2026, with their notices", () => {
    expect(shippedYears.map((y) => [y.year, y.source.match(/国办发明电〔\d+〕\d+号/)?.[0]])).toEqual([
      [2024, "国办发明电〔2023〕7号"], [2025, "国办发明电〔2024〕12号"], [2026, "国办发明电〔2025〕7号"],
    ]);
  });
});
