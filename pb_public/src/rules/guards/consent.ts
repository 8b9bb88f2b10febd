// Guards of signature and consent; the reasons stand in internal/flow/guards_consent.go.
import type { Consent, ConsentedJob, Facts, Job, Values } from "../facts.ts";
import { Refused } from "../refused.ts";
import { blank, text } from "./common.ts";

export function consentCovers(f: Facts): Refused | null {
  if (!f.job) return new Refused("consent.missing", "", { job: "" });
  return uncovered(f.job, f.consents ?? []);
}

/** Null when some consent given approves the job exactly as it stands (S-02); else which way it is uncovered. */
export function uncovered(j: Job, consents: Consent[]): Refused | null {
  let declined = false;
  let changed: ConsentedJob | null = null;
  let voided: Consent | null = null;
  for (const c of consents) {
    for (const line of c.jobs ?? []) {
      if (line.id !== j.id) continue;
      const present = j.sha256 !== "" && line.sha256 === j.sha256;
      if (c.state === "given" && line.decision === "approved" && present) return null;
      if (c.state !== "void" && line.decision === "declined" && present) declined = true;
      else if (c.state === "given" && line.decision === "approved") changed = line;
      else if (c.state === "void" && line.decision === "approved" && present) voided = c;
    }
  }
  if (declined) return new Refused("consent.declined", "", { job: j.work });
  if (changed) return new Refused("consent.changed", "", { job: j.work, changed: whatChanged(j, changed.agreed ?? {}) });
  if (voided) return new Refused("consent.void", "", { job: j.work, reason: voided.void_reason });
  return new Refused("consent.missing", "", { job: j.work });
}

const agreedFields = [
  "work", "detail", "diagnosis_only", "labour_minutes", "labour_fen", "parts",
  "labour_range_percent", "parts_range_percent", "payer", "not_guaranteed",
] as const;

function whatChanged(j: Job, signed: Values): string[] {
  const names = agreedFields.filter((name) => name in signed && !sameJSON(j[name] ?? (name === "parts" ? [] : null), signed[name]));
  return names.length === 0 ? ["agreed.content"] : names.map((name) => `agreed.${name}`).sort();
}

function sameJSON(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false;
  const [x, y] = [a as Values, b as Values];
  const keys = Object.keys(x);
  return keys.length === Object.keys(y).length && keys.every((k) => Object.hasOwn(y, k) && sameJSON(x[k], y[k]));
}

export function consentComplete(f: Facts): Refused | null {
  if (blank(text(f.after, "signer_name"))) return new Refused("consent.signer_missing", "signer_name");
  switch (text(f.after, "kind")) {
    case "signature":
      if (text(f.after, "state") === "given" && !hasStrokes(f.after?.strokes)) return new Refused("consent.strokes_missing", "strokes");
      return null;
    case "phone": {
      const open = ["caller", "call_number", "call_at", "call_words"].find((name) => blank(text(f.after, name)));
      return open ? new Refused("consent.call_incomplete", open, { field: [`call.${open}`] }) : null;
    }
    case "portal":
      if (f.actor.roles.includes("system") && !blank(text(f.after, "link"))) return null;
  }
  return new Refused("consent.kind", "kind");
}

/** A list with at least one stroke that has a point, written as [point…] or as {"points":[point…]}. */
export function hasStrokes(v: unknown): boolean {
  if (!Array.isArray(v)) return false;
  return v.some((stroke: unknown) => {
    const points = typeof stroke === "object" && stroke && !Array.isArray(stroke) ? (stroke as Values).points : stroke;
    return Array.isArray(points) && points.length > 0;
  });
}

export function voidReason(f: Facts): Refused | null {
  return blank(text(f.after, "void_reason")) ? new Refused("consent.void_unexplained", "void_reason") : null;
}

export function declineTold(f: Facts): Refused | null {
  const j = f.job;
  const job = j?.work ?? "";
  if (text(f.after, "declined_at") === "") return new Refused("job.decline_undated", "declined_at", { job });
  const online = (f.consents ?? []).some(
    (c) => c.kind === "portal" && c.state !== "void" &&
      c.jobs?.some((line) => line.id === j?.id && line.decision === "declined" && j?.sha256 !== "" && line.sha256 === j?.sha256),
  );
  return text(f.after, "declined_told_by") === "" && !online ? new Refused("job.decline_untold", "declined_told_by", { job }) : null;
}
