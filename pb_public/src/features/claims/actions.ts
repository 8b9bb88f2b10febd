// What staff do with a claim 退换修, each as one act that lands whole and works without a network (L-01 … L-13). The rules are asked
// first, here and on the server. Amounts in fen, times UTC.
import { act, newId, nextNumber, searchCustomers, serverTime, why, type PreparedPhoto, type Rows } from "../../db/index.ts";
import type { Claim, ClaimState, Plan, Refund } from "./model.ts";

type Sale = Rows["sales_orders"];
type Line = Rows["sales_items"];

/** What a customer says on the telephone. */
export interface Filing {
  kind: Claim["kind"];
  fault_claimed: boolean;
  description: string;
  invoice_number: string;
  /** The parcel was refused at the door: what does not match the order (L-01); "" after acceptance. */
  mismatch: Claim["mismatch"];
  goods: { line: Line; quantity: number }[];
}

/** Files a claim for a customer (L-02); it becomes visible to the customer of the order's phone. Returns its id. */
export async function fileClaim(sale: Sale, f: Filing): Promise<string> {
  const id = newId(), number = await nextNumber("return");
  const known = (await searchCustomers(sale.phone)).find((c) => c.phone === sale.phone)?.id ?? "";
  const file = { name: sale.customer_name, phone: sale.phone };
  const opens = known === "" && sale.phone !== "" && !(await why("customers", newId(), file));
  await act("claim.file", (w) => {
    const customer = opens ? w.create("customers", file) : known;
    w.create("claims", {
      sales_order: sale.id, customer, number, kind: f.kind, state: "submitted", fault_claimed: f.fault_claimed, description: f.description.trim(),
      invoice_number: f.invoice_number.trim(), product_line: f.goods[0]?.line.product_line || "default", refused_parcel: f.mismatch !== "", mismatch: f.mismatch,
    }, id);
    for (const g of f.goods) w.create("claim_items", { claim: id, sales_item: g.line.id, quantity: g.quantity });
  });
  return id;
}

/** Writes down what is no step: the verdict with its reasons, what was agreed, what was seen. */
export async function note(c: Claim, data: Partial<Claim>): Promise<void> {
  await act("claim.note", (w) => w.patch("claims", c.id, data));
}

/** A photo of the claim; one of the arrival ticks what it shows (L-09). */
export async function photo(c: Claim, p: PreparedPhoto, slot: string): Promise<void> {
  const code = slot.startsWith("arrival.") ? slot.slice("arrival.".length) : "";
  await act("claim.photo", (w) => {
    w.photo(p, { subject_collection: "claims", subject_record: c.id, slot });
    if (code && c.state === "received") w.revise("claims", c.id, (now) => ticks(now, code, true));
  });
}

/** How a photo came that the customer did not take into the claim, and why that way. */
export interface Source {
  slot: string;
  source: Exclude<Rows["photos"]["source"], "">;
  note: string;
  /** Why it counts as evidence all the same; "" while it does not (L-02). */
  counts: string;
}

/** Attaches what the customer has sent another way, marked as such (L-02, L-14). */
export async function attach(c: Claim, photos: PreparedPhoto[], from: Source): Promise<void> {
  const { slot, source, note: said, counts } = from;
  await act("claim.attach", (w) => {
    for (const p of photos) w.photo(p, { subject_collection: "claims", subject_record: c.id, slot, source, source_note: said.trim(), ...(counts.trim() ? { evidence_reason: counts.trim() } : {}) });
  });
}

/** An agent lets an attached photo count as evidence, with a reason (L-02). */
export async function letCount(photo: Rows["photos"], reason: string): Promise<void> {
  await act("claim.photo_counts", (w) => w.patch("photos", photo.id, { evidence_reason: reason.trim() }));
}

/** What has been ticked of the completeness list. */
export function tickedOf(c: Claim): string[] {
  return Array.isArray(c.ticked) ? c.ticked.map(String) : [];
}

export async function tick(c: Claim, code: string, there: boolean): Promise<void> {
  await act("claim.tick", (w) => w.revise("claims", c.id, (now) => ticks(now, code, there)));
}

