import fc from "fast-check";
import { describe, expect, test } from "vitest";
import vectors from "../../../internal/flow/testdata/vectors/capacity.json";
import { addDays, bookingOf, dayLoads, isDay, isOver, lighterSlots, loads, occupies, overfull, percentOf, type Booking, type Capacity } from "./capacity.ts";

const capacities = vectors.capacities as Capacity[];

describe("the tablet counts room as the server does", () => {
  for (const c of vectors.cases as { name: string; booking: Booking; others?: Booking[]; pieces: unknown[]; over: unknown }[]) {
    test(c.name, () => {
      expect(occupies(capacities, c.booking)).toEqual(c.pieces);
      expect(overfull(capacities, c.others ?? [], c.booking)).toEqual(c.over);
    });
  }
});

const booking = fc.record({
  day: fc.constantFrom("2026-11-23", "2026-11-24", "2026-11-28"), minute: fc.integer({ min: 480, max: 1080 }),
  minutes: fc.integer({ min: 15, max: 600 }), hands: fc.integer({ min: 1, max: 3 }),
});

describe("evening the day out", () => {
  test("B-02 a proposed slot always fits, and taking it overbooks nothing", () => {
    fc.assert(fc.property(fc.array(booking, { maxLength: 12 }), booking, (all, wish) => {
      const held: Booking[] = [];
      for (const [i, b] of all.entries()) if (occupies(capacities, { id: `b${i}`, ...b }).length && !overfull(capacities, held, { id: `b${i}`, ...b })) held.push({ id: `b${i}`, ...b });
      for (const slot of lighterSlots(capacities, loads(capacities, held), { id: "wish", ...wish }, ["2026-11-23", "2026-11-24"], { day: "2026-11-23", minute: 0 })) {
        const taken = { ...wish, id: "wish", day: slot.day, minute: slot.minute };
        expect(overfull(capacities, held, taken)).toBeNull();
        for (const load of loads(capacities, [...held, taken]).values()) expect(isOver(load)).toBe(false);
      }
    }), { numRuns: 60 });
  });

  test("B-02 the emptier slot comes first, then the earlier, and nothing that has passed", () => {
    const held: Booking[] = [{ id: "a", day: "2026-11-23", minute: 510, minutes: 60, hands: 1 }];
    const wish = { id: "w", day: "2026-11-23", minute: 510, minutes: 30, hands: 1 };
    const [first] = lighterSlots(capacities, loads(capacities, held), wish, ["2026-11-23"], { day: "2026-11-23", minute: 0 });
    expect(first).toMatchObject({ minute: 570 });
    expect(lighterSlots(capacities, loads(capacities, held), wish, ["2026-11-23"], { day: "2026-11-23", minute: 700 }).every((s) => s.minute >= 700)).toBe(true);
  });

  test("B-02 every slot of the day is shown with what is taken of it", () => {
    const day = dayLoads(capacities, "2026-11-23", loads(capacities, [{ id: "a", day: "2026-11-23", minute: 510, minutes: 48, hands: 1 }]));
    expect(day).toHaveLength(9);
    expect(day.map(percentOf)).toEqual([50, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(dayLoads(capacities, "2026-11-22", new Map())).toEqual([]);
  });
});

describe("days", () => {
  test("B-02 a start is placed on the clock on the shop's wall, wherever the tablet is", () => {
    const row = { id: "a", starts_at: "2026-11-22 16:30:00.000Z", minutes: 60, hands: 0 };
    expect(bookingOf(row, "Asia/Shanghai")).toMatchObject({ day: "2026-11-23", minute: 30, hands: 1 });
    expect(bookingOf(row, "Europe/Berlin")).toMatchObject({ day: "2026-11-22", minute: 17 * 60 + 30 });
    expect(bookingOf(row, "Nowhere/At all")).toMatchObject({ day: "2026-11-23", minute: 30 });
  });
  test("days of no calendar are none", () => {
    expect([isDay("2026-02-28"), isDay("2026-02-30"), isDay(""), isDay("x")]).toEqual([true, false, false, false]);
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
  });
});
