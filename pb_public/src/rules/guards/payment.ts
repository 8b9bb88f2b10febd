// Guards of the ledger of payments and of invoices; the reasons stand in internal/flow/guards_payment.go.
import type { Facts } from "../facts.ts";
import { Refused } from "../refused.ts";
import { partsFen, yuan } from "../price.ts";
import { chargeForm, shareOf, type Balance } from "../settle.ts";
import { blank, holds, roleWords, text, whole } from "./common.ts";
import { standing } from "./order.ts";
import { balance } from "./settlement.ts";

export function paymentTowardsDue(f: Facts): Refused | null {
  if (!f.order) return new Refused("order.unknown", "work_order");
  const fen = whole(f.after, "fen"), payer = text(f.after, "payer");
  const b = balance(f, f.order.id, payer, text(f.after, "id"));
  switch (text(f.after, "kind")) {
    case "payment":
      return atMost(fen, b.mayPay, "payment.beyond_due");
    case "refund":
      return atMost(fen, b.mayRefund, "payment.beyond_paid");
    case "credit":
      return atMost(fen, b.missing, "payment.beyond_due");
    case "deposit":
      return deposit(f, f.order.state, payer, fen, b);
  }
  return null;
}

function atMost(fen: number, most: number, code: string): Refused | null {
  return fen <= most ? null : new Refused(code, "fen", { most: yuan(most) });
}

function deposit(f: Facts, state: string, payer: string, fen: number, b: Balance): Refused | null {
  if (payer !== "customer") return new Refused("payment.deposit_payer", "payer");
  if (["settled", "released", "declined", "cancelled"].includes(state)) return new Refused("payment.deposit_late", "work_order", { state: [`work_order.${state}`] });
  const agreed = standing(f).filter((j) => j.payer === "customer").reduce((sum, j) => sum + j.labour_fen + partsFen(j.parts ?? []), 0);
  return atMost(fen, Math.max(0, agreed - b.paid), "payment.beyond_due");
}

export function creditAllowed(f: Facts): Refused | null {
  if (text(f.after, "kind") !== "credit") return null;
  if (text(f.after, "due_at") === "") return new Refused("payment.credit_terms", "due_at");
  const before = f.order ? balance(f, f.order.id, text(f.after, "payer"), text(f.after, "id")).credit : 0;
  if (holds(["manager"], f.actor)) return null;
  if (!holds(["finance"], f.actor)) return new Refused("payment.credit_role", "kind", { roles: roleWords(["finance", "manager"]) });
  const limit = f.policy?.credit_limit_fen ?? 0;
  return whole(f.after, "fen") + before > limit ? new Refused("payment.credit_limit", "fen", { limit: yuan(limit), roles: roleWords(["manager"]) }) : null;
}

export function refundExplained(f: Facts): Refused | null {
  return text(f.after, "kind") === "refund" && blank(text(f.after, "reason")) ? new Refused("payment.refund_unexplained", "reason") : null;
}

export function invoiceWithin(f: Facts): Refused | null {
  const s = (f.settlements ?? []).find((x) => x.id === text(f.after, "settlement"));
  if (s?.state !== "settled") return new Refused("invoice.unsettled", "settlement");
  const payer = text(f.after, "payer");
  const share = (s.lines ?? []).reduce((sum, l) => sum + shareOf(chargeForm(l), payer), 0);
  const invoiced = (f.invoices ?? [])
    .filter((v) => v.settlement === s.id && v.payer === payer && v.id !== text(f.after, "id"))
    .reduce((sum, v) => sum + (v.kind === "credit_note" ? -v.fen : v.fen), 0);
  const most = text(f.after, "kind") === "credit_note" ? invoiced : share - invoiced;
  return atMost(whole(f.after, "fen"), Math.max(0, most), "invoice.beyond");
}
