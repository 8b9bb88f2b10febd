// How claims stand: which group they belong to, and whether their parts are due. Pure.
import type { Claim } from "./actions.ts";
import { parseTime } from "../../ui/format.ts";
import type { StateKind } from "../../ui/names.ts";

export const groups = ["open", "sent", "decided", "paid"] as const;
export type Group = (typeof groups)[number];

export function groupOf(c: Claim): Group {
  return ({ draft: "open", submitted: "sent", approved: "decided", refused: "decided", paid: "paid" } as const)[c.state];
}

export const shapes: Record<Claim["state"], StateKind> = { draft: "local", submitted: "hold", approved: "good", refused: "bad", paid: "good" };

/** Whether the claimed parts still have to go back, and how urgently. */
export function partsOf(c: Claim, now: number, reminderDays: number): "none" | "kept" | "soon" | "late" | "sent" {
  if (c.sent_back_at) return "sent";
  if (!c.label || !c.return_due_at || c.state === "draft") return "none";
  const left = parseTime(c.return_due_at) - now;
  return left < 0 ? "late" : left < reminderDays * 86_400_000 ? "soon" : "kept";
}

/** What the manufacturer owes: approved and not paid. Fen. */
export function owedFen(claims: Claim[]): number {
  return claims.filter((c) => c.state === "approved").reduce((sum, c) => sum + c.approved_fen, 0);
}
