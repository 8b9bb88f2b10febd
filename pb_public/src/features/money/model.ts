// What a cashier's screens speak of: what is to be settled of an order, how each payer stands, and what comes next. Pure.
import type { Charge, Rows } from "../../db/index.ts";
import type { Policy } from "../../rules/facts.ts";
import { booked, chargeOf, memberOff, owed, priceOf } from "../../rules/guards/settlement.ts";
import type { Settlement as SettlementFacts } from "../../rules/facts-money.ts";
import { addCharges, balanceOf, chargeForm, grossFen, netFen, payers, shareOf, type Balance, type Payer } from "../../rules/settle.ts";
import type { Job as JobFacts } from "../../rules/facts.ts";
import type { Job } from "../order/model.ts";

export type Settlement = Rows["settlements"];
export type Payment = Rows["payments"];
export type GatePass = Rows["gate_passes"];

export const linesOf = (s: Settlement): Charge[] => (s.lines ?? []).map(chargeForm);

const facts = (settlements: Settlement[]) => settlements as unknown as SettlementFacts[];

/** What a job stands at in all settlements that count; null when none names it. */
export function bookedOf(job: string, order: string, settlements: Settlement[]): Charge | null {
  return chargeOf(job, booked(facts(settlements), order));
}

/** The jobs of an order that are there to be settled and stand on no settlement yet. */
export function toCharge(jobs: Job[], order: { id: string; state: string }, settlements: Settlement[]): Job[] {
  return jobs.filter((j) => {
    if (!owed(j, order.state)) return false;
    const now = bookedOf(j.id, order.id, settlements);
    return !now || (grossFen(now) === 0 && priceOf(j as unknown as JobFacts).labour + priceOf(j as unknown as JobFacts).parts > 0);
  });
}

/** What a person changes about a line before it is issued. Fen. */
export interface LineEdit {
  discount: number;
  /** Another payer takes over this much. */
  payer: Payer | "";
  moved: number;
}

export const noEdit: LineEdit = { discount: 0, payer: "", moved: 0 };

/** The line of a job with its edit: the rest is borne by the job's own payer. */
export function lineOf(job: Job, edit: LineEdit, level: string, policy: Policy): Charge {
  const price = priceOf(job as unknown as JobFacts);
  const line = chargeForm({
    job: job.id, agreed_fen: price.agreed, labour_fen: price.labour, parts_fen: price.parts, discount_fen: edit.discount,
    member_fen: job.payer === "customer" ? memberOff(policy, level, price.labour, price.parts) : 0,
  });
  const net = netFen(line), moved = edit.payer && edit.payer !== job.payer ? Math.min(edit.moved, net) : 0;
  const shares = [{ payer: job.payer as string, fen: net - moved }, { payer: edit.payer as string, fen: moved }].filter((s) => s.fen > 0);
  return { ...line, shares };
}

/** How each payer who has anything to do with the order stands. */
export function standings(order: string, settlements: Settlement[], payments: Payment[]): { payer: Payer; balance: Balance }[] {
  const lines = booked(facts(settlements), order), entries = payments.filter((p) => p.work_order === order);
  return payers
    .filter((payer) => lines.some((l) => shareOf(l, payer) !== 0) || entries.some((e) => e.payer === payer))
    .map((payer) => ({ payer, balance: balanceOf(payer, lines, entries) }));
}

/** A counter-entry that takes a job back whole. */
export function takenBack(now: Charge): Charge {
  return chargeForm({
    job: now.job, labour_fen: -now.labour_fen, parts_fen: -now.parts_fen, discount_fen: -now.discount_fen, member_fen: -now.member_fen,
    shares: now.shares.map((s) => ({ payer: s.payer, fen: -s.fen })),
  });
}

/** A counter-entry by which a payer bears less. */
export function lessFor(job: string, payer: string, fen: number): Charge {
  return chargeForm({ job, discount_fen: fen, shares: [{ payer, fen: -fen }] });
}

export const totalOf = (lines: Charge[]): number => lines.reduce((sum, l) => sum + netFen(l), 0);
export const sumShares = (lines: Charge[], payer: string): number => lines.reduce((sum, l) => sum + shareOf(l, payer), 0);
export { addCharges, grossFen, netFen, payers, shareOf, type Balance, type Payer };
