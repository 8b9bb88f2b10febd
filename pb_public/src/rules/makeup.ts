// Until when each step of a make-up part 补件 is due, and when the part should be here (P-03, P-04); twin of
// internal/flow/makeup.go, which says each rule. Instants are milliseconds; days are working days of the shop (L-16).
import { windowOf, type Calendar } from "./calendar.ts";
import { instant } from "./clock.ts";
import type { Values } from "./facts.ts";
import { text } from "./guards/common.ts";

/** Of the shop's policy, in working days. */
export interface MakeupPolicy {
  makeup_gather_days: number;
  makeup_review_days: number;
  makeup_order_days: number;
  makeup_ship_days: number;
  makeup_track_days: number;
  makeup_double_from_days: number;
  makeup_double_days: number;
  makeup_single_from_days: number;
  makeup_single_days: number;
  makeup_inner_from_days: number;
  makeup_inner_days: number;
  makeup_glass_from_days: number;
  makeup_glass_days: number;
  makeup_hardware_from_days: number;
  makeup_hardware_days: number;
}

/** The role that has the step of each state, where nobody is named. */
export const makeupOwner: Record<string, string> = { requested: "parts", gathered: "supervisor", approved: "parts", ordered: "warehouse", received: "warehouse", shipped: "agent" };

/** In how many working days after its approval a part of the class comes: the earliest, and the latest. */
function readyDays(p: MakeupPolicy, cls: string): { from: number; until: number } {
  const [from, until] = (
    {
      double_gloss: [p.makeup_double_from_days, p.makeup_double_days], single_gloss: [p.makeup_single_from_days, p.makeup_single_days],
      inner: [p.makeup_inner_from_days, p.makeup_inner_days], glass: [p.makeup_glass_from_days, p.makeup_glass_days],
      hardware: [p.makeup_hardware_from_days, p.makeup_hardware_days],
    } as Record<string, [number, number]>
  )[cls] ?? [0, 0];
  return { from: Math.min(from, until), until };
}

export interface MakeupTimes {
  /** Of the present step: the first instant that is too late; null when nothing is due. */
  due: number | null;
  /** When the part should be here. */
  from: number | null;
  ready: number | null;
  assumed: boolean;
}

export function makeupDue(row: Values, p: MakeupPolicy, days: Calendar, zone: string): MakeupTimes {
  const out: MakeupTimes = { due: null, from: null, ready: null, assumed: false };
  const at = (name: string): number => instant(text(row, name));
  const within = (from: number, workdays: number): number => {
    const w = windowOf(days, from, { count: workdays, unit: "workday" }, zone);
    out.assumed ||= w.assumed;
    return w.due;
  };
  const approved = at("approved_at"), wanted = at("wanted_at"), begun = at("step_at"), delivery = at("delivery_on");
  if (!Number.isNaN(approved)) {
    const { from, until } = readyDays(p, text(row, "class"));
    [out.from, out.ready] = [within(approved, from), within(approved, until)];
    if (text(row, "urgent_approval") === "approved") {
      if (!Number.isNaN(wanted)) out.ready = Math.min(out.ready, wanted);
      out.from = Math.min(out.from, out.ready);
    }
  }
  if (Number.isNaN(begun)) return out;
  switch (row.state) {
    case "requested": return { ...out, due: within(begun, p.makeup_gather_days), assumed: out.assumed };
    case "gathered": return { ...out, due: within(begun, p.makeup_review_days), assumed: out.assumed };
    case "approved": return { ...out, due: Math.min(within(begun, p.makeup_order_days), out.ready ?? Infinity), assumed: out.assumed };
    case "ordered": return { ...out, due: out.ready };
    case "received": return { ...out, due: Number.isNaN(delivery) ? within(begun, p.makeup_ship_days) : delivery, assumed: out.assumed };
    case "shipped": return { ...out, due: within(begun, p.makeup_track_days), assumed: out.assumed };
    default: return out;
  }
}
