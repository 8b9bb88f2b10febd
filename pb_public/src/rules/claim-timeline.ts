// What happened to a claim and what comes next, as customer and staff both read it (L-14): from the history that the server
// writes, the parcels and the ledger of refunds. Instants are UTC texts as stored; it reads no clock.
import { instant } from "./clock.ts";
import { shipUntil } from "./guards/claim-common.ts";

/** One line of a claim's history as the server keeps it; `event` is a state or an event of internal/claim/decided.go. */
export interface ClaimEvent {
  at: string;
  event: string;
  by: string;
  name: string;
  role: string;
  value?: string;
  note?: string;
  rules: string[];
}

/** The parts of a claim's row that its course is told by. */
export interface ClaimCourse {
  id: string;
  state: string;
  kind: string;
  updated?: string;
  history?: ClaimEvent[] | null;
  filed_at?: string;
  captured_at?: string;
  route?: string;
  refused_parcel?: boolean;
  answer_due_at?: string;
  ship_back_due_at?: string;
  extended_until?: string;
  return_due_at?: string;
  repair_due_at?: string;
}

export interface CourseParcel {
  id: string;
  direction: string;
  carrier: string;
  tracking_number: string;
  sent_at: string;
  delivered_at?: string;
}

export interface CourseRefund {
  id: string;
  kind: string;
  fen: number;
  created: string;
}

export interface CoursePlan {
  id: string;
  state: string;
  method?: string;
  price_fen?: number;
  days?: number;
  surprise?: string;
  surprise_fen?: number;
  surprise_days?: number;
  surprise_agreed_at?: string;
  /** What was agreed to, one after the other, as the server has written it down. */
  surprises?: unknown;
  stopped_at?: string;
  done_at?: string;
  updated?: string;
}

/** Something that was found during the repair, with what the customer agreed to: fen and days more. */
export interface CourseSurprise {
  at: string;
  found: string;
  fen: number;
  days: number;
  how?: string;
  name?: string;
  role?: string;
}

/** All that was agreed to of a plan, oldest first; the last of it may be known on this device alone. */
export function surprisesOf(p: CoursePlan): CourseSurprise[] {
  const told = [...(Array.isArray(p.surprises) ? (p.surprises as CourseSurprise[]) : [])], at = p.surprise_agreed_at ?? "";
  if (at === "" || told.some((s) => s.at === at)) return told;
  return [...told, { at, found: p.surprise ?? "", fen: p.surprise_fen ?? 0, days: p.surprise_days ?? 0 }];
}

export interface CourseMessage {
  id: string;
  state: string;
  text: string;
  created: string;
  sent_at?: string;
}

/** A photo that an agent has attached has a source, how it came. */
export interface CoursePhoto {
  id: string;
  created: string;
  source?: string;
  source_note?: string;
  evidence_reason?: string;
  evidence_at?: string;
}

export interface Around {
  photos?: readonly CoursePhoto[];
  messages?: readonly CourseMessage[];
  shipments?: readonly CourseParcel[];
  plans?: readonly CoursePlan[];
  refunds?: readonly CourseRefund[];
}

/** What a line of the timeline is about. */
export type Source = "claim" | "parcel" | "plan" | "refund" | "message" | "photo";

/**
 * A line of the timeline. `event` of a claim is a state or an event; of a parcel sent_in, sent_out, delivered_in or
 * delivered_out; of a plan surprise_found (while it waits for the customer's word), surprise_agreed, work_done or work_stopped; of a refund refund or counter;
 * of a photo attached or photo_counts; of a message its state (queued, sent, told, …). `name` and `role` are "" where the row names nobody. `days` beside a sum in `value` (fen): of a plan, or of
 * what was found. `pending`: done on this device and not yet confirmed by the server.
 */
export interface Line {
  at: string;
  source: Source;
  event: string;
  name: string;
  role: string;
  value: string;
  days: number;
  note: string;
  rules: readonly string[];
  pending: boolean;
}

/** Who pays the freight by this step, where the step decided it: the way in with the approval, the way back with what is sent back (L-03 … L-09). */
export function freightOf(l: Line): string {
  return l.source === "claim" && (l.event === "approved" || l.event === "sent_back") ? l.value : "";
}

