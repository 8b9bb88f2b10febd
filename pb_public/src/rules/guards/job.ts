// Guards of dispatch, work, clocks and prices; the reasons stand in internal/flow/guards_job.go.
import type { Entry, Facts, Job } from "../facts.ts";
import { instant, meet, skewMs, stretchBooked, stretchCounted } from "../clock.ts";
import { inRange, limitFen, partsFen, yuan } from "../price.ts";
import { Refused } from "../refused.ts";
import { blank, jobNamed, orderEntries, text } from "./common.ts";

export function techniciansNamed(f: Facts): Refused | null {
  const named = f.job?.technicians ?? [];
  if (named.length === 0) return new Refused("dispatch.no_technician", "technicians");
  const other = named.find((id) => !f.people?.some((p) => p.id === id && p.roles?.includes("technician")));
  if (other === undefined) return null;
  const name = f.people?.find((p) => p.id === other)?.name || other;
  return new Refused("dispatch.not_technician", "technicians", { name });
}

export function skillSufficient(f: Facts): Refused | null {
  const j = f.job;
  if (!j) return null;
  const best = Math.max(0, ...(f.people ?? []).filter((p) => j.technicians?.includes(p.id)).map((p) => p.skill));
  return best < j.skill ? new Refused("dispatch.skill", "technicians", { job: j.work, need: j.skill, best }) : null;
}

export function assigned(f: Facts): Refused | null {
  return f.job?.technicians?.includes(f.actor.id) ? null : notAssigned(f);
}

function notAssigned(f: Facts): Refused {
  return new Refused("dispatch.not_assigned", "", { job: f.job?.work ?? "" });
}

export function entryAssigned(f: Facts): Refused | null {
  const technician = text(f.after, "technician");
  if (!f.job?.technicians?.includes(technician)) return notAssigned(f).on("technician");
  return technician === f.actor.id ? null : new Refused("clock.not_own", "technician");
}

export function sheetChecked(f: Facts): Refused | null {
  return f.job?.sheet_checked_at ? null : new Refused("job.sheet_unchecked", "sheet_checked_at");
}

export function clockFree(f: Facts): Refused | null {
  if (f.policy?.parallel_clocks) return null;
  const running = f.entries?.find((e) => e.technician === f.actor.id && e.ended_at === "" && e.job !== f.job?.id);
  return running ? clockRunning(f, running) : null;
}

export function entryClockFree(f: Facts): Refused | null {
  const technician = text(f.after, "technician");
  const stretch = stretchBooked(text(f.after, "started_at"), text(f.after, "ended_at"), f.now);
  const inTheWay = (f.entries ?? []).filter(
    (e) =>
      e.technician === technician && e.id !== text(f.after, "id") &&
      (!f.policy?.parallel_clocks || e.job === text(f.after, "job")) && meet(stretch, stretchCounted(e.started_at, e.ended_at, e.minutes ?? 0)),
  );
  const running = inTheWay.find((e) => e.ended_at === "");
  if (running) return clockRunning(f, running).on("technician");
  const ended = inTheWay[0];
  return ended ? new Refused("clock.overlap", "started_at", { job: workOf(f, ended) }) : null;
}

function clockRunning(f: Facts, e: Entry): Refused {
  return new Refused("clock.running", "", { job: workOf(f, e) });
}

function workOf(f: Facts, e: Entry): string {
  return jobNamed(f, e.job)?.work ?? e.job_work ?? "";
}

export function entryAfterSign(f: Facts): Refused | null {
  const started = instant(text(f.after, "started_at"));
  if (!f.job || Number.isNaN(started)) return null;
  const { id, work } = f.job;
  const approvals = (f.consents ?? []).filter((c) => c.jobs?.some((line) => line.id === id && line.decision === "approved"));
  const first = Math.min(...approvals.flatMap((c) => [instant(c.signed_at ?? ""), instant(c.recorded_at ?? "")]).filter((t) => !Number.isNaN(t)));
  return Number.isFinite(first) && started < first - skewMs ? new Refused("clock.before_signature", "started_at", { job: work }) : null;
}

export function entryJobRunning(f: Facts): Refused | null {
  return f.job?.state === "in_progress" ? null : new Refused("clock.job_not_running", "job");
}

export function pauseReason(f: Facts): Refused | null {
  return f.job?.pause_reason ? null : new Refused("job.pause_unexplained", "pause_reason");
}

export function noWorkDone(f: Facts): Refused | null {
  const j = f.job;
  if (f.entity === "job" && j) return f.entries?.some((e) => e.job === j.id) ? new Refused("job.work_done", "", { job: j.work }) : null;
  return orderEntries(f).length > 0 ? new Refused("order.work_done") : null;
}

export function priceInRange(f: Facts): Refused | null {
  const j = f.job;
  if (!j || j.payer !== "customer") return null;
  const parts = partsFen(j.parts ?? []);
  if (!inRange(j.labour_fen, j.actual_labour_fen, j.labour_range_percent)) {
    return beyond("price.labour_beyond", "actual_labour_fen", j, j.actual_labour_fen, limitFen(j.labour_fen, j.labour_range_percent));
  }
  if (!inRange(parts, j.actual_parts_fen, j.parts_range_percent)) {
    return beyond("price.parts_beyond", "actual_parts_fen", j, j.actual_parts_fen, limitFen(parts, j.parts_range_percent));
  }
  return null;
}

function beyond(code: string, field: string, j: Job, actual: number, limit: number): Refused {
  return new Refused(code, field, { job: j.work, actual: yuan(actual), limit: yuan(limit) });
}

export function reworkNamed(f: Facts): Refused | null {
  return blank(f.job?.rework_cause ?? "") ? new Refused("job.rework_unexplained", "rework_cause") : null;
}
