// The shop's standard times 工时 (E-02): what a manager, leader or expert sees and changes. A change is for estimates to come;
// a job that was priced keeps its minutes.
import { act, newId, Refused, tables, type Rows } from "../../db";
import { matching } from "../book/standard";

export type Standard = Rows["standard_times"];

export const classes: Standard["job_class"][] = ["maintenance", "mechanical", "electrical", "body", "paint", "diagnosis"];

/** Roles that write them; the table's. */
export const writers = ["expert", "leader", "manager", "head_office"];

/** All of them, also those out of use, by code. */
export async function allStandards(): Promise<Standard[]> {
  return (await tables.standard_times.toArray()).sort((a, b) => (a.code < b.code ? -1 : 1));
}

export interface Filter {
  text: string;
  system: string; // "" for every one
  off: boolean; // those out of use, too
}

export function shown(all: readonly Standard[], { text, system, off }: Filter): Standard[] {
  const bySystem = all.filter((s) => (system === "" || s.system === system) && (off || s.active));
  return matching(bySystem, "system", text, "", bySystem.length);
}

export type Draft = Omit<Standard, "id" | "shop" | "version" | "created" | "updated" | "created_by" | "updated_by" | "device" | "captured_at" | "flags">;

export const blank: Draft = { code: "", name: "", system: "maintenance", job_class: "maintenance", minutes: 30, symptoms: "", risk_percent: 0, models: "", every_km: 0, active: true };

/** Opens one, or writes what was changed. A code that is taken on this tablet is refused here; elsewhere the server refuses it. */
export async function saveStandard(before: Standard | null, draft: Draft): Promise<void> {
  const data = { ...draft, code: draft.code.trim(), name: draft.name.trim(), symptoms: draft.symptoms.trim(), models: draft.models.trim() };
  if (!before) {
    if ((await allStandards()).some((s) => s.code === data.code)) throw new Refused("field.taken", "code", { field: "code" });
    return act("standard.add", (w) => void w.create("standard_times", data, newId()));
  }
  const { code: _fixed, ...rest } = data;
  const patch = Object.fromEntries(Object.entries(rest).filter(([name, value]) => before[name as keyof Standard] !== value));
  if (Object.keys(patch).length) await act("standard.edit", (w) => w.patch("standard_times", before.id, patch));
}
