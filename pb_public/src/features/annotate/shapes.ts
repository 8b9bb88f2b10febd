// Drawings over a photo: a layer of its own, coordinates 0–1 of the photo, so that the original is never
// touched and the layer fits every size of it. Pure.

export interface Point {
  x: number;
  y: number;
}

/** An arrow pointing at `to`, with a text at its tail when there is one. */
export interface Arrow {
  id: string;
  kind: "arrow";
  from: Point;
  to: Point;
  text: string;
}

/** An ellipse drawn along the damage: a and b are the ends of its axis, `ratio` its width by its length. */
export interface Circle {
  id: string;
  kind: "circle";
  a: Point;
  b: Point;
  ratio: number;
  text: string;
}

export interface Words {
  id: string;
  kind: "text";
  at: Point;
  text: string;
}

export type Shape = Arrow | Circle | Words;
export type Tool = Shape["kind"];

export interface Drawing {
  version: 1;
  shapes: Shape[];
}

export interface Size {
  width: number;
  height: number;
}

export const handles = { arrow: ["from", "to"], circle: ["a", "b", "side"], text: ["at"] } as const;
export type Handle = "from" | "to" | "a" | "b" | "side" | "at";

const inside = (v: unknown): number => Math.round(Math.min(1, Math.max(0, Number(v) || 0)) * 10000) / 10000;
const point = (p: unknown): Point => ({ x: inside((p as Point | null)?.x), y: inside((p as Point | null)?.y) });

/** Reads photos.drawing; what is not a shape we know is left out, so that a newer app's layer does not break this one. */
export function readDrawing(value: unknown): Shape[] {
  const shapes = (value as Drawing | null)?.shapes;
  if (!Array.isArray(shapes)) return [];
  return shapes.flatMap((s: Partial<Shape>): Shape[] => {
    const id = String(s.id ?? ""), text = String(s.text ?? "");
    if (s.kind === "arrow") return [{ id, kind: "arrow", from: point(s.from), to: point(s.to), text }];
    if (s.kind === "circle") return [{ id, kind: "circle", a: point(s.a), b: point(s.b), ratio: ratioOf(s.ratio), text }];
    return s.kind === "text" ? [{ id, kind: "text", at: point(s.at), text }] : [];
  });
}

/** What is stored; an empty layer is null, as on a photo nobody has drawn upon. */
export function writeDrawing(shapes: Shape[]): Drawing | null {
  return shapes.length ? { version: 1, shapes } : null;
}

function ratioOf(v: unknown): number {
  return Math.round(Math.min(1, Math.max(0.1, Number(v) || 0.45)) * 1000) / 1000;
}

const apart = (a: Point, b: Point, size: Size): number => Math.hypot((a.x - b.x) * size.width, (a.y - b.y) * size.height);

/**
 * A new shape from where the finger went down to where it left. A tap without a way makes one of a default size there:
 * nothing needs a gesture.
 */
export function makeShape(tool: Tool, id: string, from: Point, to: Point, size: Size, text = ""): Shape {
  const short = Math.min(size.width, size.height);
  const tap = apart(from, to, size) < short * 0.03;
  const away = (dx: number, dy: number): Point => point({ x: from.x + (dx * short) / size.width, y: from.y + (dy * short) / size.height });
  if (tool === "text") return { id, kind: "text", at: point(to), text };
  if (tool === "arrow") {
    if (!tap) return { id, kind: "arrow", from: point(from), to: point(to), text };
    // The tail goes towards the middle, so that it stays on the photo.
    return { id, kind: "arrow", from: away(from.x < 0.5 ? 0.22 : -0.22, from.y < 0.5 ? 0.22 : -0.22), to: point(from), text };
  }
  return tap ? { id, kind: "circle", a: away(-0.16, 0), b: away(0.16, 0), ratio: 0.7, text } : { id, kind: "circle", a: point(from), b: point(to), ratio: 0.38, text };
}

/** Centre, half axes and turn (degrees) of a circle, in the photo's pixels. */
export function ellipse(c: Circle, size: Size): { cx: number; cy: number; rx: number; ry: number; turn: number } {
  const dx = (c.b.x - c.a.x) * size.width, dy = (c.b.y - c.a.y) * size.height;
  const rx = Math.max(1, Math.hypot(dx, dy) / 2);
  return { cx: ((c.a.x + c.b.x) / 2) * size.width, cy: ((c.a.y + c.b.y) / 2) * size.height, rx, ry: rx * c.ratio, turn: (Math.atan2(dy, dx) * 180) / Math.PI };
}

/** Where a handle of a shape is, 0–1. */
export function handleAt(shape: Shape, handle: Handle, size: Size): Point {
  if (shape.kind === "arrow") return handle === "from" ? shape.from : shape.to;
  if (shape.kind === "text") return shape.at;
  if (handle === "a") return shape.a;
  if (handle === "b") return shape.b;
  const e = ellipse(shape, size), turn = (e.turn * Math.PI) / 180;
  return { x: (e.cx - e.ry * Math.sin(turn)) / size.width, y: (e.cy + e.ry * Math.cos(turn)) / size.height };
}

/** The shape after one of its handles was pulled to `to`. */
export function pull(shape: Shape, handle: Handle, to: Point, size: Size): Shape {
  if (shape.kind === "arrow") return handle === "from" ? { ...shape, from: point(to) } : { ...shape, to: point(to) };
  if (shape.kind === "text") return { ...shape, at: point(to) };
  if (handle === "a") return { ...shape, a: point(to) };
  if (handle === "b") return { ...shape, b: point(to) };
  const e = ellipse(shape, size);
  const half = Math.hypot(to.x * size.width - e.cx, to.y * size.height - e.cy);
  return { ...shape, ratio: ratioOf(half / e.rx) };
}

