import { describe, expect, test } from "vitest";
import { figures } from "../../rules/figures";
import { clockOf, difference, figuresOf, minutesOf, revisionsOf, withDay } from "./model";

const row = (id: string, revision: number, data: object, over: object = {}) =>
  ({ id, shop: "s1", kind: "service_lane", revision, data, active: true, created: `2026-11-2${revision} 01:00:00.000Z`, created_by: "boss", ...over }) as never;

describe("the shop's policy", () => {
  test("S-07 what a policy leaves out has the shipped figure", () => {
    expect(figuresOf(row("a", 1, { labour_range_percent: 5 }))).toMatchObject({ labour_range_percent: 5, parts_range_percent: 0, three_people: true });
    expect(figuresOf(undefined).labour_range_percent).toBe(10);
  });
  test("Q-01 revisions are told newest first, with what each changed, and the newest active one is in force", () => {
    const found = revisionsOf([row("a", 1, {}), row("c", 3, { three_people: false, labour_range_percent: 5 }, { active: false }), row("b", 2, { three_people: false }), row("x", 9, {}, { shop: "s2" })], "s1");
    expect(found.map((r) => [r.id, r.present])).toEqual([["c", false], ["b", true], ["a", false]]);
    expect(found[0]?.changes.map((c) => [c.figure.key, c.from, c.to])).toEqual([["labour_range_percent", 10, 5]]);
    expect(found[2]?.changes).toEqual([]);
  });
  test("E-05 M-03 hours are asked for as times of day, and midnight is the day's end where the shop closes", () => {
    const of = (key: string) => figures.find((f) => f.key === key)!;
    expect([clockOf(1260), clockOf(485), clockOf(1440)]).toEqual(["21:00", "08:05", "00:00"]);
    expect(minutesOf("21:00", of("quiet_from_minutes"))).toBe(1260);
    expect(minutesOf("00:00", of("quiet_from_minutes"))).toBe(0);
    expect(minutesOf("00:00", of("closes_minutes"))).toBe(1440);
    expect(minutesOf("", of("closes_minutes"))).toBeNull();
  });
  test("E-05 a weekday is in or out; a shop that is never open is not to be had", () => {
    expect([withDay(1234567, 7), withDay(123456, 7), withDay(246, 3), withDay(5, 5)]).toEqual([123456, 1234567, 2346, 5]);
  });
  test("nothing changed is no difference", () => expect(difference(figuresOf(undefined), figuresOf(row("a", 1, {})))).toEqual([]));
});
