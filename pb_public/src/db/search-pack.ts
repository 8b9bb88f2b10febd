// The search list as one text: a line for each vehicle with plate, VIN, name and phones, and one for each customer with
// name and phones, all normalised. Looking through 60,000 lines is a few milliseconds, and a text of some megabytes is
// read from the tablet faster than the rows it was made of.

export interface Pack {
  vehicles: string;
  customers: string;
}

interface VehicleRow {
  id: string;
  plate?: unknown;
  vin?: unknown;
  customer?: unknown;
}

interface CustomerRow {
  id: string;
  name?: unknown;
  phone?: unknown;
  phones?: unknown;
}

/** Letters and digits only, lower case, full-width forms folded: "沪A·12345" → "沪a12345". */
export function normalise(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/[\s·.\-_/()+]/g, "");
}

const clean = (value: unknown): string => (typeof value === "string" && value !== "" ? normalise(value) : "");

/** Name and phones of a customer, as they stand in both kinds of line. */
export function ownerPart(c: CustomerRow | undefined): string {
  if (!c) return "\t";
  const phones = [c.phone, ...(Array.isArray(c.phones) ? c.phones : [])].map(clean).filter(Boolean);
  return `${clean(c.name)}\t${phones.join(" ")}`;
}

export function vehicleLine(v: VehicleRow, owner: string): string {
  return `${v.id}\t${clean(v.plate)}\t${clean(v.vin)}\t${owner}`;
}

export function customerLine(c: CustomerRow): string {
  return `${c.id}\t${ownerPart(c)}`;
}

/** Puts rows together that come in parts: customers first, then vehicles. */
export class Packer {
  private readonly owners = new Map<string, string>();
  private readonly customers: string[] = [];
  private readonly vehicles: string[] = [];

  addCustomers(rows: CustomerRow[]): void {
    for (const row of rows) {
      const owner = ownerPart(row);
      this.owners.set(row.id, owner);
      this.customers.push(`${row.id}\t${owner}`);
    }
  }

  addVehicles(rows: VehicleRow[]): void {
    for (const row of rows) this.vehicles.push(vehicleLine(row, this.owners.get(String(row.customer)) ?? "\t"));
  }

  pack(): Pack {
    return { vehicles: `\n${this.vehicles.join("\n")}\n`, customers: `\n${this.customers.join("\n")}\n` };
  }
}

/** Lines looked at in one search: a fragment that fits more says nothing yet. */
const mostLines = 4_000;

/** The lines of a text that hold the fragment behind their id, except those of the given ids. */
export function linesWith(text: string, fragment: string, except: { has(id: string): boolean }): string[] {
  const found: string[] = [];
  let at = text.indexOf(fragment);
  while (at >= 0 && found.length < mostLines) {
    const start = text.lastIndexOf("\n", at) + 1;
    const end = text.indexOf("\n", at);
    const tab = text.indexOf("\t", start);
    if (at > tab) {
      const line = text.slice(start, end);
      if (!except.has(line.slice(0, tab - start))) found.push(line);
      at = text.indexOf(fragment, end);
    } else {
      at = text.indexOf(fragment, tab); // in the id: no answer
    }
  }
  return found;
}

/** How well a text answers: 0 whole, 1 beginning, 2 inside; infinite when not at all. */
export function rank(text: string, fragment: string): number {
  const at = text.indexOf(fragment);
  if (at < 0) return Infinity;
  return at > 0 ? 2 : text.length === fragment.length ? 0 : 1;
}