function ticks(c: Claim, code: string, there: boolean): Partial<Claim> {
  const ticked = tickedOf(c);
  if (ticked.includes(code) === there) return {};
  return { ticked: there ? [...ticked, code] : ticked.filter((one) => one !== code) };
}

/** One step of the table, with what is written before it. */
export async function step(c: Claim, to: ClaimState, data: Partial<Claim> = {}): Promise<void> {
  await act(`claim.${stepNames[to]}`, (w) => {
    if (Object.keys(data).length > 0) w.patch("claims", c.id, data);
    w.patch("claims", c.id, { state: to });
  });
}

const stepNames: Record<ClaimState, string> = {
  submitted: "show_evidence", evidence_needed: "ask_evidence", negotiating: "negotiate", approved: "approve", rejected: "reject", plan_offered: "offer_plan", plan_accepted: "accept_plan",
  plan_declined: "decline_plan", awaiting_goods: "instruct", in_transit: "send", received: "receive", accepted: "accept", sent_back: "send_back", refund_pending: "refund",
  awaiting_payment: "collect", exchange_pending: "exchange", repairing: "begin_repair", returned: "return_goods", completed: "complete", cancelled: "cancel", expired: "expire",
};

/**
 * Approves, and asks the customer to send the goods: from now on the time to send them runs (L-08). A parcel that was refused
 * at the door comes back under the number it was sent with, where that is known (L-01).
 */
export async function approve(c: Claim, sale: Pick<Sale, "carrier" | "tracking_number"> | null = null): Promise<void> {
  const returning = c.refused_parcel && sale?.carrier && sale.tracking_number ? { carrier: sale.carrier, tracking_number: sale.tracking_number, sent_at: "" } : null;
  await act("claim.approve", (w) => {
    w.patch("claims", c.id, { state: "approved" });
    w.patch("claims", c.id, { state: "awaiting_goods" });
    if (!returning) return;
    w.create("shipments", parcelOf(c, "in", returning));
    w.patch("claims", c.id, { state: "in_transit" });
  });
}

/** More time to send the goods, with the reason; what has expired is taken up again (L-08). */
export async function extend(c: Claim, until: string, reason: string): Promise<void> {
  await act("claim.extend", (w) => {
    w.patch("claims", c.id, { extended_until: until, extension_reason: reason.trim() });
    if (c.state === "expired") w.patch("claims", c.id, { state: "awaiting_goods" });
  });
}

/** A parcel with its carrier and number; `fen` its freight where the customer or the company is told one. */
export interface Parcel {
  carrier: string;
  tracking_number: string;
  sent_at: string;
  fen?: number;
}

const parcelOf = (c: Claim, direction: Rows["shipments"]["direction"], p: Parcel): Partial<Rows["shipments"]> => ({
  claim: c.id, direction, carrier: p.carrier.trim(), tracking_number: p.tracking_number.trim(), sent_at: p.sent_at || serverTime(Date.now()), freight_fen: p.fen ?? 0,
});

/** The customer's parcel is on its way to us. */
export async function sent(c: Claim, p: Parcel): Promise<void> {
  await act("claim.send", (w) => {
    w.create("shipments", parcelOf(c, "in", p));
    w.patch("claims", c.id, { state: "in_transit" });
  });
}

/** The parcel is here. */
export async function receive(c: Claim, parcel: Rows["shipments"] | undefined): Promise<void> {
  await act("claim.receive", (w) => {
    if (parcel && !parcel.delivered_at) w.patch("shipments", parcel.id, { delivered_at: serverTime(Date.now()) });
    w.patch("claims", c.id, { state: "received" });
  });
}

/** The customer does not pay what is awaited: why, for the customer to read; from then on the dock sends the goods back (L-06, L-10). */
export async function giveUp(c: Claim, reason: string): Promise<void> {
  await act("claim.note", (w) => w.patch("claims", c.id, { withdrawal_reason: reason.trim() }));
}

/** Goods nobody pays for go back to the customer as they came. */
export async function sendBackUnpaid(c: Claim, p: Parcel): Promise<void> {
  await act("claim.give_up", (w) => {
    w.create("shipments", parcelOf(c, "out", p));
    w.patch("claims", c.id, { state: "sent_back" });
  });
}

