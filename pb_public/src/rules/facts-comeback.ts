// What the guards of comebacks look at; twin of internal/flow/facts_comeback.go, which says what each part means.
import type { WarrantyLine } from "./warranty.ts";

export interface ComebackFacts {
  originals?: Original[] | null;
  /** The day on the shop's wall on which the car came in. */
  arrived_day?: string;
  /** Photos of the row itself; for reports and claims. */
  evidence?: number;
}

/** An earlier job that a car comes back from; `line` is its guarantee. */
export interface Original {
  id: string;
  visit: string;
  vehicle: string;
  state: string;
  work: string;
  line?: WarrantyLine | null;
}

/** Of the shop's policy, with the figures of what repairs teach (W-08) and of claims on the manufacturer (E-10). */
export interface ComebackPolicy {
  comeback_cause_leader: boolean;
  frequent_times: number;
  frequent_days: number;
  claim_return_days: number;
  claim_reminder_days: number;
}
