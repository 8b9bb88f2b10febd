// Chinese number plates: reading what people type, and telling fuel 蓝牌 from new energy 绿牌. Never refuses: foreign,
// temporary and old plates exist, so a plate we do not know is kept as written.

/** Province characters in the order of the keyboard. */
export const PROVINCES = [..."京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"];
/** Last characters of special plates: driving school, police, trailer, Hong Kong, Macau, embassy, consulate. */
export const SUFFIXES = [..."学警挂港澳使领"];
/** Letters and digits a plate may hold: I and O are left out, they read as 1 and 0. */
export const PLATE_KEYS = [..."1234567890QWERTYUPASDFGHJKLZXCVBNM"];

/** Upper case, no blanks, dots or dashes, full-width letters made plain. */
export function normalPlate(text: string): string {
  return text.normalize("NFKC").toUpperCase().replace(/[\s·・•.\-_]/g, "");
}

/** Province and office letter, then the rest: {head: "沪A", tail: "8K359"}. */
export function splitPlate(text: string): { head: string; tail: string } {
  const plate = normalPlate(text);
  const known = PROVINCES.includes(plate[0] ?? "") && /^[A-Z]$/.test(plate[1] ?? "");
  return known ? { head: plate.slice(0, 2), tail: plate.slice(2) } : { head: plate, tail: "" };
}

const rest = (n: number) => `[A-HJ-NP-Z0-9]{${n}}`;
const FUEL = new RegExp(`^${rest(4)}(?:${rest(1)}|[${SUFFIXES.join("")}])$`);
const GREEN_SMALL = /^[A-HJK][A-HJ-NP-Z0-9]\d{4}$/;
const GREEN_LARGE = /^\d{5}[A-HJK]$/;

/** "fuel", "electric", "hybrid" as the plate's form says, or null when it is no complete plate. */
export function plateEnergy(text: string): "fuel" | "electric" | "hybrid" | null {
  const { head, tail } = splitPlate(text);
  if (head.length !== 2 || !tail) return null;
  if (FUEL.test(tail)) return "fuel";
  const mark = GREEN_SMALL.test(tail) ? tail[0] : GREEN_LARGE.test(tail) ? tail[5] : undefined;
  if (mark === undefined) return null;
  return mark <= "E" ? "electric" : "hybrid"; // A–E: battery only; F–K: with an engine
}

/** True when the text is a complete plate in a known form. */
export function plateComplete(text: string): boolean {
  return plateEnergy(text) !== null;
}
