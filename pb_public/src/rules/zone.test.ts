import { describe, expect, test } from "vitest";
import { onWall, wall } from "./zone.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the browser itself says of this very instant. */
function asked(at: number, zone: string): number {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat("en-GB", { timeZone: zone, year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  formats.set(zone, format);
  const parts = format.formatToParts(at);
  const of = (type: string) => Number(parts.find((p) => p.type === type)!.value);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"), ((at % 1000) + 1000) % 1000);
}

describe("the clock on the shop's wall", () => {
  for (const zone of ["Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham"]) {
    test(`B-02 ${zone}: the same as the browser's, about every change of clocks in two years`, () => {
      let before = asked(Date.UTC(2026, 0, 1), zone) - Date.UTC(2026, 0, 1), changes = 0;
      for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2028, 0, 1); at += 24 * 3_600_000 + 61_007) {
        expect(wall(at, zone)).toBe(asked(at, zone));
        const offset = wall(at, zone) - at;
        if (offset === before) continue;
        before = offset;
        changes++;
        for (let near = at - 24 * 3_600_000 - 61_007; near <= at; near += 599_993) expect(wall(near, zone)).toBe(asked(near, zone));
      }
      expect(changes).toBe(zone === "Asia/Shanghai" || zone === "Asia/Kathmandu" ? 0 : 4);
    });
  }

  test("B-02 before 1970 clocks were changed at any second", () => {
    for (const at of [-1, Date.UTC(1940, 5, 1, 3), Date.UTC(1900, 11, 31, 15, 54, 16), Date.UTC(1900, 11, 31, 15, 54, 17)]) expect(wall(at, "Asia/Shanghai")).toBe(asked(at, "Asia/Shanghai"));
  });

  test("B-02 a zone nobody knows is Shanghai; what is no time has no day", () => {
    expect(wall(0, "Mars/Base")).toBe(8 * 3_600_000);
    expect(wall(0, "")).toBe(8 * 3_600_000);
    expect(onWall("2026-11-22 16:30:00.000Z", "Asia/Shanghai")).toEqual({ day: "2026-11-23", minute: 30 });
    expect(onWall("", "Asia/Shanghai")).toEqual({ day: "", minute: 0 });
    expect(() => wall(NaN, "Asia/Shanghai")).toThrow(RangeError);
  });
});
