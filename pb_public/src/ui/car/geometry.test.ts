import { describe, expect, test } from "vitest";
import car from "./car.svg?raw";
import { readSheet, viewOf, type View } from "./drawing";
import { anchors, contains, edgeDistance, meant, outline, targetsOf, toMark } from "./geometry";
import interior from "./interior.svg?raw";
import suv from "./suv.svg?raw";

const sheet = (svg: string): View[] => Object.values(readSheet(svg));
const views = [...sheet(car), ...sheet(suv), ...sheet(interior)];

describe("R-06 the car drawing", () => {
  test("R-06 has five views and the interior, each zone on the view of its name", () => {
    expect(sheet(car).map((v) => v.name).sort()).toEqual(["front", "left", "rear", "right", "roof"]);
    for (const view of views) for (const zone of view.zones) expect(viewOf(zone.code)).toBe(view.name);
  });

  test("R-06 the sign of a zone stands inside the zone", () => {
    for (const view of views) {
      const targets = targetsOf(view), middles = anchors(targets);
      for (const zone of targets) expect(contains(zone.polygons, middles.get(zone.code)!), zone.code).toBe(true);
    }
  });

  test("R-06 a tap on a zone's sign means that zone on tablet and phone", () => {
    for (const view of views) {
      const targets = targetsOf(view), middles = anchors(targets);
      for (const width of [840, 560, 350]) {
        const finger = (48 * view.width) / width;
        for (const zone of targets) expect(meant(targets, middles.get(zone.code)!, finger), `${zone.code} at ${width}`).toBe(zone.code);
      }
    }
  });

  test("R-06 small zones take the nearest tap: mirror, lamp, handle", () => {
    const left = sheet(car).find((v) => v.name === "left")!;
    const targets = targetsOf(left);
    const finger = (48 * left.width) / 840;
    expect(meant(targets, { x: 494, y: 140 }, finger)).toBe("left.handles");
    expect(meant(targets, { x: 20, y: 185 }, finger)).toMatch(/left\.(headlight|front_bumper|bonnet)/);
    expect(meant(targets, { x: 420, y: 230 }, finger)).toBe("left.front_door");
    expect(meant(targets, { x: 10, y: 20 }, finger)).toBeNull();
  });

  test("R-06 a wheel is a ring round its rim", () => {
    const ring = outline("M 132 254 A 68 68 0 0 1 268 254 A 68 68 0 0 1 132 254 Z M 149 254 A 51 51 0 0 1 251 254 A 51 51 0 0 1 149 254 Z");
    expect(ring).toHaveLength(2);
    expect(contains(ring, { x: 200, y: 254 })).toBe(false);
    expect(contains(ring, { x: 141, y: 254 })).toBe(true);
    expect(edgeDistance(ring, { x: 200, y: 254 })).toBeCloseTo(51, 0);
  });

  test("R-06 a mark is kept as 0–1 of the view, whatever the finger did", () => {
    expect(toMark({ x: 500, y: 170 }, 1000, 340)).toEqual({ x: 0.5, y: 0.5 });
    expect(toMark({ x: -3, y: 999 }, 1000, 340)).toEqual({ x: 0, y: 1 });
  });
});
