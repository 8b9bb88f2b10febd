// What each technician did in a stretch of days: jobs, hours sold against hours worked, and how often the checks sent a job of theirs
// back to work, or the car came back for it (W-03, Q-03, C-02). Read from this tablet's own store.
import { rowsOf, tables } from "../../db/index.ts";
import { techniciansOf, type Job, type TimeEntry } from "../order/model.ts";

export interface Performance {
  technician: string;
  /** Jobs that are done, wholly or with others. */
  jobs: number;
  /** Minutes planned for them, in equal parts where several worked on one. */
  planned: number;
  /** Minutes of the own clock, as the server counts them. */
  worked: number;
  /** How often a check sent one of them back 返工. */
  reworks: number;
  /** Of them, mended again because of the work done 返修. */
  comebacks: number;
}

const done = ["done", "passed"];

/** Per technician, who did most first. `again` are the jobs that mend earlier ones. Pure. */
export function performanceOf(jobs: readonly Job[], entries: readonly TimeEntry[], again: readonly Pick<Job, "comeback_of" | "comeback_cause">[]): Performance[] {
  const of = new Map<string, Performance>();
  const at = (technician: string): Performance => of.get(technician) ?? of.set(technician, { technician, jobs: 0, planned: 0, worked: 0, reworks: 0, comebacks: 0 }).get(technician)!;
  const failed = again.filter((j) => j.comeback_cause === "workmanship").map((j) => j.comeback_of);
  for (const job of jobs) {
    const hands = techniciansOf(job);
    for (const hand of hands) {
      const p = at(hand);
      if (done.includes(job.state)) {
        p.jobs++;
        p.planned += (job.labour_minutes || 0) / hands.length;
      }
      p.reworks += job.rework_count || 0;
      p.comebacks += failed.filter((id) => id === job.id).length;
    }
  }
  for (const entry of entries) at(entry.technician).worked += entry.minutes || 0;
  return [...of.values()].map((p) => ({ ...p, planned: Math.round(p.planned) })).sort((a, b) => b.jobs - a.jobs || a.technician.localeCompare(b.technician));
}

/** Of the visits that began from one stored instant up to another. */
export async function loadPerformance(from: string, to: string): Promise<Performance[]> {
  const visits = await tables.visits.where("arrived_at").between(from, to, true, false).primaryKeys();
  const jobs = (await rowsOf(tables.jobs, "visit", visits)).filter((j) => techniciansOf(j).length > 0);
  const later = await tables.visits.where("arrived_at").aboveOrEqual(from).primaryKeys();
  const [entries, mended] = await Promise.all([rowsOf(tables.time_entries, "job", jobs.map((j) => j.id)), rowsOf(tables.jobs, "visit", later)]);
  return performanceOf(jobs, entries, mended.filter((j) => j.comeback_of));
}
