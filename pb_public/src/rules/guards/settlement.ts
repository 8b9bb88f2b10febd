// Guards of settlements; the reasons stand in internal/flow/guards_settlement.go.
import type { Actor, Facts, Job, Order, Policy } from "../facts.ts";
import type { Settlement } from "../facts-money.ts";
import { Refused } from "../refused.ts";
import { partsFen, yuan } from "../price.ts";
import { actualFen, addCharges, balanceOf, chargeForm, grossFen, memberFen, netFen, payers, portionFen, shareOf, sharesFen, type Balance, type Charge } from "../settle.ts";
import { blank, given, jobNamed, text } from "./common.ts";
import { levelRank } from "./book.ts";
import { hasStrokes, uncovered } from "./consent.ts";
import { priceInRange } from "./job.ts";

/** The settlement the act is about, read from the row as it would become. */
function settlementOf(f: Facts): Settlement {
  const lines = f.after?.lines;
  return {
    id: text(f.after, "id"), work_order: text(f.after, "work_order"), number: text(f.after, "number"), kind: text(f.after, "kind"), state: text(f.after, "state"),
    lines: Array.isArray(lines) ? lines.map((l) => chargeForm(l as Charge)) : [],
    discount_allowed_fen: Number(f.after?.discount_allowed_fen ?? 0), member_level: text(f.after, "member_level"),
  };
}

const linesOf = (s: Settlement): Charge[] => (s.lines ?? []).map(chargeForm);

/** Every line that counts of an order: of settlements that were issued or settled, the named one left out. */
export function booked(settlements: Settlement[], order: string, except = "", states: readonly string[] = ["issued", "settled"]): Charge[] {
  return settlements.filter((s) => s.work_order === order && (except === "" || s.id !== except) && states.includes(s.state)).flatMap(linesOf);
}

/** What the lines say of a job together; null when none does. */
export function chargeOf(job: string, lines: Charge[]): Charge | null {
  const own = lines.filter((l) => l.job === job);
  return own.length === 0 ? null : own.reduce(addCharges, nothing(job));
}

const nothing = (job: string): Charge => chargeForm({ job });

export function settlementOrder(f: Facts): Refused | null {
  if (!f.order) return new Refused("order.unknown", "work_order");
  const s = settlementOf(f);
  const states = s.kind === "counter" ? ["ready", "settled", "released", "declined"] : ["ready", "declined"];
  if (!states.includes(f.order.state)) return new Refused("settlement.order_not_ready", "work_order", { state: [`work_order.${f.order.state}`] });
  if (s.kind !== "counter") return null;
  const corrects = text(f.after, "corrects");
  if (!(f.settlements ?? []).some((o) => o.id === corrects && o.work_order === s.work_order && o.state === "settled" && o.kind === "charge")) {
    return new Refused("settlement.corrects_unknown", "corrects");
  }
  return blank(text(f.after, "reason")) ? new Refused("settlement.unexplained", "reason") : null;
}

/** Whether the job is there to be settled in an order of this state. */
export function owed(job: Pick<Job, "state" | "diagnosis_only">, order: string): boolean {
  if (order === "declined") return job.diagnosis_only === true && ["approved", "done", "passed"].includes(job.state);
  return ["done", "passed"].includes(job.state);
}

export function linesConsented(f: Facts): Refused | null {
  const lines = settlementOf(f).lines ?? [];
  if (lines.length === 0) return new Refused("settlement.empty", "lines");
  const seen = new Set<string>();
  for (const l of lines) {
    const j = jobNamed(f, l.job);
    if (!j) return new Refused("settlement.line_unknown", "lines");
    if (seen.has(l.job)) return new Refused("settlement.line_twice", "lines", { job: j.work });
    if (f.order && !owed(j, f.order.state)) return new Refused("settlement.line_not_done", "lines", { job: j.work, state: [`job.${j.state}`] });
    seen.add(l.job);
    const refused = uncovered(j, f.consents ?? []);
    if (refused) return refused.on("lines");
  }
  return null;
}

export function linesPriced(f: Facts): Refused | null {
  const s = settlementOf(f);
  const others = booked(f.settlements ?? [], s.work_order, s.id);
  for (const l of s.lines ?? []) {
    const j = jobNamed(f, l.job);
    if (!j) return new Refused("settlement.line_unknown", "lines");
    const before = chargeOf(l.job, others);
    const refused = s.kind === "counter" ? countered(j, before, l) : charged(f, s, j, before, l);
    if (refused) return refused;
  }
  return null;
}

