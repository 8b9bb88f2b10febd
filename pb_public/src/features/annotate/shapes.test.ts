import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as s from "./shapes";

const size = { width: 2560, height: 1920 };
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const spot = fc.record({ x: unit, y: unit });
const within = (p: s.Point): boolean => p.x >= 0 && p.x <= 1 && p.y >= 0 && p.y <= 1;
const points = (shape: s.Shape): s.Point[] => (shape.kind === "arrow" ? [shape.from, shape.to] : shape.kind === "circle" ? [shape.a, shape.b] : [shape.at]);
const any = fc.tuple(fc.constantFrom<s.Tool>("arrow", "circle", "text"), spot, spot).map(([tool, from, to]) => s.makeShape(tool, "x", from, to, size, "划痕"));

describe("R-07 a layer over the photo", () => {
  test("R-07 whatever is drawn stays on the photo, 0–1", () => {
    fc.assert(fc.property(any, (shape) => points(shape).every(within)));
  });

  test("R-07 a tap makes a shape, too: nothing needs a gesture", () => {
    fc.assert(fc.property(fc.constantFrom<s.Tool>("arrow", "circle"), spot, (tool, p) => {
      const [a, b] = points(s.makeShape(tool, "x", p, p, size)) as [s.Point, s.Point];
      expect(Math.hypot((a.x - b.x) * size.width, (a.y - b.y) * size.height)).toBeGreaterThan(100);
    }));
  });

  test("R-07 what is stored comes back the same, and what we do not know is left out", () => {
    fc.assert(fc.property(fc.array(any), (shapes) => {
      expect(s.readDrawing(JSON.parse(JSON.stringify(s.writeDrawing(shapes))))).toEqual(shapes);
    }));
    expect(s.readDrawing({ version: 2, shapes: [{ kind: "spline" }, { id: "t", kind: "text", at: { x: 2, y: -1 }, text: "a" }] })).toEqual([{ id: "t", kind: "text", at: { x: 1, y: 0 }, text: "a" }]);
    expect([s.readDrawing(null), s.readDrawing("x"), s.writeDrawing([])]).toEqual([[], [], null]);
  });

  test("R-07 moving keeps the form and stops at the edge", () => {
    fc.assert(fc.property(any, fc.double({ min: -2, max: 2, noNaN: true }), fc.double({ min: -2, max: 2, noNaN: true }), (shape, dx, dy) => {
      const before = points(shape), after = points(s.move(shape, dx, dy));
      expect(after.every(within)).toBe(true);
      if (before.length === 2) {
        expect(after[1]!.x - after[0]!.x).toBeCloseTo(before[1]!.x - before[0]!.x, 3);
        expect(after[1]!.y - after[0]!.y).toBeCloseTo(before[1]!.y - before[0]!.y, 3);
      }
    }));
  });

  test("R-07 pulling a handle puts it where the finger is", () => {
    const circle = s.makeShape("circle", "c", { x: 0.2, y: 0.5 }, { x: 0.8, y: 0.5 }, size) as s.Circle;
    expect((s.pull(circle, "b", { x: 0.6, y: 0.7 }, size) as s.Circle).b).toEqual({ x: 0.6, y: 0.7 });
    const wide = s.pull(circle, "side", { x: 0.5, y: 0.7 }, size) as s.Circle;
    expect(s.ellipse(wide, size).ry).toBeCloseTo(0.2 * size.height, -1);
    expect(s.handleAt(wide, "side", size).y).toBeCloseTo(0.7, 2);
  });

  test("R-07 a finger finds the shape it is on, the topmost first", () => {
    const low = s.makeShape("circle", "low", { x: 0.2, y: 0.5 }, { x: 0.8, y: 0.5 }, size), high = s.makeShape("arrow", "high", { x: 0.5, y: 0.9 }, { x: 0.5, y: 0.5 }, size);
    expect(s.shapeAt([low, high], { x: 0.5, y: 0.6 }, size, 60, 40)?.id).toBe("high");
    expect(s.shapeAt([low, high], { x: 0.3, y: 0.5 }, size, 60, 40)?.id).toBe("low");
    expect(s.shapeAt([low, high], { x: 0.05, y: 0.05 }, size, 60, 40)).toBeNull();
  });

  test("R-07 a text stays on the photo", () => {
    fc.assert(fc.property(any, (shape) => {
      const box = s.textBox({ ...shape, text: "约 12 cm，未见底漆" }, size, 60);
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(size.width + 0.001);
      expect(box.y + box.height).toBeLessThanOrEqual(size.height + 0.001);
    }));
  });

  test("R-07 undo and redo walk the same way back and forth", () => {
    const a = s.makeShape("text", "a", { x: 0, y: 0 }, { x: 0, y: 0 }, size, "a"), b = s.makeShape("text", "b", { x: 0, y: 0 }, { x: 0, y: 0 }, size, "b");
    const drawn = s.change(s.change(s.begin([]), [a]), [a, b]);
    expect(s.undo(drawn).present).toEqual([a]);
    expect(s.redo(s.undo(drawn))).toEqual(drawn);
    expect(s.undo(s.undo(s.undo(drawn))).present).toEqual([]);
    expect(s.change(s.undo(drawn), []).future).toEqual([]);
    expect(s.redo(drawn)).toBe(drawn);
  });
});
