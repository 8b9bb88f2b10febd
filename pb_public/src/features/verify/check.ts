// Is it genuine? With a network the server is asked, which also knows whether a signature was voided later. Without one the
// seal in the QR code is checked here, against the public keys that this device pinned when it last had a network.
import { canVerify, parseCompact, trust, verify, type Keys, type PublicKey, type Statement } from "../../rules/seal";

export type Outcome =
  | { state: "valid" | "voided" | "offline_valid"; said: Said; strangeKeys?: boolean }
  | { state: "invalid" | "unknown" | "unpinned" | "no_crypto" };

/** What anyone may know of a genuine document. */
export interface Said {
  kind: string;
  sha256: string;
  signer: string;
  signed_at: string;
  sealed_at: string;
  key: string;
  state: string;
  test: boolean;
}

const PINNED = "aftercare.seal_keys";

export function pinned(): Keys {
  try {
    return JSON.parse(localStorage.getItem(PINNED) ?? "{}") as Keys;
  } catch {
    return {};
  }
}

/** Pins what the pinned keys hand over to; with nothing pinned yet, everything offered. True when a key is a stranger's. */
export async function pin(offered: PublicKey[]): Promise<boolean> {
  const before = pinned();
  const first = Object.keys(before).length === 0;
  const keys = first ? Object.fromEntries(offered.map((k) => [k.key, k.public])) : (await canVerify()) ? await trust(before, offered) : before;
  try {
    localStorage.setItem(PINNED, JSON.stringify(keys));
  } catch {
    // no storage: nothing is pinned on this device
  }
  return offered.some((k) => keys[k.key] === undefined);
}

async function fetchKeys(): Promise<boolean> {
  const answer = await fetch("/api/verify/keys", { cache: "no-store" });
  if (!answer.ok) return false;
  return pin(((await answer.json()) as { keys: PublicKey[] }).keys);
}

type Answer = Said & { valid: boolean; voided: boolean };

async function read(answer: Response): Promise<Outcome | null> {
  if (answer.status === 404) return { state: "unknown" };
  if (answer.status === 400) return { state: "invalid" };
  if (!answer.ok) return null;
  const said = (await answer.json()) as Answer;
  if (!said.valid) return { state: "invalid" };
  return { state: said.voided ? "voided" : "valid", said, strangeKeys: await fetchKeys().catch(() => false) };
}

/** The code of a printed copy, with the seal of its QR code if there is one. */
export async function checkCode(code: string, seal: string): Promise<Outcome> {
  try {
    const outcome = await read(await fetch(`/api/verify/${encodeURIComponent(code)}`, { cache: "no-store", signal: AbortSignal.timeout(12_000) }));
    if (outcome) return outcome;
  } catch {
    // no network: the seal speaks for itself
  }
  return checkSeal(code, seal);
}

/** The seal alone, by the keys this device holds. */
export async function checkSeal(code: string, text: string): Promise<Outcome> {
  const seal = parseCompact(code, text);
  if (!seal) return { state: text ? "invalid" : "unpinned" };
  const keys = pinned();
  if (Object.keys(keys).length === 0) return { state: "unpinned" };
  if (!(await canVerify())) return { state: "no_crypto" };
  if (await verify(seal, keys)) return { state: "invalid" };
  return { state: "offline_valid", said: seal.statement as unknown as Statement };
}

/** A sealed PDF or JSON file; throws without a network. */
export async function checkFile(file: Blob): Promise<Outcome> {
  const pdf = (await file.slice(0, 5).text()) === "%PDF-";
  const answer = await fetch("/api/verify", { method: "POST", body: file, headers: { "Content-Type": pdf ? "application/pdf" : "application/octet-stream" } });
  return (await read(answer)) ?? { state: "unpinned" };
}
