// Whether an act is allowed: the twin of internal/flow. The tablet's verdict is advice to the person at once, also
// without a network; the server's decides.
import type { Actor, Facts, Job } from "./facts.ts";
import { guards, uncovered } from "./guards.ts";
import { given, orderEntries, roleWords, text, holds } from "./guards/common.ts";
import { round } from "./guards/quality.ts";
import { Refused } from "./refused.ts";
import { entities, type Entity, type Transition } from "./table.ts";

export { holds, orderEntries };
export { entities, type Entity, type Transition } from "./table.ts";

/** The answer to one act. `flags` and `kept` are said of facts, as in Go. */
export interface Verdict {
  transition: Transition | null;
  refused: Refused | null;
  flags: string[];
  kept: boolean;
}

const overtakenCode = "flow.overtaken";
const voidUnseenCode = "consent.void_unseen";

const consentGuards = ["consent_covers", "entry_consent_covers", "move_consent_covers"];

/** The step from → to of the record in the facts. `seen`: the facts as the acting tablet could know them. */
export function apply(f: Facts, from: string, to: string, seen: Facts | null = null): Verdict {
  const e = entities[f.entity];
  if (!e) return no(null, transitionRefused(f.entity, from, to));
  const known = find(e, from, to);
  const t = known ?? unheard(e, seen, from, to);
  if (!t) return overtaken(e, f, from, to);
  if (!holds(t.roles, f.actor)) return no(t, roleRefused(t.roles, "state"));
  const { refused, flags } = judge(f, seen, t.guards, t.seen === true, t.fact === true);
  if (refused) return no(t, onField(refused, "state"));
  return { transition: t, refused: null, flags: union(known ? [] : [voidUnseenCode], flags), kept: false };
}

/** The creation of `f.after`: role, first state, fields kept for other roles, guards. */
export function createCheck(f: Facts, seen: Facts | null = null): Verdict {
  const e = entities[f.entity];
  if (!e) return no(null, new Refused("field.unknown", "id"));
  if (!holds(e.create.roles, f.actor)) return no(null, roleRefused(e.create.roles, "id"));
  const state = text(f.after, "state");
  const initial = e.initial ?? [];
  if (initial.length > 0 && !e.fields.state?.derived && !initial.includes(state)) {
    return no(null, new Refused("flow.initial", "state", { state: [`${f.entity}.${state}`], initial: initial.map((s) => `${f.entity}.${s}`) }));
  }
  for (const name of Object.keys(e.fields).sort()) {
    const by = e.fields[name]?.by ?? [];
    if (by.length > 0 && given(f.after?.[name]) && !holds(by, f.actor)) return no(null, roleRefused(by, name));
  }
  const { refused, flags } = judge(f, seen, e.create.guards ?? [], e.create.seen === true, false);
  if (refused) return no(null, onField(refused, "id"));
  return { transition: null, refused: null, flags, kept: false };
}

/** PocketBase's own fields of an auth collection. */
const signIn = ["id", "email", "emailVisibility", "verified", "password", "passwordConfirm", "oldPassword", "tokenKey"];

/** A change of the named fields (state excepted, which only transitions change). Null: allowed. */
export function editCheck(entity: string, changed: string[], actor: Actor): Refused | null {
  const e = entities[entity];
  for (const name of [...changed].sort()) {
    if (!e) return new Refused("field.unknown", name);
    if ((name === "state" && (e.states?.length ?? 0) > 0) || (e.auth && signIn.includes(name))) continue;
    const field = e.fields[name];
    if (!field) return new Refused("field.unknown", name);
    const roles = field.by?.length ? field.by : e.edit.roles;
    if (field.derived) {
      if (!actor.roles.includes("system")) return new Refused("field.derived", name);
    } else if (field.write === "create") return new Refused("field.fixed", name);
    else if (!holds(roles, actor)) return roleRefused(roles, name);
  }
  return null;
}

/** Whether editing the entity's rows asks guards. */
export function editGuarded(entity: string): boolean {
  return (entities[entity]?.edit.guards?.length ?? 0) > 0;
}

/** What the guards of editing say to a change of fields other than the state. Null: allowed. */
export function editGuards(f: Facts): Refused | null {
  const [first = "id"] = f.changed ?? [];
  if (!f.changed?.length) return null;
  for (const name of entities[f.entity]?.edit.guards ?? []) {
    const refused = guards[name]?.(f);
    if (refused) return onField(refused, first);
  }
  return null;
}

/** Whether some consent given approves the job exactly as it stands (S-02). */
export function covered(job: Job, consents: NonNullable<Facts["consents"]>): boolean {
  return uncovered(job, consents) === null;
}

/** The round a new check of the order belongs to. */
export function nextRound(f: Facts): number {
  return round(f).number;
}

function find(e: Entity, from: string, to: string): Transition | undefined {
  return e.transitions?.find((t) => t.from === from && t.to === to);
}

function unheard(e: Entity, seen: Facts | null, from: string, to: string): Transition | undefined {
  if (!seen?.job) return undefined;
  const t = find(e, seen.job.state, to);
  if (!t?.seen || !t.seen_from?.includes(from) || guards.consent_covers?.(seen)) return undefined;
  return t;
}

function overtaken(e: Entity, f: Facts, from: string, to: string): Verdict {
  const t = e.transitions?.find((x) => x.to === to && x.fact);
  if (!t || !f.job || !f.entries?.some((entry) => entry.job === f.job?.id)) return no(null, stepRefused(e, f, from, to));
  if (!holds(t.roles, f.actor)) return no(t, roleRefused(t.roles, "state"));
  const { flags } = judge(f, null, t.guards, false, true);
  return { transition: t, refused: null, flags: union([overtakenCode], flags), kept: true };
}

function judge(f: Facts, seen: Facts | null, names: string[], lenient: boolean, fact: boolean): { refused: Refused | null; flags: string[] } {
  let flags: string[] = [];
  for (const name of names) {
    const guard = guards[name];
    const refused = guard ? guard(f) : null;
    if (!refused) continue;
    if (fact) flags = union(flags, [refused.code]);
    else if (lenient && seen && consentGuards.includes(name) && !guard?.(seen)) flags = union(flags, [voidUnseenCode]);
    else return { refused, flags: [] };
  }
  return { refused: null, flags };
}

function no(transition: Transition | null, refused: Refused): Verdict {
  return { transition, refused, flags: [], kept: false };
}

/** Towards work that nobody signed for, the missing signature is what a person can mend, so that is said (S-01). */
function stepRefused(e: Entity, f: Facts, from: string, to: string): Refused {
  const guarded = f.job && e.transitions?.some((t) => t.to === to && t.guards.includes("consent_covers"));
  const unsigned = guarded ? guards.consent_covers?.(f) : null;
  return unsigned ? unsigned.on("state") : transitionRefused(f.entity, from, to);
}

function transitionRefused(entity: string, from: string, to: string): Refused {
  return new Refused("flow.transition", "state", { from: [`${entity}.${from}`], to: [`${entity}.${to}`] });
}

function roleRefused(roles: string[], field: string): Refused {
  return new Refused("flow.role", field, { roles: roleWords(roles) });
}

function onField(refused: Refused, field: string): Refused {
  return refused.field === "" ? refused.on(field) : refused;
}

function union(a: string[], b: string[]): string[] {
  return [...new Set([...a, ...b])];
}
