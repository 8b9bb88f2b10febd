// Guards of leaving; the reasons stand in internal/flow/guards_gate.go and guards_delivery.go.
import type { Facts } from "../facts.ts";
import { Refused } from "../refused.ts";
import { blank, given, text } from "./common.ts";
import { hasStrokes, uncovered } from "./consent.ts";
import { settledWhole } from "./settlement.ts";

export function visitLeaving(f: Facts): Refused | null {
  const state = f.visit?.state ?? "";
  return state === "ready" || state === "left" ? null : new Refused("gate.visit_not_ready", "visit", { state: [`visit.${state}`] });
}

export function visitPaid(f: Facts): Refused | null {
  for (const o of f.orders ?? []) {
    let jobs = (f.jobs ?? []).filter((j) => (j.work_order ?? "") === o.id);
    if (o.state === "cancelled") jobs = [];
    else if (o.state === "declined") jobs = jobs.filter((j) => !uncovered(j, f.consents ?? []));
    else if (o.state !== "settled" && o.state !== "released") return new Refused("gate.order_open", "visit", { state: [`work_order.${o.state}`] });
    const refused = settledWhole(f, o, jobs, "gate.unpaid");
    if (refused) return refused.on("visit");
  }
  return null;
}

export function passFree(f: Facts): Refused | null {
  for (const p of f.passes ?? []) {
    if (p.id === text(f.after, "id")) continue;
    if (p.state === "used") return new Refused("gate.already_out", "visit", { number: p.number });
    if (p.state === "issued") return new Refused("gate.pass_exists", "visit", { number: p.number });
  }
  return null;
}

export function useRecorded(f: Facts): Refused | null {
  const id = text(f.after, "id");
  return f.uses?.some((u) => u.pass === id) ? null : new Refused("gate.unshown");
}

export function passVoidReason(f: Facts): Refused | null {
  return blank(text(f.after, "void_reason")) ? new Refused("gate.void_unexplained", "void_reason") : null;
}

export function passUnfrozen(f: Facts): Refused | null {
  const name = (f.changed ?? []).find((n) => n !== "void_reason" || given(f.before?.[n]));
  return name === undefined ? null : new Refused("gate.frozen", name);
}

export function passUsed(f: Facts): Refused | null {
  return f.passes?.some((p) => p.state === "used") ? null : new Refused("gate.pass_unused");
}

export function ordersClosed(f: Facts): Refused | null {
  const open = f.orders?.find((o) => o.state !== "declined" && o.state !== "cancelled");
  return open ? new Refused("visit.order_open", "", { state: [`work_order.${open.state}`] }) : null;
}

export function deliveryPrepared(f: Facts): Refused | null {
  const missing = absent(f, "handed_in_at", "keys_at", "papers_at");
  if (f.visit?.wash === "yes" && !given(f.after?.washed_at)) missing.push("delivery.washed_at");
  if (blank(text(f.after, "parking"))) missing.push("delivery.parking");
  return stepsMissing("delivery.unprepared", missing);
}

export function resultShown(f: Facts): Refused | null {
  const missing = absent(f, "result_shown_at", "spare_tools_at", "compared_at", "next_service_at");
  if (["keep", "show"].includes(f.visit?.old_parts ?? "") && !given(f.after?.old_parts_at)) missing.push("delivery.old_parts_at");
  return stepsMissing("delivery.unshown", missing);
}

export function belongingsReturned(f: Facts): Refused | null {
  const missing = absent(f, "belongings_at");
  if (f.visit?.covers_fitted_at && !given(f.after?.covers_off_at)) missing.push("delivery.covers_off_at");
  return stepsMissing("delivery.unreturned", missing);
}

export function followUpAsked(f: Facts): Refused | null {
  return blank(text(f.after, "follow_up_when")) ? new Refused("delivery.follow_up_unasked", "follow_up_when") : null;
}

export function deliverySigned(f: Facts): Refused | null {
  return blank(text(f.after, "signer_name")) || !hasStrokes(f.after?.strokes) ? new Refused("delivery.unsigned", "strokes") : null;
}

/** What a passed order advises and warns of was shown on the delivery sheet, and the customer signed it. */
export function adviceSigned(f: Facts): Refused | null {
  const open = (f.orders ?? []).some((o) => !["declined", "cancelled"].includes(o.state) && !(blank(o.advice ?? "") && blank(o.cautions ?? ""))
    && !(f.consents ?? []).some((c) => c.document_kind === "delivery" && c.state === "given" && c.work_order === o.id));
  return open ? new Refused("delivery.advice_unsigned", "strokes") : null;
}

export function deliveryOpen(f: Facts): Refused | null {
  return text(f.before, "state") === "accepted" ? new Refused("delivery.accepted") : null;
}

function absent(f: Facts, ...names: string[]): string[] {
  return names.filter((n) => !given(f.after?.[n])).map((n) => `delivery.${n}`);
}

function stepsMissing(code: string, steps: string[]): Refused | null {
  return steps.length === 0 ? null : new Refused(code, "", { steps });
}
