// Guards of what is ordered, received, counted and lent; the reasons stand in internal/flow/guards_orders.go.
import type { Facts, Policy } from "../facts.ts";
import { lineFen, yuan } from "../price.ts";
import { Refused } from "../refused.ts";
import { blank, text, whole } from "./common.ts";
import { quantityText, stockOf } from "./parts.ts";

export function orderDated(f: Facts): Refused | null {
  return text(f.after, "expected_on") === "" ? new Refused("purchase.date_missing", "expected_on") : null;
}

export function depositPaid(f: Facts): Refused | null {
  const forNobody = text(f.after, "visit") === "" && text(f.after, "appointment") === "";
  if (forNobody || (f.job && f.job.payer !== "customer")) return null;
  const { s, p } = stockOf(f);
  const need = depositFen(p, whole(f.after, "quantity_milli"), whole(f.after, "unit_fen"), f.policy);
  if (need === null) return null;
  const own = whole(f.after, "deposit_fen");
  if (own > 0 && blank(text(f.after, "deposit_reference"))) return new Refused("purchase.deposit_unreferenced", "deposit_reference");
  const paid = own + (s.deposit_fen ?? 0);
  return paid < need ? new Refused("purchase.deposit_missing", "deposit_fen", { part: p.name, need: yuan(need), paid: yuan(paid) }) : null;
}

/** The deposit a purchase order for a customer asks for, in fen; null when it asks for none (B-06). */
export function depositFen(p: { class: string; price_fen: number }, milli: number, unit: number, policy: Partial<Policy> | null | undefined): number | null {
  const total = lineFen(milli, unit || p.price_fen);
  const always = (p.class === "C" && policy?.deposit_class_c) || (p.class === "D" && policy?.deposit_class_d);
  if (!always && total < (policy?.deposit_from_fen ?? 0)) return null;
  return Math.floor((total * (policy?.deposit_percent ?? 0) + 99) / 100);
}

export function orderArrived(f: Facts): Refused | null {
  const arrived = stockOf(f).s.arrived_milli ?? 0;
  const ordered = whole(f.after, "quantity_milli");
  return arrived < ordered ? new Refused("purchase.not_arrived", "state", { arrived: quantityText(arrived), ordered: quantityText(ordered) }) : null;
}

export function cancelExplained(f: Facts): Refused | null {
  return blank(text(f.after, "reason")) ? new Refused("purchase.cancel_unexplained", "reason") : null;
}

export function receiptChecked(f: Facts): Refused | null {
  const items = stockOf(f).s.items ?? [];
  if (items.length === 0) return new Refused("receipt.no_template", "template");
  const answers = answersOf(f.after?.items);
  const open = items.filter((code) => !answers.has(code));
  if (open.length > 0) return new Refused("receipt.items_unanswered", "items", { count: open.length, first: open[0] ?? "" });
  if (whole(f.after, "damaged_milli") > whole(f.after, "quantity_milli")) return new Refused("receipt.quantity", "damaged_milli");
  const wrong = items.some((code) => !answers.get(code));
  return wrong && blank(text(f.after, "reason")) ? new Refused("receipt.unexplained", "reason") : null;
}

/** Yes or no by code; what has neither is no answer. */
function answersOf(v: unknown): Map<string, boolean> {
  const answers = new Map<string, boolean>();
  for (const item of Array.isArray(v) ? (v as { code?: unknown; ok?: unknown }[]) : []) {
    if (typeof item?.code === "string" && item.code !== "" && typeof item.ok === "boolean") answers.set(item.code, item.ok);
  }
  return answers;
}

export function damageShown(f: Facts): Refused | null {
  if (whole(f.after, "damaged_milli") === 0) return null;
  if (blank(text(f.after, "reason"))) return new Refused("receipt.unexplained", "reason");
  return stockOf(f).s.photos ? null : new Refused("receipt.damage_unshown", "damaged_milli");
}

export function damageToReturn(f: Facts): Refused | null {
  return whole(f.after, "damaged_milli") === 0 ? new Refused("receipt.nothing_damaged", "damaged_milli") : null;
}

export function countComplete(f: Facts): Refused | null {
  const lines = Array.isArray(f.after?.lines) ? (f.after.lines as { counted_milli?: unknown }[]) : [];
  const open = lines.filter((line) => typeof line?.counted_milli !== "number").length;
  return lines.length === 0 || open > 0 ? new Refused("count.lines_open", "lines", { count: open }) : null;
}

export function countOtherPerson(f: Facts): Refused | null {
  return text(f.after, "counted_by") === f.actor.id ? new Refused("count.same_person", "counted_by", { name: f.actor.name ?? "" }) : null;
}

export function toolFree(f: Facts): Refused | null {
  const { s } = stockOf(f);
  const other = (s.loans ?? []).find((loan) => loan.id !== text(f.after, "id"));
  return other ? new Refused("tool.lent", "tool", { tool: s.tool_name ?? "", name: other.borrower }) : null;
}

export function lossExplained(f: Facts): Refused | null {
  return blank(text(f.after, "note")) ? new Refused("tool.loss_unexplained", "note") : null;
}
