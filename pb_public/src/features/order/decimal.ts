// Decimal text and whole numbers of the smallest unit. No floating point: "216.5" with two digits is 21650.

/** The number a person typed in units of 10^-digits; null when it is none, negative, or finer than that. */
export function parseDecimal(text: string, digits: number): number | null {
  const clean = text.normalize("NFKC").replace(/[\s,¥]/g, "");
  const found = /^(\d{0,9})(?:\.(\d*))?$/.exec(clean);
  if (!found || (found[1] === "" && !found[2])) return clean === "" ? 0 : null;
  const fraction = (found[2] ?? "").replace(/0+$/, "");
  if (fraction.length > digits) return null;
  return Number((found[1] || "0") + fraction.padEnd(digits, "0"));
}

/** 21650 → "216.50" (money always shows its fen); 4500 thousandths → "4.5". */
export function decimalText(value: number, digits: number): string {
  const text = String(Math.trunc(value || 0)).padStart(digits + 1, "0");
  const whole = text.slice(0, -digits), fraction = text.slice(-digits);
  if (digits === 2) return `${whole}.${fraction}`;
  const short = fraction.replace(/0+$/, "");
  return short ? `${whole}.${short}` : whole;
}
