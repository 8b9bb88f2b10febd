// Guards of quality reports and of claims on the manufacturer; the reasons stand in internal/flow/guards_learn.go.
import type { Facts } from "../facts.ts";
import { Refused } from "../refused.ts";
import { blank, text } from "./common.ts";

export function reportComplete(f: Facts): Refused | null {
  if (blank(text(f.after, "detail"))) return new Refused("report.detail_missing", "detail");
  return text(f.after, "kind") === "dangerous" && !f.evidence ? new Refused("report.photo_missing") : null;
}

export function reportAnswered(f: Facts): Refused | null {
  return blank(text(f.after, "answer")) ? new Refused("report.answer_missing", "answer") : null;
}

export function reportUnfrozen(f: Facts): Refused | null {
  return frozenBut(f, "report.frozen", ["answer"]);
}

function frozenBut(f: Facts, code: string, names: string[]): Refused | null {
  if (text(f.before, "state") === "draft") return null;
  const name = (f.changed ?? []).find((n) => !names.includes(n));
  return name === undefined ? null : new Refused(code, name);
}

export function warrantyClaimJob(f: Facts): Refused | null {
  if (f.job?.payer !== "warranty") return new Refused("warranty_claim.not_warranty", "job");
  return ["declined", "cancelled"].includes(f.job.state) ? new Refused("warranty_claim.job_dropped", "job", { job: f.job.work }) : null;
}

export function warrantyClaimEvidence(f: Facts): Refused | null {
  if (blank(text(f.after, "diagnosis"))) return new Refused("warranty_claim.diagnosis_missing", "diagnosis");
  if (!f.evidence) return new Refused("warranty_claim.photo_missing");
  return amount(f, "claimed_fen") > 0 ? null : new Refused("warranty_claim.amount_missing", "claimed_fen");
}

export function warrantyClaimLabelled(f: Facts): Refused | null {
  if (!f.job?.parts?.some((p) => p.origin !== "customer")) return null;
  if (blank(text(f.after, "label"))) return new Refused("warranty_claim.unlabelled", "label");
  return blank(text(f.after, "place")) ? new Refused("warranty_claim.unstored", "place") : null;
}

export function warrantyClaimApproved(f: Facts): Refused | null {
  const fen = amount(f, "approved_fen");
  return fen <= 0 || fen > amount(f, "claimed_fen") ? new Refused("warranty_claim.approved_amount", "approved_fen") : null;
}

export function warrantyClaimRefused(f: Facts): Refused | null {
  return blank(text(f.after, "refusal")) ? new Refused("warranty_claim.refusal_missing", "refusal") : null;
}

export function warrantyClaimPaid(f: Facts): Refused | null {
  const fen = amount(f, "paid_fen");
  return fen <= 0 || fen > amount(f, "approved_fen") ? new Refused("warranty_claim.paid_amount", "paid_fen") : null;
}

export function warrantyClaimUnfrozen(f: Facts): Refused | null {
  if (f.changed?.includes("sent_back_at") && blank(text(f.after, "label"))) return new Refused("warranty_claim.unlabelled", "label");
  const names = ["label", "place", "sent_back_at", "sent_note", "reference"];
  if (text(f.before, "state") === "submitted") names.push("approved_fen", "refusal");
  if (text(f.before, "state") === "approved") names.push("paid_fen");
  return frozenBut(f, "warranty_claim.frozen", names);
}

function amount(f: Facts, name: string): number {
  const n = f.after?.[name];
  return typeof n === "number" ? n : 0;
}
