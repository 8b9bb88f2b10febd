// Reports of faults and cases of the library, each one act that works without a network (W-08).
import { act, newId, rowsOf, tables, type PreparedPhoto, type Rows } from "../../db/index.ts";
import { presentPolicy } from "../../db/policy.ts";
import { theActor } from "../../db/store.ts";
import { modelOf, repeated, type Case, type Repeated, type Report } from "./model.ts";

export interface ReportDraft {
  kind: Report["kind"];
  fault: string;
  detail: string;
  system: Report["system"];
  photos: PreparedPhoto[];
}

/** Writes a report about a job and sends it in; all of it, photos too, in one act. */
export async function sendReport(job: Rows["jobs"], model: string, draft: ReportDraft, occurrences = 0): Promise<string> {
  const id = newId();
  await act("report.send", (w) => {
    w.create("quality_reports", { visit: job.visit, work_order: job.work_order, job: job.id, vehicle_model: model, kind: draft.kind, fault: draft.fault.trim(), detail: draft.detail.trim(), system: draft.system, occurrences, state: "draft" }, id);
    for (const photo of draft.photos) w.photo(photo, { subject_collection: "quality_reports", subject_record: id, visit: job.visit, slot: "report" });
    w.patch("quality_reports", id, { state: "submitted" });
  });
  return id;
}

export async function answerReport(report: Report, answer: string): Promise<void> {
  await act("report.answer", (w) => w.patch("quality_reports", report.id, { answer: answer.trim(), state: "answered" }));
}

export async function closeReport(report: Report): Promise<void> {
  await act("report.close", (w) => w.patch("quality_reports", report.id, { state: "closed" }));
}

export type CaseDraft = Pick<Case, "vehicle_model" | "system" | "symptom" | "cause" | "remedy">;

/** Adds an instructive case to the library, or puts one right. */
export async function saveCase(draft: CaseDraft, of: { report?: string; id?: string } = {}): Promise<string> {
  const id = of.id ?? newId();
  const data = { vehicle_model: draft.vehicle_model.trim(), system: draft.system, symptom: draft.symptom.trim(), cause: draft.cause.trim(), remedy: draft.remedy.trim() };
  await act("case.save", (w) => {
    if (of.id) w.patch("fault_cases", id, data);
    else w.create("fault_cases", { ...data, active: true, ...(of.report && { report: of.report }) }, id);
  });
  return id;
}

/** The model of the car a job is on. */
export async function modelOfJob(job: Rows["jobs"]): Promise<string> {
  const visit = await tables.visits.get(job.visit);
  return modelOf(visit ? await tables.vehicles.get(visit.vehicle) : null);
}

/** Faults that came often by the shop's figures; read from the cars that came since then. */
export async function proposals(now: number): Promise<Repeated[]> {
  const policy = await presentPolicy(theActor().shop);
  const since = new Date(now - (policy.frequent_days + 60) * 86_400_000).toISOString().replace("T", " ");
  const visits = await tables.visits.where("arrived_at").above(since).toArray();
  const [jobs, vehicles, reports] = await Promise.all([rowsOf(tables.jobs, "visit", visits.map((v) => v.id)), tables.vehicles.bulkGet([...new Set(visits.map((v) => v.vehicle))]), tables.quality_reports.toArray()]);
  const carOf = new Map(vehicles.flatMap((v) => (v ? [[v.id, v] as const] : []))), visitOf = new Map(visits.map((v) => [v.id, v]));
  return repeated(jobs, (j) => modelOf(carOf.get(visitOf.get(j.visit)?.vehicle ?? "")), (j) => visitOf.get(j.visit)?.purpose ?? "", reports, policy, now);
}
