// What somebody has to do by a time: whose it is, in which order, and how late. Pure: the instant is an argument.
import type { Rows } from "../../db/index.ts";
import { parseTime } from "../../ui/format.ts";
import type { StateKind } from "../../ui/names.ts";

export type DueItem = Rows["due_items"];
export type Message = Rows["messages"];

export interface Person {
  id: string;
  roles: readonly string[];
}

/** Whose an item is: "mine" (named), "role" (my role's, nobody's yet) or "other". */
export type Whose = "mine" | "role" | "other";

export function whose(item: DueItem, me: Person): Whose {
  if (item.owner === me.id) return "mine";
  return !item.owner && me.roles.includes(item.role) ? "role" : "other";
}

/** How an item stands: late, due within the hour, open with time left, or closed. */
export function standing(item: DueItem, now: number): "late" | "soon" | "open" | "done" {
  if (item.state !== "open") return "done";
  const left = parseTime(item.due_at) - now;
  return left < 0 ? "late" : left < 3_600_000 ? "soon" : "open";
}

export const shapes: Record<ReturnType<typeof standing>, StateKind> = { late: "bad", soon: "attention", open: "now", done: "good" };

/** The earliest due first. */
export function byDue(a: DueItem, b: DueItem): number {
  return a.due_at.localeCompare(b.due_at) || a.id.localeCompare(b.id);
}

export type Scope = "own" | "all";

/** What a person's list shows: theirs and their roles', or everybody's. A manager's own list is everybody's. */
export function listed(items: DueItem[], me: Person, scope: Scope): DueItem[] {
  const all = scope === "all" || me.roles.some((r) => r === "manager" || r === "head_office");
  return items.filter((i) => all || whose(i, me) !== "other").sort(byDue);
}

export interface Counts {
  open: number;
  late: number;
}

/** What the menu says: how many are open for this person, and how many of them late. */
export function countsOf(items: DueItem[], me: Person, now: number): Counts {
  const own = listed(items.filter((i) => i.state === "open"), me, "own");
  return { open: own.length, late: own.filter((i) => standing(i, now) === "late").length };
}

/** What the item is about, as its kind wrote it. */
export function dataOf(item: DueItem): { promised_at?: string; agreed_at?: string; reason?: string; note?: string; answer?: string; missing?: string[]; failure?: string; to?: string; kind?: string; number?: string; label?: string; place?: string; thing?: string; by?: string; phone?: string; text?: string; waits?: string } {
  return (item.data ?? {}) as ReturnType<typeof dataOf>;
}

/** The language a message is in, whatever that of the screen is: it is read aloud in its own. */
export const languageOf = (text: string): "zh" | "en" => (/\p{Script=Han}/u.test(text) ? "zh" : "en");

/** Kinds that have their own words; others are shown by their bare name. */
export const kinds = ["progress_check", "delay", "tell_ready", "promise_consent", "file", "device_file", "message_failed", "appointment_remind", "appointment_missing", "appointment_day", "link_decided", "claim_return", "claim_answer", "claim_ship_back", "claim_tell", "claim_waits", "belonging_moved", "makeup_step", "makeup_refill"];

/** Reasons a customer is told for a delay. */
export const reasons = ["part", "customer", "quality", "bay", "abnormal", "other"] as const;
export type Reason = (typeof reasons)[number];

/** The reason the item suggests. */
export function reasonOf(item: DueItem): Reason {
  const said = dataOf(item).reason ?? "";
  if (said === "signature") return "customer";
  return (reasons as readonly string[]).includes(said) ? (said as Reason) : "other";
}

/** The shape of a message: gone, told, on its way, given up, taken back. */
export function messageShape(m: Message): StateKind {
  switch (m.state) {
    case "sent":
    case "told":
      return "good";
    case "failed":
      return "bad";
    case "cancelled":
      return "unseen";
    default:
      return "sending";
  }
}

/** What the last progress check that was answered late or abnormal says; "" when none was. */
export function saidOf(items: DueItem[]): string {
  const answered = items.filter((i) => i.kind === "progress_check" && i.state === "done" && i.answer !== "on_time" && i.answer !== "");
  return answered.sort((a, b) => (b.done_at || b.updated).localeCompare(a.done_at || a.updated))[0]?.note ?? "";
}
