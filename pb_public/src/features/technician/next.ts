// The next legal step of a technician on a car, and why not (S-01, W-03). Which step comes next is a matter of the
// job's state; whether it is legal only the rules say, through why().
import { Refused, serverTime, tables, why } from "../../db/index.ts";
import type { OrderCase } from "../order/load.ts";
import { techniciansOf, type Job } from "../order/model.ts";
import { nextStage } from "../quality/actions.ts";
import { mayCheck } from "../quality/may.ts";
import { isLast, runningOn } from "./actions.ts";

export type Step = "receive" | "finish" | "resume" | "check_sheet" | "start" | "join" | "start_rework" | "to_quality" | "check";

export interface Next {
  step: Step;
  job: Job;
  refused: Refused | null;
}

/** The step a job waits for from this person, null when it waits for somebody else. */
function stepOf(c: OrderCase, job: Job, user: string): Step | null {
  const mine = runningOn(job, c.entries).some((e) => e.technician === user);
  switch (job.state) {
    case "in_progress":
      return mine ? "finish" : "join";
    case "paused":
      return "resume";
    case "rework":
      return "start_rework";
    case "dispatched":
      if (c.visit?.state === "inspected") return "receive";
      return job.sheet_checked_at ? "start" : "check_sheet";
    case "done":
      if (c.order.state === "in_progress" && isLast(c, job)) return "to_quality";
      return c.order.state === "qc" && mayCheck(c, nextStage(c.checks, c.entries), { id: user, roles: ["technician"] }) ? "check" : null;
    default:
      return null;
  }
}

function notMine(job: Job, user: string): Refused | null {
  return techniciansOf(job).includes(user) ? null : new Refused("dispatch.not_assigned", "technicians", { job: job.work });
}

/** The clock of this person runs on another job already, and the shop wants one at a time (W-03). */
async function elsewhere(user: string): Promise<Refused | null> {
  const policies = await tables.policies.filter((p) => p.active && p.kind === "service_lane").toArray();
  const newest = policies.sort((a, b) => b.revision - a.revision)[0];
  if ((newest?.data as { parallel_clocks?: boolean } | undefined)?.parallel_clocks) return null;
  const open = await tables.time_entries.where("technician").equals(user).filter((e) => !e.ended_at).first();
  return open ? new Refused("clock.running", "technician", { job: (await tables.jobs.get(open.job))?.work ?? "" }) : null;
}

/** What the rules say to the step, asked now. */
export async function judge(c: OrderCase, job: Job, step: Step, user: string): Promise<Refused | null> {
  switch (step) {
    case "start":
    case "start_rework":
      return why("jobs", job.id, { state: "in_progress" });
    case "resume":
      return why("jobs", job.id, { state: "in_progress", pause_reason: "", pause_note: "" });
    case "finish":
      return why("jobs", job.id, { state: "done" });
    case "receive":
      return why("visits", c.order.visit, { state: "handed_over", received_by: user, received_at: serverTime(Date.now()) });
    case "check_sheet":
      return notMine(job, user);
    case "join":
      return notMine(job, user) ?? (await elsewhere(user));
    case "to_quality":
      return why("work_orders", c.order.id, { state: "qc" });
    default:
      return null;
  }
}

const urgency: Step[] = ["finish", "start_rework", "resume", "start", "receive", "check_sheet", "join", "to_quality", "check"];

/**
 * The one step to offer: on the chosen job if it is legal there, else the most urgent legal one on the car's other
 * jobs that are this person's, else null.
 */
export async function nextStep(c: OrderCase, chosen: Job, user: string): Promise<Next | null> {
  const own = stepOf(c, chosen, user);
  if (own) {
    const refused = await judge(c, chosen, own, user);
    if (!refused) return { step: own, job: chosen, refused: null };
  }
  const others: Next[] = [];
  for (const job of c.jobs) {
    if (job.id === chosen.id || !techniciansOf(job).includes(user)) continue;
    const step = stepOf(c, job, user);
    if (step && !(await judge(c, job, step, user))) others.push({ step, job, refused: null });
  }
  others.sort((a, b) => urgency.indexOf(a.step) - urgency.indexOf(b.step));
  return others[0] ?? null;
}

/**
 * Why the chosen job itself cannot go on now: what the rules say to its step, or for a job that still waits for the
 * customer or the leader the coverage's own answer. Null when it can, or when nothing is left to do on it.
 */
export async function blocked(c: OrderCase, job: Job, user: string): Promise<Refused | null> {
  const step = stepOf(c, job, user);
  // The sheet can be read at any time, but what would hold the start anyway is worth knowing before.
  if (step === "check_sheet") return why("jobs", job.id, { state: "in_progress", sheet_checked_at: serverTime(Date.now()), sheet_checked_by: user });
  return step ? judge(c, job, step, user) : null;
}
