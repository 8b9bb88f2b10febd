// What the desks of claims read, by index and no more than is shown: of ten thousand open claims those that are due first.
import { claimPolicyOf, claimPreview, daysFrom, firstRows, lastRows, rowsOf, tables, whyStates, type Rows } from "../../db/index.ts";
import { goesWith, type ClaimPolicy, type Preview } from "../../rules/claim.ts";
import { surprisesOf } from "../../rules/claim-timeline.ts";
import type { Refused } from "../../rules/refused.ts";
import { asked, benchTab, byDeadline, moneyTask, mostShown, overStates, readSlip, statesOf, stepsFrom, type Asked, type Claim, type ClaimState, type MoneyTab, type Plan, type Refund, type Shipment } from "./model.ts";

const byTime = (a: { created: string }, b: { created: string }): number => a.created.localeCompare(b.created);

/** Claims of one state that are read for a list, the first due first. */
const mostOfState = 80;

export interface Entry {
  claim: Claim;
  sale: Rows["sales_orders"] | null;
  /** What the claim is about, in one line: the first of its goods. */
  goods: string;
  /** How many lines it names. */
  lines: number;
  plan: Plan | null;
}

export type List = Exclude<Asked, "nobody"> | "over";

const dueIndex = (state: ClaimState): string => (state === "approved" || state === "awaiting_goods" ? "[state+ship_back_due_at]" : "[state+filed_at]");

/** The first claims of these states, each once; those with an answer to give at the door are always among them (L-01). */
async function claimsIn(states: ClaimState[]): Promise<Claim[]> {
  const read = states.flatMap((state) => [
    firstRows(tables.claims, dueIndex(state), state, mostOfState),
    ...(state === "submitted" ? [firstRows(tables.claims, "[state+answer_due_at]", state, mostOfState, "0")] : []),
  ]);
  return [...new Map((await Promise.all(read)).flat().map((c) => [c.id, c])).values()];
}

/** Whoever is asked: their claims by deadline, so many of them. Over: the last of them. */
export async function loadList(list: List, most = mostShown + 1): Promise<Entry[]> {
  if (list === "over") {
    const all = (await Promise.all(overStates.map((state) => lastRows(tables.claims, "[state+filed_at]", state, 30)))).flat();
    return entriesOf(all.sort((a, b) => b.filed_at.localeCompare(a.filed_at)).slice(0, most));
  }
  const claims = (await claimsIn(statesOf[list])).sort(byDeadline), plans = await plansOf(claims);
  return entriesOf(claims.filter((c) => asked(c, plans.get(c.id)) === list).slice(0, most), plans);
}

/** How many claims are open in all. */
export async function countOpen(): Promise<number> {
  const open = [...new Set(Object.values(statesOf).flat())];
  return (await Promise.all(open.map((state) => tables.claims.where("state").equals(state).count()))).reduce((sum, n) => sum + n, 0);
}

/** The latest plan of each claim that can have one, by the claim's id. */
async function plansOf(claims: Claim[]): Promise<Map<string, Plan>> {
  const rows = await rowsOf(tables.repair_plans, "claim", claims.filter((c) => c.kind === "repair" || c.state === "repairing").map((c) => c.id));
  return new Map(rows.sort(byTime).map((p) => [p.claim, p]));
}

/** The claims with what a row of a list says of them. */
export async function entriesOf(claims: Claim[], known?: Map<string, Plan>): Promise<Entry[]> {
  const [sales, items, plans] = await Promise.all([tables.sales_orders.bulkGet(claims.map((c) => c.sales_order)), rowsOf(tables.claim_items, "claim", claims.map((c) => c.id)), known ?? plansOf(claims)]);
  const of = new Map<string, typeof items>();
  for (const item of items) of.set(item.claim, [...(of.get(item.claim) ?? []), item]);
  const first = await tables.sales_items.bulkGet(claims.map((c) => of.get(c.id)?.[0]?.sales_item ?? ""));
  return claims.map((claim, i) => ({ claim, sale: sales[i] ?? null, goods: first[i]?.name ?? "", lines: of.get(claim.id)?.length ?? 0, plan: plans.get(claim.id) ?? null }));
}

/** Claims by slip, claim number, order number, phone or tracking number, each from its beginning. */
export async function findClaims(text: string): Promise<Claim[]> {
  const said = readSlip(text);
  if ("claim" in said) return (await tables.claims.bulkGet([said.claim])).filter((c) => c !== undefined);
  if (said.number.length < 3) return [];
  const start = said.number;
  const [numbered, orders, phones, parcels] = await Promise.all([
    tables.claims.where("number").startsWithIgnoreCase(start).limit(20).toArray(),
    tables.sales_orders.where("number").startsWithIgnoreCase(start).limit(20).primaryKeys(),
    tables.sales_orders.where("phone").startsWith(start).limit(20).primaryKeys(),
    tables.shipments.where("tracking_number").startsWithIgnoreCase(start).limit(20).toArray(),
  ]);
  const [ofOrders, ofParcels] = await Promise.all([rowsOf(tables.claims, "sales_order", [...orders, ...phones]), tables.claims.bulkGet(parcels.map((p) => p.claim))]);
  const all = [...numbered, ...ofOrders, ...ofParcels.filter((c) => c !== undefined)];
  return [...new Map(all.map((c) => [c.id, c])).values()].sort((a, b) => b.filed_at.localeCompare(a.filed_at));
}

export interface BenchEntry extends Entry {
  /** Until when the work is promised; "" before the plan is accepted and the goods are here. */
  workDue: string;
}

