// What an advisor or leader does to an order. Each function is one act: the rows it writes land together, and the
// rules are asked before anything is written (a refusal throws Refused and leaves nothing behind).
import { act, newId, serverTime, tables, why, type Rows } from "../../db/index.ts";
import { session } from "../../db/session.svelte.ts";
import { honestPromise } from "../due/outlook.ts";
import { contentChanges } from "./coverage.ts";
import { jobFen } from "./total.ts";
import { consentedJobs, isBegun, partsOf, type Consent, type Job, type Order, type Part } from "./model.ts";

/** What the editor holds of a job: the agreed content (S-02) and what stands beside it. */
export interface JobDraft {
  work: string;
  detail: string;
  diagnosis_only: boolean;
  labour_minutes: number;
  labour_fen: number;
  parts: Part[];
  payer: Job["payer"];
  not_guaranteed: boolean;
  acknowledged: boolean;
  safety: boolean;
  delay_minutes: number;
  /** E-06: the customer knows that only the diagnosis is ordered. */
  diagnosis_told: boolean;
  method: Job["method"];
  standard_time: string;
  job_class: Job["job_class"];
  risk_fen: number;
}

export const emptyPart: Part = { name: "", number: "", quantity_milli: 1000, unit: "", unit_fen: 0, origin: "shop", grade: "genuine" };

export function emptyDraft(): JobDraft {
  return {
    work: "", detail: "", diagnosis_only: false, labour_minutes: 0, labour_fen: 0, parts: [], payer: "customer",
    not_guaranteed: false, acknowledged: false, safety: false, delay_minutes: 0,
    diagnosis_told: false, method: "item", standard_time: "", job_class: "", risk_fen: 0,
  };
}

export function draftOf(job: Job): JobDraft {
  return {
    work: job.work, detail: job.detail || "", diagnosis_only: Boolean(job.diagnosis_only),
    labour_minutes: job.labour_minutes || 0, labour_fen: job.labour_fen || 0, parts: partsOf(job).map((p) => ({ ...p })),
    payer: job.payer || "customer", not_guaranteed: Boolean(job.not_guaranteed),
    acknowledged: Boolean(job.not_guaranteed_acknowledged_at), safety: Boolean(job.safety), delay_minutes: job.delay_minutes || 0,
    diagnosis_told: Boolean(job.diagnosis_told_at), method: job.method || "item", standard_time: job.standard_time || "", job_class: job.job_class || "", risk_fen: job.risk_fen || 0,
  };
}

/** E-03: customer-supplied parts, or aftermarket ones insisted on, make the line "not guaranteed". */
export function needsNoGuarantee(draft: JobDraft): boolean {
  return draft.parts.some((p) => p.origin === "customer");
}

/** How the price came about, and what was said about it; no part of what is signed. */
function besideOf(draft: JobDraft, job: Job | null, at: string): Partial<Job> {
  return {
    method: draft.method, standard_time: draft.standard_time, job_class: draft.job_class, risk_fen: Math.min(draft.risk_fen, draft.labour_fen),
    diagnosis_told_at: draft.diagnosis_only && draft.diagnosis_told ? job?.diagnosis_told_at || at : "",
  };
}

function contentOf(draft: JobDraft) {
  return {
    work: draft.work.trim(), detail: draft.detail.trim(), diagnosis_only: draft.diagnosis_only,
    labour_minutes: draft.labour_minutes, labour_fen: draft.labour_fen, payer: draft.payer,
    parts: draft.parts.filter((p) => p.name.trim() !== "").map((p) => ({ ...p, name: p.name.trim(), number: p.number.trim(), unit: p.unit.trim() })),
    not_guaranteed: draft.not_guaranteed || needsNoGuarantee(draft),
  };
}

/** Adds a priced job to the order. An order whose estimate is out already takes it as a supplement (S-05). */
export async function addJob(order: Order, draft: JobDraft, position: number): Promise<string> {
  const id = newId(), at = serverTime(Date.now()), content = contentOf(draft);
  await act("job.add", (w) => {
    w.create("jobs", {
      ...content, ...besideOf(draft, null, at), visit: order.visit, work_order: order.id, position, state: "proposed",
      origin: order.state === "draft" || order.state === "presented" ? "estimate" : "supplement",
      safety: draft.safety, delay_minutes: draft.delay_minutes, priced_at: at,
      not_guaranteed_acknowledged_at: content.not_guaranteed && draft.acknowledged ? at : "",
    }, id);
  });
  return id;
}

/** Which agreed fields the draft would change: what a signature on this job would lose (S-02). */
export function changesOf(job: Job, draft: JobDraft) {
  return contentChanges({ ...draftOf(job) }, contentOf(draft));
}

/**
 * Saves the editor's content. When agreed content of an approved job changes, the job goes back to "proposed" in
 * the same act, so that it is signed again before anybody works on it; work already begun keeps its state, and the
 * rules hold the next start or resume until the new content is signed.
 */
export async function saveJob(job: Job, draft: JobDraft): Promise<void> {
  const at = serverTime(Date.now()), content = contentOf(draft);
  const patch: Partial<Job> = {
    ...content, ...besideOf(draft, job, at), safety: draft.safety, delay_minutes: draft.delay_minutes, priced_at: at,
    not_guaranteed_acknowledged_at: content.not_guaranteed && draft.acknowledged ? job.not_guaranteed_acknowledged_at || at : "",
  };
  const reopen = changesOf(job, draft).length > 0 && ["approved", "dispatched"].includes(job.state)
    && !(await why("jobs", job.id, { state: "proposed" }));
  await act("job.edit", (w) => w.patch("jobs", job.id, reopen ? { ...patch, state: "proposed" } : patch));
}

