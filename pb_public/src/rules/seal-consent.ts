// Whether a consent is what the server sealed (S-03): its seal is genuine, and says exactly what stands here of document,
// evidence and signer. The twin of internal/consent's VerifyFile over a row; checked without a network.
import { hash } from "./canonical.ts";
import { evidenceHash, canVerify, verify, type Keys, type Seal, type Statement } from "./seal.ts";

/** What is sealed beside the document; internal/consent's EvidenceFields. */
export const evidenceFields = ["call_at", "call_number", "call_words", "caller", "jobs", "link", "place", "signer_name", "signer_relation", "strokes"] as const;

export interface SealedConsent extends Record<(typeof evidenceFields)[number], unknown> {
  kind: string;
  state: string;
  document_kind: string;
  document: unknown;
  sha256: string;
  code: string;
  signed_at: string;
  countersigned_by: string;
  seal: unknown;
  counterseal: unknown;
}

/**
 * `unsealed`: the server has not had it yet. `strange`: sealed with a key that this tablet has no reason to trust.
 * `unable`: this browser cannot check, because it knows no Ed25519 or has no secure context.
 */
export type SealState = "good" | "broken" | "strange" | "unsealed" | "unable";

export async function checkConsent(c: SealedConsent, keys: Keys): Promise<SealState> {
  const seal = c.seal as Seal | null;
  if (!seal?.statement) return "unsealed";
  if (!says(seal.statement as unknown as Statement, c)) return "broken";
  if (!(await canVerify())) return "unable";
  const beside = c.counterseal as Seal | null;
  if (beside?.statement && (beside.statement.code !== c.code || beside.statement.sha256 !== hash(seal.statement) || beside.statement.by !== c.countersigned_by)) return "broken";
  const found = await Promise.all((beside?.statement ? [seal, beside] : [seal]).map((one) => verify(one, keys)));
  const refused = found.find((no) => no !== null);
  return !refused ? "good" : refused.code === "seal.key_unknown" ? "strange" : "broken";
}

/** A consent voided later keeps the seal of what it was when it was given. */
function says(s: Statement, c: SealedConsent): boolean {
  try {
    const evidence = Object.fromEntries(evidenceFields.map((name) => [name, c[name]]));
    return s.kind === c.document_kind && s.way === c.kind && (s.state === c.state || c.state === "void") && s.code === c.code
      && s.sha256 === c.sha256 && hash(c.document) === c.sha256 && s.signed_at === c.signed_at && s.signer === masked(String(c.signer_name)) && s.evidence === evidenceHash(evidence);
  } catch {
    return false; // what cannot be written canonically was never sealed
  }
}

const masked = (name: string): string => `${[...name][0] ?? ""}**`;
