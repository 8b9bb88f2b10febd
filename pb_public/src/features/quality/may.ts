// Whose check comes next. Advice for sorting lists and words on buttons; the rules decide.
import type { SessionUser } from "../../db/session.svelte.ts";
import type { OrderCase } from "../order/load.ts";
import { currentChecks, stageRoles, type CheckStage } from "./actions.ts";

export type MayNot = "role" | "not_own_work" | "same_person";

/** Why this person may not make the stage's check, null when they may. */
export function mayNot(c: OrderCase, stage: CheckStage, user: Pick<SessionUser, "id" | "roles">): MayNot | null {
  if (!stageRoles[stage].some((r) => user.roles.includes(r))) return "role";
  if (stage === "self" && !c.entries.some((e) => e.technician === user.id)) return "not_own_work";
  if (c.threePeople) for (const check of currentChecks(c.checks, c.entries).values()) if (check.checker === user.id) return "same_person";
  return null;
}

export function mayCheck(c: OrderCase, stage: CheckStage | null, user: Pick<SessionUser, "id" | "roles">): boolean {
  return stage !== null && mayNot(c, stage, user) === null;
}
