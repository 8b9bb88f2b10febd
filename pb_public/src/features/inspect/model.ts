// Inspections outside a reception (R-15): the device check, the delivery check of a new vehicle, the check of goods received.
// Pure: rows in, answers out. The walk-around has screens of its own (features/walkaround).
import type { Rows } from "../../db";
import { holds } from "../../rules/guards/common";
import { checklistOf } from "../../rules/guards/inspection";
import { newest, type Label } from "../walkaround/model";

export type Inspection = Rows["inspections"];
export type Template = Rows["templates"];
export type Finding = Rows["findings"];
export type Result = Finding["result"];
export type Kind = Template["kind"];

/** The kinds that are begun from a file; a walk-around begins with its reception. */
export const kinds = ["device_check", "new_vehicle", "goods_receiving"] as const satisfies readonly Kind[];

/** One point of a checklist. An optional one may stay unanswered. */
export interface Point {
  code: string;
  group: string;
  kind: string;
  optional?: boolean;
  label: Label;
}

/** The points that are looked at in one place, in the order of walking. */
export interface Section {
  key: string;
  label: Label;
  points: Point[];
}

export function pointsOf(template: Pick<Template, "items"> | null | undefined): Point[] {
  return Array.isArray(template?.items) ? (template.items as Point[]) : [];
}

export function titleOf(template: Pick<Template, "title"> | null | undefined): Label {
  const title = template?.title as Partial<Label> | null | undefined;
  return { zh: title?.zh ?? title?.en ?? "", en: title?.en ?? title?.zh ?? "" };
}

/** What the template calls its groups; one without a name goes by its key. */
export function sectionsOf(template: Pick<Template, "items" | "codes"> | null | undefined): Section[] {
  const named = ((template?.codes as { groups?: { code: string; label: Label }[] } | null)?.groups ?? []);
  const sections: Section[] = [];
  for (const point of pointsOf(template)) {
    let section = sections.find((s) => s.key === point.group);
    if (!section) sections.push((section = { key: point.group, label: named.find((g) => g.code === point.group)?.label ?? { zh: point.group, en: point.group }, points: [] }));
    section.points.push(point);
  }
  return sections;
}

export type Found = ReadonlyMap<string, Finding>;

/** The newest answer to each point. */
export const foundOf = (findings: Finding[]): Found => newest(findings);

/** Points that must be answered and are not. */
export function open(points: Point[], found: Found): Point[] {
  return points.filter((p) => !p.optional && !found.has(p.code));
}

/** Points that are not in order, in the order of the list. */
export function wrong(points: Point[], found: Found): { point: Point; finding: Finding }[] {
  return points.flatMap((point) => {
    const finding = found.get(point.code);
    return finding && (finding.result === "bad" || finding.result === "attention") ? [{ point, finding }] : [];
  });
}

/** What an inspection is of. */
export type Subject = { vehicle: string } | { asset: string };

/** The kinds that a person of these roles may begin on such a file, of those the shop has a list for. */
export function offered(subject: "vehicle" | "asset", roles: readonly string[], templates: Pick<Template, "kind" | "active">[]): Kind[] {
  const actor = { id: "", name: "", roles: [...roles], skill: 0 };
  return kinds.filter((kind) => checklistOf(kind).subjects.includes(subject) && holds(checklistOf(kind).roles, actor) && templates.some((t) => t.kind === kind && t.active));
}

/** The list in force: the active one of the highest revision. */
export function inForce<T extends Pick<Template, "kind" | "active" | "revision">>(templates: T[], kind: Kind): T | undefined {
  return templates.filter((t) => t.kind === kind && t.active).sort((a, b) => b.revision - a.revision)[0];
}

/** What a finding is called where it is proposed to the customer: the point, and what was noted. */
export function proposal(point: Point, finding: Finding, lang: keyof Label): string {
  const note = finding.note.trim();
  return `${point.label[lang]}${note ? `${lang === "zh" ? "：" : ": "}${note}` : ""}`.slice(0, 400);
}
