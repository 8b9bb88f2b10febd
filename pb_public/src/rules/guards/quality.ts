// Guards of the three-stage check; the reasons stand in internal/flow/guards_quality.go.
import type { Check, Facts, Values } from "../facts.ts";
import { Refused } from "../refused.ts";
import { blank, given, holds, jobNamed, orderEntries, roleWords, text } from "./common.ts";
import { jobsFinished } from "./order.ts";

/** The stages in their order: 自检, 班组长, 质检员/技术总监. */
export const stages = ["self", "leader", "final"] as const;

/** The codes every check answers. */
export const checkItems = ["jobs_done", "fasteners", "nothing_left_inside", "road_test", "outside_compared", "papers"] as const;

/** The round a check made now belongs to, and the checks already in it. */
export function round(f: Facts): { number: number; checks: Check[] } {
  const all = f.checks ?? [];
  const last = Math.max(1, ...all.map((c) => c.round));
  const checks = all.filter((c) => c.round === last);
  const closed = checks.some((c) => c.result === "fail" || workedSince(f, c.recorded_at ?? ""));
  return closed ? { number: last + 1, checks: [] } : { number: last, checks };
}

function workedSince(f: Facts, at: string): boolean {
  return at !== "" && (orderEntries(f).some((e) => (e.recorded_at ?? "") > at) || (f.jobs ?? []).some((j) => (j.reworked_at ?? "") > at));
}

function passed(checks: Check[], stage: string): boolean {
  return checks.some((c) => c.stage === stage && c.result === "pass");
}

export function qualityPassed(f: Facts): Refused | null {
  const { checks } = round(f);
  const missing = stages.filter((s) => !passed(checks, s)).map((s) => `stage.${s}`);
  return missing.length === 0 ? null : new Refused("quality.incomplete", "", { stages: missing });
}

export function checkJobsFinished(f: Facts): Refused | null {
  if (f.order?.state !== "qc") return new Refused("quality.order_not_in_check", "work_order", { state: [`work_order.${f.order?.state ?? "unknown"}`] });
  return jobsFinished(f)?.on("work_order") ?? null;
}

const stageRoles: Record<string, string[]> = { self: ["technician"], leader: ["leader"], final: ["inspector", "expert"] };

export function checkStageRole(f: Facts): Refused | null {
  const stage = text(f.after, "stage");
  const roles = stageRoles[stage] ?? [];
  if (f.actor.roles.includes("superuser") || !holds(roles, f.actor)) return new Refused("quality.stage_role", "stage", { stage: [`stage.${stage}`], roles: roleWords(roles) });
  if (stage === "self" && !orderEntries(f).some((e) => e.technician === f.actor.id)) return new Refused("quality.not_own_work", "stage");
  return null;
}

export function checkStageOrder(f: Facts): Refused | null {
  const stage = text(f.after, "stage");
  const { checks } = round(f);
  for (const s of stages) {
    if (s === stage) break;
    if (!passed(checks, s)) return new Refused("quality.stage_order", "stage", { stage: [`stage.${stage}`], before: [`stage.${s}`] });
  }
  return passed(checks, stage) ? new Refused("quality.stage_done", "stage", { stage: [`stage.${stage}`] }) : null;
}

export function checkDifferentPeople(f: Facts): Refused | null {
  if (!f.policy?.three_people) return null;
  const own = round(f).checks.find((c) => c.checker === f.actor.id);
  return own ? new Refused("quality.same_person", "stage", { stage: [`stage.${own.stage}`] }) : null;
}

export function checkItemsAnswered(f: Facts): Refused | null {
  if (text(f.after, "result") !== "pass") return null;
  const items: unknown[] = Array.isArray(f.after?.items) ? f.after.items : [];
  const answers = (items as (Values | null)[]).filter((i) => typeof i?.ok === "boolean");
  const failed = (code: string) => answers.some((i) => i?.code === code && i.ok === false);
  const missing = checkItems.filter((code) => !answers.some((i) => i?.code === code));
  if (missing.length > 0) return new Refused("quality.items_unanswered", "items", { items: missing.map((c) => `check.${c}`) });
  const bad = checkItems.filter(failed);
  return bad.length > 0 ? new Refused("quality.items_failed", "items", { items: bad.map((c) => `check.${c}`) }) : null;
}

export function checkFailureNamed(f: Facts): Refused | null {
  if (text(f.after, "result") !== "fail") return null;
  if (blank(text(f.after, "cause"))) return new Refused("quality.cause_missing", "cause");
  const failed: unknown[] = Array.isArray(f.after?.failed_jobs) ? f.after.failed_jobs : [];
  const ids = failed.filter((id) => typeof id === "string");
  if (ids.length === 0) return new Refused("quality.failed_jobs_missing", "failed_jobs");
  return ids.some((id) => !jobNamed(f, id)) ? new Refused("quality.failed_job_elsewhere", "failed_jobs") : null;
}

/** A passed order says what the customer is advised and warned of, or that there is nothing to say. */
export function adviceConsidered(f: Facts): Refused | null {
  const said = !blank(text(f.after, "advice")) || !blank(text(f.after, "cautions")) || given(f.after?.advice_none);
  return said ? null : new Refused("quality.advice_unconsidered", "advice");
}
