// A signature as data (S-03): strokes of points with their time. x and y are thousandths of the pad's width, so that it
// can be drawn again at any size; time is milliseconds since 1970.

export interface StrokePoint {
  x: number;
  y: number;
  time: number;
}

export interface Stroke {
  points: StrokePoint[];
}

interface PadPoint {
  x: number;
  y: number;
  time: number;
  pressure?: number;
}

export function fromPad(groups: { points: PadPoint[] }[], width: number): Stroke[] {
  const part = (v: number): number => Math.round((v * 1000) / (width || 1));
  return groups.filter((g) => g.points.length > 0).map((g) => ({ points: g.points.map((p) => ({ x: part(p.x), y: part(p.y), time: Math.round(p.time) })) }));
}

export function toPad(strokes: Stroke[], width: number): { points: (PadPoint & { pressure: number })[] }[] {
  return strokes.map((s) => ({ points: s.points.map((p) => ({ x: (p.x * width) / 1000, y: (p.y * width) / 1000, time: p.time, pressure: 0.5 })) }));
}

/** A name is more than a dot: enough points over enough way to be a signature. */
export function isSignature(strokes: Stroke[]): boolean {
  const points = strokes.flatMap((s) => s.points);
  if (points.length < 5) return false;
  const xs = points.map((p) => p.x), ys = points.map((p) => p.y);
  return Math.max(...xs) - Math.min(...xs) + Math.max(...ys) - Math.min(...ys) >= 60;
}

export function readStrokes(text: string | null): Stroke[] {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? (value as Stroke[]).filter((s) => Array.isArray(s?.points)) : [];
  } catch {
    return [];
  }
}

/** A stroke is a list of points, alone or as {points}. */
function pointsOf(stroke: unknown): StrokePoint[] {
  const list = Array.isArray(stroke) ? stroke : (stroke as { points?: unknown } | null)?.points;
  return Array.isArray(list) ? list.filter((p): p is StrokePoint => typeof p?.x === "number" && typeof p?.y === "number") : [];
}

/** SVG paths and the box around them; null when there is nothing to draw (a phone consent, an erased signature). */
export function strokePaths(strokes: unknown): { paths: string[]; box: string } | null {
  const lines = Array.isArray(strokes) ? strokes.map(pointsOf).filter((l) => l.length > 0) : [];
  const all = lines.flat();
  if (all.length === 0) return null;
  const xs = all.map((p) => p.x), ys = all.map((p) => p.y);
  const left = Math.min(...xs), top = Math.min(...ys), width = Math.max(...xs) - left, height = Math.max(...ys) - top;
  const edge = Math.max(width, height, 1) * 0.05;
  return {
    paths: lines.map((l) => l.map((p, i) => `${i ? "L" : "M"}${p.x} ${p.y}`).join(" ") + (l.length === 1 ? ` l0.01 0` : "")),
    box: `${left - edge} ${top - edge} ${width + 2 * edge} ${height + 2 * edge}`,
  };
}
