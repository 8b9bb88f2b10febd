// The car drawings as data. The SVG sheets beside this file are the drawing: views, zones, areas and lines are read
// from them, so that whoever changes a line in the sheet has changed the screen. A sheet holds paths only, each of the
// commands M, L, C, A and Z in absolute coordinates.

/** A view of the car. `interior` holds the boot too. Left and right are the car's. */
export type ViewName = "left" | "front" | "right" | "rear" | "roof" | "interior";

export const viewNames: ViewName[] = ["left", "front", "right", "rear", "roof", "interior"];

export interface Zone {
  code: string; // "left.front_door"
  area: string; // the sheet's area number ("03") where there is one, else ""
  shape: string; // class of its fill
  d: string;
}

export interface Line {
  shape: string;
  d: string;
}

export interface View {
  name: ViewName;
  width: number;
  height: number;
  under: Line[]; // below the zones: silhouette and wheel wells
  zones: Zone[];
  over: Line[]; // above the zones: spokes, folds, lettering
}

export type Drawing = Record<ViewName, View>;

const attribute = (tag: string, name: string): string => tag.match(new RegExp(`\\s${name}="([^"]*)"`))?.[1] ?? "";

/** Reads the views of one sheet. A view that is not in the sheet is not in the answer. */
export function readSheet(svg: string): Partial<Drawing> {
  const views: Partial<Drawing> = {};
  let view: View | null = null;
  for (const tag of svg.match(/<(g|path)\s[^>]*>/g) ?? []) {
    if (tag.startsWith("<g")) {
      const name = attribute(tag, "data-view") as ViewName;
      const [, , width = 0, height = 0] = attribute(tag, "data-box").split(" ").map(Number);
      view = { name, width, height, under: [], zones: [], over: [] };
      views[name] = view;
      continue;
    }
    if (!view) continue;
    const shape = attribute(tag, "class"), d = attribute(tag, "d"), code = attribute(tag, "data-zone");
    if (code) view.zones.push({ code, area: attribute(tag, "data-area"), shape, d });
    else (view.zones.length === 0 ? view.under : view.over).push({ shape, d });
  }
  return views;
}

const sheets: Record<"car" | "suv", () => Promise<{ default: string }>> = {
  car: () => import("./car.svg?raw"),
  suv: () => import("./suv.svg?raw"),
};

const loaded = new Map<string, Promise<Drawing>>();

/** The drawing of a body type, with the interior. Loaded once, and only the one that is needed. */
export function loadDrawing(body: string): Promise<Drawing> {
  const key = body === "suv" ? "suv" : "car";
  let drawing = loaded.get(key);
  if (!drawing) {
    drawing = Promise.all([sheets[key](), import("./interior.svg?raw")]).then(
      ([outside, inside]) => ({ ...readSheet(outside.default), ...readSheet(inside.default) }) as Drawing,
    );
    drawing.catch(() => loaded.delete(key));
    loaded.set(key, drawing);
  }
  return drawing;
}

/** The view on which a zone is drawn, by the first part of its code. */
export function viewOf(zone: string): ViewName {
  const first = zone.split(".")[0] ?? "";
  if (first === "top") return "roof";
  if (first === "boot") return "interior";
  return (viewNames as string[]).includes(first) ? (first as ViewName) : "interior";
}