/** Everything that happened, oldest first; lines of the same instant stay in the order in which they were written. */
export function timelineOf(claim: ClaimCourse, around: Around = {}): Line[] {
  const history = claim.history ?? [];
  const lines: Line[] = history.map((e) => ({ ...line("claim", e.event, e.at), name: e.name, role: e.role, value: e.value ?? "", note: e.note ?? "", rules: e.rules }));
  // The plan that was put before the customer stands where it was offered: what is done, for how much, in how many days (L-06).
  const plans = around.plans ?? [], offers = lines.filter((l) => l.event === "plan_offered");
  for (const [i, l] of offers.entries()) {
    const plan = plans[plans.length - offers.length + i];
    if (plan) Object.assign(l, { value: String(plan.price_fen ?? 0), days: plan.days ?? 0, note: plan.method ?? "" });
  }
  const last = history.findLast((e) => e.event in steps);
  if (last?.event !== claim.state) lines.push({ ...line("claim", claim.state, claim.updated ?? ""), pending: true });
  for (const p of around.shipments ?? []) {
    const parcel = { value: `${p.carrier} ${p.tracking_number}`.trim(), rules: p.direction === "in" ? [claim.refused_parcel ? "L-01" : "L-08"] : [] };
    lines.push({ ...line("parcel", `sent_${p.direction}`, p.sent_at), ...parcel });
    if (p.delivered_at) lines.push({ ...line("parcel", `delivered_${p.direction}`, p.delivered_at), ...parcel });
  }
  for (const p of plans) {
    for (const s of surprisesOf(p)) {
      lines.push({ ...line("plan", "surprise_agreed", s.at), name: s.name ?? "", role: s.role ?? "", value: String(s.fen), days: s.days, note: s.found, rules: ["L-12"] });
    }
    if (p.state === "paused" && !p.surprise_agreed_at) {
      lines.push({ ...line("plan", "surprise_found", p.updated ?? ""), value: String(p.surprise_fen ?? 0), days: p.surprise_days ?? 0, note: p.surprise ?? "", rules: ["L-12"] });
    }
    if (p.stopped_at) lines.push({ ...line("plan", "work_stopped", p.stopped_at), note: p.surprise ?? "", rules: ["L-12"] });
    else if (p.done_at) lines.push({ ...line("plan", "work_done", p.done_at), rules: ["L-12"] });
  }
  for (const p of around.photos ?? []) {
    if (!p.source) continue;
    const how = { role: "agent", value: p.source, rules: ["L-02"] };
    lines.push({ ...line("photo", "attached", p.created), ...how, note: p.source_note ?? "" });
    if (p.evidence_reason) lines.push({ ...line("photo", "photo_counts", p.evidence_at || p.created), ...how, note: p.evidence_reason });
  }
  for (const m of around.messages ?? []) lines.push({ ...line("message", m.state, m.sent_at || m.created), note: m.text });
  for (const r of around.refunds ?? []) lines.push({ ...line("refund", r.kind, r.created), role: "finance", value: String(r.fen), rules: ["L-13"] });
  return lines.map((l, i) => ({ l, i })).sort((a, b) => time(a.l) - time(b.l) || a.i - b.i).map(({ l }) => l);
}

function line(source: Source, event: string, at: string): Line {
  return { at, source, event, name: "", role: "", value: "", days: 0, note: "", rules: [], pending: false };
}

/** What has no readable time yet comes last. */
function time(l: Line): number {
  const at = instant(l.at);
  return Number.isNaN(at) ? Number.POSITIVE_INFINITY : at;
}

/** How far along a state is, for a bar of steps: 0 filed, 1 judged, 2 on its way to us, 3 with us, 4 on its way back, 5 over. */
export const steps: Readonly<Record<string, number>> = {
  submitted: 0, evidence_needed: 0, negotiating: 0, approved: 1, plan_offered: 1, plan_accepted: 1, plan_declined: 1, awaiting_goods: 1, in_transit: 2, received: 3, accepted: 3,
  refund_pending: 3, awaiting_payment: 3, exchange_pending: 3, repairing: 3, returned: 4, completed: 5, rejected: 5, sent_back: 5, cancelled: 5, expired: 5,
};

/** The next deadline: to answer, to hand the goods to a carrier, or to bring them to a store (L-04). `until` is the first instant that is too late, `who` has to act, `rule` set it. */
export interface Deadline {
  kind: "answer" | "ship_back" | "bring";
  until: string;
  who: "company" | "customer";
  rule: string;
}

/** What has to happen next and by when; null where no time runs. */
export function nextDeadline(claim: ClaimCourse): Deadline | null {
  if (claim.state === "submitted" && claim.answer_due_at) return { kind: "answer", until: claim.answer_due_at, who: "company", rule: "L-01" };
  if (!["approved", "awaiting_goods"].includes(claim.state) || !claim.ship_back_due_at) return null;
  return { kind: claim.route === "store" ? "bring" : "ship_back", until: shipUntil({ ...claim }), who: "customer", rule: "L-08" };
}

/** How long until an instant: whole days, hours, minutes and seconds; `over` once it has come. */
export function countdown(until: string, now: number): { over: boolean; days: number; hours: number; minutes: number; seconds: number } {
  const left = instant(until) - now;
  const all = Math.floor(Math.abs(Number.isNaN(left) ? 0 : left) / 1000);
  return { over: !(left > 0), days: Math.floor(all / 86_400), hours: Math.floor(all / 3_600) % 24, minutes: Math.floor(all / 60) % 60, seconds: all % 60 };
}
