// What the guards of comebacks look at; twin of internal/flow/facts_comeback.go, which says what each part means.
import type { WarrantyLine } from "./warranty.ts";

export interface ComebackFacts {
  originals?: Original[] | null;
  /** The day on the shop's wall on which the car came in. */
  arrived_day?: string;
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

export interface ComebackPolicy {
  comeback_cause_leader: boolean;
}
