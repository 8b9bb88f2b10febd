// The way of a job to its start: who has to do what, since when, and what is done already. It answers the question a
// technician asks in front of a car he may not touch. Pure.
import { cover, type Change } from "../order/coverage.ts";
import type { OrderCase } from "../order/load.ts";
import { techniciansOf, type Consent, type Job } from "../order/model.ts";

export type PathKey = "found" | "estimate" | "priced" | "consent" | "dispatch" | "handover" | "start";

export interface PathStep {
  key: PathKey;
  state: "good" | "now" | "unseen" | "bad";
  at: string; // when it was done, "" while it is not
  since: string; // since when it is waited for
  consent?: Consent | null;
  changes?: Change[];
  voided?: boolean;
}

/** The steps from proposal to start. The first that is not done is "now"; what follows it is still unseen. */
export function pathOf(c: OrderCase, job: Job): PathStep[] {
  const steps: PathStep[] = [];
  const made = job.created || job.captured_at || "";
  if (job.origin === "supplement") steps.push({ key: "found", state: "good", at: made, since: "" });
  else steps.push({ key: "estimate", state: c.order.state === "draft" ? "now" : "good", at: made, since: made });
  if (job.origin === "supplement") steps.push({ key: "priced", state: job.priced_at ? "good" : "now", at: job.priced_at || "", since: made });
  steps.push(consentStep(c, job, made));
  const sent = techniciansOf(job).length > 0 && !["proposed", "approved"].includes(job.state);
  steps.push({ key: "dispatch", state: sent ? "good" : "now", at: "", since: "" });
  // Once the car is in the workshop its hand-over is no step any more: the list is for what still has to happen.
  if (!c.visit || ["open", "inspected"].includes(c.visit.state)) steps.push({ key: "handover", state: "now", at: "", since: "" });
  steps.push({ key: "start", state: "unseen", at: "", since: "" });
  return inOrder(steps);
}

function consentStep(c: OrderCase, job: Job, made: string): PathStep {
  const k = cover(job, c.consents);
  if (k.state === "covered") return { key: "consent", state: "good", at: k.consent?.signed_at || "", since: "", consent: k.consent };
  if (k.state === "declined" || job.state === "declined") return { key: "consent", state: "bad", at: job.declined_at || k.consent?.signed_at || "", since: "", consent: k.consent };
  return {
    key: "consent", state: "now", at: "", since: (k.state === "void" && k.consent?.voided_at) || job.priced_at || made,
    consent: k.consent, changes: k.changes, voided: k.state === "void",
  };
}

/** One step at a time is waited for. */
function inOrder(steps: PathStep[]): PathStep[] {
  const first = steps.findIndex((s) => s.state !== "good");
  return steps.map((s, i) => (i > first && s.state === "now" ? { ...s, state: "unseen" as const } : s));
}

/** The step that holds the job up, null when it may start as far as this way is concerned. */
export function waitsAt(path: PathStep[]): PathStep | null {
  return path.find((s) => s.state === "now" || s.state === "bad") ?? null;
}
