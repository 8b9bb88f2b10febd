// A sealed consent for tests, sealed here with a key made here, as the server does it.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonical, hash } from "../canonical.ts";
import { evidenceFields, type SealedConsent } from "../seal-consent.ts";
import { evidenceHash, type Keys, type Seal } from "../seal.ts";

const base64url = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

export const row = {
  kind: "signature", state: "given", document_kind: "estimate", document: { kind: "estimate", jobs: [{ id: "job1", labour_fen: 30000 }] }, code: "abc", signed_at: "2026-11-21 01:00:00.000Z",
  call_at: "", call_number: "", call_words: "", caller: "", jobs: [{ id: "job1", decision: "approved" }], link: "", place: "接待区", signer_name: "李思远", signer_relation: "self",
  strokes: [{ points: [{ x: 0.12, y: 0.4, t: 0 }] }], countersigned_by: "chen",
};

/** The consent with seal and counterseal, and the key that both name. */
export async function sealedConsent(): Promise<{ good: SealedConsent; keys: Keys }> {
  const pair = (await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"])) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)), key = bytesToHex(sha256(raw)).slice(0, 16);
  const sealed = async (statement: Record<string, unknown>): Promise<Seal> => {
    const named = { ...statement, key };
    return { statement: named, signature: base64url(new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, new Uint8Array(utf8ToBytes(canonical(named)))))) };
  };
  const sum = hash(row.document);
  const seal = await sealed({
    kind: "estimate", schema: 1, way: "signature", state: "given", sha256: sum, evidence: evidenceHash(Object.fromEntries(evidenceFields.map((f) => [f, row[f]]))),
    code: "abc", signer: "李**", device: "tablet1", signed_at: row.signed_at, sealed_at: "2026-11-21 01:00:02.000Z", test: false,
  });
  const counterseal = await sealed({ kind: "countersignature", code: "abc", sha256: hash(seal.statement), by: "chen", name: "陈佳宁", at: "2026-11-21 01:01:00.000Z", sealed_at: "2026-11-21 01:01:01.000Z", test: false });
  return { good: { ...row, sha256: sum, seal, counterseal }, keys: { [key]: base64url(raw) } };
}
