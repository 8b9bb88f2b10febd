const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Length of every id in the system (records, mutations, devices). */
const idLength = 15;

/** A new id of 15 characters a–z 0–9, minted by the writer as PocketBase mints its own. No network, no clock. */
export function newId(): string {
  let id = "";
  while (id.length < idLength) {
    // 252 = 7 × 36: bytes above it would make the first letters likelier.
    for (const byte of crypto.getRandomValues(new Uint8Array(24))) {
      if (byte < 252 && id.length < idLength) id += alphabet[byte % 36];
    }
  }
  return id;
}

/** A time as the server writes it: "2026-11-21 02:03:04.005Z", UTC. */
export function serverTime(at: number | Date): string {
  return new Date(at).toISOString().replace("T", " ");
}
