// Small readings of the facts that several guards share.
import type { Actor, Entry, Facts, Job, Values } from "../facts.ts";

/** A plain text field; anything else counts as empty. */
export function text(v: Values | null | undefined, name: string): string {
  const value = v?.[name];
  return typeof value === "string" ? value : "";
}

/** A whole number field; anything else counts as 0. */
export function whole(v: Values | null | undefined, name: string): number {
  const value = v?.[name];
  return typeof value === "number" ? Math.trunc(value) : 0;
}

/** Text that says nothing. The white space is Go's and JavaScript's together. */
export function blank(s: string): boolean {
  return /^[\s\u0085\uFEFF]*$/u.test(s);
}

/** Whether a JSON value holds anything: false, 0, "", [], {} and null do not. */
export function given(v: unknown): boolean {
  if (v === null || v === undefined) return false;
  if (Array.isArray(v)) return v.length > 0;
  if (typeof v === "object") return Object.keys(v).length > 0;
  return Boolean(v);
}

/** Whether the actor has one of the roles; see Holds in internal/flow/verdict.go. */
export function holds(roles: string[], actor: Actor): boolean {
  if (actor.roles.includes("system")) return true;
  return roles.some(
    (r) => (r === "*" && actor.roles.length > 0) || (r !== "system" && (actor.roles.includes("superuser") || actor.roles.includes(r))),
  );
}

/** The roles as terms for a sentence; a list without people says so. */
export function roleWords(roles: string[]): string[] {
  const people = roles.filter((r) => r !== "system").map((r) => `role.${r}`);
  return people.length > 0 ? people : ["role.nobody"];
}

export function jobNamed(f: Facts, id: string): Job | undefined {
  return f.jobs?.find((j) => j.id === id);
}

/** The time entries of the order's own jobs; the facts may hold a technician's others beside them. */
export function orderEntries(f: Facts): Entry[] {
  return (f.entries ?? []).filter((e) => jobNamed(f, e.job) !== undefined);
}
