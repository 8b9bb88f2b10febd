import { afterEach, beforeEach, expect, test, vi } from "vitest";
import vectors from "../../../../internal/consent/testdata/vectors/seals.json";
import { checkCode, checkSeal, pin, pinned } from "./check";

const keys = Object.entries(vectors.keys).map(([key, value]) => ({ key, public: value }));
const { code, text } = vectors.compact;

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

test("S-03 without a network the QR code's seal is checked by the pinned keys", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
  expect(await checkCode(code, text)).toEqual({ state: "unpinned" });
  await pin(keys);
  expect(await checkCode(code, text)).toMatchObject({ state: "offline_valid", said: { signer: "李**", kind: "estimate" } });
  expect(await checkCode(code, text.slice(0, -1) + "x")).toEqual({ state: "invalid" });
  expect(await checkSeal("1" + code.slice(1), text)).toEqual({ state: "invalid" });
  expect(await checkSeal(code, "")).toEqual({ state: "unpinned" });
});

test("S-03 a pinned key stays; only what it hands over to is added", async () => {
  expect(await pin(keys)).toBe(false);
  const [own, foreign] = vectors.handover.map((handover) => ({ key: handover.statement.next, public: handover.statement.public, handover }));
  expect(await pin([...keys, own!])).toBe(false);
  expect(await pin([foreign!])).toBe(true);
  expect(Object.keys(pinned()).sort()).toEqual([...vectors.trusted].sort());
});

test("S-03 what the server says counts while it answers", async () => {
  const answers: Record<string, Response> = {};
  vi.stubGlobal("fetch", (url: string) => Promise.resolve(url.endsWith("/keys") ? Response.json({ keys }) : answers.now!));
  answers.now = Response.json({ valid: true, voided: true, signer: "李**" });
  expect(await checkCode(code, text)).toMatchObject({ state: "voided", strangeKeys: false });
  answers.now = Response.json({ valid: false });
  expect(await checkCode(code, text)).toEqual({ state: "invalid" });
  answers.now = Response.json({}, { status: 404 });
  expect(await checkCode(code, text)).toEqual({ state: "unknown" });
});
