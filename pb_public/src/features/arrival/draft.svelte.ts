// What has been entered about an arrival before it becomes a visit. Kept on the tablet, so that a reload or a reboot
// finds it exactly as it was.
import type { Rows } from "../../db";
import { plateComplete } from "../../ui/plate";
import { normalVin } from "../../ui/vin";

type Purpose = Rows["visits"]["purpose"];
type Energy = Rows["vehicles"]["energy"];
type Body = Rows["vehicles"]["body"];

export interface Draft {
  vehicle: string; // an existing file, "" while none is chosen
  fresh: boolean; // a new vehicle is being entered
  plate: string;
  vin: string;
  make: string;
  model: string;
  year: number | null;
  colour: string;
  energy: Energy;
  body: Body;
  customer: string; // an existing customer, "" for the vehicle's own or a new one
  other: boolean; // someone else than the file's customer, or a new one
  name: string;
  title: string;
  phone: string;
  purpose: Purpose | "";
  odometer: number | null;
  level: number | null;
  original: string; // the earlier job a comeback is of (C-01)
}

export const blank: Draft = {
  vehicle: "", fresh: false, plate: "", vin: "", make: "", model: "", year: null, colour: "", energy: "", body: "car", customer: "", other: false,
  name: "", title: "", phone: "", purpose: "", odometer: null, level: null, original: "",
};

const key = (user: string): string => `aftercare.arrival.${user}`;

export function loadDraft(user: string): Draft {
  try {
    return { ...blank, ...(JSON.parse(localStorage.getItem(key(user)) ?? "{}") as Partial<Draft>) };
  } catch {
    return { ...blank };
  }
}

export function saveDraft(user: string, draft: Draft): void {
  try {
    if (JSON.stringify(draft) === JSON.stringify(blank)) localStorage.removeItem(key(user));
    else localStorage.setItem(key(user), JSON.stringify(draft));
  } catch {
    // storage closed: the draft lives as long as the page
  }
}

/** A new vehicle from what was searched for: a plate, or a VIN, is not typed twice. */
export function fromSearch(text: string): Partial<Draft> {
  const vin = normalVin(text);
  if (/^[A-HJ-NPR-Z0-9]{17}$/.test(vin)) return { fresh: true, vehicle: "", vin };
  if (plateComplete(text) || /^\p{Script=Han}[A-Z]/u.test(vin)) return { fresh: true, vehicle: "", plate: vin.replace(/[·.]/g, "") };
  if (/^\+?\d{7,}$/.test(vin)) return { fresh: true, vehicle: "", other: true, phone: vin };
  return /^\p{Script=Han}+$/u.test(vin) ? { fresh: true, vehicle: "", other: true, name: vin } : { fresh: true, vehicle: "" };
}

/** Why the arrival cannot be registered yet, as a dictionary key, or null when it can. */
export function missing(draft: Draft, has: { customer: boolean; template: boolean }): string | null {
  if (!draft.vehicle && !draft.fresh) return "arrival.why_vehicle";
  if (draft.fresh && !draft.plate && !draft.vin) return "arrival.why_plate";
  const customer = draft.customer !== "" || draft.name.trim() !== "" || (has.customer && !draft.other);
  if (!customer) return "arrival.why_customer";
  if (draft.purpose === "") return "arrival.why_purpose";
  if (draft.purpose === "comeback" && !draft.original) return "arrival.why_original";
  return has.template ? null : "arrival.why_template";
}
