// Guards of the stay and its reception; the reasons stand in internal/flow/guards_visit.go.
import type { Facts, Order } from "../facts.ts";
import { Refused } from "../refused.ts";
import { blank, whole } from "./common.ts";

export function inspectionComplete(f: Facts): Refused | null {
  const items = f.items ?? [];
  if (items.length === 0) return new Refused("visit.no_inspection");
  return unanswered(f, "visit.inspection_incomplete", "", ["none"]);
}

/** Refuses while a required item has no finding; a result in `but` answers nothing. */
export function unanswered(f: Facts, code: string, field = "", but: string[] = []): Refused | null {
  const answered = new Set((f.findings ?? []).filter((x) => x.result !== "" && !but.includes(x.result)).map((x) => x.item));
  const open = (f.items ?? []).filter((item) => !answered.has(item));
  const [item] = open;
  if (item === undefined) return null;
  return new Refused(code, field, { count: open.length, first: f.item_names?.[item] ?? item, item });
}

export function concernsConfirmed(f: Facts): Refused | null {
  const concerns = f.concerns ?? [];
  if (concerns.length === 0) return new Refused("visit.concern_missing");
  const open = concerns.find((c) => c.confirmed_at === "");
  if (open) return new Refused("visit.concern_unconfirmed", "", { words: open.words });
  return f.visit?.anything_else_at ? null : new Refused("visit.anything_else_unasked");
}

export function valuablesAcknowledged(f: Facts): Refused | null {
  const missing: string[] = [];
  if (!f.visit?.valuables_exit_at) missing.push("moment.exit");
  if (!f.visit?.valuables_boot_at) missing.push("moment.boot");
  if (!f.visit?.valuables_end_at) missing.push("moment.end");
  if (missing.length > 0) return new Refused("visit.valuables_unasked", "", { moments: missing });
  if (!f.visit?.storage) return new Refused("visit.storage_unasked", "storage");
  return f.visit.storage === "stored" && blank(f.visit.storage_box ?? "") ? new Refused("visit.storage_box_missing", "storage_box") : null;
}

const coverSets = [0, 3, 5, 7];

export function coversCounted(f: Facts): Refused | null {
  const pieces = whole(f.after, "covers_pieces");
  return pieces === whole(f.before, "covers_pieces") || coverSets.includes(pieces) ? null : new Refused("visit.covers_set", "covers_pieces");
}

export function belongingsAsked(f: Facts): Refused | null {
  return f.visit?.belongings_at ? null : new Refused("visit.belongings_unasked");
}

export function precheckSigned(f: Facts): Refused | null {
  const signed = (f.consents ?? []).filter((c) => c.document_kind === "precheck" && c.state === "given");
  if (signed.some((c) => c.countersigned_by !== "")) return null;
  return new Refused(signed.length > 0 ? "visit.precheck_not_countersigned" : "visit.precheck_unsigned");
}

export function receiverNamed(f: Facts): Refused | null {
  if (!f.visit?.received_by) return new Refused("visit.receiver_missing", "received_by");
  return f.visit.received_at ? null : new Refused("visit.received_at_missing", "received_at");
}

export function keyTagged(f: Facts): Refused | null {
  const tags = f.key_tags ?? [];
  if (tags.length === 0) return new Refused("visit.key_untagged");
  for (const k of tags) {
    if (blank(k.tag)) return new Refused("visit.key_untagged");
    if (k.holder_kind === "" || (k.holder_kind === "staff" && k.holder === "")) return new Refused("visit.key_holder_unknown", "", { tag: k.tag });
  }
  return null;
}

const begun = ["in_progress", "paused", "done", "passed", "rework"];

export function workBegun(f: Facts): Refused | null {
  return f.jobs?.some((j) => begun.includes(j.state)) ? null : new Refused("visit.work_not_begun");
}

export function orderReady(f: Facts): Refused | null {
  const orders = ordersOfVisit(f).filter((o) => !["declined", "cancelled"].includes(o.state));
  const open = orders.find((o) => !["ready", "settled", "released"].includes(o.state));
  if (open) return new Refused("visit.order_not_ready", "", { state: [`work_order.${open.state}`] });
  return orders.length > 0 ? null : new Refused("visit.no_order_ready");
}

function ordersOfVisit(f: Facts): Order[] {
  if (f.orders && f.orders.length > 0) return f.orders;
  return f.order ? [f.order] : [];
}

export function handedOver(f: Facts): Refused | null {
  return ["handed_over", "working"].includes(f.visit?.state ?? "") ? null : new Refused("visit.not_handed_over");
}
