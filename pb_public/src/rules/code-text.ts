// What the QR codes of seals and gate passes write briefly, the twin of internal/consent/code_text.go: bytes in base64url
// without padding, stored times in milliseconds to the base 36.

export function encoded(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The bytes of such a text; null when it is none, or not the one way to write them. */
export function decoded(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return null;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    return encoded(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}

/** A stored time (UTC) as a code writes it; "" when it is none. */
export function instant(at: string): string {
  const ms = Date.parse(at.replace(" ", "T"));
  return Number.isNaN(ms) ? "" : ms.toString(36);
}

/** The stored time that `instant` wrote; "" when it is none. */
export function moment(text: string): string {
  if (!/^[0-9a-z]{1,10}$/.test(text)) return "";
  const at = new Date(Number.parseInt(text, 36));
  return Number.isNaN(at.getTime()) ? "" : at.toISOString().replace("T", " ");
}
