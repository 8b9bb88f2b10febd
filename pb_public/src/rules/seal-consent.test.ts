// A consent's seal, checked by the tablet itself: sealed here with a key made here, as the server does it.
import { beforeAll, describe, expect, test } from "vitest";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { canonical, hash } from "./canonical.ts";
import { evidenceHash, type Keys, type Seal } from "./seal.ts";
import { checkConsent, evidenceFields, type SealedConsent } from "./seal-consent.ts";

const base64url = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

let pair: CryptoKeyPair;
let key = "";
let keys: Keys = {};

async function sealed(statement: Record<string, unknown>): Promise<Seal> {
  const named = { ...statement, key };
  return { statement: named, signature: base64url(new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, new Uint8Array(utf8ToBytes(canonical(named)))))) };
}

const row = {
  kind: "signature", state: "given", document_kind: "estimate", document: { kind: "estimate", jobs: [{ id: "job1", labour_fen: 30000 }] }, code: "abc", signed_at: "2026-11-21 01:00:00.000Z",
  call_at: "", call_number: "", call_words: "", caller: "", jobs: [{ id: "job1", decision: "approved" }], link: "", place: "接待区", signer_name: "李思远", signer_relation: "self",
  strokes: [{ points: [{ x: 0.12, y: 0.4, t: 0 }] }], countersigned_by: "chen",
};

let good: SealedConsent;

beforeAll(async () => {
  pair = (await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"])) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  key = bytesToHex(sha256(raw)).slice(0, 16);
  keys = { [key]: base64url(raw) };
  const sum = hash(row.document);
  const seal = await sealed({
    kind: "estimate", schema: 1, way: "signature", state: "given", sha256: sum, evidence: evidenceHash(Object.fromEntries(evidenceFields.map((f) => [f, row[f]]))),
    code: "abc", signer: "李**", device: "tablet1", signed_at: row.signed_at, sealed_at: "2026-11-21 01:00:02.000Z", test: false,
  });
  const counterseal = await sealed({ kind: "countersignature", code: "abc", sha256: hash(seal.statement), by: "chen", name: "陈佳宁", at: "2026-11-21 01:01:00.000Z", sealed_at: "2026-11-21 01:01:01.000Z", test: false });
  good = { ...row, sha256: sum, seal, counterseal };
});

describe("S-03 a tablet checks the server's seal by itself", () => {
  test("S-03 what was sealed checks, with the countersignature and before it", async () => {
    expect(await checkConsent(good, keys)).toBe("good");
    expect(await checkConsent({ ...good, counterseal: null, countersigned_by: "" }, keys)).toBe("good");
    expect(await checkConsent({ ...good, state: "void" }, keys)).toBe("good");
  });
  test("S-03 what only this tablet has is not sealed yet", async () => {
    expect(await checkConsent({ ...good, seal: null, counterseal: null }, keys)).toBe("unsealed");
  });
  test("S-03 anything altered beside, in or under the seal does not match", async () => {
    const changes: Partial<SealedConsent>[] = [
      { document: { ...row.document, jobs: [{ id: "job1", labour_fen: 30001 }] } }, { sha256: "0".repeat(64) }, { signer_name: "王芳" }, { signer_name: "李思源" }, { signed_at: "2026-11-21 01:00:00.001Z" },
      { kind: "phone" }, { state: "declined" }, { document_kind: "supplement" }, { code: "abd" }, { countersigned_by: "other" },
      { strokes: [{ points: [{ x: 0.13, y: 0.4, t: 0 }] }] }, { jobs: [{ id: "job1", decision: "declined" }] }, { place: "门口" }, { link: "l" }, { call_at: "x" }, { call_number: "1" }, { call_words: "好" }, { caller: "x" }, { signer_relation: "family" },
    ];
    for (const change of changes) expect(await checkConsent({ ...good, ...change }, keys), JSON.stringify(change)).toBe("broken");
    const seal = good.seal as Seal;
    expect(await checkConsent({ ...good, seal: { ...seal, signature: seal.signature.replace(/^./, (c) => (c === "A" ? "B" : "A")) } }, keys)).toBe("broken");
    expect(await checkConsent({ ...good, seal: { ...seal, statement: { ...seal.statement, sealed_at: "2026-11-20 01:00:02.000Z" } }, counterseal: null }, keys)).toBe("broken");
    expect(await checkConsent({ ...good, counterseal: seal }, keys)).toBe("broken");
  });
  test("S-03 a seal under a key that nobody vouched for is said to be strange", async () => {
    expect(await checkConsent(good, {})).toBe("strange");
  });
});
