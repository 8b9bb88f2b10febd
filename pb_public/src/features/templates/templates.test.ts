// The shop's checklists: what is in force, and a new revision of it.
import { afterEach, beforeEach, expect, test } from "vitest";
import { tables } from "../../db";
import { storeInUse } from "../../db/store";
import { as, close, open } from "../order/testing/day";
import { pointsOf } from "../inspect/model";
import { added, draftOf, enact, kinds, missing, moved, presentOf, revisionsOf, shippedOf, type Template } from "./model";

const shop = "shoppudong00001";
const all = () => tables.templates.toArray();
const of = async (): Promise<Template[]> => revisionsOf(await all(), shop, "device_check");

beforeEach(async () => {
  await open();
  as("gao");
  await enact([], draftOf(await shippedOf("device_check")));
});
afterEach(close);

test("R-15 a shop without a list takes the one that ships as its first revision", async () => {
  const [first] = await of();
  expect([first?.revision, first?.active, pointsOf(first).length]).toEqual([1, true, 39]);
  for (const kind of kinds) expect((await shippedOf(kind)).kind).toBe(kind);
});

test("R-15 a change is the next revision, and the one before begins nothing any more", async () => {
  const before = await of();
  const draft = draftOf(presentOf(before)!);
  expect(missing(draft, before[0])).toBe("templates.why_same");
  const { points, point } = added(draft.points, "boot");
  draft.points = points;
  expect(missing(draft, before[0])).toBe("templates.why_label");
  point.label.zh = "充电枪";
  draft.points = draft.points.map((p) => (p.code === point.code ? point : p)).filter((p) => p.code !== "boot.tools");
  expect(missing(draft, before[0])).toBeNull();
  await enact(before, draft);
  const [present, old] = await of();
  expect([present?.revision, present?.active, old?.revision, old?.active]).toEqual([2, true, 1, false]);
  expect(pointsOf(present).slice(-8).map((p) => p.label)[0]).toMatchObject({ zh: "行李厢开闭与撑杆" });
  expect(pointsOf(present).find((p) => p.code === point.code)?.label).toEqual({ zh: "充电枪", en: "充电枪" });
  expect(pointsOf(old).some((p) => p.code === "boot.tools")).toBe(true);
  expect((await storeInUse()!.outbox.toArray()).map((e) => e.ops.length).sort()).toEqual([1, 2]);
});

test("R-15 points move inside their group and no further", async () => {
  const { points } = draftOf((await of())[0]!);
  const order = (list: typeof points) => list.filter((p) => p.group === "boot").map((p) => p.code);
  expect(order(moved(points, "boot.tools", -1))).toEqual(["boot.tools", "boot.tailgate"]);
  expect(moved(points, "boot.tools", 1)).toBe(points);
  expect(moved(points, "boot.tailgate", -1)).toBe(points);
});

test("R-15 only a manager changes a list", async () => {
  as("chen");
  const before = await of();
  await expect(enact(before, { ...draftOf(before[0]!), title: { zh: "新", en: "new" } })).rejects.toMatchObject({ code: "flow.role" });
});
