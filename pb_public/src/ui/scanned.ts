// What a scanned code says of a car (V-06): codes on stickers and licences hold more than the number that is looked for.
import { normalPlate, PROVINCES, SUFFIXES } from "./plate.ts";

// The stickers of imported cars put an I before the number; the letter itself is in no VIN.
const vin = /(?:^|[^A-Z0-9])I?([A-HJ-NPR-Z0-9]{17})(?![A-Z0-9])/;
const plate = new RegExp(`[${PROVINCES.join("")}][A-Z][A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9${SUFFIXES.join("")}]?`);

/** The VIN a code holds, "" when it holds none. */
export function vinIn(code: string): string {
  return vin.exec(code.normalize("NFKC").toUpperCase())?.[1] ?? "";
}

/** What to search for: the VIN in the code, else the plate in it, else the code as it is. */
export function scanned(code: string): string {
  return vinIn(code) || plate.exec(normalPlate(code))?.[0] || code.trim();
}
