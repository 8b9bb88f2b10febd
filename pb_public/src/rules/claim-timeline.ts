// What happened to a claim and what comes next, as customer and staff both read it (L-14): from the history that the server
// writes, the parcels and the ledger of refunds. Instants are UTC texts as stored; it reads no clock.
import { instant } from "./clock.ts";

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
  surprise?: string;
  surprise_agreed_at?: string;
  done_at?: string;
}

export interface CourseMessage {
  id: string;
  state: string;
  text: string;
  created: string;
  sent_at?: string;
}

export interface Around {
  messages?: readonly CourseMessage[];
  shipments?: readonly CourseParcel[];
  plans?: readonly CoursePlan[];
  refunds?: readonly CourseRefund[];
}

/** What a line of the timeline is about. */
export type Source = "claim" | "parcel" | "plan" | "refund" | "message";

/**
 * A line of the timeline. `event` of a claim is a state or an event; of a parcel sent_in, sent_out, delivered_in or
 * delivered_out; of a plan surprise_agreed or work_done; of a refund refund or counter; of a message its state (told, sent, …). `name` and `role` are "" where
 * the row names nobody. `pending`: done on this device and not yet confirmed by the server.
 */
export interface Line {
  at: string;
  source: Source;
  event: string;
  name: string;
  role: string;
  value: string;
  note: string;
  rules: readonly string[];
  pending: boolean;
}

/** Everything that happened, oldest first; lines of the same instant stay in the order in which they were written. */
export function timelineOf(claim: ClaimCourse, around: Around = {}): Line[] {
  const history = claim.history ?? [];
  const lines: Line[] = history.map((e) => ({ ...line("claim", e.event, e.at), name: e.name, role: e.role, value: e.value ?? "", note: e.note ?? "", rules: e.rules }));
  const last = history.findLast((e) => e.event in steps);
  if (last?.event !== claim.state) lines.push({ ...line("claim", claim.state, claim.updated ?? ""), pending: true });
  for (const p of around.shipments ?? []) {
    const parcel = { value: `${p.carrier} ${p.tracking_number}`.trim(), rules: p.direction === "in" ? ["L-08"] : [] };
    lines.push({ ...line("parcel", `sent_${p.direction}`, p.sent_at), ...parcel });
    if (p.delivered_at) lines.push({ ...line("parcel", `delivered_${p.direction}`, p.delivered_at), ...parcel });
  }
  for (const p of around.plans ?? []) {
    if (p.surprise_agreed_at) lines.push({ ...line("plan", "surprise_agreed", p.surprise_agreed_at), note: p.surprise ?? "", rules: ["L-12"] });
    if (p.done_at) lines.push({ ...line("plan", "work_done", p.done_at), rules: ["L-06"] });
  }
  for (const m of around.messages ?? []) lines.push({ ...line("message", m.state, m.sent_at || m.created), note: m.text });
  for (const r of around.refunds ?? []) lines.push({ ...line("refund", r.kind, r.created), role: "finance", value: String(r.fen), rules: ["L-13"] });
  return lines.map((l, i) => ({ l, i })).sort((a, b) => time(a.l) - time(b.l) || a.i - b.i).map(({ l }) => l);
}

function line(source: Source, event: string, at: string): Line {
  return { at, source, event, name: "", role: "", value: "", note: "", rules: [], pending: false };
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

/** The next deadline: `until` is the first instant that is too late, `who` has to act, `rule` set it. */
export interface Deadline {
  kind: "answer" | "ship_back";
  until: string;
  who: "company" | "customer";
  rule: string;
}

/** What has to happen next and by when; null where no time runs. */
export function nextDeadline(claim: ClaimCourse): Deadline | null {
  if (claim.state === "submitted" && claim.answer_due_at) return { kind: "answer", until: claim.answer_due_at, who: "company", rule: "L-01" };
  if (!["approved", "awaiting_goods"].includes(claim.state) || !claim.ship_back_due_at) return null;
  const until = instant(claim.extended_until ?? "") > instant(claim.ship_back_due_at) ? claim.extended_until! : claim.ship_back_due_at;
  return { kind: "ship_back", until, who: "customer", rule: "L-08" };
}

/** How long until an instant: whole days, hours, minutes and seconds; `over` once it has come. */
export function countdown(until: string, now: number): { over: boolean; days: number; hours: number; minutes: number; seconds: number } {
  const left = instant(until) - now;
  const all = Math.floor(Math.abs(Number.isNaN(left) ? 0 : left) / 1000);
  return { over: !(left > 0), days: Math.floor(all / 86_400), hours: Math.floor(all / 3_600) % 24, minutes: Math.floor(all / 60) % 60, seconds: all % 60 };
}
