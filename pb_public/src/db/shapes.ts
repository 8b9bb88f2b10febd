// Shapes of the json fields the app reads. They are the server's words (internal/flow, internal/consent).
import type { Part as AgreedPart } from "../rules/facts.ts";

/** A flag the server set on a fact it kept although a rule had said no: code of the sentence, time of setting. */
export interface Flag {
  code: string;
  at: string;
}

/** One line of a job's agreed parts. `quantity_milli` is in thousandths of `unit`, `unit_fen` in fen. */
export interface Part extends AgreedPart {
  origin: "shop" | "customer";
  grade: "genuine" | "aftermarket";
}

/** One line of an appointment's quote: on arrival it becomes a job of the order (B-03, B-07). Money in fen. */
export interface QuoteLine {
  work: string;
  detail: string;
  labour_minutes: number;
  labour_fen: number;
  parts: Part[];
  method: "item" | "system" | "symptom" | "";
  standard_time: string;
  job_class: "maintenance" | "mechanical" | "electrical" | "body" | "paint" | "diagnosis" | "";
  risk_fen: number;
  came_back_from: string;
}

/** Which content of which job a consent approved or declined. */
export interface ConsentedJob {
  id: string;
  sha256: string;
  decision: "approved" | "declined";
}

export type { Charge } from "../rules/settle.ts";
export type { Warranty } from "../rules/warranty.ts";
export type { ClaimEvent } from "../rules/claim-timeline.ts";
