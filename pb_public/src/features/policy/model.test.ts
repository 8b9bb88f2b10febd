import { describe, expect, test } from "vitest";
import { difference, figuresOf, revisionsOf } from "./model";

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
  test("nothing changed is no difference", () => expect(difference(figuresOf(undefined), figuresOf(row("a", 1, {})))).toEqual([]));
});
