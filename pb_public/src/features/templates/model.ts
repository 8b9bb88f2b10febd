// The shop's checklists as their manager sees them: the revision in force of each kind, what was before it, and a new
// one. An inspection keeps the revision it was begun with, so a change never moves what was found.
import { act, newId, type Rows } from "../../db";
import { pointsOf, sectionsOf, titleOf, type Point } from "../inspect/model";
import type { Label } from "../walkaround/model";

export type Template = Rows["templates"];
export type Kind = Template["kind"];

export const kinds: Kind[] = ["walkaround", "device_check", "new_vehicle", "goods_receiving"];

/** The shop's lists of a kind, newest first; the first active one is in force. */
export function revisionsOf(rows: Template[], shop: string, kind: Kind): Template[] {
  return rows.filter((t) => t.kind === kind && t.shop === shop).sort((a, b) => b.revision - a.revision);
}

export const presentOf = (revisions: Template[]): Template | undefined => revisions.find((t) => t.active);

/** A list as it is edited: its points stand in their order, group by group. */
export interface Draft {
  kind: Kind;
  title: Label;
  groups: { code: string; label: Label }[];
  points: Point[];
  /** What else the list carries: the walk-around's damage codes and its drawing's areas. */
  codes: Record<string, unknown>;
}

/** What ships with the product, for a shop that has no list of the kind. */
export interface Shipped {
  kind: Kind;
  title: Label;
  items: Point[];
  codes: Record<string, unknown>;
}

const files = import.meta.glob<Shipped>("../../../../internal/setup/templates/*.json", { import: "default" });

export async function shippedOf(kind: Kind): Promise<Shipped> {
  const load = files[`../../../../internal/setup/templates/${kind}.json`];
  if (!load) throw new Error(`no ${kind} ships`);
  return load();
}

export function draftOf(from: Pick<Template, "kind" | "title" | "items" | "codes"> | Shipped): Draft {
  const list = from as Pick<Template, "kind" | "title" | "items" | "codes">;
  return {
    kind: list.kind, title: titleOf(list), codes: { ...(list.codes as Record<string, unknown> | null) },
    groups: sectionsOf(list).map((s) => ({ code: s.key, label: s.label })),
    points: pointsOf(list).map((p) => ({ ...p, label: { ...p.label } })),
  };
}

/** One place up or down inside its group; at its edge it stays. */
export function moved(points: Point[], code: string, by: -1 | 1): Point[] {
  const at = points.findIndex((p) => p.code === code), group = points[at]?.group;
  let other = at + by;
  while (points[other] && points[other]!.group !== group) other += by;
  if (at < 0 || !points[other]) return points;
  const next = [...points];
  [next[at], next[other]] = [next[other]!, next[at]!];
  return next;
}

/** A new point at the end of its group, with a code that no other revision has used. */
export function added(points: Point[], group: string): { points: Point[]; point: Point } {
  const point: Point = { code: `${group}.${newId()}`, group, kind: "tri", label: { zh: "", en: "" } };
  const last = points.map((p) => p.group).lastIndexOf(group);
  return { points: [...points.slice(0, last + 1), point, ...points.slice(last + 1)], point };
}

/** What keeps the draft from coming into force, as the key of a sentence; null when nothing does. */
export function missing(draft: Draft, before: Template | undefined): string | null {
  if (!draft.title.zh.trim()) return "templates.why_title";
  if (draft.points.length === 0) return "templates.why_empty";
  if (draft.points.some((p) => !p.label.zh.trim())) return "templates.why_label";
  return before && JSON.stringify(written(draft)) === JSON.stringify(written(draftOf(before))) ? "templates.why_same" : null;
}

/** The row's own fields; a text that has no English goes by the Chinese one. */
function written(draft: Draft) {
  const both = (l: Label): Label => ({ zh: l.zh.trim(), en: l.en.trim() || l.zh.trim() });
  const named = draft.kind === "walkaround" ? draft.codes : { ...draft.codes, groups: draft.groups };
  return { kind: draft.kind, title: both(draft.title), items: draft.points.map((p) => ({ ...p, label: both(p.label) })), codes: { version: 1, ...named } };
}

/**
 * Puts the draft into force as the next revision and ends the one before: what begins from now on goes by it. Two tablets
 * that do so offline at once make the same number: the server keeps the first, and the second comes back as refused.
 */
export function enact(revisions: Template[], draft: Draft): Promise<void> {
  const revision = Math.max(0, ...revisions.map((t) => t.revision)) + 1;
  return act("template.enact", (w) => {
    w.create("templates", { ...written(draft), revision, active: true });
    for (const old of revisions) if (old.active) w.patch("templates", old.id, { active: false });
  });
}
