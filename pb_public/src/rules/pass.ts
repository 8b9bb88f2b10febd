// What a gate pass says in its QR code, and whether it is genuine; the twin of internal/pass, which tells the form. Checked by
// the phone itself, without a network (D-07).
import { decoded, encoded, instant, moment } from "./code-text.ts";
import { Refused } from "./refused.ts";
import { canVerify, keyId, verify, type Keys, type Seal } from "./seal.ts";

export interface PassStatement {
  kind: "gate_pass";
  id: string;
  number: string;
  shop: string;
  visit: string;
  plate: string;
  issued_at: string;
  until: string;
  key: string;
  test: boolean;
}

/** The server's word that a cashier's tablet may sign passes with the key `next`. */
export interface PassCertificate {
  kind: "cashier_key";
  device: string;
  staff: string;
  shop: string;
  next: string;
  public: string;
  from: string;
  until: string;
  key: string;
  test: boolean;
}

const mark = "AP1";

/** The text of a QR code for a pass; with a certificate where a tablet has signed. */
export function passToken(signed: Seal, certified: Seal | null): string {
  const s = signed.statement as unknown as PassStatement;
  const part = [mark, s.id, packed(s.number), s.shop, s.visit, packed(s.plate), instant(s.issued_at), instant(s.until), s.key, s.test ? "1" : "0", signed.signature];
  if (certified) {
    const c = certified.statement as unknown as PassCertificate;
    if (c.shop !== s.shop || c.next !== s.key) return "";
    part.push(c.device, c.staff, c.public, instant(c.from), instant(c.until), c.key, c.test ? "1" : "0", certified.signature);
  }
  return part.join(".");
}

/** The seals that a QR code carries; null when it is no pass, or not the one way to write it. */
function parse(token: string): { signed: Seal; certified: Seal | null } | null {
  const part = token.split(".");
  if ((part.length !== 11 && part.length !== 19) || part[0] !== mark) return null;
  const at = (i: number): string => part[i] ?? "";
  const s: PassStatement = {
    kind: "gate_pass", id: at(1), number: unpacked(at(2)), shop: at(3), visit: at(4), plate: unpacked(at(5)), issued_at: moment(at(6)), until: moment(at(7)), key: at(8), test: at(9) === "1",
  };
  const signed: Seal = { statement: { ...s }, signature: at(10) };
  let certified: Seal | null = null;
  if (part.length === 19) {
    const c: PassCertificate = {
      kind: "cashier_key", device: at(11), staff: at(12), shop: s.shop, next: s.key, public: at(13), from: moment(at(14)), until: moment(at(15)), key: at(16), test: at(17) === "1",
    };
    certified = { statement: { ...c }, signature: at(18) };
  }
  return passToken(signed, certified) === token ? { signed, certified } : null;
}

/**
 * Reads a pass and holds it to the server's keys. Refused: gate.unreadable, seal.key_unknown, seal.broken, gate.uncertified,
 * gate.cannot_verify (this browser knows no Ed25519).
 */
export async function checkPass(token: string, keys: Keys): Promise<{ pass: PassStatement; by: PassCertificate | null } | Refused> {
  const found = parse(token);
  if (!found) return new Refused("gate.unreadable", "token");
  if (!(await canVerify())) return new Refused("gate.cannot_verify");
  const pass = found.signed.statement as unknown as PassStatement;
  if (!found.certified) {
    const refused = await verify(found.signed, keys);
    return refused ?? { pass, by: null };
  }
  const by = found.certified.statement as unknown as PassCertificate;
  const refused = (await verify(found.certified, keys)) ?? (await verify(found.signed, keyId(by.public) === by.next ? { [by.next]: by.public } : {}));
  if (refused) return refused.code === "seal.key_unknown" && keys[by.key] !== undefined ? new Refused("seal.broken", "seal") : refused;
  return pass.issued_at < by.from || pass.issued_at > by.until ? new Refused("gate.uncertified", "token") : { pass, by };
}

const packed = (text: string): string => encoded(new TextEncoder().encode(text));

function unpacked(text: string): string {
  const bytes = decoded(text);
  return bytes ? new TextDecoder().decode(bytes) : "";
}
