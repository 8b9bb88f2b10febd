// The actual price beside the agreed one (S-07): inside the agreed range it needs no call, beyond it a new consent.
import { inRange } from "../../rules/price.ts";
import type { Job } from "./model.ts";
import { jobPartsFen } from "./total.ts";

export type ActualState = "none" | "inside" | "beyond";

/** Whether labour and parts both stay inside what the customer agreed to. Others' money asks nobody. */
export function actualState(job: Pick<Job, "payer" | "labour_fen" | "parts" | "labour_range_percent" | "parts_range_percent" | "actual_labour_fen" | "actual_parts_fen">): ActualState {
  if (!job.actual_labour_fen && !job.actual_parts_fen) return "none";
  if (job.payer !== "customer") return "inside";
  const ok = inRange(job.labour_fen || 0, job.actual_labour_fen || 0, job.labour_range_percent || 0)
    && inRange(jobPartsFen(job), job.actual_parts_fen || 0, job.parts_range_percent || 0);
  return ok ? "inside" : "beyond";
}
