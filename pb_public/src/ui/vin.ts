// Vehicle identification numbers, V-06: 17 characters without I, O and Q. A wrong check digit warns and never blocks:
// European makers leave it out.

const VALUES: Record<string, number> = {
  A: 1, B: 2, C: 3, D: 4, E: 5, F: 6, G: 7, H: 8, J: 1, K: 2, L: 3, M: 4, N: 5, P: 7, R: 9, S: 2, T: 3, U: 4, V: 5, W: 6, X: 7, Y: 8, Z: 9,
};
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** Upper case, no blanks or dashes, full-width letters made plain. */
export function normalVin(text: string): string {
  return text.normalize("NFKC").toUpperCase().replace(/[\s\-]/g, "");
}

/** The check digit (position 9) the other sixteen ask for; null when a character is not allowed. */
export function vinCheckDigit(vin: string): string | null {
  let sum = 0;
  for (let i = 0; i < 17; i++) {
    const c = vin[i] ?? "";
    const value = /\d/.test(c) ? Number(c) : VALUES[c];
    if (value === undefined) return null;
    sum += value * (WEIGHTS[i] ?? 0);
  }
  return sum % 11 === 10 ? "X" : String(sum % 11);
}

/** What to say about a VIN as typed: nothing, or the code of the warning. */
export function vinWarning(text: string): "letters" | "length" | "check" | null {
  const vin = normalVin(text);
  if (vin === "") return null;
  if (/[^A-HJ-NPR-Z0-9]/.test(vin)) return "letters";
  if (vin.length !== 17) return "length";
  return vinCheckDigit(vin) === vin[8] ? null : "check";
}