/** Moves a whole shape, stopping at the photo's edge with its form kept. */
export function move(shape: Shape, dx: number, dy: number): Shape {
  const points = shape.kind === "arrow" ? [shape.from, shape.to] : shape.kind === "circle" ? [shape.a, shape.b] : [shape.at];
  const limit = (d: number, values: number[]): number => Math.min(1 - Math.max(...values), Math.max(-Math.min(...values), d));
  const x = limit(dx, points.map((p) => p.x)), y = limit(dy, points.map((p) => p.y));
  const at = (p: Point): Point => point({ x: p.x + x, y: p.y + y });
  if (shape.kind === "arrow") return { ...shape, from: at(shape.from), to: at(shape.to) };
  return shape.kind === "circle" ? { ...shape, a: at(shape.a), b: at(shape.b) } : { ...shape, at: at(shape.at) };
}

/** Lines of an arrow, in the photo's pixels: shaft, then the two barbs. */
export function arrowPath(a: Arrow, size: Size): string {
  const from = { x: a.from.x * size.width, y: a.from.y * size.height }, to = { x: a.to.x * size.width, y: a.to.y * size.height };
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const barb = Math.min(Math.hypot(to.x - from.x, to.y - from.y) * 0.45, Math.min(size.width, size.height) * 0.07);
  const end = (turn: number): string => `${round(to.x - barb * Math.cos(angle + turn))} ${round(to.y - barb * Math.sin(angle + turn))}`;
  const tip = `${round(to.x)} ${round(to.y)}`;
  return `M ${round(from.x)} ${round(from.y)} L ${tip} M ${end(0.6)} L ${tip} L ${end(-0.6)}`;
}

const round = (v: number): number => Math.round(v * 10) / 10;

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The box of a shape's text in the photo's pixels, kept on the photo. Full-width signs are one em, others about 0.56. */
export function textBox(shape: Shape, size: Size, em: number): Box {
  const length = [...shape.text].reduce((sum, sign) => sum + ((sign.codePointAt(0) ?? 0) > 0x2e7f ? 1 : 0.56), 0);
  const width = (length + 1.1) * em, height = em * 1.7;
  const anchor = shape.kind === "arrow" ? shape.from : shape.kind === "text" ? shape.at : handleAt(shape, "side", size);
  const fit = (v: number, room: number): number => Math.max(0, Math.min(v, room));
  const down = shape.kind === "circle" ? em * 0.5 : -height / 2;
  return { x: fit(anchor.x * size.width - width / 2, size.width - width), y: fit(anchor.y * size.height + down, size.height - height), width, height };
}

/** Distance of a point to a shape in the photo's pixels; 0 inside a text or a circle. */
export function distance(shape: Shape, p: Point, size: Size, em: number): number {
  const at = { x: p.x * size.width, y: p.y * size.height };
  const text = shape.text ? boxDistance(textBox(shape, size, em), at) : Infinity;
  if (shape.kind === "text") return text;
  if (shape.kind === "arrow") {
    const a = { x: shape.from.x * size.width, y: shape.from.y * size.height }, b = { x: shape.to.x * size.width, y: shape.to.y * size.height };
    const dx = b.x - a.x, dy = b.y - a.y;
    const k = Math.max(0, Math.min(1, ((at.x - a.x) * dx + (at.y - a.y) * dy) / (dx * dx + dy * dy || 1)));
    return Math.min(text, Math.hypot(at.x - a.x - k * dx, at.y - a.y - k * dy));
  }
  const e = ellipse(shape, size), turn = (-e.turn * Math.PI) / 180;
  const x = (at.x - e.cx) * Math.cos(turn) - (at.y - e.cy) * Math.sin(turn), y = (at.x - e.cx) * Math.sin(turn) + (at.y - e.cy) * Math.cos(turn);
  return Math.min(text, Math.max(0, (Math.hypot(x / e.rx, y / e.ry) - 1) * Math.min(e.rx, e.ry)));
}

function boxDistance(box: Box, p: Point): number {
  return Math.hypot(Math.max(box.x - p.x, 0, p.x - box.x - box.width), Math.max(box.y - p.y, 0, p.y - box.y - box.height));
}

/** The shape a finger meant, the topmost first; `reach` in the photo's pixels. */
export function shapeAt(shapes: Shape[], p: Point, size: Size, em: number, reach: number): Shape | null {
  let best: Shape | null = null, least = reach;
  for (const shape of [...shapes].reverse()) {
    const d = distance(shape, p, size, em);
    if (d < least) {
      least = d;
      best = shape;
    }
  }
  return best;
}

/** What was drawn, undone and may be done again. */
export interface History {
  past: Shape[][];
  present: Shape[];
  future: Shape[][];
}

export const begin = (present: Shape[]): History => ({ past: [], present, future: [] });
export const change = (h: History, present: Shape[]): History => ({ past: [...h.past, h.present], present, future: [] });
export const undo = (h: History): History =>
  h.past.length ? { past: h.past.slice(0, -1), present: h.past.at(-1)!, future: [h.present, ...h.future] } : h;
export const redo = (h: History): History =>
  h.future.length ? { past: [...h.past, h.present], present: h.future[0]!, future: h.future.slice(1) } : h;
