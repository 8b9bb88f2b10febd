// The earlier jobs a car may come back from, and whether their guarantee still stands (C-01, D-08).
import { rowsOf, tables, type Rows } from "../../db/index.ts";
import { lineStands, warrantyOf, type WarrantyLine } from "../../rules/warranty.ts";

export interface Earlier {
  job: Rows["jobs"];
  visit: Rows["visits"];
  order: Rows["work_orders"];
  line: WarrantyLine | null;
}

/** Done jobs of a vehicle's earlier visits, the newest first. */
export async function earlierJobs(vehicle: string, except = ""): Promise<Earlier[]> {
  const visits = (await tables.visits.where("vehicle").equals(vehicle).toArray()).filter((v) => v.id !== except);
  const byVisit = new Map(visits.map((v) => [v.id, v]));
  const jobs = (await rowsOf(tables.jobs, "visit", [...byVisit.keys()])).filter((j) => j.state === "passed" || j.state === "done");
  const orders = new Map((await tables.work_orders.bulkGet([...new Set(jobs.map((j) => j.work_order))])).flatMap((o) => (o ? [[o.id, o] as const] : [])));
  return jobs
    .flatMap((job) => {
      const visit = byVisit.get(job.visit), order = orders.get(job.work_order);
      return visit && order ? [{ job, visit, order, line: warrantyOf(order.warranty, job.id) }] : [];
    })
    .sort((a, b) => b.visit.arrived_at.localeCompare(a.visit.arrived_at) || (a.job.position || 0) - (b.job.position || 0));
}

export type Standing = "inside" | "day" | "km" | "none";

/** Whether the guarantee stands on a day of the shop and at an odometer, and what ended it where it does not. */
export function standingOf(line: WarrantyLine | null, day: string, km: number): Standing {
  if (!line) return "none";
  if (lineStands(line, day, km)) return "inside";
  const last = line.labour_until > line.parts_until ? line.labour_until : line.parts_until;
  return day > last ? "day" : "km";
}
