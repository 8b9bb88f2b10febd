// What screens ask of a claim's rules: the policy it was filed under, and what would become of it.
import { windowOf } from "../rules/calendar.ts";
import { instant } from "../rules/clock.ts";
import type { ClaimPolicy, Preview, Verdict } from "../rules/claim.ts";
import { around, previewOf } from "./derive-claims.ts";
import { claimPolicyKept } from "./facts-claims.ts";
import { serverTime } from "./ids.ts";
import { theStore, type Row } from "./store.ts";
import type { Rows } from "./types.gen.ts";

/** The policy a claim keeps, whatever holds for new ones. */
export function claimPolicyOf(claim: Rows["claims"]): Promise<ClaimPolicy> {
  return claimPolicyKept(theStore(), claim.policy);
}

/** Lane, payer and due times (ms) of a claim with this verdict; null where its times cannot be read yet. */
export function claimPreview(claim: Rows["claims"], verdict: Verdict): Promise<Preview | null> {
  return previewOf(theStore(), claim as unknown as Row, verdict);
}

/** The end of so many days of a shop, counted from an instant as the law counts them (L-16); UTC text. */
export async function daysFrom(shop: string, from: string, days: number): Promise<string> {
  const { calendar, zone } = await around(theStore(), shop);
  return serverTime(windowOf(calendar, instant(from), { count: days, unit: "day" }, zone).due);
}