/** Goods leave for the customer: sent back as they came (L-09), replaced (L-10), or mended. */
export async function sendOut(c: Claim, to: "sent_back" | "returned", p: Parcel, seen = ""): Promise<void> {
  await act(to === "sent_back" ? "claim.send_back" : "claim.return_goods", (w) => {
    if (to === "sent_back" && seen.trim() !== c.arrival_note) w.patch("claims", c.id, { arrival_note: seen.trim() });
    w.create("shipments", parcelOf(c, "out", p));
    w.patch("claims", c.id, { state: to });
  });
}

/** Puts a repair plan before the customer: what is done, for how much, in how many days (L-06). */
export async function offerPlan(c: Claim, p: { method: string; price_fen: number; days: number }): Promise<void> {
  await act("claim.offer_plan", (w) => {
    w.create("repair_plans", { claim: c.id, state: "offered", method: p.method.trim(), price_fen: p.price_fen, days: p.days });
    w.patch("claims", c.id, { state: "plan_offered" });
  });
}

/** What the customer said to the plan, told to an agent (L-06); accepted from photos, the goods are sent in from then on (L-08). */
export async function answerPlan(c: Claim, plan: Plan, yes: boolean): Promise<void> {
  await act(yes ? "claim.accept_plan" : "claim.decline_plan", (w) => {
    w.patch("repair_plans", plan.id, { state: yes ? "accepted" : "declined" });
    w.patch("claims", c.id, { state: yes ? "plan_accepted" : "plan_declined" });
    if (yes && !c.arrived_at) w.patch("claims", c.id, { state: "awaiting_goods" });
  });
}

/** Work begins: the claim is at the bench, and its plan runs. */
export async function beginRepair(c: Claim, plan: Plan): Promise<void> {
  await act("claim.begin_repair", (w) => {
    w.patch("claims", c.id, { state: "repairing" });
    w.patch("repair_plans", plan.id, { state: "in_progress" });
  });
}

/** Something was found: work pauses until the customer has agreed (L-12). */
export async function surprise(plan: Plan, found: { words: string; fen: number; days: number }): Promise<void> {
  await act("claim.surprise", (w) => {
    w.patch("repair_plans", plan.id, { surprise: found.words.trim(), surprise_fen: found.fen, surprise_days: found.days });
    w.patch("repair_plans", plan.id, { state: "paused" });
  });
}

/** The customer has agreed to what was found, and how an agent heard it. */
export async function agreeSurprise(plan: Plan, how: string): Promise<void> {
  await act("claim.surprise_agreed", (w) => w.patch("repair_plans", plan.id, { surprise_agreed_at: serverTime(Date.now()), surprise_agreed_how: how.trim() }));
}

/** What was found is not wanted: work is stopped as it stands, and costs what was done of it, never more than was agreed (L-12). */
export async function stopWork(plan: Plan, fen: number): Promise<void> {
  await act("claim.repair_stop", (w) => {
    if (fen > 0) w.patch("repair_plans", plan.id, { stopped_fen: fen });
    w.patch("repair_plans", plan.id, { state: "done" });
  });
}

/** Work goes on, or is finished. */
export async function work(plan: Plan, to: "in_progress" | "done"): Promise<void> {
  await act(to === "done" ? "claim.repair_done" : "claim.repair_resume", (w) => w.patch("repair_plans", plan.id, { state: to }));
}

/** What the customer has paid of what is owed (L-06, L-10). */
export async function collect(c: Claim, fen: number, reference: string): Promise<void> {
  await act("claim.collect", (w) => w.patch("claims", c.id, { collected_fen: fen, collected_reference: reference.trim() }));
}

/** Money goes back, exactly what is due, once (L-13). */
export async function refund(c: Claim, method: Refund["method"], reference: string): Promise<void> {
  await act("claim.refund_pay", (w) => {
    if (c.state === "accepted") w.patch("claims", c.id, { state: "refund_pending" });
    w.create("refunds", { claim: c.id, kind: "refund", fen: c.refund_due_fen, method, reference: reference.trim() });
  });
}

/** A refund that was wrong is countered by an entry of its own. */
export async function counterRefund(r: Refund, reason: string): Promise<void> {
  await act("claim.refund_counter", (w) => void w.create("refunds", { claim: r.claim, kind: "counter", fen: r.fen, method: r.method, counters: r.id, reason: reason.trim() }));
}
