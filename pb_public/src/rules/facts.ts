// Everything a guard may look at; the twin of internal/flow/facts.go, which says what each part means. A part that was
// not loaded is missing. Names are those of the collections.
import type { Booking, Capacity } from "./capacity.ts";
import type { ClaimFacts } from "./facts-claim.ts";
import type { ComebackFacts, ComebackPolicy } from "./facts-comeback.ts";
import type { MoneyFacts, MoneyPolicy } from "./facts-money.ts";
import type { MakeupPolicy } from "./makeup.ts";
import type { TimePolicy } from "./promise.ts";
import type { Sentence } from "./refused.ts";
import type { WarrantyPolicy } from "./warranty.ts";

/** A row as JSON values, for the few guards that read one plain field. */
export type Values = Record<string, unknown>;

export interface Facts extends MoneyFacts, ComebackFacts, ClaimFacts {
  entity: string;
  /** The instant of the act, RFC 3339 in UTC. */
  now: string;
  actor: Actor;
  before?: Values | null;
  after?: Values | null;
  /** Fields people write that differ between the two, the state left out, by name. */
  changed?: string[] | null;
  policy?: Policy | null;
  /** For entity "visit" the row after. */
  visit?: Visit | null;
  /** For entity "work_order" the row after. */
  order?: Order | null;
  /** Of the visit; needed by the visit's own steps. */
  orders?: Order[] | null;
  /** The job a time entry is for; for entity "job" the row after. */
  job?: Job | null;
  /** Of the order; for a visit, of all its orders. */
  jobs?: Job[] | null;
  /** Of the visit, oldest first. */
  consents?: Consent[] | null;
  concerns?: Concern[] | null;
  /** Kind of the template an inspection is made with; only for entity "inspection". */
  checklist?: string;
  /** Codes of the walk-around's required template items, or of the inspection's own; missing without. */
  items?: string[] | null;
  item_names?: Record<string, Sentence> | null;
  findings?: Finding[] | null;
  key_tags?: KeyTag[] | null;
  /** Of the order, and of the technician concerned the open ones and those in the way of the new one. */
  entries?: Entry[] | null;
  /** Of the order, oldest first. */
  checks?: Check[] | null;
  /** Staff named in `after`. */
  people?: Person[] | null;
  /** The appointment after; every other that takes room about then; the shop's active revisions; its lines; whom it names. */
  booking?: Booking | null;
  bookings?: Booking[] | null;
  capacities?: Capacity[] | null;
  preparations?: Preparation[] | null;
  customer?: Customer | null;
  /** Of the parts store; only for its own entities. */
  stock?: Stock | null;
  /** The files the row names; only where something begins on them, and for their merges. */
  files?: Files | null;
  /** The sales order of the row; only for orders and their lines. */
  sale?: Sale | null;
}

/** A sales order as its guards see it. */
export interface Sale {
  /** Of the order that a line belongs to. */
  state?: string;
  /** Of the order; a quantity of 0 was struck from it. Amounts in fen. */
  lines?: { quantity: number; unit_fen: number; discount_fen: number }[] | null;
  /** What has gone back for all claims of the order, less what was countered. Fen. */
  refunded_fen?: number;
}

export interface Files {
  vehicle?: File | null;
  customer?: File | null;
  /** Standing merges that touch either file of the merge being made. */
  merges?: Merge[] | null;
}

/** One file: what became of it, and the name of the file that holds it since a merge. */
export interface File {
  status?: string;
  into?: string;
}

export interface Merge {
  id: string;
  kept: string;
  folded: string;
  kept_name: string;
}

export interface Preparation {
  kind: string;
  state: string;
  told_at: string;
}

export interface Customer {
  id: string;
  member_level: string;
}

/** What the guards of the parts store look at; twin of internal/flow/facts_parts.go. Thousandths of the part's unit. */
export interface Stock {
  part?: StockPart | null;
  /** Held for jobs and appointments and not issued yet, all of the part; of it for the job or appointment of this act. */
  frozen_milli?: number;
  own_milli?: number;
  /** Number of another order it is frozen for. */
  frozen_for?: string;
  /** Issued for the job, less what came back. */
  issued_milli?: number;
  last_taken?: { by: string; order: string } | null;
  receipt?: { state: string; part: string; good_milli: number; stocked_milli: number } | null;
  count?: { state: string; place: string; lines: CountLine[] | null; booked?: string[] | null } | null;
  /** Codes of the receiving template's items. */
  items?: string[] | null;
  photos?: number;
  deposit_fen?: number;
  /** Of the purchase order, in stock. */
  arrived_milli?: number;
  loans?: { id: string; borrower: string }[] | null;
  tool_name?: string;
}

export interface StockPart {
  id: string;
  number: string;
  name: string;
  class: string;
  unit: string;
  price_fen: number;
  store_milli: number;
  workshop_milli: number;
}

