// What the guards of customer claims look at; twin of internal/flow/facts_claim.go, which says what each part means.
import type { Values } from "./facts.ts";

export interface ClaimFacts {
  /** Only for claims and the rows of one. */
  claim?: ClaimCase | null;
}

/** A claim with what stands around it. Amounts in fen. */
export interface ClaimCase {
  row?: Values | null;
  sale?: { state: string; phone?: string; received_at?: string; paid_fen: number; refunded_fen: number } | null;
  phone?: string;
  taken?: string;
  items?: number;
  slots?: string[] | null;
  list?: string[] | null;
  units?: number;
  foreign?: boolean;
  line?: string;
  shipments?: Shipment[] | null;
  plan?: { id: string; state: string; price_fen?: number; agreed_fen: number } | null;
  refunds?: ClaimRefund[] | null;
  counters?: ClaimRefund | null;
}

export interface Shipment {
  id: string;
  direction: string;
  sent_at: string;
}

export interface ClaimRefund {
  id: string;
  kind: string;
  fen: number;
  counters?: string;
}
