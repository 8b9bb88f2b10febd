// A consent's seal, checked by the tablet itself.
import { beforeAll, describe, expect, test } from "vitest";
import type { Keys, Seal } from "./seal.ts";
import { checkConsent, type SealedConsent } from "./seal-consent.ts";
import { row, sealedConsent } from "./testing/sealed.ts";

let good: SealedConsent;
let keys: Keys = {};

beforeAll(async () => ({ good, keys } = await sealedConsent()));

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