/** Goods to mend, whatever they wait for. */
export async function loadBench(): Promise<BenchEntry[]> {
  const claims = (await claimsIn([...new Set<ClaimState>([...statesOf.bench, "plan_offered"])])).filter((c) => c.kind === "repair"), plans = await plansOf(claims);
  const mine = await entriesOf(claims.filter((c) => benchTab(c, plans.get(c.id) ?? null)), plans);
  const due = await Promise.all(mine.map((e) => workDueOf(e.claim, e.plan)));
  return mine.map((e, i) => ({ ...e, workDue: due[i] ?? "" })).sort((a, b) => (a.workDue || `9${a.claim.filed_at}`).localeCompare(b.workDue || `9${b.claim.filed_at}`));
}

/** The end of the plan's days, counted from when both the customer's word and the goods were here; "" before that. */
async function workDueOf(c: Claim, plan: Plan | null): Promise<string> {
  if (!plan?.decided_at || !c.arrived_at || plan.state === "declined" || plan.state === "done") return "";
  const days = surprisesOf(plan).reduce((sum, s) => sum + s.days, plan.days);
  return daysFrom(c.shop, plan.decided_at > c.arrived_at ? plan.decided_at : c.arrived_at, days);
}

export interface MoneyEntry extends Entry {
  tab: MoneyTab;
  fen: number;
}

/** What finance has to do, the longest waiting first. */
export async function loadMoney(): Promise<MoneyEntry[]> {
  const claims = await claimsIn([...statesOf.finance, "exchange_pending"]), plans = await plansOf(claims);
  const asks = claims.filter((c) => moneyTask(c, plans.get(c.id) ?? null, [])); // what went back takes a task away or changes it, it makes none
  const [found, refunds] = await Promise.all([entriesOf(asks, plans), rowsOf(tables.refunds, "claim", asks.map((c) => c.id))]);
  return found.flatMap((e) => {
    const task = moneyTask(e.claim, e.plan, refunds.filter((r) => r.claim === e.claim.id));
    return task ? [{ ...e, ...task }] : [];
  }).sort((a, b) => a.claim.filed_at.localeCompare(b.claim.filed_at));
}

export interface Goods {
  item: Rows["claim_items"];
  line: Rows["sales_items"] | null;
}

export interface Case {
  claim: Claim;
  sale: Rows["sales_orders"] | null;
  customer: Rows["customers"] | null;
  goods: Goods[];
  /** Accessories and gifts of the order that have to come back with them (L-09). */
  things: string[];
  photos: Rows["photos"][];
  /** Both ways, oldest first. */
  shipments: Shipment[];
  plans: Plan[];
  refunds: Refund[];
  /** What the customer was told of it, or will be; what was taken back is left out. */
  messages: Rows["messages"][];
  /** Other claims of the order. */
  others: Claim[];
  policy: ClaimPolicy;
  /** What would become of it with either verdict; null where its times cannot be read yet. */
  seen: { quality: Preview | null; none: Preview | null };
  /** Until when the work is promised by the plan; "" before it is accepted and the goods are here. */
  workDue: string;
  names: Map<string, string>;
}

export async function loadClaim(id: string): Promise<Case | null> {
  const claim = await tables.claims.get(id);
  if (!claim) return null;
  const [sale, customer, items, photos, shipments, plans, refunds, told, others, policy, staff] = await Promise.all([
    tables.sales_orders.get(claim.sales_order), claim.customer ? tables.customers.get(claim.customer) : undefined, tables.claim_items.where("claim").equals(id).toArray(),
    tables.photos.where("subject_record").equals(id).toArray(), tables.shipments.where("claim").equals(id).toArray(), tables.repair_plans.where("claim").equals(id).toArray(),
    tables.refunds.where("claim").equals(id).toArray(), claim.customer ? tables.messages.where("customer").equals(claim.customer).toArray() : [], tables.claims.where("sales_order").equals(claim.sales_order).toArray(), claimPolicyOf(claim), tables.staff.toArray(),
  ]);
  const lines = await tables.sales_items.bulkGet(items.map((i) => i.sales_item));
  const [quality, none, bought] = await Promise.all([claimPreview(claim, "quality"), claimPreview(claim, "none"), tables.sales_items.where("sales_order").equals(claim.sales_order).toArray()]);
  const plan = plans.sort(byTime).at(-1);
  return {
    claim, sale: sale ?? null, customer: customer ?? null, goods: items.sort(byTime).map((item) => ({ item, line: lines.find((l) => l?.id === item.sales_item) ?? null })),
    things: goesWith(bought.filter((l) => l.quantity > 0), items.map((i) => i.sales_item)), photos: photos.filter((p) => p.subject_collection === "claims").sort(byTime), shipments: shipments.sort(byTime), plans, refunds: refunds.sort(byTime),
    messages: told.filter((m) => m.subject_record === id && m.state !== "cancelled").sort(byTime),
    others: others.filter((o) => o.id !== id).sort(byTime), policy, seen: { quality, none }, names: new Map(staff.map((s) => [s.id, s.name])),
    workDue: await workDueOf(claim, plan ?? null),
  };
}

/** What the rules say to each step that somebody may take from here, by the state it leads to: null when it may be taken now. */
export type Steps = ReadonlyMap<string, Refused | null>;

export function stepsOf(c: Claim, roles: readonly string[]): Promise<Steps> {
  return whyStates("claims", c.id, stepsFrom(c.state, roles).map((s) => s.to));
}

/** As stepsOf, for a repair plan. */
export function planStepsOf(p: Plan, roles: readonly string[]): Promise<Steps> {
  return whyStates("repair_plans", p.id, stepsFrom(p.state, roles, "repair_plan").map((s) => s.to));
}
