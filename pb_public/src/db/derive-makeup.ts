// Derived fields of make-up parts 补件 as the server will set them, so that the list by due time is right before the network
// is; twin of hooks/makeup.go.
import type { Policy } from "../rules/facts.ts";
import { shippedPolicy } from "../rules/figures.ts";
import { makeupDue, makeupOwner } from "../rules/makeup.ts";
import { around } from "./derive-claims.ts";
import { serverTime } from "./ids.ts";
import { activePolicy } from "./policy.ts";
import type { Row, Store } from "./store.ts";

const reachedAt: Record<string, string> = {
  gathered: "gathered_at", approved: "approved_at", ordered: "ordered_at", received: "arrived_at", shipped: "shipped_at",
  completed: "delivered_at", rejected: "closed_at", cancelled: "closed_at",
};
/** What a step back takes back, so that it is reached anew. */
const anew: Record<string, string[]> = { requested: ["gathered_at", "closed_at"], approved: ["ordered_at"] };
const decided = [["urgent_approval", "urgent_decided_by", "urgent_decided_at"], ["unbox_approval", "unbox_decided_by", "unbox_decided_at"]] as const;

/** Whom the part is for, who decided, whose the step is and until when (P-03, P-04). */
export async function deriveMakeup(store: Store, row: Row, fresh: boolean): Promise<Row> {
  const begun: Row = step(fresh && !row.step_at ? await requested(store, row) : row);
  for (const [field, by, at] of decided) {
    if (begun[field] && !begun[at]) Object.assign(begun, { [by]: begun.updated_by, [at]: begun.updated });
    if (!begun[field]) Object.assign(begun, { [by]: "", [at]: "" });
  }
  begun.collected_at = begun.collected_fen ? begun.collected_at || begun.updated : "";
  const { calendar, zone } = await around(store, String(row.shop));
  const kept = begun.policy ? await store.rows("policies").get(String(begun.policy)) : undefined;
  const times = makeupDue(begun, { ...shippedPolicy, ...(kept?.data as Partial<Policy> | undefined) }, calendar, zone);
  const said = (at: number | null): string => (at === null ? "" : serverTime(at));
  return { ...begun, due_at: said(times.due), ready_from_at: said(times.from), ready_due_at: said(times.ready), assumed: times.assumed };
}

/** A part of a claim is for the claim's customer and order; the figures that hold now go with it. */
async function requested(store: Store, row: Row): Promise<Row> {
  const claim = row.claim ? await store.rows("claims").get(String(row.claim)) : undefined;
  const policy = await activePolicy(store, String(row.shop));
  const own = claim ? { sales_order: row.sales_order || claim.sales_order, customer: row.customer || claim.customer } : {};
  return { ...row, ...own, policy: policy?.id ?? "" };
}

/** The step of the state the part has come to, once. */
function step(row: Row): Row {
  const state = String(row.state), field = reachedAt[state], back = (anew[state] ?? []).filter((name) => row[name]);
  if (row.step_at && back.length === 0 && (!field || row[field])) return { ...row };
  const first = state === "approved" && !row.approved_at;
  return {
    ...row, role: makeupOwner[state] ?? "", step_at: row.updated,
    ...Object.fromEntries(back.map((name) => [name, ""])), ...(field && !row[field] ? { [field]: row.updated } : {}), ...(first ? { approved_by: row.updated_by } : {}),
  };
}
