// The key with which a cashier's tablet signs gate passes when there is no network: made here, kept by the browser so that
// nobody can read it out, and good as long as the server's certificate for it (D-07).
import { canonical } from "../rules/canonical.ts";
import { encoded } from "../rules/code-text.ts";
import { passToken, type PassCertificate, type PassStatement } from "../rules/pass.ts";
import { keyId, type Seal } from "../rules/seal.ts";
import { serverTime } from "./ids.ts";
import type { GateKey } from "./records.ts";
import { theStore } from "./store.ts";

/** Asked again when less than this is left of the certificate, ms. */
const renewMs = 48 * 3_600_000;

/** The public half to have certified, base64url; null when the certificate is still good for long. */
export async function gateKeyToCertify(now = Date.now()): Promise<{ device: string; public: string } | null> {
  const store = theStore();
  const device = (await store.get("device")) ?? "";
  let key = await store.get("gate_key");
  if (key?.certificate && key.device === device && until(key) - now > renewMs) return null;
  if (!key || key.device !== device) {
    const pair = (await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"])) as CryptoKeyPair;
    key = { device, pair, public: encoded(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey))), certificate: null };
    await store.set("gate_key", key);
  }
  return { device, public: key.public };
}

/** Keeps the server's certificate for the key that was asked about. */
export async function keepCertificate(about: string, certificate: Seal): Promise<void> {
  const store = theStore();
  const key = await store.get("gate_key");
  if (key?.public === about && (certificate.statement as unknown as PassCertificate).next === keyId(about)) await store.set("gate_key", { ...key, certificate });
}

function until(key: GateKey): number {
  return Date.parse(String(key.certificate?.statement.until ?? "").replace(" ", "T"));
}

/** Until when this tablet may make passes by itself; "" when it may not. */
export async function certifiedUntil(now = Date.now()): Promise<string> {
  const key = await theStore().get("gate_key");
  const device = (await theStore().get("device")) ?? "";
  return key?.certificate && key.device === device && until(key) > now ? String(key.certificate.statement.until) : "";
}

/** Signs a pass with the tablet's own key; "" when the tablet is not certified for now: then the server signs. */
export async function signPass(pass: Omit<PassStatement, "kind" | "key" | "test">): Promise<string> {
  const key = await theStore().get("gate_key");
  const device = (await theStore().get("device")) ?? "";
  const c = key?.certificate?.statement as unknown as PassCertificate | undefined;
  if (!key?.certificate || !c || key.device !== device || c.shop !== pass.shop || pass.issued_at < c.from || pass.issued_at > c.until) return "";
  const statement: PassStatement = { kind: "gate_pass", ...pass, key: c.next, test: c.test };
  const signature = await crypto.subtle.sign("Ed25519", key.pair.privateKey, new TextEncoder().encode(canonical(statement)));
  return passToken({ statement: { ...statement }, signature: encoded(new Uint8Array(signature)) }, key.certificate);
}

/** Now, and so many hours later, as rows write it. */
export function passTimes(hours: number, now = Date.now()): { issued_at: string; valid_until: string } {
  return { issued_at: serverTime(now), valid_until: serverTime(now + hours * 3_600_000) };
}
