// Searching the standard times 工时 (E-02) by item, by system or by symptom (E-01); on the tablet, without a network.
import { tables, type Rows } from "../../db/index.ts";

export type Standard = Rows["standard_times"];
export type Method = "item" | "system" | "symptom";
export const systems: Standard["system"][] = ["maintenance", "engine", "transmission", "brake", "suspension", "steering", "electrical", "air_conditioning", "tyre", "body", "paint", "other"];

export async function standards(): Promise<Standard[]> {
  return (await tables.standard_times.toArray()).filter((s) => s.active).sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** Those that hold every word of the question; by symptom the symptoms are searched, else code and name. */
export function matching(all: readonly Standard[], method: Method, question: string, system = "", most = 30): Standard[] {
  const words = question.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter((s) => {
    if (method === "system" && system !== "" && s.system !== system) return false;
    if (method === "symptom" && !s.symptoms.trim()) return false;
    const text = `${s.code} ${s.name} ${s.models} ${method === "item" ? "" : s.symptoms}`.normalize("NFKC").toLowerCase();
    return words.every((word) => text.includes(word));
  }).slice(0, most);
}

/** Maintenance that the mileage says is due (E-07): each `every_km`, when the next multiple is not further than a tenth of it away. */
export function dueBy(all: readonly Standard[], odometerKm: number): Standard[] {
  return all.filter((s) => s.every_km > 0 && odometerKm > 0 && s.every_km - (odometerKm % s.every_km) <= s.every_km / 10);
}
