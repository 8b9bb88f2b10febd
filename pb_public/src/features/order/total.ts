// Sums of jobs as the screens show them, by the one arithmetic of rules/price. Amounts in fen.
import { partsFen } from "../../rules/price.ts";
import { partsOf, type Job } from "./model.ts";

export function jobPartsFen(job: { parts?: unknown }): number {
  return partsFen(partsOf(job));
}

/** Agreed price of one job: labour and parts, whoever pays. */
export function jobFen(job: Pick<Job, "labour_fen" | "parts">): number {
  return (job.labour_fen || 0) + jobPartsFen(job);
}

/** What the customer pays of it. */
export function customerFen(job: Pick<Job, "labour_fen" | "parts" | "payer">): number {
  return job.payer === "customer" ? jobFen(job) : 0;
}
