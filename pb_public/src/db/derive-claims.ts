// Derived fields of claims as the server will set them, so that desk, dock, bench and finance are right before the network is; twin
// of hooks/claims.go and of settleClaim in hooks/facts_claims.go. A step is told from the row as it stood before it.
import { calendarOf, type Calendar, type Year } from "../rules/calendar.ts";
import { answerBy, atDoor, difference, previewClaim, refundOf, shipBackBy, type Preview, type Verdict } from "../rules/claim.ts";
import { instant } from "../rules/clock.ts";
import { Refused } from "../rules/refused.ts";
import { claimPolicyKept, refundedOf } from "./facts-claims.ts";
import { serverTime } from "./ids.ts";
import type { Row, Store } from "./store.ts";
import { held } from "./tables.ts";

const beingJudged = ["submitted", "evidence_needed", "negotiating"];
const reachedAt: Record<string, string> = {
  approved: "approved_at", plan_accepted: "approved_at", received: "arrived_at",
  completed: "closed_at", cancelled: "closed_at", rejected: "closed_at", expired: "closed_at", sent_back: "closed_at",
};

/** Collections whose derived fields tell a step by the row before it: each op is derived by itself. */
export const stepwise: readonly string[] = ["claims", "repair_plans"];

/** A claim with its lane, payer and due times (L-03 … L-06, L-08), who said what, and what it brings or costs (L-10, L-13). */
export async function deriveClaimOf(store: Store, row: Row, before: Row | null): Promise<Row> {
  const filed: Row = before ? row : await file(store, row);
  const changes = (field: string): boolean => (before ? before[field] !== filed[field] : Boolean(filed[field]));
  const said: Row = {
    ...filed, best_effort: filed.kind === "repair" && !filed.invoice_number,
    ...(changes("verdict") ? { verdict_by: filed.updated_by, verdict_at: filed.updated } : {}),
    ...(changes("extended_until") ? { extended_by: filed.updated_by } : {}),
    ...(changes("collected_fen") ? { collected_at: filed.updated } : {}),
  };
  const judged: Row = beingJudged.includes(String(said.state)) || changes("verdict") ? { ...said, ...(await lane(store, said)) } : said;
  return before && changes("state") ? { ...judged, ...(await reached(store, judged)) } : judged;
}

/** When a step was taken, and what follows from it. */
async function reached(store: Store, row: Row): Promise<Partial<Row>> {
  const field = reachedAt[String(row.state)], at = field ? { [field]: row.updated } : {};
  switch (row.state) {
    case "approved":
    case "plan_accepted": {
      if (row.arrived_at || row.refused_parcel) return at; // a refused parcel is the carrier's to bring back
      const { calendar, zone } = await around(store, String(row.shop));
      const due = shipBackBy(await claimPolicyKept(store, String(row.policy)), instant(String(row.updated)), calendar, zone).due;
      return { ...at, ship_back_due_at: serverTime(due) };
    }
    case "awaiting_goods":
    case "in_transit":
      return { closed_at: "" }; // taken up again after it had expired
    case "accepted":
    case "refund_pending":
      return settle(store, row);
    default:
      return at;
  }
}

/**
 * What the claim brings or costs the customer, fen: the refund of a return, by the policy it was filed under, or the difference of
 * an exchange (L-10, L-13). Nothing where this tablet does not have the order, or its sums do not add up: the server says it.
 */
async function settle(store: Store, row: Row): Promise<Partial<Row>> {
  const [sale, sold, items] = await Promise.all([
    held(store.rows("sales_orders")).get(String(row.sales_order)), held(store.rows("sales_items")).where("sales_order").equals(String(row.sales_order)).toArray(),
    held(store.rows("claim_items")).where("claim").equals(row.id).toArray(),
  ]);
  if (!sale) return {};
  const lines = sold.filter((l) => Number(l.quantity) !== 0) // not struck from the order
    .map((l) => ({ paid_fen: Number(l.paid_fen), units: Number(l.quantity), before: 0, returned: Number(items.findLast((i) => i.sales_item === l.id)?.quantity ?? 0) }));
  if (row.kind === "exchange" && row.replacement) {
    const share = lines.reduce((sum, l) => sum + Math.floor((l.paid_fen * l.returned) / l.units), 0);
    const { collect, refund } = difference(share, Number(row.replacement_fen ?? 0));
    return { owed_fen: collect, refund_due_fen: refund };
  }
  if (row.kind !== "return") return {};
  const order = { lines, shipping_fen: Number(sale.shipping_fen ?? 0), refunded_fen: await refundedOf(store, String(row.sales_order), row.id), shipping_refunded: false };
  try {
    return { refund_due_fen: refundOf(await claimPolicyKept(store, String(row.policy)), row.verdict as Verdict, order) };
  } catch (error) {
    if (error instanceof Refused) return {};
    throw error;
  }
}

