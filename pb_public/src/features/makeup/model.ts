// Make-up parts 补件 as the shop sees them: which list each stands on, how late it is, and the steps it goes. Pure.
import type { Rows } from "../../db/index.ts";
import { parseTime, stamp } from "../../ui/format.ts";
import type { StateKind } from "../../ui/names.ts";

export type Part = Rows["makeup_parts"];
export type PartClass = Part["class"];

export const classes: PartClass[] = ["double_gloss", "single_gloss", "inner", "glass", "hardware"];
export const causes: Part["cause"][] = ["missing", "damaged", "wrong", "defect", "measured", "lost", "other"];
export const open: Part["state"][] = ["requested", "gathered", "approved", "ordered", "received", "shipped"];

/** The places of the screen: what is due, what is to be gathered, reviewed, filled up again, and what is done. */
export const places = ["due", "gather", "review", "refill", "done"] as const;
export type Place = (typeof places)[number];

/** Who asks for parts, who keeps them, who reviews, who approves urgency and boxes, who takes money. */
export const askers = ["advisor", "agent", "technician", "leader", "expert", "parts", "warehouse", "supervisor", "manager"] as const;
export const keepers = ["parts", "warehouse", "manager"] as const;
export const gatherers = ["parts", "warehouse", "supervisor", "manager"] as const;
export const reviewers = ["expert", "supervisor", "manager"] as const;
export const approvers = ["supervisor", "manager"] as const;
export const collectors = ["cashier", "finance", "manager"] as const;
export const senders = ["agent", "parts", "warehouse", "manager"] as const;
export const chargers = ["agent", "supervisor", "finance", "manager"] as const;
export const endings = ["agent", "parts", "supervisor", "manager"] as const;

/** An opened box that is not full again. */
export function toRefill(p: Part): boolean {
  return p.source === "unbox" && p.arrived_at !== "" && p.refilled_at === "";
}

/** Whether a due time has passed, is within a day, or has time; "none" without one. */
export function standing(due: string, now: number): "none" | "late" | "soon" | "open" {
  const left = parseTime(due) - now;
  if (Number.isNaN(left)) return "none";
  return left <= 0 ? "late" : left < 86_400_000 ? "soon" : "open";
}

export const shapes: Record<ReturnType<typeof standing>, StateKind> = { none: "unseen", late: "bad", soon: "attention", open: "now" };

/** The last day of a due time, which is the first instant that is too late. */
export function lastDay(due: string): string {
  const at = parseTime(due);
  return Number.isNaN(at) ? "" : stamp(at - 1);
}

/** Whose the step is: "mine" by name, "role" by role while nobody took it, else "other". */
export function whose(p: Part, me: { id: string; roles: readonly string[] }): "mine" | "role" | "other" {
  if (p.owner === me.id) return "mine";
  return !p.owner && me.roles.includes(p.role) ? "role" : "other";
}

/** The first due first; what has no due time last. */
export function byDue(a: Part, b: Part): number {
  return (a.due_at || "9").localeCompare(b.due_at || "9") || a.number.localeCompare(b.number);
}

/** The parts of each list 补件清单, the list due first before the others. */
export function byList(parts: Part[]): { list: string; parts: Part[] }[] {
  const lists = new Map<string, Part[]>();
  for (const p of [...parts].sort(byDue)) lists.set(p.list_number, [...(lists.get(p.list_number) ?? []), p]);
  return [...lists].map(([list, own]) => ({ list, parts: own }));
}

export interface Step {
  state: "requested" | "gathered" | "approved" | "ordered" | "unboxed" | "received" | "shipped" | "completed";
  at: string;
  reached: "done" | "now" | "unseen";
}

/** The way of a part, with when each step was reached. What was rejected or called off ends where it stood. */
export function stepsOf(p: Part): Step[] {
  const times: [Step["state"], string][] = [
    ["requested", p.created], ["gathered", p.gathered_at], ["approved", p.approved_at],
    ...(p.source === "unbox" ? ([["unboxed", p.arrived_at]] as [Step["state"], string][]) : ([["ordered", p.ordered_at], ["received", p.arrived_at]] as [Step["state"], string][])),
    ["shipped", p.shipped_at], ["completed", p.delivered_at],
  ];
  const ended = p.state === "rejected" || p.state === "cancelled";
  const last = times.findLastIndex(([, at]) => at !== "");
  return times.map(([state, at], i) => ({ state, at, reached: at === "" ? "unseen" : i === last && !ended && p.state !== "completed" ? "now" : "done" }));
}

/** What is still to be paid before the part is sent. Fen. */
export function owedFen(p: Part): number {
  return Math.max(p.charge_fen - p.collected_fen, 0);
}
