// The canonical bytes of RFC 8785 and their SHA-256, the twin of internal/consent/canonical.go. Synchronous, because an
// IndexedDB transaction ends at the first foreign await.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** The RFC 8785 text of a JSON value. Throws on what JSON cannot say: undefined, NaN, lone surrogates, functions. */
export function canonical(value: unknown): string {
  switch (typeof value) {
    case "boolean":
      return String(value);
    case "number":
      if (!Number.isFinite(value)) throw new TypeError(`no JSON number: ${value}`);
      return JSON.stringify(value);
    case "string":
      if (/\p{Surrogate}/u.test(value)) throw new TypeError("lone surrogate");
      return JSON.stringify(value);
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return `[${Array.from(value, canonical).join(",")}]`;
      return `{${Object.entries(value).sort(byName).map(([k, v]) => `${canonical(k)}:${canonical(v)}`).join(",")}}`;
  }
  throw new TypeError(`no JSON value: ${typeof value}`);
}

/** Names are ordered by their UTF-16 units, which is what < does. */
function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** SHA-256 of the canonical bytes, 64 lower-case hex digits. What is signed holds safe whole numbers only; else it throws. */
export function hash(value: unknown): string {
  wholeNumbers(value);
  return bytesToHex(sha256(utf8ToBytes(canonical(value))));
}

function wholeNumbers(value: unknown): void {
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new TypeError(`no whole number: ${value}`);
  if (typeof value === "object" && value !== null) Object.values(value).forEach(wholeNumbers);
}
