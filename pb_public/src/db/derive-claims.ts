// Derived fields of claims as the server will set them, so that the desk is right before the network is; twin of
// hooks/claims.go. What is owed and what goes back is the server's alone to compute.
import { calendarOf, type Calendar, type Year } from "../rules/calendar.ts";
import { answerBy, atDoor, previewClaim, shipBackBy, type Preview, type Verdict } from "../rules/claim.ts";
import { instant } from "../rules/clock.ts";
import { claimPolicyKept } from "./facts-claims.ts";
import { serverTime } from "./ids.ts";
import type { Row, Store } from "./store.ts";
import { held } from "./tables.ts";

const beingJudged = ["submitted", "evidence_needed", "negotiating"];
const reachedAt: Record<string, string> = {
  approved: "approved_at", plan_accepted: "approved_at", received: "arrived_at",
  completed: "closed_at", cancelled: "closed_at", rejected: "closed_at", expired: "closed_at", sent_back: "closed_at",
};

/** A claim with its lane, payer and due times (L-03 … L-06, L-08). */
export async function deriveClaimOf(store: Store, row: Row, fresh: boolean): Promise<Row> {
  const filed: Row = fresh && !row.filed_at ? await file(store, row) : row;
  const judged = beingJudged.includes(String(filed.state)) ? { ...filed, ...(await lane(store, filed)) } : filed;
  const field = reachedAt[String(judged.state)];
  const best = { best_effort: judged.kind === "repair" && !judged.invoice_number };
  if (!field || judged[field]) return { ...judged, ...best };
  const reached: Row = { ...judged, ...best, [field]: judged.updated };
  if (field !== "approved_at" || judged.arrived_at) return reached;
  const { calendar, zone } = await around(store, String(row.shop));
  const due = shipBackBy(await claimPolicyKept(store, String(judged.policy)), instant(String(judged.updated)), calendar, zone).due;
  return { ...reached, ship_back_due_at: serverTime(due) };
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
  return { calendar: calendarOf(...years.map((r) => ({ year: r.year, source: r.source, days_off: r.days_off ?? [], makeup_days: r.makeup_days ?? [] }) as Year)), zone };
}

/** A row of a claim: whose it is, and what the customer has accepted of a plan (L-06, L-12). */
export async function deriveOfClaim(store: Store, collection: string, row: Row, fresh: boolean): Promise<Row> {
  const own: Row = fresh ? { ...row, customer: (await held(store.rows("claims")).get(String(row.claim)))?.customer ?? "" } : row;
  if (collection !== "repair_plans" || own.state !== "accepted" || own.decided_at) return own;
  return { ...own, agreed_fen: own.price_fen, decided_at: own.updated };
}
