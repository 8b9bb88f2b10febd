// What a cashier does, each as one act that lands whole. The rules are asked first, here and on the server.
import { act, newId, nextNumber, passTimes, serverTime, signPass, tables, why, type Charge, type Rows } from "../../db/index.ts";
import { session } from "../../db/session.svelte.ts";
import { Refused } from "../../rules/refused.ts";
import type { Stroke } from "../sign/strokes.ts";
import type { Order } from "../order/model.ts";
import type { GatePass, Payer, Settlement } from "./model.ts";

/** Puts lines on a settlement before the customer, or, `issue` false, keeps them until a manager has allowed the discount. */
export async function makeSettlement(order: Order, lines: Charge[], issue: boolean): Promise<string> {
  const id = newId(), number = await nextNumber("settlement");
  await act(issue ? "settlement.issue" : "settlement.draft", (w) => {
    w.create("settlements", { visit: order.visit, work_order: order.id, number, kind: "charge", state: "draft", lines }, id);
    if (issue) w.patch("settlements", id, { state: "issued" });
  });
  return id;
}

export async function issueSettlement(s: Settlement): Promise<void> {
  await act("settlement.issue", (w) => w.patch("settlements", s.id, { state: "issued" }));
}

/** A manager allows so much to be given away on this settlement (D-06). Fen. */
export async function allowDiscount(s: Settlement, fen: number): Promise<void> {
  await act("settlement.allow", (w) => w.patch("settlements", s.id, { discount_allowed_fen: fen }));
}

export async function voidSettlement(s: Settlement, reason: string): Promise<void> {
  await act("settlement.void", (w) => w.patch("settlements", s.id, { state: "void", void_reason: reason.trim() }));
}

export interface Signed {
  name: string;
  relation: "self" | "family" | "agent";
  strokes: Stroke[];
}

/** The customer signs the settlement as it stands (D-06). */
export async function signSettlement(s: Settlement, by: Signed): Promise<void> {
  await act("settlement.sign", (w) => w.patch("settlements", s.id, {
    signer_name: by.name.trim(), signer_relation: by.relation, strokes: by.strokes as unknown as Rows["settlements"]["strokes"], signed_at: serverTime(Date.now()),
  }));
}

export interface Entry {
  kind: Rows["payments"]["kind"];
  payer: Payer;
  method: Rows["payments"]["method"];
  fen: number;
  reference?: string;
  reason?: string;
  due_at?: string;
}

/** One entry of the ledger: a payment, a refund, a deposit, or credit (D-07, D-09). */
export async function enter(order: Order, settlement: string, entry: Entry): Promise<void> {
  await act(`payment.${entry.kind}`, (w) => void w.create("payments", {
    visit: order.visit, work_order: order.id, settlement, reference: "", reason: "", due_at: "", ...entry, received_at: serverTime(Date.now()),
  }));
}

/** Settles a signed and paid settlement; the order with it, when nothing else of it is open. */
export async function settle(order: Order, s: Settlement): Promise<void> {
  await act("settlement.settle", (w) => w.patch("settlements", s.id, { state: "settled" }));
  await settleOrder(order);
}

/** Takes the order to settled when every job of it is and everybody has paid; else leaves it. */
export async function settleOrder(order: Order): Promise<boolean> {
  const now = await tables.work_orders.get(order.id);
  if (now?.state !== "ready" || (await why("work_orders", order.id, { state: "settled" }))) return false;
  await act("order.settle", (w) => w.patch("work_orders", order.id, { state: "settled" }));
  return true;
}

/** A counter-entry to a settled settlement, issued and booked in one act (D-09). */
export async function counter(order: Order, corrects: Settlement, lines: Charge[], reason: string): Promise<void> {
  const id = newId(), number = await nextNumber("settlement");
  await act("settlement.counter", (w) => {
    w.create("settlements", { visit: order.visit, work_order: order.id, number, kind: "counter", corrects: corrects.id, state: "draft", lines, reason: reason.trim() }, id);
    w.patch("settlements", id, { state: "issued" });
    w.patch("settlements", id, { state: "settled" });
  });
}

export async function invoice(order: Order, s: Settlement, data: Pick<Rows["invoices"], "kind" | "payer" | "number" | "title" | "tax_number" | "fen">): Promise<void> {
  await act("invoice.issue", (w) => void w.create("invoices", { visit: order.visit, work_order: order.id, settlement: s.id, reason: "", ...data, issued_at: serverTime(Date.now()) }));
}

/**
 * Makes the gate pass of a visit. A certified tablet signs it at once, also offline; any other needs the server, which
 * signs it as it is stored. `replaces` is the voided pass it is made instead of. Refused: gate.offline_uncertified.
 */
export async function issuePass(visit: Rows["visits"], hours: number, online: boolean, replaces = ""): Promise<string> {
  const vehicle = await tables.vehicles.get(visit.vehicle);
  const id = newId(), number = await nextNumber("pass"), plate = vehicle?.plate ?? "";
  const { issued_at, valid_until } = passTimes(hours);
  const token = await signPass({ id, number, shop: visit.shop, visit: visit.id, plate, issued_at, until: valid_until });
  if (token === "" && !online) throw new Refused("gate.offline_uncertified");
  await act("pass.issue", (w) => void w.create("gate_passes", { visit: visit.id, number, state: "issued", plate, issued_at, valid_until, token, replaces }, id));
  return id;
}

export async function voidPass(pass: GatePass, reason: string): Promise<void> {
  await act("pass.void", (w) => w.patch("gate_passes", pass.id, { state: "void", void_reason: reason.trim() }));
}

export function hasRole(...roles: string[]): boolean {
  return session.user?.roles.some((r) => roles.includes(r)) ?? false;
}