/** S-06: the customer does not want this one; who told the workshop is kept with the time. */
export async function declineJob(job: Job, toldBy: string): Promise<void> {
  await act("job.decline", (w) => w.patch("jobs", job.id, { state: "declined", declined_at: serverTime(Date.now()), declined_told_by: toldBy }));
}

/** E-07: what was declined at an earlier visit, in one tap on this order; the price is today's to confirm. */
export async function bringBack(order: Order, declined: Job, position: number): Promise<string> {
  const id = newId();
  await act("job.comes_back", (w) => void w.create("jobs", {
    ...contentOf(draftOf(declined)), visit: order.visit, work_order: order.id, position, state: "proposed",
    origin: order.state === "draft" || order.state === "presented" ? "estimate" : "supplement", priced_at: serverTime(Date.now()), came_back_from: declined.id,
    method: declined.method, standard_time: declined.standard_time, job_class: declined.job_class, risk_fen: declined.risk_fen,
  }, id));
  return id;
}

export async function cancelJob(job: Job): Promise<void> {
  await act("job.cancel", (w) => w.patch("jobs", job.id, { state: "cancelled" }));
}

/** Puts the estimate before the customer, never without a promised time (E-05): the order may be signed from now on. */
export async function presentOrder(order: Order): Promise<void> {
  const promised_at = order.promised_at || (await honestPromise(order));
  await act("order.present", (w) => w.patch("work_orders", order.id, { state: "presented", ...(order.promised_at ? {} : { promised_at }) }));
}

/** Takes the estimate back to change it. */
export async function reviseOrder(order: Order): Promise<void> {
  await act("order.revise", (w) => w.patch("work_orders", order.id, { state: "draft" }));
}

/**
 * Voids a consent with its reason. Jobs it had approved and nobody has begun go back to "proposed" in the same act;
 * begun ones keep their state and may not be resumed until they are signed again.
 */
export async function voidConsent(consent: Consent, reason: string, jobs: Job[]): Promise<void> {
  const named = consentedJobs(consent).map((j) => j.id);
  const back: Job[] = [];
  for (const job of jobs) {
    if (named.includes(job.id) && ["approved", "dispatched"].includes(job.state) && !(await why("jobs", job.id, { state: "proposed" }))) back.push(job);
  }
  await act("consent.void", (w) => {
    w.patch("consents", consent.id, { state: "void", void_reason: reason.trim() });
    for (const job of back) w.patch("jobs", job.id, { state: "proposed" });
  });
}

export interface DispatchPlan {
  technicians: string[];
  skill: number;
  bay: string;
}

/**
 * W-01: gives jobs of an order to technicians (several to a job, several jobs to one), with the skill they need and
 * the bay of the car. All of it lands, or nothing.
 */
export async function dispatchJobs(order: Order, jobs: Job[], plan: DispatchPlan): Promise<void> {
  await act("job.dispatch", (w) => {
    for (const job of jobs) {
      const patch: Partial<Job> = { technicians: plan.technicians, skill: plan.skill };
      if (!isBegun(job)) patch.state = "dispatched";
      w.patch("jobs", job.id, patch);
    }
    if (plan.bay.trim() !== (order.bay || "")) w.patch("work_orders", order.id, { bay: plan.bay.trim() });
  });
}

/** The diagnosis or estimate that was ordered and stays to be paid when the customer wants nothing else of the order (E-08). Fen. */
export function feeOf(jobs: readonly Job[]): number {
  return jobs.filter((j) => j.diagnosis_only && j.state === "approved").reduce((sum, j) => sum + jobFen(j), 0);
}

/**
 * E-08: nothing of the order will be done: declined by the customer once it was presented, with every job still proposed,
 * so that they come up again at the next visit (S-06, E-07); else cancelled. With `fee` a signed order is declined, too: what it
 * asked for as a diagnosis or estimate stays to be settled, and the rest is called off.
 */
export async function closeOrder(order: Order, toldBy: string, fee = false): Promise<void> {
  const declined = order.state === "presented" || fee, at = serverTime(Date.now());
  const jobs = (await tables.jobs.where("work_order").equals(order.id).toArray()).filter((j) => declined && !(j.diagnosis_only && j.state === "approved"));
  await act("order.close", (w) => {
    for (const job of jobs) {
      if (job.state === "proposed") w.patch("jobs", job.id, { state: "declined", declined_at: at, declined_told_by: toldBy });
      else if (job.state === "approved" || job.state === "dispatched") w.patch("jobs", job.id, { state: "cancelled" });
    }
    w.patch("work_orders", order.id, { state: declined ? "declined" : "cancelled" });
  });
}

/** The promised time as an instant, UTC. Beyond the day the customer agreed to it becomes a task (S-07). */
export async function setPromised(order: Order, at: string): Promise<void> {
  await act("order.promise", (w) => w.patch("work_orders", order.id, { promised_at: at }));
}

/** S-07: what it really came to, kept apart from what was agreed. Fen. */
export async function setActual(job: Job, labourFen: number, partsFen: number): Promise<void> {
  await act("job.actual", (w) => w.patch("jobs", job.id, { actual_labour_fen: labourFen, actual_parts_fen: partsFen }));
}

/** the key changes hands: `holder` takes it, or, "", it hangs in the cabinet. */
export async function moveKey(key: Rows["key_tags"], holder: string): Promise<void> {
  await act("key.move", (w) => w.patch("key_tags", key.id, { holder_kind: holder ? "staff" : "cabinet", holder, held_at: serverTime(Date.now()) }));
}

export function hasRole(...roles: string[]): boolean {
  const mine = session.user?.roles ?? [];
  return roles.some((r) => mine.includes(r));
}
