// What a booking is made of on this side, and what follows from it. Pure: instants are arguments.
import type { Policy, QuoteLine, Rows } from "../../db/index.ts";
import { partsFen } from "../../rules/price.ts";
import type { StateKind } from "../../ui/names.ts";

export type Appointment = Rows["appointments"];
export type Preparation = Rows["preparations"];
export type Kind = Preparation["kind"];
/** The shape of an appointment's state. */
export const shapes: Record<string, StateKind> = { requested: "hold", confirmed: "now", reminded: "now", arrived: "good", no_show: "bad", cancelled: "unseen" };
export type JobClass = Exclude<QuoteLine["job_class"], "">;

export const jobClasses: JobClass[] = ["maintenance", "mechanical", "electrical", "body", "paint", "diagnosis"];
export const papers = ["driving_licence", "manual", "warranty_card", "insurance", "id_card", "invoice"] as const;

/** What the form of a new appointment holds. */
export interface Draft {
  source: Appointment["source"];
  channel: Appointment["channel"];
  vehicle: string;
  customer: string;
  caller_name: string;
  caller_phone: string;
  caller_plate: string;
  purpose: Appointment["purpose"];
  needs: string;
  lines: QuoteLine[];
  minutes: number;
  hands: number;
  day: string;
  minute: number;
  advisor: string;
  keeper: string;
  documents: string[];
  courtesy_car: Appointment["courtesy_car"];
  courtesy_note: string;
  tools: string;
  pickup: Appointment["pickup"];
  pickup_address: string;
  pickup_km: number;
  note: string;
}

export function blankDraft(day: string, minute: number, me: string): Draft {
  return {
    source: "passive", channel: "phone", vehicle: "", customer: "", caller_name: "", caller_phone: "", caller_plate: "", purpose: "maintenance", needs: "",
    lines: [], minutes: 60, hands: 1, day, minute, advisor: me, keeper: me, documents: ["driving_licence"], courtesy_car: "none", courtesy_note: "", tools: "",
    pickup: "none", pickup_address: "", pickup_km: 0, note: "",
  };
}

export const emptyLine: QuoteLine = { work: "", detail: "", labour_minutes: 0, labour_fen: 0, parts: [], method: "item", standard_time: "", job_class: "", risk_fen: 0, came_back_from: "" };

/** Why it cannot be booked yet, as a key of the dictionary; null when it can. */
export function missing(draft: Draft): string | null {
  if (!draft.vehicle && !draft.caller_name.trim()) return "book.why_who";
  if (!draft.vehicle && !draft.customer && !draft.caller_phone.trim()) return "book.why_phone";
  if (!draft.needs.trim()) return "book.why_needs";
  if (draft.lines.some((l) => !l.work.trim())) return "book.why_line";
  return draft.day === "" || draft.minute < 0 ? "book.why_slot" : null;
}

export function sums(lines: readonly Pick<QuoteLine, "labour_fen" | "parts">[]): { labour: number; parts: number; total: number } {
  const labour = lines.reduce((n, l) => n + (l.labour_fen || 0), 0);
  const parts = lines.reduce((n, l) => n + partsFen(l.parts ?? []), 0);
  return { labour, parts, total: labour + parts };
}

/** How long the car stands in a bay, from the quote's labour: in quarters of an hour, one at least. */
export function bayMinutes(lines: readonly QuoteLine[], hands: number): number {
  const labour = lines.reduce((n, l) => n + (l.labour_minutes || 0), 0);
  return Math.min(2400, Math.max(15, Math.ceil(labour / Math.max(1, hands) / 15) * 15));
}

const rates: Record<JobClass, keyof Policy> = {
  maintenance: "rate_maintenance_fen", mechanical: "rate_mechanical_fen", electrical: "rate_electrical_fen",
  body: "rate_body_fen", paint: "rate_paint_fen", diagnosis: "rate_diagnosis_fen",
};

/** Fen per hour of standard time of a job class (E-02). */
function rateOf(policy: Policy, jobClass: JobClass): number {
  return Number(policy[rates[jobClass]]) || 0;
}

/** Price of standard minutes by the rate of their class, fen, half a fen rounded up. */
export function labourFen(policy: Policy, jobClass: JobClass, minutes: number): number {
  return Math.floor((Math.max(0, minutes) * rateOf(policy, jobClass)) / 60 + 0.5);
}

type Standard = Pick<Rows["standard_times"], "id" | "name" | "job_class" | "minutes" | "risk_percent">;

/** What a standard time costs by the method (E-01): by symptom 现象估价 a risk allowance is added, and shown. */
export function priced(policy: Policy, standard: Standard, method: "item" | "system" | "symptom"): Pick<QuoteLine, "labour_minutes" | "labour_fen" | "risk_fen" | "job_class" | "standard_time" | "method"> {
  const fen = labourFen(policy, standard.job_class, standard.minutes);
  const risk = method === "symptom" ? Math.ceil((fen * (standard.risk_percent || 0)) / 100) : 0;
  return { labour_minutes: standard.minutes, labour_fen: fen + risk, risk_fen: risk, job_class: standard.job_class, standard_time: standard.id, method };
}

/** Which lines of the preparation list an appointment needs (B-04). */
export function toPrepare(draft: Pick<Draft, "lines" | "documents" | "courtesy_car" | "courtesy_note" | "tools">): { kind: Kind; need: string }[] {
  const list: { kind: Kind; need: string }[] = [{ kind: "bay", need: "" }, { kind: "technician", need: "" }];
  const parts = draft.lines.flatMap((l) => l.parts.filter((p) => p.origin === "shop").map((p) => p.name));
  if (parts.length) list.push({ kind: "parts", need: parts.join(", ").slice(0, 400) });
  if (draft.tools.trim()) list.push({ kind: "tools", need: draft.tools.trim() });
  if (draft.courtesy_car !== "none" && draft.courtesy_car !== "") list.push({ kind: "courtesy_car", need: draft.courtesy_note.trim() });
  if (draft.documents.length) list.push({ kind: "papers", need: "" });
  return list;
}

export interface Counts {
  booked: number;
  kept: number;
  missed: number;
  cancelled: number;
  open: number;
}

/** Booked, kept and missed (B-08). What was never confirmed was never booked; what is still to come is neither kept nor missed. */
export function count(rows: readonly Pick<Appointment, "state">[]): Counts {
  const of = (...states: string[]) => rows.filter((a) => states.includes(a.state)).length;
  return { booked: of("confirmed", "reminded", "arrived", "no_show"), kept: of("arrived"), missed: of("no_show"), cancelled: of("cancelled"), open: of("confirmed", "reminded") };
}

/** Share of no-shows among those whose time has come, percent; null while there are none. */
export function missRate(c: Counts): number | null {
  return c.kept + c.missed === 0 ? null : Math.round((c.missed * 100) / (c.kept + c.missed));
}
