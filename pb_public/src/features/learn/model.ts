// What repairs teach (W-08): which case of the library a symptom recalls, and which fault has come often. Pure.
import type { Rows } from "../../db/index.ts";
import { normalise } from "../../db/search-pack.ts";

export type Case = Rows["fault_cases"];
export type Report = Rows["quality_reports"];

/** A vehicle's model as reports and cases write it: "大众 帕萨特". */
export function modelOf(vehicle: { make?: string; model?: string } | null | undefined): string {
  return [vehicle?.make, vehicle?.model].map((x) => (x ?? "").trim()).filter(Boolean).join(" ");
}

/** What a question asks for: words as they are, Chinese in pairs of characters, so that word order and fillers do not matter. */
export function fragmentsOf(question: string): string[] {
  const parts: string[] = [];
  for (const word of question.normalize("NFKC").split(/[\s,，。、;；]+/)) {
    const clean = normalise(word);
    for (const run of clean.match(/\p{Script=Han}+|[^\p{Script=Han}]+/gu) ?? []) {
      if (!/\p{Script=Han}/u.test(run) || [...run].length < 3) parts.push(run);
      else [...run].slice(1).forEach((c, i) => parts.push([...run][i] + c));
    }
  }
  return [...new Set(parts)].filter(Boolean);
}

/** Cases that answer the question, the best first: at least half of what is asked stands in them; the asked model counts more. */
export function matching(cases: Case[], question: string, model = ""): Case[] {
  const wanted = fragmentsOf(question), own = normalise(model);
  const scored = cases.filter((c) => c.active !== false).map((c) => {
    const symptom = normalise(c.symptom), all = normalise([c.symptom, c.cause, c.remedy, c.vehicle_model].join("\n"));
    const hits = wanted.filter((w) => all.includes(w)).length, at = wanted.filter((w) => symptom.includes(w)).length;
    const same = own !== "" && normalise(c.vehicle_model) === own ? 1 : 0;
    return { c, share: wanted.length === 0 ? 1 : hits / wanted.length, rank: at * 2 + hits + same };
  });
  return scored.filter((s) => s.share >= 0.5).sort((a, b) => b.rank - a.rank || b.c.created.localeCompare(a.c.created)).map((s) => s.c);
}

export interface Repeated {
  model: string;
  work: string;
  times: number;
  /** The last of them. */
  job: Rows["jobs"];
}

/**
 * Faults that came often: the same repair on the same model, `times` within the days before `now`. Maintenance is no fault,
 * and what was reported as frequent within those days is not proposed again.
 */
export function repeated(jobs: Rows["jobs"][], models: (job: Rows["jobs"]) => string, purposes: (job: Rows["jobs"]) => string, reports: Report[], policy: { frequent_times: number; frequent_days: number }, now: number): Repeated[] {
  const since = new Date(now - policy.frequent_days * 86_400_000).toISOString().replace("T", " ");
  const groups = new Map<string, Repeated>();
  for (const job of jobs) {
    const model = models(job);
    if (job.created < since || !model || !["done", "passed"].includes(job.state) || job.diagnosis_only) continue;
    if (job.job_class === "maintenance" || (job.job_class === "" && !["repair", "comeback", "body"].includes(purposes(job)))) continue;
    const key = `${normalise(model)}|${normalise(job.work)}`, known = groups.get(key);
    groups.set(key, { model, work: job.work, times: (known?.times ?? 0) + 1, job: known && known.job.created > job.created ? known.job : job });
  }
  const told = new Set(reports.filter((r) => r.kind === "frequent" && r.created >= since).map((r) => `${normalise(r.vehicle_model)}|${normalise(r.fault)}`));
  return [...groups].filter(([key, g]) => g.times >= policy.frequent_times && !told.has(key)).map(([, g]) => g).sort((a, b) => b.times - a.times || a.work.localeCompare(b.work));
}
