// What the order's screens speak of: typed views of the JSON fields, and the small questions every screen asks of
// a job. Pure: reads no clock, no store.
import type { ConsentedJob, Part, Rows } from "../../db/index.ts";
import type { JobContent } from "../../rules/consent.ts";

export type { ConsentedJob, Part };

export type Order = Rows["work_orders"];
export type Job = Rows["jobs"];
export type Visit = Rows["visits"];
export type Vehicle = Rows["vehicles"];
export type Customer = Rows["customers"];
export type Consent = Rows["consents"];
export type TimeEntry = Rows["time_entries"];
export type QualityCheck = Rows["quality_checks"];
export type Staff = Rows["staff"];
export type Photo = Rows["photos"];

/** A job as it stood in the document that was signed. */
export interface DocumentJob extends Omit<JobContent, "parts"> {
  parts: Part[];
  sha256: string;
}

export interface ConsentDocument {
  kind: string;
  promised_at?: string;
  jobs?: DocumentJob[];
  totals?: { customer_fen: number; labour_fen: number; parts_fen: number };
}

export function partsOf(job: { parts?: unknown }): Part[] {
  return Array.isArray(job.parts) ? (job.parts as Part[]) : [];
}

export function consentedJobs(consent: Consent): ConsentedJob[] {
  return consent.jobs ?? [];
}

export function documentOf(consent: Consent): ConsentDocument {
  return (consent.document ?? { kind: consent.document_kind }) as ConsentDocument;
}

export function techniciansOf(job: Job): string[] {
  return job.technicians ?? [];
}

/** Jobs that are still to be done or were done: what an order is made of. */
export function isActive(job: Job): boolean {
  return job.state !== "declined" && job.state !== "cancelled";
}

/** Work has been begun on it: its clock has run at least once. */
export function isBegun(job: Job): boolean {
  return ["in_progress", "paused", "done", "passed", "rework"].includes(job.state);
}

export function byPosition(a: Job, b: Job): number {
  return (a.position || 0) - (b.position || 0) || (a.created || a.id).localeCompare(b.created || b.id);
}

/** The state's shape (style: shape, word and colour). */
export function jobShape(job: Job): "good" | "attention" | "bad" | "hold" | "unseen" | "now" {
  switch (job.state) {
    case "passed":
    case "done":
      return "good";
    case "in_progress":
      return "now";
    case "rework":
      return "attention";
    case "declined":
    case "cancelled":
      return "bad";
    case "paused":
    case "proposed":
      return "hold";
    default:
      return "unseen";
  }
}

/** Fingerprint for reading aloud: 9F3A-71C2-08DE. */
export function fingerprint(sha256: string): string {
  const s = (sha256 || "").toUpperCase();
  return s ? `${s.slice(0, 4)}–${s.slice(4, 8)}–${s.slice(8, 12)}` : "";
}

/** Milliseconds of a stored instant ("2026-11-21 02:03:04.005Z" or with a T), NaN when empty. */
export function ms(iso: string | null | undefined): number {
  return iso ? Date.parse(iso.replace(" ", "T")) : NaN;
}

/** Minutes one entry has run up to now; open ones run on, suspect ones count nothing. */
export function entryMinutes(e: TimeEntry, now: number): number {
  const from = ms(e.started_at), to = e.ended_at ? ms(e.ended_at) : now;
  return Math.max(0, (to - from) / 60_000 || 0);
}

/** Minutes worked on a job by everybody, pauses excluded (W-03). */
export function workedMinutes(jobId: string, entries: TimeEntry[], now: number): number {
  return entries.filter((e) => e.job === jobId).reduce((sum, e) => sum + entryMinutes(e, now), 0);
}