/** What the claim was filed with: the tablet's time until the server's is known, the policy of the line, the receipt. */
async function file(store: Store, row: Row): Promise<Row> {
  const line = String(row.product_line || "default");
  const policies = (await held(store.rows("policies")).where("kind").equals("claims").toArray()).filter((p) => p.shop === row.shop && p.active);
  const own = policies.sort((a, b) => Number(b.revision) - Number(a.revision)).find((p) => (p.data as { line?: string } | null)?.line === line);
  const policy = own ? `${own.id}@${Number(own.revision)}` : "shipped@1";
  const sale = await held(store.rows("sales_orders")).get(String(row.sales_order));
  const kept: Row = { ...row, filed_at: row.created, policy, product_line: line, received_at: row.refused_parcel ? "" : (sale?.received_at ?? "") };
  if (!row.refused_parcel) return kept;
  const { calendar, zone } = await around(store, String(row.shop));
  return { ...kept, answer_due_at: serverTime(answerBy(await claimPolicyKept(store, policy), instant(String(row.created)), calendar, zone).due) };
}

/** What the claim's policy says of it as it is known now; nothing where its times cannot be read yet. */
async function lane(store: Store, row: Row): Promise<Partial<Row>> {
  const v = await previewOf(store, row, (row.verdict || (row.fault_claimed ? "quality" : "none")) as Verdict);
  if (!v) return {};
  return {
    counted_at: serverTime(counted(row)), needs: v.needs, assumed: v.assumed, route: v.route, rules: v.rules, evidence_late: v.evidence_late,
    return_due_at: serverTime(v.return_due), repair_due_at: serverTime(v.repair_due), evidence_due_at: serverTime(v.evidence_due),
    ...(row.verdict ? { lane: v.lane, freight: v.freight, insist: v.insist } : { lane: "", freight: "", insist: false }),
  };
}

/** What would become of the claim with this verdict, by the policy it keeps; null where its times cannot be read yet. */
export async function previewOf(store: Store, row: Row, verdict: Verdict): Promise<Preview | null> {
  const { calendar, zone } = await around(store, String(row.shop));
  const policy = await claimPolicyKept(store, String(row.policy));
  const received = row.received_at ? instant(String(row.received_at)) : NaN;
  const filed = counted(row);
  if (row.received_at && !(received <= filed)) return null;
  const seen = previewClaim(policy, { received: row.received_at ? received : filed, filed, verdict, traits: await traits(store, row), store_near: row.store_near === true }, calendar, zone);
  return row.refused_parcel ? atDoor(policy, verdict, seen) : seen;
}

/** When the claim counts as filed: the server's receipt, or the tablet's time where an agent has accepted that (L-02), ms. */
function counted(row: Row): number {
  const filed = instant(String(row.filed_at)), received = row.received_at ? instant(String(row.received_at)) : NaN;
  const captured = instant(String(row.captured_at ?? ""));
  return row.capture_accepted && captured < filed && !(captured < received) ? captured : filed;
}

/** What the goods of the claim are that may exempt them (L-15). */
async function traits(store: Store, row: Row): Promise<string[]> {
  const items = await held(store.rows("claim_items")).where("claim").equals(row.id).toArray();
  const lines = await held(store.rows("sales_items")).bulkGet(items.map((i) => String(i.sales_item)));
  return lines.flatMap((l) => (l?.exemptions as string[] | null | undefined) ?? []);
}

/** The shop's working days and its zone. */
export async function around(store: Store, shop: string): Promise<{ calendar: Calendar; zone: string }> {
  const years = (await held(store.rows("holidays")).toArray()).filter((r) => r.shop === shop && r.active).sort((a, b) => Number(a.revision) - Number(b.revision));
  const zone = String((await held(store.rows("shops")).get(shop))?.time_zone || "Asia/Shanghai");
  return { calendar: daysOf(years), zone };
}

/** The last calendar made of loaded years, and of which: a bench asks for it with every claim of its list. */
let lastDays = { of: "", calendar: calendarOf() };

function daysOf(years: Row[]): Calendar {
  if (years.length === 0) return calendarOf();
  const of = years.map((r) => `${r.id}/${r.version}/${String(r.updated)}`).join(" ");
  if (lastDays.of !== of) lastDays = { of, calendar: calendarOf(...years.map((r) => ({ year: r.year, source: r.source, days_off: r.days_off ?? [], makeup_days: r.makeup_days ?? [] }) as Year)) };
  return lastDays.calendar;
}

/** A row of a claim: whose it is, and what the customer has accepted of a plan (L-06, L-12). */
export async function deriveOfClaim(store: Store, collection: string, row: Row, before: Row | null): Promise<Row> {
  if (!before) return { ...row, customer: (await held(store.rows("claims")).get(String(row.claim)))?.customer ?? "" };
  return collection === "repair_plans" && before.state !== row.state ? { ...row, ...planReached(row, before) } : row;
}

/** What was accepted is the price of the plan, and with each surprise what was agreed for it; another one is another word to hear (L-12). */
function planReached(row: Row, before: Row): Partial<Row> {
  switch (row.state) {
    case "accepted":
      return { agreed_fen: row.price_fen, decided_at: row.updated };
    case "declined":
      return { decided_at: row.updated };
    case "paused":
      return { surprise_agreed_at: "" };
    case "in_progress":
      return before.state === "paused" ? { agreed_fen: Number(row.agreed_fen ?? 0) + Number(row.surprise_fen ?? 0) } : {};
    case "done":
      // What was found and not wanted ends the work: it costs what was done of it.
      return { done_at: row.updated, ...(before.state === "paused" ? { stopped_at: row.updated, agreed_fen: Number(row.stopped_fen ?? 0) } : {}) };
    default:
      return {};
  }
}
