// Has the tablet's key for gate passes certified, whenever a cashier's screen is open and the server can be reached (D-07).
import { gateKeyToCertify, keepCertificate } from "../db/gate-key.ts";
import { session } from "../db/session.svelte.ts";
import type { Seal } from "../rules/seal.ts";
import { request } from "./http.ts";

/** Whether the tablet holds a certificate that lasts. False: no network, no such right, or a browser without Ed25519. */
export async function certify(): Promise<boolean> {
  try {
    const wanted = await gateKeyToCertify();
    if (!wanted) return true;
    const answer = await request("POST", "/api/gate/certificate", { token: session.token, body: wanted });
    if (answer.kind !== "ok") return false;
    await keepCertificate(wanted.public, (answer.body as { seal: Seal }).seal);
    return true;
  } catch (error) {
    console.warn("no key for gate passes", error);
    return false;
  }
}
