// The three checks of a finished order (Q-01 … Q-04). A check is a record that is never edited; what follows from it
// (passed jobs, ready order and visit, or rework) lands in the same act, in the order in which the guards read it.
import { act, serverTime } from "../../db/index.ts";
import type { Job as RuleJob } from "../../rules/facts.ts";
import { checkItems, round, stages } from "../../rules/guards/quality.ts";
import type { OrderCase } from "../order/load.ts";
import type { Job, QualityCheck, TimeEntry } from "../order/model.ts";

export const checkStages = stages;
export type CheckStage = (typeof stages)[number];

export { checkItems };
export type CheckItem = (typeof checkItems)[number];
/** "not_needed" passes too, with its reason as the note (no road test was asked for). */
export type Answer = "pass" | "fail" | "not_needed";

/** One answer as the record holds it. */
export interface ItemAnswer {
  code: CheckItem;
  ok: boolean;
  note: string;
}

export function itemsOfCheck(check: QualityCheck): ItemAnswer[] {
  return Array.isArray(check.items) ? (check.items as ItemAnswer[]) : [];
}

/** Roles that make a stage's check: 自检, 班组长, 质检员/技术总监. */
export const stageRoles: Record<CheckStage, string[]> = {
  self: ["technician"],
  leader: ["leader"],
  final: ["inspector", "expert"],
};

export interface CheckDraft {
  stage: CheckStage;
  answers: Partial<Record<CheckItem, Answer>>;
  notes: Partial<Record<CheckItem, string>>;
  note: string;
  cause: string;
  failedJobs: string[];
}

/** The round under way and its checks, by the rules' own count: a failure closes a round, and so does work booked after
 *  its first check (Q-03). */
function roundNow(checks: QualityCheck[], entries: TimeEntry[]): { number: number; checks: QualityCheck[] } {
  const recorded = (row: { version: number; created: string }): string => (row.version > 0 ? row.created : "");
  const found = round({
    entity: "quality_check", now: "", actor: { id: "", roles: [] },
    jobs: [...new Set(entries.map((e) => e.job))].map((id) => ({ id }) as RuleJob),
    entries: entries.map((e) => ({ ...e, recorded_at: recorded(e) })),
    checks: checks.map((k) => ({ ...k, recorded_at: recorded(k) })),
  });
  return { number: found.number, checks: checks.filter((k) => found.checks.some((x) => (x as { id?: string }).id === k.id)) };
}

/** Number of the round a check made now belongs to, from 1. */
export function roundNumber(checks: QualityCheck[], entries: TimeEntry[]): number {
  return roundNow(checks, entries).number;
}

/** The checks of the round under way, by stage. */
export function currentChecks(checks: QualityCheck[], entries: TimeEntry[]): Map<CheckStage, QualityCheck> {
  return new Map(roundNow(checks, entries).checks.map((k) => [k.stage, k]));
}

/** The next stage to be made, null when all three stand. */
export function nextStage(checks: QualityCheck[], entries: TimeEntry[]): CheckStage | null {
  const made = currentChecks(checks, entries);
  return checkStages.find((s) => !made.has(s)) ?? null;
}

function row(c: OrderCase, d: CheckDraft, result: "pass" | "fail"): Partial<QualityCheck> {
  return {
    visit: c.order.visit, work_order: c.order.id, stage: d.stage, result,
    items: checkItems.filter((code) => d.answers[code]).map((code): ItemAnswer => ({ code, ok: d.answers[code] !== "fail", note: d.notes[code]?.trim() ?? "" })),
    failed_jobs: result === "fail" ? d.failedJobs : [], cause: result === "fail" ? d.cause.trim() : "",
    note: d.note.trim(), checked_at: serverTime(Date.now()),
  };
}

const finished = (j: Job) => j.state === "done";

/** What the customer is told with the passed order; `none` says that there is nothing to tell. */
export interface Advice {
  advice: string;
  cautions: string;
  none: boolean;
}

/** A phrase on a line of its own, added once and taken out again by the second tap. */
export function toggled(text: string, phrase: string): string {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  return (lines.includes(phrase) ? lines.filter((line) => line !== phrase) : [...lines, phrase]).join("\n");
}

/** Passes a stage. The final one passes the jobs and makes order and car ready, all at once. */
export async function passCheck(c: OrderCase, d: CheckDraft, told: Advice): Promise<void> {
  await act("quality.pass", (w) => {
    w.create("quality_checks", row(c, d, "pass"));
    if (d.stage !== "final") return;
    for (const job of c.jobs) if (finished(job)) w.patch("jobs", job.id, { state: "passed" });
    w.patch("work_orders", c.order.id, { state: "ready", advice: told.advice.trim(), cautions: told.cautions.trim(), advice_none: told.none });
    if (c.visit?.state === "working") w.patch("visits", c.visit.id, { state: "ready" });
  });
}

/** fails a stage with its cause; the named jobs go to rework and the order back to work. */
export async function failCheck(c: OrderCase, d: CheckDraft): Promise<void> {
  await act("quality.fail", (w) => {
    w.create("quality_checks", row(c, d, "fail"));
    for (const id of d.failedJobs) w.patch("jobs", id, { state: "rework", rework_cause: d.cause.trim() });
    w.patch("work_orders", c.order.id, { state: "in_progress" });
  });
}
