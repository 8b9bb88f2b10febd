// What the guards of settling and leaving look at; the twin of internal/flow/facts_money.go, which says what each part means.
import type { Charge } from "./settle.ts";

export interface MoneyFacts {
  settlements?: Settlement[] | null;
  payments?: Payment[] | null;
  invoices?: Invoice[] | null;
  passes?: GatePass[] | null;
  uses?: GateUse[] | null;
}

/** The shop's figures for settling; internal/flow/figures.json says what each means. */
export interface MoneyPolicy {
  discount_advisor_percent: number;
  discount_cashier_percent: number;
  discount_supervisor_percent: number;
  discount_manager_percent: number;
  member_silver_labour_percent: number;
  member_silver_parts_percent: number;
  member_gold_labour_percent: number;
  member_gold_parts_percent: number;
  member_platinum_labour_percent: number;
  member_platinum_parts_percent: number;
  credit_warranty: boolean;
  credit_internal: boolean;
  credit_goodwill: boolean;
  credit_limit_fen: number;
  credit_days: number;
  pass_hours: number;
  points_per_yuan: number;
}

export interface Settlement {
  id: string;
  work_order: string;
  number: string;
  kind: string;
  state: string;
  lines: Charge[] | null;
  discount_allowed_fen?: number;
  member_level?: string;
}

export interface Payment {
  id: string;
  work_order: string;
  kind: string;
  payer: string;
  fen: number;
}

export interface Invoice {
  id: string;
  settlement: string;
  kind: string;
  payer: string;
  fen: number;
}

export interface GatePass {
  id: string;
  number: string;
  state: string;
}

export interface GateUse {
  id: string;
  pass: string;
}
