// Guards of the appointment calendar and of what must be asked; the reasons stand in internal/flow/guards_book.go.
import { clockText, occupies, overfull, percentOf, slotMark } from "../capacity.ts";
import type { Facts, Values } from "../facts.ts";
import { Refused } from "../refused.ts";
import { blank, text } from "./common.ts";

export function customerReachable(f: Facts): Refused | null {
  if (text(f.after, "customer") !== "" || (!blank(text(f.after, "caller_name")) && !blank(text(f.after, "caller_phone")))) return null;
  return new Refused("appointment.unreachable", "caller_phone");
}

export function slotFree(f: Facts): Refused | null {
  const b = f.booking;
  if (!b) return new Refused("appointment.unknown");
  const capacities = f.capacities ?? [];
  if (capacities.length === 0) return new Refused("appointment.no_capacity", "starts_at");
  if (!blank(text(f.after, "overbook_reason")) && text(f.after, "overbook_slot") === slotMark(b)) return null;
  if (occupies(capacities, b).length === 0) return new Refused("appointment.closed", "starts_at", { day: b.day, time: clockText(b.minute) });
  const over = overfull(capacities, f.bookings ?? [], b);
  return over ? new Refused("appointment.overbooked", "starts_at", { day: over.day, time: clockText(over.slot), taken: percentOf(over) }) : null;
}

export function receptionBegun(f: Facts): Refused | null {
  return f.visit?.id ? null : new Refused("appointment.no_reception");
}

export function startPassed(f: Facts): Refused | null {
  const start = Date.parse((f.booking?.starts_at ?? "").replace(" ", "T"));
  return start <= Date.parse(f.now.replace(" ", "T")) ? null : new Refused("appointment.not_yet");
}

export function cancelReason(f: Facts): Refused | null {
  return blank(text(f.after, "cancel_reason")) ? new Refused("appointment.cancel_reason", "cancel_reason") : null;
}

export function missingTold(f: Facts): Refused | null {
  const kinds = (f.preparations ?? []).filter((p) => p.state === "missing" && p.told_at === "").map((p) => `preparation.${p.kind}`);
  return kinds.length > 0 ? new Refused("appointment.missing_untold", "", { kinds }) : null;
}

export function missingNamed(f: Facts): Refused | null {
  return blank(text(f.after, "missing_note")) ? new Refused("appointment.missing_unnamed", "missing_note") : null;
}

const levels = [["member", "会员", "普通"], ["silver", "银卡", "银"], ["gold", "金卡", "金"], ["platinum", "白金", "白金卡", "钻石"]];

/** 1 member, 2 silver, 3 gold, 4 platinum; 0 for none and for what is not known. */
export function levelRank(level: string): number {
  return levels.findIndex((names) => names.includes(level.trim().toLowerCase())) + 1;
}

export function pickupAllowed(f: Facts): Refused | null {
  if (["", "none"].includes(text(f.after, "pickup"))) return null;
  const least = f.policy?.pickup_level ?? 0, radius = f.policy?.pickup_km ?? 0;
  if (levelRank(f.customer?.member_level ?? "") < least) return new Refused("appointment.pickup_level", "pickup", { levels: [`level.${least}`] });
  const km = number(f.after, "pickup_km");
  return km > radius ? new Refused("appointment.pickup_far", "pickup_km", { km, radius }) : null;
}

function number(v: Values | null | undefined, name: string): number {
  const n = v?.[name];
  return typeof n === "number" ? Math.trunc(n) : 0;
}

const dropped = ["declined", "cancelled"];

export function diagnosisTold(f: Facts): Refused | null {
  const untold = (f.jobs ?? []).find((j) => !dropped.includes(j.state) && j.diagnosis_only && !j.diagnosis_told_at);
  return untold ? new Refused("order.diagnosis_untold", "", { job: untold.work }) : null;
}

export function wishesAsked(f: Facts): Refused | null {
  if (!f.visit) return new Refused("visit.unknown");
  const wishes = (["old_parts", "wash", "payment_method"] as const).filter((name) => !f.visit?.[name]).map((name) => `wish.${name}`);
  return wishes.length > 0 ? new Refused("visit.wishes_unasked", "", { wishes }) : null;
}
