// Where a car stands on the workshop's board, how its promised time looks, and how much of the planned time is used
// (W-05, W-06). Pure: the instant is an argument.
import { cover } from "../order/coverage.ts";
import { shippedPolicy } from "../../rules/figures.ts";
import type { OrderCase } from "../order/load.ts";
import { isActive, ms, workedMinutes, type Job } from "../order/model.ts";

export type Stage = "sign" | "dispatch" | "work" | "wait" | "quality" | "ready";
export const stages: Stage[] = ["sign", "dispatch", "work", "wait", "quality", "ready"];

/** Part of the planned time after which the board asks for a progress check (W-06): by the figures the visit began with. */
export function progressShare(c: Pick<OrderCase, "policy">): number {
  return (c.policy ?? shippedPolicy).progress_check_percent / 100;
}

/** Minutes before the promised time from which a car counts as about to be late. */
export const marginMinutes = 30;

/** The column of an order, null when it is not the workshop's (draft without jobs, closed). */
export function stageOf(c: OrderCase): Stage | null {
  const jobs = c.jobs.filter(isActive);
  switch (c.order.state) {
    case "draft":
    case "presented":
      return jobs.length ? "sign" : null;
    case "authorised":
      return jobs.some((j) => j.state === "approved" || j.state === "dispatched") ? "dispatch" : "sign";
    case "in_progress":
      return working(jobs);
    case "qc":
      return "quality";
    case "ready":
      return "ready";
    default:
      return null;
  }
}

function working(jobs: Job[]): Stage {
  if (jobs.some((j) => j.state === "in_progress" || j.state === "rework")) return "work";
  if (jobs.some((j) => j.state === "paused")) return "wait";
  if (jobs.some((j) => j.state === "approved" || j.state === "dispatched")) return "dispatch";
  if (jobs.some((j) => j.state === "proposed")) return "wait";
  return "work";
}

/** Why a waiting car waits: for the customer's signature, or the pause's own reason. */
export function waitingFor(c: OrderCase): "signature" | Exclude<Job["pause_reason"], ""> {
  const paused = c.jobs.find((j) => j.state === "paused");
  if (paused?.pause_reason && paused.pause_reason !== "customer") return paused.pause_reason;
  if (unsigned(c).length) return "signature";
  return paused?.pause_reason || "other";
}

/** Jobs that wait for the customer's word. */
export function unsigned(c: OrderCase): Job[] {
  return c.jobs.filter((j) => isActive(j) && j.state !== "passed" && cover(j, c.consents).state !== "covered");
}

export type Lateness = "late" | "soon" | "waiting" | "on_time" | "open";

/** Planned minutes that are left on unfinished jobs; never below zero for one job. */
export function remainingMinutes(c: OrderCase, now: number): number {
  return c.jobs.filter((j) => isActive(j) && j.state !== "done" && j.state !== "passed")
    .reduce((sum, j) => sum + Math.max(0, (j.labour_minutes || 0) - workedMinutes(j.id, c.entries, now)), 0);
}

/** How the promised time looks now: late, about to be late, held, in time, or never agreed. */
export function lateness(c: OrderCase, stage: Stage, now: number): Lateness {
  if (stage === "ready") return "on_time";
  const promised = ms(c.order.promised_at);
  if (Number.isNaN(promised)) return "open";
  const left = (promised - now) / 60_000;
  if (left < 0) return "late";
  if (stage === "wait") return "waiting";
  return left < Math.max(marginMinutes, stage === "quality" ? 0 : remainingMinutes(c, now) + marginMinutes) ? "soon" : "on_time";
}

/** Share of the planned time used on the jobs under way, 0 when nothing runs or nothing is planned. */
export function usedShare(c: OrderCase, now: number): number {
  const running = c.jobs.filter((j) => j.state === "in_progress" && j.labour_minutes > 0);
  const planned = running.reduce((sum, j) => sum + j.labour_minutes, 0);
  return planned ? running.reduce((sum, j) => sum + workedMinutes(j.id, c.entries, now), 0) / planned : 0;
}

/** Promised time first, cars without one last. */
export function byPromise(a: OrderCase, b: OrderCase): number {
  const x = ms(a.order.promised_at), y = ms(b.order.promised_at);
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a.order.id.localeCompare(b.order.id);
  return x - y || a.order.id.localeCompare(b.order.id);
}

export interface Column {
  stage: Stage;
  cases: OrderCase[];
}

export function columnsOf(cases: OrderCase[]): Column[] {
  const columns = new Map<Stage, OrderCase[]>(stages.map((s) => [s, []]));
  for (const c of cases) {
    const stage = stageOf(c);
    if (stage) columns.get(stage)!.push(c);
  }
  return stages.map((stage) => ({ stage, cases: columns.get(stage)!.sort(byPromise) }));
}

/** What a card's content depends on: when it changes, the card glows once. */
export function signature(c: OrderCase, stage: Stage): string {
  return [stage, c.order.version, c.order.bay, c.order.promised_at, ...c.jobs.map((j) => `${j.id}:${j.state}:${(j.technicians ?? []).join()}`), c.checks.length].join("|");
}
