// Guards of the order; the reasons stand in internal/flow/guards_order.go.
import type { Facts, Job } from "../facts.ts";
import { Refused } from "../refused.ts";
import { uncovered } from "./consent.ts";
import { owed } from "./settlement.ts";

/** The jobs that somebody will do or did. */
export function standing(f: Facts): Job[] {
  return (f.jobs ?? []).filter((j) => j.state !== "declined" && j.state !== "cancelled");
}

export function orderHasJobs(f: Facts): Refused | null {
  return standing(f).length > 0 ? null : new Refused("order.no_jobs");
}

export function jobsDropped(f: Facts): Refused | null {
  const left = standing(f).filter((j) => !owed(j, "declined"));
  return left.length === 0 ? null : new Refused("order.jobs_standing", "", { count: left.length, job: left[0]!.work });
}

export function jobsPriced(f: Facts): Refused | null {
  const open = standing(f).find((j) => j.payer === "customer" && j.priced_at === "");
  return open ? new Refused("order.unpriced", "", { job: open.work }) : null;
}

export function faultsDiagnosed(f: Facts): Refused | null {
  const open = f.concerns?.find((c) => c.is_fault && (c.expert === "" || c.expert_at === ""));
  return open ? new Refused("order.fault_undiagnosed", "", { words: open.words }) : null;
}

const unsaid = (j: Job): boolean => !j.not_guaranteed && (j.parts ?? []).some((p) => p.origin === "customer");

export function guaranteeSaid(f: Facts): Refused | null {
  const open = standing(f).find(unsaid);
  return open ? new Refused("order.guarantee_unsaid", "", { job: open.work }) : null;
}

export function guaranteeAcknowledged(f: Facts): Refused | null {
  if (!f.job) return null;
  if (unsaid(f.job)) return new Refused("order.guarantee_unsaid", "not_guaranteed", { job: f.job.work });
  return f.job.not_guaranteed && !f.job.not_guaranteed_acknowledged_at ? new Refused("order.guarantee_unacknowledged", "not_guaranteed_acknowledged_at", { job: f.job.work }) : null;
}

export function someJobCovered(f: Facts): Refused | null {
  return standing(f).some((j) => !uncovered(j, f.consents ?? [])) ? null : new Refused("order.nothing_covered");
}

const unfinished = ["proposed", "approved", "dispatched", "in_progress", "paused", "rework"];

export function jobsFinished(f: Facts): Refused | null {
  const jobs = f.jobs ?? [];
  const open = jobs.filter((j) => unfinished.includes(j.state));
  const [first] = open;
  if (first) return new Refused("order.jobs_unfinished", "", { count: open.length, job: first.work, state: [`job.${first.state}`] });
  return jobs.some((j) => j.state === "done" || j.state === "passed") ? null : new Refused("order.nothing_done");
}

export function jobsPassed(f: Facts): Refused | null {
  const open = (f.jobs ?? []).find((j) => j.state === "done");
  return open ? new Refused("order.jobs_unpassed", "", { job: open.work }) : null;
}

const closed = ["ready", "settled", "released", "declined", "cancelled"];

export function orderOpen(f: Facts): Refused | null {
  if (f.visit && ["released", "left"].includes(f.visit.state)) return new Refused("visit.closed", "visit", { state: [`visit.${f.visit.state}`] });
  if (!f.order) return new Refused("order.unknown", "work_order");
  if (closed.includes(f.order.state)) {
    return new Refused("order.closed", "work_order", { state: [`work_order.${f.order.state}`] });
  }
  return null;
}
