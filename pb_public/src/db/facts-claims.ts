// A claim with what stands around it, from the tablet's own rows; twin of hooks/facts_claims.go on the server.
import type { ClaimCase } from "../rules/facts-claim.ts";
import { netRefunds } from "../rules/guards/claim-common.ts";
import { differsOf, mustComeBack, shippedClaimPolicy, usesUp, type ClaimPolicy } from "../rules/claim.ts";
import type { Row, Store } from "./store.ts";
import { held } from "./tables.ts";

const ofClaims = ["claims", "claim_items", "shipments", "repair_plans", "refunds"];

/** The policy a claim was filed under, by the "id@revision" it keeps; the shipped one where this tablet does not have it. */
export async function claimPolicyKept(store: Store, kept: string): Promise<ClaimPolicy> {
  const row = await held(store.rows("policies")).get(kept.slice(0, Math.max(kept.indexOf("@"), 0)));
  return row?.kind === "claims" ? (row.data as ClaimPolicy) : shippedClaimPolicy;
}

/** What the guards of a claim look at; null for rows that are of no claim. */
export async function claimFacts(store: Store, collection: string, row: Row): Promise<ClaimCase | null> {
  if (!ofClaims.includes(collection)) return null;
  const claim = collection === "claims" ? row : await held(store.rows("claims")).get(String(row.claim));
  if (!claim) return null;
  const all = async (name: string): Promise<Row[]> => withSelf(collection, name, row, claim.id, await held(store.rows(name)).where("claim").equals(claim.id).toArray());
  const [items, shipments, plans, refunds, photos, sale, customer, policy] = await Promise.all([
    all("claim_items"), all("shipments"), all("repair_plans"), all("refunds"),
    held(store.rows("photos")).where("subject_record").equals(claim.id).toArray(),
    held(store.rows("sales_orders")).get(String(claim.sales_order)),
    claim.customer ? held(store.rows("customers")).get(String(claim.customer)) : undefined,
    claimPolicyKept(store, String(claim.policy ?? "")),
  ]);
  const others = await otherClaims(store, claim);
  const plan = plans.filter((p) => collection !== "repair_plans" || p.id !== row.id).at(-1);
  const named = collection === "refunds" ? refunds.find((r) => r.id === row.counters) : undefined;
  return {
    row: claim, phone: String(customer?.phone ?? ""), taken: others.taken, items: items.filter((i) => collection !== "claim_items" || i.id !== row.id).length,
    sale: sale ? { state: String(sale.state), phone: String(sale.phone ?? ""), received_at: String(sale.received_at ?? ""), paid_fen: Number(sale.paid_fen), refunded_fen: others.refunded + netRefunds(entries(refunds, row)) } : null,
    slots: photos.filter((p) => p.subject_collection === "claims" && (!p.source || p.evidence_reason)).map((p) => String(p.slot ?? "")),
    list: mustComeBack(policy, claim.refused_parcel === true, differsOf(claim)).map((i) => i.code),
    ...(await itemFacts(store, collection, row, claim)),
    shipments: shipments.map((s) => ({ id: s.id, direction: String(s.direction), sent_at: String(s.sent_at) })),
    plan: plan ? { id: plan.id, state: String(plan.state), price_fen: Number(plan.price_fen ?? 0), agreed_fen: Number(plan.agreed_fen ?? 0) } : null,
    refunds: entries(refunds, row),
    counters: named ? entries([named], row)[0] : null,
  };
}

/** The rows of the claim, oldest first, with the one being saved in its new form where it is stored already. */
function withSelf(collection: string, name: string, row: Row, claim: string, rows: Row[]): Row[] {
  rows.sort((a, b) => (String(a.created) < String(b.created) ? -1 : 1));
  return collection === name && row.claim === claim ? rows.map((r) => (r.id === row.id ? row : r)) : rows;
}

/** Entries of the ledger beside the one being made. */
function entries(rows: Row[], made: Row) {
  return rows.filter((r) => r.id !== made.id).map(entry);
}

const entry = (r: Row) => ({ id: r.id, kind: String(r.kind), fen: Number(r.fen), counters: String(r.counters ?? "") });

/** Another claim of the order that uses up its one return or exchange (L-11), and what has gone back for all others. */
async function otherClaims(store: Store, claim: Row): Promise<{ taken: string; refunded: number }> {
  const found = { taken: "", refunded: 0 };
  const rows = await held(store.rows("claims")).where("sales_order").equals(String(claim.sales_order)).toArray();
  rows.sort((a, b) => (String(a.created) < String(b.created) ? -1 : 1));
  for (const other of rows.filter((r) => r.id !== claim.id)) {
    found.refunded += netRefunds(entries(await held(store.rows("refunds")).where("claim").equals(other.id).toArray(), claim));
    const sent = (await held(store.rows("shipments")).where("claim").equals(other.id).toArray()).some((s) => s.direction === "in");
    if (found.taken === "" && usesUp(String(other.kind), String(other.state), sent)) found.taken = String(other.number);
  }
  return found;
}

/**
 * What has gone back for the other claims of an order, less what was countered. Fen. What is due for a claim is told before anything
 * of it has gone back; a step that is told again, over a newer row of the server, finds its own refund in the store already.
 */
export async function refundedOf(store: Store, order: string, besides: string): Promise<number> {
  let fen = 0;
  for (const id of await held(store.rows("claims")).where("sales_order").equals(order).primaryKeys()) {
    if (id !== besides) fen += netRefunds((await held(store.rows("refunds")).where("claim").equals(id).toArray()).map(entry));
  }
  return fen;
}

/** The line that a claim item names. */
async function itemFacts(store: Store, collection: string, row: Row, claim: Row): Promise<Partial<ClaimCase>> {
  const line = collection === "claim_items" ? await held(store.rows("sales_items")).get(String(row.sales_item)) : undefined;
  if (!line) return {};
  return { foreign: line.sales_order !== claim.sales_order, units: Number(line.quantity), line: String(line.product_line || "default") };
}