function charged(f: Facts, s: Settlement, j: Job, before: Charge | null, l: Charge): Refused | null {
  if (before && (grossFen(before) !== 0 || grossFen(l) === 0)) return new Refused("settlement.line_charged", "lines", { job: j.work });
  const beyond = priceInRange({ ...f, job: j });
  if (beyond) return beyond.on("lines");
  const { agreed, labour, parts } = priceOf(j);
  if (l.agreed_fen !== agreed || l.labour_fen !== labour || l.parts_fen !== parts) {
    return new Refused("settlement.line_amount", "lines", { job: j.work, amount: yuan(labour + parts) });
  }
  const member = j.payer === "customer" ? memberOff(f.policy, s.member_level ?? "", labour, parts) : 0;
  if (l.member_fen !== member) return new Refused("settlement.line_member", "lines", { job: j.work, amount: yuan(member) });
  return adds(j, l);
}

/** What a job costs now, and what was agreed (fen). */
export function priceOf(j: Pick<Job, "labour_fen" | "parts" | "actual_labour_fen" | "actual_parts_fen">): { agreed: number; labour: number; parts: number } {
  const agreedParts = partsFen(j.parts ?? []);
  return { agreed: (j.labour_fen || 0) + agreedParts, ...actualFen(j.labour_fen || 0, agreedParts, j.actual_labour_fen || 0, j.actual_parts_fen || 0) };
}

/** Basis points of a percent; the policy speaks in percent. */
const basisPoints = 100;

/** What the level takes off labour and parts (fen). */
export function memberOff(p: Partial<Policy> | null | undefined, level: string, labour: number, parts: number): number {
  const rank = (["", "", "silver", "gold", "platinum"] as const)[levelRank(level)];
  return rank ? memberFen(labour, parts, (p?.[`member_${rank}_labour_percent`] ?? 0) * basisPoints, (p?.[`member_${rank}_parts_percent`] ?? 0) * basisPoints) : 0;
}

function countered(j: Job, before: Charge | null, l: Charge): Refused | null {
  if (!before) return new Refused("settlement.line_uncharged", "lines", { job: j.work });
  const after = addCharges(before, l);
  if (grossFen(after) === 0 && grossFen(before) !== 0) {
    const gone = after.labour_fen === 0 && after.discount_fen === 0 && after.member_fen === 0 && after.shares.length === 0;
    return gone ? null : new Refused("settlement.line_sum", "lines", { job: j.work });
  }
  if (l.labour_fen !== 0 || l.parts_fen !== 0 || l.member_fen !== 0) {
    return new Refused("settlement.line_amount", "lines", { job: j.work, amount: yuan(grossFen(before)) });
  }
  return adds(j, after);
}

function adds(j: Job, l: Charge): Refused | null {
  const named = l.shares.map((s) => s.payer);
  const right = l.discount_fen >= 0 && netFen(l) >= 0 && sharesFen(l) === netFen(l) && new Set(named).size === named.length &&
    l.shares.every((s) => s.fen >= 0 && (payers as readonly string[]).includes(s.payer));
  return right ? null : new Refused("settlement.line_sum", "lines", { job: j.work });
}

export function sharesFair(f: Facts): Refused | null {
  const s = settlementOf(f);
  const others = booked(f.settlements ?? [], s.work_order, s.id);
  for (const l of s.lines ?? []) {
    const j = jobNamed(f, l.job);
    if ((j?.payer ?? "") !== "customer" && shareOf(addCharges(chargeOf(l.job, others) ?? nothing(l.job), l), "customer") > 0) {
      return new Refused("settlement.share_unconsented", "lines", { job: j?.work ?? "" });
    }
  }
  return null;
}

/** E-04: what is put on the manufacturer's warranty was decided to be covered, or waits for the manufacturer's word. */
export function warrantyDecided(f: Facts): Refused | null {
  for (const l of settlementOf(f).lines ?? []) {
    const j = jobNamed(f, l.job);
    const decision = j?.warranty_decision ?? "";
    if (shareOf(l, "warranty") <= 0 || decision === "covered" || decision === "waiting") continue;
    return new Refused(decision === "refused" ? "settlement.warranty_refused" : "settlement.warranty_undecided", "lines", { job: j?.work ?? "" });
  }
  return null;
}

export function discountAllowed(f: Facts): Refused | null {
  const s = settlementOf(f);
  const others = booked(f.settlements ?? [], s.work_order, s.id);
  let given = 0, base = 0;
  for (const l of s.lines ?? []) {
    if (jobNamed(f, l.job)?.payer !== "customer") continue;
    const after = addCharges(chargeOf(l.job, others) ?? nothing(l.job), l);
    given += after.discount_fen + shareOf(after, "goodwill") + shareOf(after, "internal");
    base += grossFen(after);
  }
  const allowed = (f.settlements ?? [])
    .filter((o) => o.work_order === s.work_order && o.id !== s.id && ["issued", "settled"].includes(o.state))
    .reduce((sum, o) => sum + (o.discount_allowed_fen ?? 0), s.discount_allowed_fen ?? 0);
  const limit = portionFen(base, discountLimit(f.policy, f.actor));
  return given <= limit + allowed ? null : new Refused("settlement.discount_beyond", "lines", { given: yuan(given), limit: yuan(limit + allowed) });
}

