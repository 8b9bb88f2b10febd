// The shop's policy as its manager sees it: the figures in force, what was changed when, and a new revision. A running
// visit keeps the revision it began with, so a change never moves a price that was agreed.
import { act, type Rows } from "../../db";
import { figures, shippedPolicy, type Figure } from "../../rules/figures";
import type { Policy } from "../../rules/facts";

type PolicyRow = Rows["policies"];

export type Figures = Record<keyof Policy, number | boolean>;

export interface Revision {
  id: string;
  revision: number;
  at: string;
  by: string;
  /** In force now: the active one of the highest revision. */
  present: boolean;
  /** What it changed against the one before, in the order of the figures. */
  changes: Change[];
}

export interface Change {
  figure: Figure;
  from: number | boolean;
  to: number | boolean;
}

/** The shop's service lane policies, newest first, each with what it changed. */
export function revisionsOf(rows: PolicyRow[], shop: string): Revision[] {
  const own = rows.filter((p) => p.kind === "service_lane" && p.shop === shop).sort((a, b) => a.revision - b.revision);
  const present = [...own].reverse().find((p) => p.active)?.id;
  return own
    .map((row, i) => ({
      id: row.id, revision: row.revision, at: row.created, by: row.created_by, present: row.id === present,
      changes: i === 0 ? [] : difference(figuresOf(own[i - 1]), figuresOf(row)),
    }))
    .reverse();
}

/** All figures of a policy; what it leaves out, and a shop without any, has the shipped ones. */
export function figuresOf(row: PolicyRow | undefined): Figures {
  return { ...shippedPolicy, ...(row?.data as Partial<Figures> | undefined) } as Figures;
}

/** A time of day as people write it, "21:00", from minutes after midnight; the day's end is "00:00". */
export function clockOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60) % 24).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** The same back; null when it is none. Midnight is the day's end where the day's beginning may not be chosen. */
export function minutesOf(clock: string, figure: Pick<Figure, "min">): number | null {
  const [hours, minutes] = clock.split(":").map(Number);
  if (!clock || hours === undefined || minutes === undefined || Number.isNaN(hours + minutes)) return null;
  const all = hours * 60 + minutes;
  return all === 0 && (figure.min ?? 0) > 0 ? 1440 : all;
}

/** The weekdays with this one in or out: digits from 1, Monday, to 7, Sunday. The last one stays. */
export function withDay(days: number, day: number): number {
  const left = [..."1234567"].filter((d) => String(days).includes(d) !== (d === String(day))).join("");
  return left ? Number(left) : days;
}

export function difference(from: Figures, to: Figures): Change[] {
  return figures.filter((f) => from[f.key] !== to[f.key]).map((figure) => ({ figure, from: from[figure.key], to: to[figure.key] }));
}

/**
 * Puts the figures into force as the shop's next revision. Two tablets that do so offline at once make the same number:
 * the server keeps the first, and the second comes back to its manager as refused.
 */
export function enact(rows: PolicyRow[], shop: string, next: Figures): Promise<void> {
  const revision = Math.max(0, ...rows.filter((p) => p.kind === "service_lane" && p.shop === shop).map((p) => p.revision)) + 1;
  return act("policy.enact", (w) => {
    w.create("policies", { kind: "service_lane", revision, data: next, active: true });
  });
}
