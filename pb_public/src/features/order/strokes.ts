// Turns the strokes of a signature back into lines. A stroke is a list of points, alone or as {points}.
interface Point { x: number; y: number }

function pointsOf(stroke: unknown): Point[] {
  const list = Array.isArray(stroke) ? stroke : (stroke as { points?: unknown } | null)?.points;
  return Array.isArray(list) ? list.filter((p): p is Point => typeof p?.x === "number" && typeof p?.y === "number") : [];
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
