// The arithmetic of settling, the twin of internal/price/settle.go: integer fen, basis points, exact to the fen.

export const payers = ["customer", "warranty", "insurer", "internal", "goodwill"] as const;
export type Payer = (typeof payers)[number];

/** What one payer bears of a line; below 0 only in a counter-entry. */
export interface Share {
  payer: string;
  fen: number;
}

/** One line of a settlement 结算单: a job, what was agreed, what it came to, what was taken off, and who bears the rest. */
export interface Charge {
  job: string;
  agreed_fen: number;
  labour_fen: number;
  parts_fen: number;
  discount_fen: number;
  member_fen: number;
  shares: Share[];
}

/** The line with every key, as the server writes it. */
export function chargeForm(c: Partial<Charge>): Charge {
  return {
    job: c.job ?? "", agreed_fen: c.agreed_fen ?? 0, labour_fen: c.labour_fen ?? 0, parts_fen: c.parts_fen ?? 0,
    discount_fen: c.discount_fen ?? 0, member_fen: c.member_fen ?? 0,
    shares: (c.shares ?? []).map((s) => ({ payer: s.payer, fen: s.fen })),
  };
}

export const grossFen = (c: Charge): number => c.labour_fen + c.parts_fen;
export const netFen = (c: Charge): number => grossFen(c) - c.discount_fen - c.member_fen;
export const shareOf = (c: Charge, payer: string): number => (c.shares ?? []).reduce((sum, s) => (s.payer === payer ? sum + s.fen : sum), 0);
export const sharesFen = (c: Charge): number => (c.shares ?? []).reduce((sum, s) => sum + s.fen, 0);

/** Joins two lines of one job: a charge and the counter-entries to it. */
export function addCharges(c: Charge, d: Charge): Charge {
  return {
    job: c.job, agreed_fen: Math.max(c.agreed_fen, d.agreed_fen), labour_fen: c.labour_fen + d.labour_fen, parts_fen: c.parts_fen + d.parts_fen,
    discount_fen: c.discount_fen + d.discount_fen, member_fen: c.member_fen + d.member_fen,
    shares: payers.map((payer) => ({ payer, fen: shareOf(c, payer) + shareOf(d, payer) })).filter((s) => s.fen !== 0),
  };
}

/** What a job costs: what was written down as actual, or the agreed price where nothing was (S-07). */
export function actualFen(agreedLabour: number, agreedParts: number, actualLabour: number, actualParts: number): { labour: number; parts: number } {
  return actualLabour === 0 && actualParts === 0 ? { labour: agreedLabour, parts: agreedParts } : { labour: actualLabour, parts: actualParts };
}

/** The basis points (1/10000) of an amount, fractions of a fen dropped. */
export function portionFen(fen: number, basisPoints: number): number {
  return fen <= 0 || basisPoints <= 0 ? 0 : Number((BigInt(Math.trunc(fen)) * BigInt(Math.trunc(basisPoints))) / 10000n);
}

/** What a member pays less: a portion of labour and one of parts, each by itself (D-06). */
export function memberFen(labour: number, parts: number, labourBP: number, partsBP: number): number {
  return portionFen(labour, labourBP) + portionFen(parts, partsBP);
}

/** Spreads a total over weights in whole fen that sum to it exactly: the fen left over go to the largest remainders, earlier ones first. */
export function allocate(total: number, weights: number[]): number[] {
  const all = weights.reduce((sum, w) => sum + BigInt(w), 0n);
  if (all === 0n) return weights.map(() => 0);
  const products = weights.map((w) => BigInt(total) * BigInt(w));
  const parts = products.map((p) => Number(p / all));
  const remainders = products.map((p) => p % all);
  for (let rest = total - parts.reduce((a, b) => a + b, 0); rest > 0; rest--) {
    let largest = 0;
    remainders.forEach((r, i) => { if (r > remainders[largest]!) largest = i; });
    parts[largest]! += 1;
    remainders[largest] = -1n;
  }
  return parts;
}

/** One line of the ledger of payments; its kind says which way the money went. */
export interface LedgerEntry {
  payer: string;
  kind: string;
  fen: number;
}

/** How one payer stands with one order, fen. */
export interface Balance {
  due: number;
  paid: number;
  credit: number;
  /** Still to be paid, below 0: to be given back. The receivable 欠收. */
  open: number;
  /** What keeps the car here: neither paid nor allowed as credit. */
  missing: number;
  /** The largest payment that does not pass what is due. */
  mayPay: number;
  /** The largest refund: what was paid beyond what is due. */
  mayRefund: number;
}

export function balanceOf(payer: string, lines: Charge[], entries: LedgerEntry[]): Balance {
  const due = lines.reduce((sum, l) => sum + shareOf(l, payer), 0);
  let paid = 0, credit = 0;
  for (const e of entries) {
    if (e.payer !== payer) continue;
    if (e.kind === "credit") credit += e.fen;
    else paid += e.kind === "refund" ? -e.fen : e.fen;
  }
  const open = due - paid;
  return { due, paid, credit, open, missing: Math.max(0, open - credit), mayPay: Math.max(0, open), mayRefund: Math.max(0, paid - Math.max(0, due)) };
}
