// Guards of comebacks; the reasons stand in internal/flow/guards_comeback.go.
import type { Facts, Job } from "../facts.ts";
import { Refused } from "../refused.ts";
import { lineStands } from "../warranty.ts";
import { holds, roleWords, text } from "./common.ts";
import { standing } from "./order.ts";

const payable = ["done", "passed"];

function touches(f: Facts, ...fields: string[]): boolean {
  return Object.keys(f.before ?? {}).length === 0 || fields.some((name) => f.changed?.includes(name));
}

export function comebackKnown(f: Facts): Refused | null {
  return touches(f, "comeback_of") ? madeHere(f, text(f.after, "comeback_of")) : null;
}

function madeHere(f: Facts, id: string): Refused | null {
  if (id === "") return null;
  const o = f.originals?.find((x) => x.id === id);
  const here = f.visit && o && o.vehicle === (f.visit.vehicle ?? "") && o.visit !== f.visit.id && payable.includes(o.state);
  return here ? null : new Refused("comeback.unknown", "comeback_of");
}

export function comebackFree(f: Facts): Refused | null {
  if (!f.job || !touches(f, "comeback_of", "payer", "comeback_cause")) return null;
  return madeHere(f, f.job.comeback_of ?? "") ?? free(f, f.job);
}

function free(f: Facts, j: Job): Refused | null {
  if (j.payer !== "customer" || ["customer", "new_fault"].includes(j.comeback_cause ?? "") || !f.visit) return null;
  const o = f.originals?.find((x) => x.id === (j.comeback_of ?? ""));
  if (!o?.line || !lineStands(o.line, f.arrived_day ?? "", f.visit.odometer_km ?? 0)) return null;
  const until = o.line.labour_until > o.line.parts_until ? o.line.labour_until : o.line.parts_until;
  return new Refused("comeback.free", "payer", { job: o.work, until });
}

export function comebackLinked(f: Facts): Refused | null {
  if (f.order?.kind !== "comeback") return null;
  if (!f.visit?.comeback_of) return new Refused("comeback.unlinked");
  const jobs = standing(f);
  if (!jobs.some((j) => j.comeback_of)) return new Refused("comeback.no_job");
  for (const j of jobs) {
    const refused = free(f, j);
    if (refused) return refused.on("state");
  }
  return null;
}

export function comebackDecider(f: Facts): Refused | null {
  if (!f.changed?.includes("comeback_cause") && !f.changed?.includes("comeback_note")) return null;
  const deciders = ["expert", "manager", ...(f.policy?.comeback_cause_leader ? ["leader"] : [])];
  if (!holds(deciders, f.actor)) return new Refused("comeback.decider", "comeback_cause", { roles: roleWords(deciders) });
  return f.job?.comeback_of ? null : new Refused("comeback.no_original", "comeback_cause");
}

export function causesDecided(f: Facts): Refused | null {
  const open = (f.jobs ?? []).find((j) => j.comeback_of && !j.comeback_cause && payable.includes(j.state));
  return open ? new Refused("comeback.undecided", "", { job: open.work }) : null;
}
