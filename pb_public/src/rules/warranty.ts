// The shop's own guarantee 质量保证 (D-08); the twin of internal/flow/warranty.go, which says what each part means.
import type { Job, Policy } from "./facts.ts";

export interface WarrantyPolicy {
  warranty_labour_months: number;
  warranty_labour_km: number;
  warranty_maintenance_months: number;
  warranty_maintenance_km: number;
  warranty_body_months: number;
  warranty_body_km: number;
  warranty_parts_months: number;
  warranty_parts_km: number;
}

/** What an order's done jobs are guaranteed for. Days are the shop's, km the odometer's. */
export interface Warranty {
  state: string;
  from_day: string;
  from_km: number;
  /** The policy's row, "" for the shipped figures. */
  policy: string;
  lines: WarrantyLine[];
}

/** One job's: the last day, "" where nothing is guaranteed, and the highest odometer, 0 for no limit. */
export interface WarrantyLine {
  job: string;
  labour_until: string;
  labour_km: number;
  parts_until: string;
  parts_km: number;
}

export const givenStates = ["settled", "released"];

type Guaranteed = Pick<Job, "id" | "state" | "diagnosis_only" | "not_guaranteed" | "parts" | "job_class">;

export function giveWarranty(p: Policy, policy: string, state: string, day: string, km: number, jobs: Guaranteed[]): Warranty {
  const lines: WarrantyLine[] = [];
  for (const j of jobs) {
    if (!["done", "passed"].includes(j.state) || j.diagnosis_only || j.not_guaranteed) continue;
    const [months, distance] = labourWarranty(p, j.job_class ?? "");
    const own = (j.parts ?? []).some((part) => part.origin !== "customer");
    const line = {
      job: j.id, labour_until: lastDay(day, months), labour_km: limit(months, distance, km),
      parts_until: own ? lastDay(day, p.warranty_parts_months) : "", parts_km: own ? limit(p.warranty_parts_months, p.warranty_parts_km, km) : 0,
    };
    if (line.labour_until !== "" || line.parts_until !== "") lines.push(line);
  }
  lines.sort((a, b) => (a.job < b.job ? -1 : a.job > b.job ? 1 : 0));
  return { state, from_day: day, from_km: km, policy, lines };
}

function labourWarranty(p: WarrantyPolicy, jobClass: string): [months: number, km: number] {
  if (jobClass === "maintenance") return [p.warranty_maintenance_months, p.warranty_maintenance_km];
  if (jobClass === "body" || jobClass === "paint") return [p.warranty_body_months, p.warranty_body_km];
  return [p.warranty_labour_months, p.warranty_labour_km];
}

function limit(months: number, distance: number, km: number): number {
  return months === 0 || distance === 0 || km === 0 ? 0 : km + distance;
}

/** The last day of a period of months: the day of that number, or the month's last where there is none. */
export function lastDay(day: string, months: number): string {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? new Date(`${day}T00:00:00Z`) : null;
  if (!at || Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day || months <= 0) return "";
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, Math.min(at.getUTCDate(), last))).toISOString().slice(0, 10);
}

/** Whether a guarantee up to a last day and an odometer still stands: whichever comes first ends it. */
export function stands(until: string, most: number, day: string, km: number): boolean {
  return until !== "" && day <= until && (most === 0 || km <= most);
}

/** Whether labour or parts of the job are still guaranteed. */
export function lineStands(l: WarrantyLine, day: string, km: number): boolean {
  return stands(l.labour_until, l.labour_km, day, km) || stands(l.parts_until, l.parts_km, day, km);
}

export function warrantyOf(w: Warranty | null | undefined, job: string): WarrantyLine | null {
  return w?.lines?.find((l) => l.job === job) ?? null;
}
