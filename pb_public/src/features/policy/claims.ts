// What holds for the claims 退换修 of each product line, as the shop's manager sees it: the figures in force, what each revision
// changed, a new one, and what would become of a parcel under them (L-03 … L-15). A claim keeps the revision it was filed under.
import { act, type Rows } from "../../db";
import type { Calendar } from "../../rules/calendar";
import { canonical } from "../../rules/canonical";
import { previewClaim, shippedClaimPolicy, unfitPolicy, type ClaimPolicy, type Item, type Preview, type Verdict } from "../../rules/claim";
import { Refused } from "../../rules/refused";

type PolicyRow = Rows["policies"];

export const defaultLine = "default";

/** One product line with its policy in force; revision 0 came with the product. */
export interface ProductLine {
  line: string;
  policy: ClaimPolicy;
  revision: number;
}

const own = (rows: PolicyRow[], shop: string) => rows.filter((r) => r.kind === "claims" && r.shop === shop).sort((a, b) => a.revision - b.revision);
const dataOf = (row: PolicyRow): ClaimPolicy => row.data as ClaimPolicy;

/** The lines in force, the default one first, the others by name (record.ClaimPolicyOf on the server). */
export function linesOf(rows: PolicyRow[], shop: string): ProductLine[] {
  const lines = new Map<string, ProductLine>([[defaultLine, { line: defaultLine, policy: shippedClaimPolicy, revision: 0 }]]);
  for (const row of own(rows, shop)) if (row.active) lines.set(dataOf(row).line, { line: dataOf(row).line, policy: dataOf(row), revision: row.revision });
  return [...lines.values()].sort((a, b) => Number(b.line === defaultLine) - Number(a.line === defaultLine) || a.line.localeCompare(b.line));
}

export interface ClaimRevision {
  id: string;
  revision: number;
  at: string;
  by: string;
  /** In force now for its line. */
  present: boolean;
  changes: Part[];
}

/** The revisions of one line, newest first, each with the parts that it changed; the first against the shipped policy. */
export function claimRevisions(rows: PolicyRow[], shop: string, line: string): ClaimRevision[] {
  const all = own(rows, shop).filter((r) => dataOf(r).line === line);
  const present = [...all].reverse().find((r) => r.active)?.id;
  return all.map((row, i) => ({ id: row.id, revision: row.revision, at: row.created, by: row.created_by, present: row.id === present, changes: differing(i > 0 ? dataOf(all[i - 1]!) : shippedClaimPolicy, dataOf(row)) })).reverse();
}

/** The parts of a policy that people change, in the order they read them. */
export const parts = ["return", "repair", "evidence", "ship_back", "door_answer", "late_evidence", "freight", "shipping", "carrier", "needs", "completeness", "exemptions"] as const;
export type Part = (typeof parts)[number];

export function differing(from: ClaimPolicy, to: ClaimPolicy): Part[] {
  return parts.filter((part) => canonical(from[part] ?? "") !== canonical(to[part] ?? "")); // the server may order names otherwise
}

/** A policy of its own to change, so that the one in force stays as it is. */
export const copyOf = (policy: ClaimPolicy, line = policy.line): ClaimPolicy => ({ ...(JSON.parse(JSON.stringify(policy)) as ClaimPolicy), line });

/**
 * Puts a policy into force as the shop's next revision. Throws Refused for one that cannot be. Two tablets that do so offline at
 * once make the same number: the server keeps the first, and the second comes back to its manager as refused.
 */
export async function enactClaims(rows: PolicyRow[], shop: string, policy: ClaimPolicy): Promise<void> {
  const field = unfitPolicy(policy) || unreadable(policy);
  if (field) throw new Refused("policy.claims", "data", { field });
  const revision = Math.max(0, ...own(rows, shop).map((r) => r.revision)) + 1;
  await act("claim_policy.enact", (w) => {
    w.create("policies", { kind: "claims", revision, data: policy, active: true });
  });
}

/** A list that a customer could not read: an entry without its words. */
function unreadable(policy: ClaimPolicy): string {
  const blank = (i: Item) => !i.label.zh.trim() || !i.label.en.trim();
  return policy.completeness.some(blank) ? "completeness" : policy.exemptions.some(blank) ? "exemptions" : "";
}

/** A code for a new entry of a list, which is no other's: the English words where there are any, else counted. */
export function codeFor(items: Item[], english: string): string {
  const plain = english.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 40) || "item";
  let code = plain;
  for (let n = 2; items.some((i) => i.code === code); n++) code = `${plain}_${n}`;
  return code;
}

/** A parcel that was received and claimed for, as the preview asks for it; instants in ms. */
export interface Trial {
  received: number;
  filed: number;
  verdict: Verdict;
  traits: string[];
  store_near: boolean;
}

/** What would become of it; a Refused where it cannot be. */
export function tryPolicy(policy: ClaimPolicy, trial: Trial, days: Calendar, zone: string): Preview | Refused {
  if (Number.isNaN(trial.received) || Number.isNaN(trial.filed)) return new Refused("claim.filed_before_received", "filed");
  const field = unfitPolicy(policy);
  if (field) return new Refused("policy.claims", "data", { field });
  try {
    return previewClaim(policy, trial, days, zone);
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}
