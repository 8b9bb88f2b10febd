import { describe, expect, test } from "vitest";
import shipped from "../../../../internal/setup/templates/walkaround.json";
import car from "../../ui/car/car.svg?raw";
import { readSheet, viewOf } from "../../ui/car/drawing";
import interior from "../../ui/car/interior.svg?raw";
import suv from "../../ui/car/suv.svg?raw";
import * as model from "./model";

const template = shipped as { items: model.Item[]; codes: model.Codes };
const items = template.items;
const groups = model.groupsOf(items);

let n = 0;
function finding(item: string, result: model.Result, more: Partial<model.Finding> = {}): model.Finding {
  n++;
  return { id: `f${n}`, item, result, level: 0, note: "", visit: "v", inspection: "i", captured_at: `2026-11-21 02:00:${String(n).padStart(2, "0")}.000Z`, created: "", ...more } as model.Finding;
}
function mark(id: string, zone: string, more: Partial<model.Mark> = {}): model.Mark {
  n++;
  return { id, zone, view: viewOf(zone), visit: "v", x: 0.5, y: 0.5, captured_at: `2026-11-21 02:01:${String(n).padStart(2, "0")}.000Z`, created: "", ...more } as model.Mark;
}

describe("R-05 the shipped walk-around template", () => {
  test("R-05 asks for everything the requirement names", () => {
    const codes = items.map((i) => i.code);
    for (const code of [
      "interior.energy", "interior.odometer", "interior.trim_left", "interior.windows", "left.front_door", "left.handles", "right.front_tyre", "right.front_wheel",
      "front.windscreen", "boot.spare_wheel", "boot.tools", "engine.oil", "engine.coolant", "engine.brake_fluid", "engine.washer",
    ]) expect(codes).toContain(code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(items.filter((i) => i.group === "engine" && i.scale === "marks").length).toBeGreaterThanOrEqual(5);
  });

  test("R-05 goes round the car clockwise: interior first, then left, front, right, rear", () => {
    expect(groups.map((g) => g.key)).toEqual(["interior", "left", "front", "engine", "right", "rear", "boot", "roof"]);
  });

  test("R-06 every zone of both drawings belongs to exactly one item, and every item's zone is drawn", () => {
    for (const sheet of [car, suv]) {
      const views = { ...readSheet(sheet), ...readSheet(interior) };
      const drawn = Object.values(views).flatMap((v) => v.zones.map((z) => z.code));
      for (const zone of drawn) expect(items.filter((i) => model.zonesOf(i).includes(zone)).map((i) => i.code), zone).toHaveLength(1);
      for (const item of items) for (const zone of model.zonesOf(item)) expect(drawn, item.code).toContain(zone);
    }
  });

  test("R-06 every area number of the drawings has its name in the code list", () => {
    const areas = new Set(template.codes.areas.map((a) => a.code));
    for (const sheet of [car, suv]) {
      for (const view of Object.values(readSheet(sheet))) for (const zone of view.zones) if (zone.area) expect(areas).toContain(zone.area);
    }
    expect(template.codes.version).toBe(1);
    expect(template.codes.kinds).toHaveLength(6);
    expect(template.codes.severities.map((s) => s.label.zh)).toEqual(["≤ 3 cm", "3–15 cm", "> 15 cm"]);
  });
});

describe("R-05 nothing is skipped", () => {
  test("R-05 an item without an answer stays unseen, whatever else was answered", () => {
    const found = model.answers(items.slice(1).map((i) => finding(i.code, "good")));
    expect(model.unseen(items, found).map((i) => i.code)).toEqual([items[0]!.code]);
  });

  test("R-05 the next unseen part comes in walking order and wraps round", () => {
    const found = model.answers(items.filter((i) => i.code !== "interior.dash" && i.code !== "rear.bumper").map((i) => finding(i.code, "good")));
    expect(model.nextUnseen(items, found, "front.bumper")?.code).toBe("rear.bumper");
    expect(model.nextUnseen(items, found, "rear.bumper")?.code).toBe("interior.dash");
    expect(model.nextUnseen(items, found, null)?.code).toBe("interior.dash");
    expect(model.nextUnseen(items, model.answers(items.map((i) => finding(i.code, "good"))), "left.sill")).toBeNull();
  });

  test("R-05 the part at hand is the next one only when it is the last left", () => {
    const found = model.answers(items.filter((i) => i.code !== "left.sill").map((i) => finding(i.code, "good")));
    expect(model.nextUnseen(items, found, "left.sill")?.code).toBe("left.sill");
  });

  test("R-05 'the rest is good' leaves the charge and the odometer to be read", () => {
    const interior = groups[0]!;
    expect(model.restOf(interior, new Map()).map((i) => i.code)).not.toEqual(expect.arrayContaining(["interior.energy"]));
    expect(model.restOf(interior, new Map())).toHaveLength(interior.items.length - 2);
    const engine = groups.find((g) => g.key === "engine")!;
    expect(model.restOf(engine, new Map())).toHaveLength(engine.items.length);
  });

  test("R-05 a good fluid is between its marks; an electric car has no engine oil", () => {
    const oil = items.find((i) => i.code === "engine.oil")!, coolant = items.find((i) => i.code === "engine.coolant")!;
    expect(model.goodLevel(oil, "fuel")).toBe(model.dipstick.between);
    expect(model.goodLevel(oil, "electric")).toBe(model.dipstick.absent);
    expect(model.goodLevel(coolant, "electric")).toBe(model.dipstick.between);
  });

  test("R-05 a low fluid wants attention; a level never hides what was said about the condition", () => {
    const oil = items.find((i) => i.code === "engine.oil")!;
    expect(model.resultWithLevel(oil, undefined, model.dipstick.low)).toBe("attention");
    expect(model.resultWithLevel(oil, { result: "attention", level: model.dipstick.low }, model.dipstick.between)).toBe("good");
    expect(model.resultWithLevel(oil, { result: "bad", level: model.dipstick.between }, model.dipstick.full)).toBe("bad");
  });

  test("R-05 of two answers to one item the newer one counts", () => {
    const older = finding("left.sill", "good"), newer = finding("left.sill", "bad");
    expect(model.answers([newer, older]).get("left.sill")?.result).toBe("bad");
  });
});

describe("R-06 zones and marks", () => {
  test("R-06 a part is hatched where it is asked and shows its answer on every view", () => {
    expect(model.zoneStates(items, new Map())["left.bonnet"]).toBe("plain");
    expect(model.zoneStates(items, new Map())["front.bonnet"]).toBe("unseen");
    const states = model.zoneStates(items, model.answers([finding("front.bonnet", "attention")]));
    expect([states["left.bonnet"], states["front.bonnet"], states["top.bonnet"]]).toEqual(["attention", "attention", "attention"]);
  });

  test("R-06 a tap on the bonnet in the side view means the bonnet", () => {
    expect(model.itemAt(items, "left.bonnet")?.code).toBe("front.bonnet");
    expect(model.itemAt(items, "nowhere")).toBeNull();
  });

  test("R-06 marks keep the number of the order in which they were made", () => {
    const a = mark("a", "left.sill"), b = mark("b", "left.front_door");
    expect(model.numbered([b, a]).map((m) => [m.mark.id, m.number])).toEqual([["a", 1], ["b", 2]]);
  });

  test("R-06 only the last visit before this one is shown for comparison", () => {
    const visits = [{ id: "v1", arrived_at: "2026-01-01" }, { id: "v2", arrived_at: "2026-03-12" }, { id: "v3", arrived_at: "2026-11-21" }, { id: "v4", arrived_at: "2026-12-01" }];
    const marks = [mark("1", "left.sill", { visit: "v1" }), mark("2", "left.sill", { visit: "v2" }), mark("3", "left.sill", { visit: "v3" }), mark("4", "left.sill", { visit: "v4" })];
    const earlier = model.earlierMarks(marks, visits, visits[2]!);
    expect([earlier.marks.map((m) => m.id), earlier.at]).toEqual([["2"], "2026-03-12"]);
    expect(model.earlierMarks([], visits, visits[2]!).marks).toEqual([]);
  });

  test("R-06 photos of a mark then and now stand side by side, near by near and far by far", () => {
    const photo = (id: string, slot: string, taken_at = "") => ({ id, slot, taken_at }) as model.Photo;
    const rows = model.pairs([photo("a", "far"), photo("b", "near", "2026-03-12 01"), photo("c", "near", "2026-03-12 02")], [photo("d", "near"), photo("e", "more")]);
    expect(rows.map((r) => [r.slot, r.then?.id, r.now?.id])).toEqual([["near", "c", "d"], ["far", "a", undefined]]);
    expect(model.pairs([], [])).toEqual([]);
  });

  test("R-06 a group shows its worst state", () => {
    const left = groups.find((g) => g.key === "left")!;
    expect(model.groupState(left, new Map())).toBe("unseen");
    expect(model.groupState(left, model.answers([finding("left.sill", "bad"), finding("left.mirror", "attention")]))).toBe("bad");
    expect(model.groupState(left, model.answers(left.items.map((i) => finding(i.code, "good"))))).toBe("good");
  });

  test("R-07 photos go near, far, then more, and are found again by their part", () => {
    const photo = (p: Partial<model.Photo>) => p as model.Photo;
    expect([model.nextSlot([]), model.nextSlot([photo({ slot: "near" })]), model.nextSlot([photo({ slot: "far" }), photo({ slot: "near" })])]).toEqual(["near", "far", "more"]);
    const found = model.answers([finding("left.sill", "good", { id: "fs" })]), marks = [mark("m", "left.bonnet")];
    const code = (p: Partial<model.Photo>) => model.itemOfPhoto(photo(p), items, found, marks)?.code ?? null;
    expect(code({ subject_collection: "damage_marks", subject_record: "m", slot: "near" })).toBe("front.bonnet");
    expect(code({ subject_collection: "findings", subject_record: "fs", slot: "near" })).toBe("left.sill");
    expect(code({ subject_collection: "visits", subject_record: "v", slot: "engine.oil" })).toBe("engine.oil");
    expect(code({ subject_collection: "visits", subject_record: "v", slot: "" })).toBeNull();
  });
});
