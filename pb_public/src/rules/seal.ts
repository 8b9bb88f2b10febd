// The server's seals (S-03), the twin of internal/consent/seal.go and compact.go: Ed25519 over a statement's canonical
// bytes, checked by the browser itself against keys that it holds. The form stands in internal/consent/DESIGN.md.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonical, hash } from "./canonical.ts";
import { decoded, encoded, instant, moment } from "./code-text.ts";
import { Refused } from "./refused.ts";

export interface Seal {
  statement: Record<string, unknown>;
  /** base64url without padding */
  signature: string;
}

/** What the server seals of a consent when it stores it. Times are UTC as stored. */
export interface Statement {
  kind: string;
  schema: number;
  way: string;
  state: string;
  sha256: string;
  evidence: string;
  code: string;
  signer: string;
  device: string;
  signed_at: string;
  sealed_at: string;
  key: string;
  test: boolean;
}

/** A public half as the server publishes it: a row of seal_keys, or a line of GET /api/verify/keys. */
export interface PublicKey {
  key: string;
  public: string;
  handover?: unknown;
}

/** Public keys by their names, base64url. */
export type Keys = Record<string, string>;

/** Whether this browser can check Ed25519 itself: it needs a secure context, and Chromium 137, Safari 17 or Firefox 129. */
export function canVerify(): Promise<boolean> {
  return (able ??= imported(new Uint8Array(32)).then(() => true, () => false));
}
let able: Promise<boolean> | null = null;

async function imported(raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
}

/** The name of a public key: the first 16 hex digits of its SHA-256; "" when it is none. */
export function keyId(text: string): string {
  const raw = decoded(text);
  return raw?.length === 32 ? bytesToHex(sha256(raw)).slice(0, 16) : "";
}

/** Null when the key that the statement names has signed it; else seal.key_unknown or seal.broken. Needs `canVerify`. */
export async function verify(seal: Seal, keys: Keys): Promise<Refused | null> {
  const broken = new Refused("seal.broken", "seal");
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    hash(seal.statement); // whole numbers only, as whatever is sealed
    bytes = new Uint8Array(utf8ToBytes(canonical(seal.statement)));
  } catch {
    return broken;
  }
  const id = typeof seal.statement.key === "string" ? seal.statement.key : "";
  const text = keys[id];
  if (text === undefined) return new Refused("seal.key_unknown", "key", { key: id });
  const [raw, signature] = [decoded(text), decoded(seal.signature)];
  if (!raw || signature?.length !== 64 || keyId(text) !== id) return broken;
  const good = await crypto.subtle.verify("Ed25519", await imported(raw), signature, bytes);
  return good ? null : broken;
}

/** The pinned keys, and every offered one that a chain of hand-overs leads to from them. */
export async function trust(pinned: Keys, offered: PublicKey[]): Promise<Keys> {
  const trusted: Keys = Object.fromEntries(Object.entries(pinned).filter(([id, text]) => keyId(text) === id));
  const open = offered.map((k) => k.handover as Seal | null).filter((s) => s?.statement?.kind === "seal_key");
  for (let grown = true; grown; ) {
    grown = false;
    for (const handover of open) {
      const { next, public: text } = handover!.statement as { next: string; public: string };
      if (trusted[next] !== undefined || keyId(text) !== next || (await verify(handover!, trusted))) continue;
      trusted[next] = text;
      grown = true;
    }
  }
  return trusted;
}

/** The hash over what stands beside the document in a consent. */
export function evidenceHash(values: Record<string, unknown>): string {
  return hash(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, bytesToHex(sha256(utf8ToBytes(canonical(value))))])));
}

const kinds = ["precheck", "estimate", "supplement", "delivery"];
const ways = ["signature", "phone", "portal"];
const states = ["given", "declined"];

/** The seal that a QR code carries beside its code; null when it is none. */
export function parseCompact(code: string, text: string): Seal | null {
  const part = text.split(".");
  const [head = "", shown = "", proof = "", signer = "", device = "", signed = "", sealed = "", key = "", signature = ""] = part;
  if (part.length !== 9 || !/^1[0-3][0-2][01][01]$/.test(head)) return null;
  const [a, b, name] = [decoded(shown), decoded(proof), decoded(signer)];
  const [signedAt, sealedAt] = [moment(signed), moment(sealed)];
  if (a?.length !== 32 || b?.length !== 32 || !name || signedAt === "" || sealedAt === "") return null;
  const statement: Statement = {
    kind: kinds[Number(head[1])]!, schema: 1, way: ways[Number(head[2])]!, state: states[Number(head[3])]!, sha256: bytesToHex(a), evidence: bytesToHex(b),
    code, signer: new TextDecoder().decode(name), device, signed_at: signedAt, sealed_at: sealedAt, key, test: head[4] === "1",
  };
  return { statement: { ...statement }, signature };
}

/** The text of a seal in a QR code, "" when its statement is of another form. */
export function compact(seal: Seal): string {
  const s = seal.statement as unknown as Statement;
  const [kind, way, state] = [kinds.indexOf(s.kind), ways.indexOf(s.way), states.indexOf(s.state)];
  if (s.schema !== 1 || kind < 0 || way < 0 || state < 0) return "";
  const packed = (hex: string): string => encoded(hexToBytes(hex));
  const [signed, sealed] = [instant(s.signed_at), instant(s.sealed_at)];
  if (signed === "" || sealed === "") return "";
  return [`1${kind}${way}${state}${s.test ? 1 : 0}`, packed(s.sha256), packed(s.evidence), encoded(utf8ToBytes(s.signer)), s.device, signed, sealed, s.key, seal.signature].join(".");
}