/** The best of the actor's roles, in basis points. */
function discountLimit(p: Partial<Policy> | null | undefined, a: Actor): number {
  const limits = { advisor: p?.discount_advisor_percent, cashier: p?.discount_cashier_percent, supervisor: p?.discount_supervisor_percent, manager: p?.discount_manager_percent };
  return Object.entries(limits).reduce((best, [role, percent]) => (a.roles.includes(role) || a.roles.includes("superuser") ? Math.max(best, (percent ?? 0) * basisPoints) : best), 0);
}

/** Whether the payer pays on account anyway. */
export function onAccount(p: Partial<Policy> | null | undefined, payer: string): boolean {
  const always: Record<string, boolean | undefined> = { warranty: p?.credit_warranty, internal: p?.credit_internal, goodwill: p?.credit_goodwill };
  return always[payer] ?? false;
}

export function settlementSigned(f: Facts): Refused | null {
  if (text(f.after, "kind") === "counter") return null;
  return blank(text(f.after, "signer_name")) || !hasStrokes(f.after?.strokes) ? new Refused("settlement.unsigned", "strokes") : null;
}

export function settlementCleared(f: Facts): Refused | null {
  const s = settlementOf(f);
  for (const payer of payers) {
    if (!(s.lines ?? []).some((l) => shareOf(l, payer) !== 0)) continue;
    const refused = cleared(f, s.work_order, payer, "settlement.unpaid");
    if (refused) return refused;
  }
  return null;
}

function cleared(f: Facts, order: string, payer: string, code: string): Refused | null {
  if (onAccount(f.policy, payer)) return null;
  const { missing } = balance(f, order, payer);
  return missing > 0 ? new Refused(code, "", { payer: [`payer.${payer}`], amount: yuan(missing) }) : null;
}

/** How a payer stands with an order; `except` leaves one payment out. */
export function balance(f: Facts, order: string, payer: string, except = ""): Balance {
  const entries = (f.payments ?? []).filter((p) => p.work_order === order && (except === "" || p.id !== except));
  return balanceOf(payer, booked(f.settlements ?? [], order), entries);
}

export function settlementVoidReason(f: Facts): Refused | null {
  return text(f.before, "state") === "issued" && blank(text(f.after, "void_reason")) ? new Refused("settlement.void_unexplained", "void_reason") : null;
}

const signing = ["signer_name", "signer_relation", "strokes", "signed_at", "void_reason", "note"];

export function settlementUnfrozen(f: Facts): Refused | null {
  const state = text(f.before, "state");
  if (state === "draft") return null;
  for (const name of f.changed ?? []) {
    const once = signing.includes(name) && !given(f.before?.[name]);
    if (state !== "issued" || !once) return new Refused("settlement.frozen", name, { state: [`settlement.${state}`] });
  }
  return null;
}

export function orderUnsettled(f: Facts): Refused | null {
  const state = f.entity === "work_order" ? text(f.before, "state") : (f.order?.state ?? "");
  return state === "settled" || state === "released" ? new Refused("order.settled", "", { state: [`work_order.${state}`] }) : null;
}

export function orderSettled(f: Facts): Refused | null {
  return f.order ? settledWhole(f, f.order, f.jobs ?? [], "settlement.unpaid") : new Refused("order.unknown");
}

/** Judges one order by its jobs. A counter-entry that takes a job back counts from the moment it is issued. */
export function settledWhole(f: Facts, order: Order, jobs: Job[], unpaid: string): Refused | null {
  const lines = booked(f.settlements ?? [], order.id, "", ["settled"]);
  const counted = booked(f.settlements ?? [], order.id, "");
  for (const j of jobs) {
    if (!owed(j, order.state)) continue;
    const { labour, parts } = priceOf(j);
    const sum = chargeOf(j.id, lines);
    const stands = chargeOf(j.id, counted);
    if (!sum || !stands || [sum, stands].some((s) => s.labour_fen !== labour || s.parts_fen !== parts)) return new Refused("settlement.job_open", "", { job: j.work });
  }
  for (const payer of payers) {
    const refused = cleared(f, order.id, payer, unpaid);
    if (refused) return refused;
  }
  return null;
}
