// What a signature covers and what it does not, job by job (S-01, S-02), in words a person can check: which field
// changed since the customer signed, what it was and what it is. The rule itself is the guard consent_covers; this
// file only explains it.
import { consentedJobs, documentOf, ms, partsOf, type Consent, type DocumentJob, type Job, type Order, type Part } from "./model.ts";

export type CoverState = "covered" | "changed" | "declined" | "void" | "missing";

export interface Change {
  field: keyof Omit<DocumentJob, "id" | "sha256" | "parts"> | "parts";
  was: unknown;
  now: unknown;
}

export interface Cover {
  state: CoverState;
  consent: Consent | null;
  changes: Change[];
}

const contentFields = [
  "work", "detail", "diagnosis_only", "labour_minutes", "labour_fen", "payer", "not_guaranteed",
  "labour_range_percent", "parts_range_percent",
] as const;

/** Says whether some given consent holds the job's present hash approved, and if not, why not (S-02). */
export function cover(job: Job, consents: Consent[]): Cover {
  const newest = [...consents].sort((a, b) => (b.signed_at || "").localeCompare(a.signed_at || ""));
  const naming = (states: string[], ok: (c: { sha256: string; decision: string }) => boolean) =>
    newest.find((c) => states.includes(c.state) && consentedJobs(c).some((j) => j.id === job.id && ok(j))) ?? null;
  const present = job.sha256;
  const approved = naming(["given"], (j) => j.sha256 === present && j.decision === "approved");
  if (approved) return { state: "covered", consent: approved, changes: [] };
  const declined = naming(["given", "declined"], (j) => j.sha256 === present && j.decision === "declined");
  if (declined) return { state: "declined", consent: declined, changes: [] };
  const changed = naming(["given"], (j) => j.sha256 !== present && j.decision === "approved");
  if (changed) return { state: "changed", consent: changed, changes: changesSince(job, changed) };
  const voided = naming(["void"], (j) => j.sha256 === present && j.decision === "approved");
  if (voided) return { state: "void", consent: voided, changes: [] };
  return { state: "missing", consent: null, changes: [] };
}

/** The fields of the agreed content in which the job differs from what was signed. */
function changesSince(job: Job, consent: Consent): Change[] {
  const signed = documentOf(consent).jobs?.find((j) => j.id === job.id);
  return signed ? contentChanges(signed, job) : [];
}

/** Differences between two statements of a job's agreed content, missing values counting as empty. */
export function contentChanges(was: Partial<DocumentJob>, now: Partial<Record<keyof DocumentJob, unknown>>): Change[] {
  const changes: Change[] = [];
  for (const field of contentFields) {
    const a = plain(was[field], field), b = plain(now[field], field);
    if (a !== b) changes.push({ field, was: a, now: b });
  }
  if (partsKey(was.parts ?? []) !== partsKey(partsOf(now))) changes.push({ field: "parts", was: was.parts ?? [], now: partsOf(now) });
  return changes;
}

function plain(v: unknown, field: (typeof contentFields)[number]): string | number | boolean {
  if (field === "diagnosis_only" || field === "not_guaranteed") return Boolean(v);
  if (field === "labour_minutes" || field === "labour_fen" || field.endsWith("_percent")) return Number(v) || 0;
  return String(v ?? "");
}

function partsKey(parts: Part[]): string {
  return JSON.stringify(parts.map((p) => [p.name || "", p.number || "", p.quantity_milli || 0, p.unit || "", p.unit_fen || 0, p.origin || "", p.grade || ""]));
}

export interface CoverSummary {
  covered: Job[];
  changed: Job[];
  missing: Job[]; // also void: nothing valid is there
  declined: Job[];
}

/** The order's jobs sorted by what the customer has agreed to. */
export function summary(jobs: Job[], consents: Consent[]): CoverSummary {
  const out: CoverSummary = { covered: [], changed: [], missing: [], declined: [] };
  for (const job of jobs) {
    if (job.state === "cancelled") continue;
    const c = cover(job, consents).state;
    if (job.state === "declined" || c === "declined") out.declined.push(job);
    else if (c === "covered") out.covered.push(job);
    else if (c === "changed") out.changed.push(job);
    else out.missing.push(job);
  }
  return out;
}

/** The promised time the customer last agreed to, "" when none was. S-07: agreed per document. */
export function agreedPromise(consents: Consent[]): string {
  const given = consents.filter((c) => c.state === "given" && documentOf(c).promised_at);
  given.sort((a, b) => (b.signed_at || "").localeCompare(a.signed_at || ""));
  return given.length ? String(documentOf(given[0]!).promised_at) : "";
}

/**
 * S-07: the promised time moved more of the shop's days beyond the one the customer agreed to than `allowed` (policy), so the advisor
 * has a consent task. dayOf turns an instant into the shop's calendar day, YYYY-MM-DD.
 */
export function promiseBeyondDay(order: Order, consents: Consent[], dayOf: (iso: string) => string, allowed = 0): boolean {
  const agreed = agreedPromise(consents);
  if (!agreed || !order.promised_at || ms(order.promised_at) <= ms(agreed)) return false;
  return (Date.parse(dayOf(order.promised_at)) - Date.parse(dayOf(agreed))) / 86_400_000 > allowed;
}
