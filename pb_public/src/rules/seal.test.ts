import { describe, expect, test } from "vitest";
import vectors from "../../../internal/consent/testdata/vectors/seals.json";
import { canVerify, compact, evidenceHash, keyId, parseCompact, trust, verify, type Seal } from "./seal.ts";

const keys = vectors.keys as Record<string, string>;

describe("seals are the server's", () => {
  test("S-03 this engine checks Ed25519", async () => expect(await canVerify()).toBe(true));

  for (const v of vectors.seals) {
    test(v.name, async () => expect((await verify(v.seal as Seal, keys))?.code ?? "").toBe(v.code));
  }

  test("S-03 a key is named by its hash", () => {
    for (const [id, text] of Object.entries(keys)) expect(keyId(text)).toBe(id);
    expect(keyId("")).toBe("");
  });

  test("S-03 a chain of hand-overs is followed from the pinned key only", async () => {
    const offered = vectors.handover.map((handover) => ({ key: handover.statement.next, public: handover.statement.public, handover }));
    expect(Object.keys(await trust(keys, offered)).sort()).toEqual([...vectors.trusted].sort());
    expect(await trust({ "0000000000000000": Object.values(keys)[0]! }, offered)).toEqual({});
  });

  test("S-03 evidence hashes as on the server", () => expect(evidenceHash(vectors.evidence.values)).toBe(vectors.evidence.sha256));

  test("S-03 the QR code's seal is the whole seal", async () => {
    const { code, text, seal } = vectors.compact;
    expect(parseCompact(code, text)).toEqual(seal);
    expect(compact(seal as Seal)).toBe(text);
    expect(await verify(parseCompact(code, text)!, keys)).toBeNull();
  });

  test("S-03 any altered character of the QR code fails", async () => {
    const { code, text } = vectors.compact;
    for (let i = 0; i < text.length; i++) {
      const altered = text.slice(0, i) + (text[i] === "x" ? "y" : "x") + text.slice(i + 1);
      const seal = parseCompact(code, altered);
      expect(seal === null || (await verify(seal, keys)) !== null, `character ${i}`).toBe(true);
    }
    expect((await verify(parseCompact("1" + code.slice(1), text)!, keys))?.code).toBe("seal.broken");
  });
});
