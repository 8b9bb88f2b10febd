// Guards of make-up parts 补件; the reasons stand in internal/flow/guards_makeup.go. Amounts in fen.
import type { Facts } from "../facts.ts";
import { yuan } from "../price.ts";
import { Refused } from "../refused.ts";

import { blank, given, text, whole } from "./common.ts";

export function makeupRequested(f: Facts): Refused | null {
  if (["customer", "sales_order", "claim"].every((name) => text(f.after, name) === "")) return new Refused("makeup.for_nobody", "customer");
  if (text(f.after, "cause") === "other" && blank(text(f.after, "cause_note"))) return new Refused("makeup.cause_unexplained", "cause_note");
  return makeupSound(f);
}

export function makeupIdentified(f: Facts): Refused | null {
  return named(f, "makeup.unidentified", "batch_number", "inspection_number");
}

export const makeupListed = (f: Facts): Refused | null => named(f, "makeup.list_missing", "list_number");
export const makeupRejected = (f: Facts): Refused | null => named(f, "makeup.rejection_missing", "rejection");
export const makeupExplained = (f: Facts): Refused | null => named(f, "makeup.reason_missing", "reason");
export const makeupParcel = (f: Facts): Refused | null => named(f, "makeup.parcel_missing", "carrier", "tracking_number");

function named(f: Facts, code: string, ...names: string[]): Refused | null {
  const name = names.find((n) => blank(text(f.after, n)));
  return name === undefined ? null : new Refused(code, name);
}

export function makeupUrgentDecided(f: Facts): Refused | null {
  return given(f.after?.urgent) && text(f.after, "urgent_approval") === "" ? new Refused("makeup.urgent_open", "urgent_approval") : null;
}

export function makeupSourced(f: Facts): Refused | null {
  return ["make", "buy"].includes(text(f.after, "source")) ? null : new Refused("makeup.source_missing", "source");
}

export function makeupUnboxed(f: Facts): Refused | null {
  if (text(f.after, "source") !== "unbox") return new Refused("makeup.source_missing", "source");
  if (text(f.after, "unbox_approval") !== "approved") return new Refused("makeup.unbox_unapproved", "unbox_approval");
  if (blank(text(f.after, "unbox_mark"))) return new Refused("makeup.unbox_unmarked", "unbox_mark");
  return text(f.after, "refill_due_at") === "" ? new Refused("makeup.refill_undated", "refill_due_at") : null;
}

export function makeupPaid(f: Facts): Refused | null {
  const open = whole(f.after, "charge_fen") - whole(f.after, "collected_fen");
  return open > 0 ? new Refused("makeup.unpaid", "collected_fen", { open: yuan(open) }) : null;
}

export function makeupPaidBack(f: Facts): Refused | null {
  const paid = whole(f.after, "collected_fen");
  return paid > 0 ? new Refused("makeup.paid", "collected_fen", { paid: yuan(paid) }) : null;
}

const asked = ["part", "part_name", "class", "quantity", "cause", "cause_note", "batch_number", "inspection_number"];
const figures = ["owner", "note", "reason", "charge_fen", "collected_fen", "collected_reference", "delivery_on"];
const urgency = ["urgent", "urgent_reason", "wanted_at", "urgent_approval"];
const sourcing = ["source", "supplier", "reference", "unbox_product", "unbox_reason", "unbox_approval", "unbox_mark", "refill_due_at"];
const sending = ["delivery_number", "carrier", "tracking_number"];
const refill = ["refilled_at", "refill_note"];
const writable: Record<string, string[]> = {
  requested: [...asked, ...figures, ...urgency, ...sourcing, "list_number"],
  rejected: [...asked, ...figures, ...urgency],
  gathered: [...figures, ...urgency, ...sourcing, "list_number", "rejection", "batch_number", "inspection_number"],
  approved: [...figures, ...urgency, ...sourcing],
  ordered: [...figures, ...urgency, "source", "supplier", "reference"],
  received: [...figures, ...sending],
  shipped: ["owner", "note", "reason", "collected_fen", "collected_reference", ...sending],
  completed: ["note"],
  cancelled: ["note"],
};

export function makeupUnfrozen(f: Facts): Refused | null {
  const opened = text(f.before, "source") === "unbox" && text(f.before, "arrived_at") !== "";
  for (const name of f.changed ?? []) {
    if (refill.includes(name)) {
      if (!opened) return new Refused("makeup.box_closed", name);
    } else if (!(writable[text(f.before, "state")] ?? []).includes(name)) return new Refused("makeup.frozen", name);
  }
  return (
    settled(f, "urgent_approval", "makeup.urgent_settled", "urgent", "wanted_at") ??
    (text(f.before, "unbox_approval") === "approved" ? settled(f, "unbox_approval", "makeup.unbox_settled", "refill_due_at", "unbox_product") : null) ??
    makeupSound(f)
  );
}

/** What somebody decided about stays what they decided about, until they take the decision back. */
function settled(f: Facts, decision: string, code: string, ...about: string[]): Refused | null {
  if (text(f.before, decision) === "" || f.changed?.includes(decision)) return null;
  const name = about.find((n) => f.changed?.includes(n));
  return name === undefined ? null : new Refused(code, name);
}

function makeupSound(f: Facts): Refused | null {
  const urgent = given(f.after?.urgent);
  if (urgent && blank(text(f.after, "urgent_reason"))) return new Refused("makeup.urgent_unexplained", "urgent_reason");
  if (urgent && text(f.after, "wanted_at") === "") return new Refused("makeup.urgent_unexplained", "wanted_at");
  if (!urgent && text(f.after, "urgent_approval") !== "") return new Refused("makeup.urgent_unasked", "urgent_approval");
  if (whole(f.after, "collected_fen") > whole(f.after, "charge_fen")) return new Refused("makeup.collected_above", "collected_fen");
  if (text(f.after, "unbox_approval") !== "approved") return null;
  return named(f, "makeup.unbox_unnamed", "unbox_product", "unbox_reason") ?? (text(f.after, "refill_due_at") === "" ? new Refused("makeup.refill_undated", "refill_due_at") : null);
}
