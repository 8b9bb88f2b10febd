// Where a zone is: its outline as polygons, the point at which its state is shown, and which zone a finger meant.
// All coordinates are those of the view's box; points handed in or out as marks are 0–1 of it.

export interface Point {
  x: number;
  y: number;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The outline of a path as one polygon a sub-path. Curves and arcs become `steps` straight pieces. */
export function outline(d: string, steps = 6): Point[][] {
  const polygons: Point[][] = [];
  let current: Point[] = [];
  let at: Point = { x: 0, y: 0 };
  for (const [, command, rest] of d.matchAll(/([MLCAZ])([^MLCAZ]*)/g)) {
    const n = (rest ?? "").trim().split(/[\s,]+/).filter(Boolean).map(Number);
    if (command === "M") {
      if (current.length > 2) polygons.push(current);
      current = [];
    }
    const size = command === "C" ? 6 : command === "A" ? 7 : 2;
    for (let i = 0; command !== "Z" && i + size <= n.length; i += size) {
      const to = { x: n[i + size - 2] as number, y: n[i + size - 1] as number };
      if (command === "C") current.push(...cubic(at, { x: n[i]!, y: n[i + 1]! }, { x: n[i + 2]!, y: n[i + 3]! }, to, steps));
      else if (command === "A") current.push(...arc(at, n[i]!, n[i + 1]!, n[i + 3] === 1, n[i + 4] === 1, to, steps));
      else current.push(to);
      at = to;
    }
  }
  if (current.length > 2) polygons.push(current);
  return polygons;
}

function cubic(a: Point, b: Point, c: Point, d: Point, steps: number): Point[] {
  const points: Point[] = [];
  for (let i = 1; i <= steps; i++) {
    const t = i / steps, s = 1 - t;
    points.push({
      x: s * s * s * a.x + 3 * s * s * t * b.x + 3 * s * t * t * c.x + t * t * t * d.x,
      y: s * s * s * a.y + 3 * s * s * t * b.y + 3 * s * t * t * c.y + t * t * t * d.y,
    });
  }
  return points;
}

// An elliptical arc without rotation (SVG implementation notes F.6.5, φ = 0).
function arc(from: Point, rx: number, ry: number, large: boolean, sweep: boolean, to: Point, steps: number): Point[] {
  const dx = (from.x - to.x) / 2, dy = (from.y - to.y) / 2;
  const reach = Math.max(1, Math.sqrt((dx / rx) ** 2 + (dy / ry) ** 2));
  const a = rx * reach, b = ry * reach;
  const rest = Math.max(0, (a * b) ** 2 - (a * dy) ** 2 - (b * dx) ** 2);
  const k = (large === sweep ? -1 : 1) * Math.sqrt(rest / ((a * dy) ** 2 + (b * dx) ** 2 || 1));
  const cx = (k * a * dy) / b, cy = (-k * b * dx) / a;
  const start = Math.atan2((dy - cy) / b, (dx - cx) / a);
  let turn = Math.atan2((-dy - cy) / b, (-dx - cx) / a) - start;
  if (sweep && turn < 0) turn += 2 * Math.PI;
  if (!sweep && turn > 0) turn -= 2 * Math.PI;
  const middle = { x: (from.x + to.x) / 2 + cx, y: (from.y + to.y) / 2 + cy };
  const points: Point[] = [];
  for (let i = 1; i <= steps * 2; i++) {
    const angle = start + (turn * i) / (steps * 2);
    points.push({ x: middle.x + a * Math.cos(angle), y: middle.y + b * Math.sin(angle) });
  }
  return points;
}

function boxOf(points: Point[]): Box {
  const xs = points.map((p) => p.x), ys = points.map((p) => p.y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/** Even-odd: a tyre is a ring, its middle is the wheel. */
export function contains(polygons: Point[][], p: Point): boolean {
  let inside = false;
  for (const polygon of polygons) {
    for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
      const a = polygon[i]!, b = polygon[j]!;
      if (a.y > p.y !== b.y > p.y && p.x < ((b.x - a.x) * (p.y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
    }
  }
  return inside;
}

/** Distance to the nearest edge. */
export function edgeDistance(polygons: Point[][], p: Point): number {
  let best = Infinity;
  for (const polygon of polygons) {
    for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) best = Math.min(best, segmentDistance(p, polygon[j]!, polygon[i]!));
  }
  return best;
}

function segmentDistance(p: Point, a: Point, b: Point): number {
  const dx = b.x - a.x, dy = b.y - a.y;
  const t = Math.max(0, Math.min(1, ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/**
 * The point well inside a zone, where its state is drawn: the one farthest from every edge, found on a grid and refined.
 * `above` are the outlines drawn over the zone (windows over the roof rail): what they cover does not count.
 */
export function anchor(polygons: Point[][], above: Point[][][] = []): Point {
  const box = boxOf(polygons.flat());
  let best: Point = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  let far = -1;
  const near = above.filter((a) => overlap(boxOf(a.flat()), box));
  const search = (around: Box, cells: number) => {
    for (let i = 0; i <= cells; i++) {
      for (let j = 0; j <= cells; j++) {
        const p = { x: around.left + ((around.right - around.left) * i) / cells, y: around.top + ((around.bottom - around.top) * j) / cells };
        if (!contains(polygons, p) || near.some((a) => contains(a, p))) continue;
        let distance = edgeDistance(polygons, p);
        for (let k = 0; k < near.length && distance > far + 0.01; k++) distance = Math.min(distance, edgeDistance(near[k]!, p));
        if (distance > far + 0.01) {
          far = distance;
          best = p;
        }
      }
    }
  };
  search(box, 16);
  const dx = (box.right - box.left) / 16, dy = (box.bottom - box.top) / 16;
  search({ left: best.x - dx, right: best.x + dx, top: best.y - dy, bottom: best.y + dy }, 6);
  return best;
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** The anchors of all zones of a view, in drawing order. Worked out once for each list. */
export function anchors(targets: Target[]): Map<string, Point> {
  let known = middles.get(targets);
  if (!known) {
    known = new Map(targets.map((z, i) => [z.code, anchor(z.polygons, targets.slice(i + 1).map((over) => over.polygons))]));
    middles.set(targets, known);
  }
  return known;
}

const middles = new WeakMap<Target[], Map<string, Point>>();
const shapes = new WeakMap<object, Target[]>();

/** The outlines of a view's zones, in drawing order. Worked out once for each view. */
export function targetsOf(view: { zones: { code: string; d: string }[] }): Target[] {
  let known = shapes.get(view);
  if (!known) {
    known = view.zones.map((z) => target(z.code, outline(z.d)));
    shapes.set(view, known);
  }
  return known;
}

export interface Target {
  code: string;
  polygons: Point[][];
  size: number; // the narrower side of its largest piece, in units of the view
}

export function target(code: string, polygons: Point[][]): Target {
  const sizes = polygons.map((polygon) => {
    const box = boxOf(polygon);
    return Math.min(box.right - box.left, box.bottom - box.top);
  });
  return { code, polygons, size: Math.max(0, ...sizes) };
}

/**
 * The zone a tap means. `finger` is 48 px in units of the view. The zone under the finger wins, unless a zone narrower
 * than the finger, and clearly smaller than that one, lies so near that a 48 px target around it would be hit; the
 * deeper the finger is inside the big zone, the nearer the small one has to be. Outside every zone the nearest within
 * one finger counts, else none. Targets come in drawing order, the topmost last.
 */
export function meant(targets: Target[], p: Point, finger: number): string | null {
  const top = [...targets].reverse().map((zone) => ({ zone, distance: edgeDistance(zone.polygons, p) }));
  const at = top.findIndex(({ zone }) => contains(zone.polygons, p));
  const under = top[at];
  let best = under?.zone.code ?? null;
  let least = finger;
  for (const other of top) {
    if (other === under) continue;
    if (under && other.zone.size > under.zone.size * 0.6) continue;
    // How deep the finger is in what can be seen of the big zone, the small one aside.
    const depth = under ? Math.min(under.distance, ...top.slice(0, at).filter((z) => z !== other).map((z) => z.distance)) : 0;
    const reach = under ? Math.min((finger - other.zone.size) / 2, depth / 2) : finger;
    if (other.distance < reach && other.distance < least) {
      least = other.distance;
      best = other.zone.code;
    }
  }
  return best;
}

/** A point of the view as 0–1 of its box, kept inside it, to a tenth of a thousandth. */
export function toMark(p: Point, width: number, height: number): Point {
  const clamp = (v: number) => Math.round(Math.max(0, Math.min(1, v)) * 10000) / 10000;
  return { x: clamp(p.x / width), y: clamp(p.y / height) };
}
