import { afterEach, describe, expect, test } from "vitest";
import { lang } from "../i18n/index.svelte";
import { ago, bytes, dateTime, day, endOf, fromShopInput, km, minutes, money, parseTime, plateText, setZone, span, stamp, startOfDay, time, toShopInput } from "./format";

const at = "2026-11-21 02:03:04.005Z";
const now = Date.parse("2026-11-21T06:00:00Z");
afterEach(() => {
  lang.set("zh");
  setZone("Asia/Shanghai");
});

describe("format", () => {
  test("times are shown in the shop's zone, whatever the tablet's", () => {
    expect(time(at)).toBe("10:03");
    setZone("Asia/Urumqi");
    expect(time(at)).toBe("08:03");
    setZone("Mars/Base");
    expect(time(at)).toBe("08:03");
  });
  test("dates in both languages, with the year only when it is another", () => {
    expect(day(at, now)).toBe("11 月 21 日 周六");
    expect(day("2025-03-01 20:00:00Z", now)).toBe("2025 年 3 月 2 日 周日");
    expect(dateTime(at, now)).toBe("今天 10:03");
    expect(dateTime("2026-03-02 01:00:00Z", now)).toBe("3 月 2 日 09:00");
    lang.set("en");
    expect(day(at, now)).toBe("Sat 21 Nov");
    expect(dateTime("2025-03-02 01:00:00Z", now)).toBe("2 Mar 2025 09:00");
  });
  test("L-16 the end of a day is 24:00 of that day, not the midnight after it", () => {
    expect(endOf("2026-11-24 16:00:00.000Z", now)).toBe("11 月 24 日 24:00");
    expect(endOf("2026-11-21 16:00:00.000Z", now)).toBe("今天 24:00");
    expect(endOf("2026-11-24 15:59:00.000Z", now)).toBe("11 月 24 日 23:59");
    expect(endOf("")).toBe("—");
  });
  test("an empty or broken time is a dash, not 1970", () => {
    for (const show of [time, day, dateTime, ago]) {
      expect(show("")).toBe("—");
      expect(show("soon")).toBe("—");
    }
  });
  test("how long ago, how long", () => {
    expect(ago(now - 30_000, now)).toBe("刚刚");
    expect(ago(now - 6 * 60_000, now)).toBe("6 分钟前");
    expect(ago(now - 125 * 60_000, now)).toBe("2 小时前");
    expect(span(42 * 60_000)).toBe("42 分");
    expect(span(-100 * 60_000)).toBe("1 小时 40 分");
    expect(span(50 * 3_600_000)).toBe("2 天");
    expect(minutes(52)).toBe("0:52");
    expect(minutes(125)).toBe("2:05");
  });
  test("money is integer fen, grouped, never rounded by floats", () => {
    expect(money(128000)).toBe("¥1,280.00");
    expect(money(5)).toBe("¥0.05");
    expect(money(-100000001)).toBe("−¥1,000,000.01");
    expect(money(null)).toBe("¥0.00");
  });
  test("kilometres, bytes and plates", () => {
    expect(km(48260)).toBe("48,260 km");
    expect(km(0)).toBe("—");
    expect(bytes(4_100_000)).toBe("4.1 MB");
    expect(bytes(999)).toBe("1 KB");
    expect(plateText("沪a8k359")).toBe("沪A·8K359");
  });
  test("a promised time typed in shop time comes back the same, also where clocks change", () => {
    expect(fromShopInput("2026-11-21T10:03")).toBe("2026-11-21 02:03:00.000Z");
    setZone("Europe/Berlin");
    for (const text of ["2026-03-29T01:30", "2026-03-29T03:30", "2026-10-25T01:30", "2026-10-25T04:00"]) expect(toShopInput(fromShopInput(text))).toBe(text);
    expect(fromShopInput("")).toBe("");
  });
  test("the shop's day begins at its own midnight", () => {
    expect(startOfDay(Date.parse("2026-11-20T17:00:00Z"))).toBe("2026-11-20 16:00:00.000Z");
    expect(parseTime(stamp(now))).toBe(now);
  });
});