/** One part of a count sheet; `counted_milli` null: not counted yet. */
export interface CountLine {
  part: string;
  book_milli: number;
  counted_milli: number | null;
}

/** Who acts. Roles may contain "system" and "superuser". */
export interface Actor {
  id: string;
  name?: string;
  roles: string[];
  skill?: number;
}

export interface Policy extends TimePolicy, MoneyPolicy, WarrantyPolicy, ComebackPolicy, MakeupPolicy {
  labour_range_percent: number;
  parts_range_percent: number;
  three_people: boolean;
  parallel_clocks: boolean;
  quiet_from_minutes: number;
  quiet_to_minutes: number;
  promise_consent_days: number;
  progress_check_percent: number;
  notice_short_minutes: number;
  notice_long_minutes: number;
  notice_long_after_hours: number;
  delay_lead_minutes: number;
  file_due_minutes: number;
  file_due_device_minutes: number;
  ship_back_remind_hours: number;
  claim_wait_days: number;
  reception_minutes: number;
  peak_minutes: number;
  remind_first_minutes: number;
  remind_last_minutes: number;
  no_show_minutes: number;
  pickup_km: number;
  pickup_level: number;
  rate_maintenance_fen: number;
  rate_mechanical_fen: number;
  rate_electrical_fen: number;
  rate_body_fen: number;
  rate_paint_fen: number;
  rate_diagnosis_fen: number;
  deposit_percent: number;
  deposit_from_fen: number;
  deposit_class_c: boolean;
  deposit_class_d: boolean;
  slow_days: number;
  dead_days: number;
  tool_loan_hours: number;
}

export interface Visit {
  id: string;
  state: string;
  anything_else_at: string;
  valuables_exit_at: string;
  valuables_boot_at: string;
  valuables_end_at: string;
  belongings_at: string;
  /** Of valuables: declined, stored, none. */
  storage?: string;
  storage_box?: string;
  received_by: string;
  received_at: string;
  old_parts?: string;
  wash?: string;
  payment_method?: string;
  covers_fitted_at?: string;
  vehicle?: string;
  odometer_km?: number;
  /** The earlier job, "" when this is no comeback. */
  comeback_of?: string;
}

export interface Order {
  id: string;
  state: string;
  kind?: string;
  advice?: string;
  cautions?: string;
}

export interface Part {
  name: string;
  number: string;
  quantity_milli: number;
  unit: string;
  unit_fen: number;
  origin: string;
  grade: string;
}

export interface Job {
  id: string;
  work_order?: string;
  state: string;
  work: string;
  detail: string;
  diagnosis_only: boolean;
  labour_minutes: number;
  labour_fen: number;
  parts: Part[] | null;
  labour_range_percent: number;
  parts_range_percent: number;
  payer: string;
  not_guaranteed: boolean;
  not_guaranteed_acknowledged_at?: string;
  priced_at: string;
  skill: number;
  technicians: string[] | null;
  sheet_checked_at: string;
  pause_reason: string;
  rework_cause: string;
  /** When the server sent it back to work last. */
  reworked_at?: string;
  actual_labour_fen: number;
  actual_parts_fen: number;
  diagnosis_told_at?: string;
  job_class?: string;
  /** The earlier job this one mends again, and why that failed. */
  comeback_of?: string;
  comeback_cause?: string;
  /** covered, refused or waiting; missing while nobody decided (E-04). */
  warranty_decision?: string;
  sha256: string;
}

export interface Consent {
  id: string;
  state: string;
  kind: string;
  document_kind: string;
  work_order?: string;
  signer_name: string;
  jobs: ConsentedJob[] | null;
  countersigned_by: string;
  void_reason: string;
  /** When the customer decided, by the tablet. */
  signed_at?: string;
  /** When the server stored it; "" while only the tablet has it. */
  recorded_at?: string;
}

export interface ConsentedJob {
  id: string;
  sha256: string;
  decision: string;
  /** The job as the document showed it, to say what changed. */
  agreed?: Values | null;
}

export interface Concern {
  id: string;
  words: string;
  confirmed_at: string;
  is_fault: boolean;
  expert: string;
  expert_at: string;
}

export interface Finding {
  item: string;
  result: string;
}

export interface KeyTag {
  tag: string;
  holder_kind: string;
  holder: string;
}

export interface Entry {
  id: string;
  job: string;
  technician: string;
  started_at: string;
  ended_at: string;
  /** When the server stored it; "" while only the tablet has it. */
  recorded_at?: string;
  /** What counts of it, see `worked`. */
  minutes?: number;
  /** What the job is called, where it is of another order. */
  job_work?: string;
}

export interface Check {
  stage: string;
  round: number;
  result: string;
  checker: string;
  recorded_at?: string;
}

export interface Person {
  id: string;
  name: string;
  roles: string[] | null;
  skill: number;
}
