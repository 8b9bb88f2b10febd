// Guards of a claim's goods and money; the reasons stand in internal/flow/guards_claim_goods.go.
import { instant } from "../clock.ts";
import { yuan } from "../price.ts";
import type { Facts } from "../facts.ts";
import { Refused } from "../refused.ts";
import { caseOf, inTime, listOf, netRefunds, shipped, shipUntil } from "./claim-common.ts";
import { blank, given, text, whole } from "./common.ts";

export function claimSent(f: Facts): Refused | null {
  const c = caseOf(f);
  if (!shipped(c, "in")) return new Refused("claim.not_sent");
  return c.shipments?.some((s) => inTime(s, f.after)) ? null : new Refused("claim.sent_late");
}

export function claimOverdue(f: Facts): Refused | null {
  const over = Date.parse(f.now) >= instant(shipUntil(f.after));
  return over && !given(f.after?.refused_parcel) && !caseOf(f).shipments?.some((s) => inTime(s, f.after)) ? null : new Refused("claim.not_overdue");
}

export function claimExtended(f: Facts): Refused | null {
  return Date.parse(f.now) < instant(text(f.after, "extended_until")) ? null : new Refused("claim.not_extended", "extended_until");
}

const unticked = (f: Facts): string[] => {
  const ticked = listOf(f.after?.ticked);
  return (caseOf(f).list ?? []).filter((code) => !ticked.includes(code));
};
const goods = (codes: string[]): string[] => codes.map((code) => `goods.${code}`);

export function claimComplete(f: Facts): Refused | null {
  if (text(f.after, "kind") === "repair") return claimCompared(f) ?? claimPlanAccepted(f);
  const missing = unticked(f);
  if (missing.length > 0) return new Refused("claim.incomplete", "ticked", { items: goods(missing) });
  const slots = caseOf(f).slots ?? [];
  const unshown = (caseOf(f).list ?? []).filter((code) => !slots.includes(`arrival.${code}`));
  return unshown.length > 0 ? new Refused("claim.arrival_unshown", "", { items: goods(unshown) }) : null;
}

export function claimIncomplete(f: Facts): Refused | null {
  if (text(f.after, "kind") !== "repair" && unticked(f).length === 0) return new Refused("claim.nothing_missing", "ticked");
  return blank(text(f.after, "arrival_note")) ? new Refused("claim.arrival_unexplained", "arrival_note") : null;
}

export function claimCompared(f: Facts): Refused | null {
  if (text(f.after, "compared_at") === "") return new Refused("claim.uncompared", "compared_at");
  return !blank(text(f.after, "arrival_note")) && text(f.after, "difference_agreed_at") === "" ? new Refused("claim.difference_open", "difference_agreed_at") : null;
}

export const claimReturned = (f: Facts): Refused | null => kindIs(f, "return");
export const claimExchanged = (f: Facts): Refused | null => kindIs(f, "exchange");
export const claimRepaired = (f: Facts): Refused | null => kindIs(f, "repair");

function kindIs(f: Facts, kind: string): Refused | null {
  const is = text(f.after, "kind");
  return is === kind ? null : new Refused("claim.other_kind", "kind", { kind: [`claim_kind.${is}`] });
}

function toCollect(f: Facts): number {
  const { plan } = caseOf(f);
  return text(f.after, "kind") === "repair" && plan ? plan.agreed_fen : whole(f.after, "owed_fen");
}

export function claimOwes(f: Facts): Refused | null {
  return toCollect(f) <= whole(f.after, "collected_fen") ? new Refused("claim.nothing_owed") : null;
}

export function claimPaid(f: Facts): Refused | null {
  const fen = toCollect(f), paid = whole(f.after, "collected_fen");
  return paid === fen ? null : new Refused("claim.unpaid", "collected_fen", { owed: yuan(fen), paid: yuan(paid) });
}

const planIs = (f: Facts, state: string, code: string): Refused | null => (caseOf(f).plan?.state === state ? null : new Refused(code));
export function claimPlanned(f: Facts): Refused | null {
  const refused = planIs(f, "offered", "claim.plan_missing"), price = caseOf(f).plan?.price_fen ?? 0;
  if (refused) return refused;
  return price > 0 && text(f.after, "lane") === "return_exchange" ? new Refused("repair.free", "", { price: yuan(price) }) : null;
}
export const claimPlanAccepted = (f: Facts): Refused | null => planIs(f, "accepted", "claim.plan_open");
export const claimPlanDeclined = (f: Facts): Refused | null => planIs(f, "declined", "claim.plan_undecided");
export const claimWorkDone = (f: Facts): Refused | null => planIs(f, "done", "claim.work_open");

export function claimGoodsHere(f: Facts): Refused | null {
  return text(f.after, "arrived_at") === "" ? new Refused("claim.goods_away") : null;
}

export function claimGoodsAway(f: Facts): Refused | null {
  return text(f.after, "arrived_at") !== "" ? new Refused("claim.goods_here") : null;
}

export function claimShippedOut(f: Facts): Refused | null {
  return shipped(caseOf(f), "out") ? null : new Refused("claim.not_shipped_out");
}

export function claimRefunded(f: Facts): Refused | null {
  const due = whole(f.after, "refund_due_fen");
  return netRefunds(caseOf(f).refunds) === due ? null : new Refused("claim.refund_open", "", { due: yuan(due) });
}
