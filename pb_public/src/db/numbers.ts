import { wall } from "../rules/zone.ts";
import { theActor, theStore } from "./store.ts";

/** The day in a time zone as yymmdd. */
export function dayIn(zone: string, at: Date): string {
  return new Date(wall(at.getTime(), zone)).toISOString().slice(2, 10).replaceAll("-", "");
}

/**
 * The next number to read aloud, unique without a network because the device's letter is part of it (O-04): a visit's
 * 受理号 "A07", counted from 1 each day in shop time, an order's number "SH01-261121-A03", a settlement's "SH01-J261121-A03", a gate pass's
 * "SH01-P261121-A03", a claim's on the manufacturer "SH01-S261121-A03", a customer's claim "SH01-T261121-A03", a make-up part's
 * "SH01-B261121-A03" and their lists' "SH01-BQ261121-A03", or the label of a customer's own part "KH-261121-A01". A number once given
 * is not given again, also when the act that asked for it fails.
 */
export async function nextNumber(kind: "visit" | "order" | "label" | "settlement" | "pass" | "claim" | "return" | "makeup" | "makeup_list", now = new Date()): Promise<string> {
  const store = theStore();
  const shop = await store.table("shops").get(theActor().shop);
  const day = dayIn(shop?.time_zone || "Asia/Shanghai", now);
  const count = await store.transaction("rw", store.meta, async () => {
    const next = ((await store.get(`counter:${kind}:${day}`)) ?? 0) + 1;
    await store.set(`counter:${kind}:${day}`, next);
    return next;
  });
  // Before the server has given a letter, the device's own id stands in for it: longer, and as unique.
  const letter = (await store.get("letter")) || ((await store.get("device")) ?? "").slice(0, 5).toUpperCase();
  const number = letter + String(count).padStart(2, "0");
  if (kind === "label") return `KH-${day}-${number}`;
  // 结算单, 放行条, 索赔, 退换修, 补件, 补件清单
  const mark = { visit: "", order: "", settlement: "J", pass: "P", claim: "S", return: "T", makeup: "B", makeup_list: "BQ" }[kind];
  return kind === "visit" ? number : `${shop?.code ?? ""}-${mark}${day}-${number}`;
}
