import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Refused, tables } from "../../db";
import { theStore, useStore } from "../../db/store";
import { has } from "../../i18n/index.svelte";
import { shippedYears, windowOf, type Year } from "../../rules/calendar";
import { close, open } from "../order/testing/day";
import { calendarOfShop, load, namesOf, unpublished, yearsOf } from "./model";

const shop = "shoppudong00001";
const y2027: Year = { year: 2027, source: "国务院办公厅通知", days_off: [{ name: "元旦", from: "2027-01-01", to: "2027-01-03" }], makeup_days: [] };
const dueOf = async () => windowOf(calendarOfShop(await tables.holidays.toArray(), shop), Date.parse("2026-12-24T02:00:00Z"), { count: 7, unit: "workday" }, "Asia/Shanghai");

beforeEach(async () => {
  await open("released");
  useStore(theStore(), { id: "gaojian00000001", name: "高健", roles: ["manager"], skill: 0, shop });
});
afterEach(close);

describe("the calendars of a shop", () => {
  test("L-16 a year entered offline counts at once, and waits to be sent", async () => {
    expect(await dueOf()).toMatchObject({ due: Date.parse("2027-01-04T16:00:00Z"), assumed: true });
    const before = await theStore().outbox.count();
    await load([], shop, y2027);
    expect(await dueOf()).toMatchObject({ due: Date.parse("2027-01-05T16:00:00Z"), assumed: false });
    const [entry, ...more] = (await theStore().outbox.toArray()).slice(before);
    expect(more).toEqual([]);
    expect(entry?.ops).toMatchObject([{ collection: "holidays", data: { ...y2027, revision: 1, active: true } }]);
  });

  test("L-16 a correction is the next revision of its year, and what is in force is listed latest first", async () => {
    await load([], shop, y2027);
    await load(await tables.holidays.toArray(), shop, { ...y2027, days_off: [{ name: "元旦", from: "2027-01-01", to: "2027-01-04" }] });
    await load(await tables.holidays.toArray(), shop, { ...y2027, year: 2026, days_off: [{ name: "元旦", from: "2026-01-01", to: "2026-01-01" }] });
    const rows = await tables.holidays.toArray();
    expect(yearsOf(rows, shop).map((y) => [y.year.year, y.revision])).toEqual([[2027, 2], [2026, 1], [2025, 0], [2024, 0]]);
    expect((await dueOf()).due).toBe(Date.parse("2027-01-06T16:00:00Z"));
    expect(yearsOf(rows, "another").map((y) => y.revision)).toEqual([0, 0, 0]);
    await tables.holidays.toCollection().modify({ active: false });
    expect(yearsOf(await tables.holidays.toArray(), shop).map((y) => y.year)).toEqual([...shippedYears].reverse());
  });

  test("L-16 a year that cannot be is refused before it is written", async () => {
    await expect(load([], shop, { ...y2027, makeup_days: ["2027-01-08"] })).rejects.toThrow(Refused);
    expect(await tables.holidays.count()).toBe(0);
  });

  test("L-16 every holiday that is shipped has its name in both languages", () => {
    const named = shippedYears.flatMap((y) => y.days_off.flatMap(namesOf));
    expect(named.filter((n) => !n.key || !has(n.key))).toEqual([]);
    expect(namesOf({ name: "国庆节、抗战胜利日", from: "", to: "" })).toEqual([{ name: "国庆节", key: "holidays.national_day" }, { name: "抗战胜利日", key: null }]);
  });

  test("L-16 the next year is missed from November on, this year at once", () => {
    const c = calendarOfShop([], shop);
    expect(["2026-10-31", "2026-11-01", "2027-03-01", "2027-11-30"].map((today) => unpublished(c, today))).toEqual([[], [2027], [2027], [2027, 2028]]);
  });
});
