// Guards of inspections outside a reception; the reasons stand in internal/flow/guards_inspection.go.
import type { Facts } from "../facts.ts";
import { Refused } from "../refused.ts";
import { holds, roleWords, text } from "./common.ts";
import { unanswered } from "./visit.ts";

interface Checklist {
  subjects: readonly string[];
  roles: string[];
}

const checklists: Record<string, Checklist> = {
  walkaround: { subjects: ["visit"], roles: ["advisor", "technician", "manager"] },
  device_check: { subjects: ["vehicle", "asset"], roles: ["advisor", "technician", "inspector", "warehouse", "manager"] },
  new_vehicle: { subjects: ["vehicle"], roles: ["advisor", "technician", "inspector", "manager"] },
  goods_receiving: { subjects: ["asset"], roles: ["inspector", "parts", "warehouse", "manager"] },
};

const inspected = ["visit", "vehicle", "asset"] as const;

/** What an inspection by this kind of template may be of, and who does it; nothing of a kind there is none of. */
export function checklistOf(kind: string): Checklist {
  return Object.hasOwn(checklists, kind) ? checklists[kind]! : { subjects: [], roles: [] };
}

export function inspectionSubject(f: Facts): Refused | null {
  const list = checklistOf(f.checklist ?? "");
  if (list.subjects.length === 0) return null;
  const kind = [`checklist.${f.checklist}`];
  let named = 0;
  let field = list.subjects[0]!;
  for (const subject of inspected) {
    if (text(f.after, subject) === "") continue;
    named++;
    if (!list.subjects.includes(subject) || named > 1) [field, named] = [subject, inspected.length];
  }
  if (named !== 1) return new Refused("inspection.subject", field, { checklist: kind, subjects: list.subjects.map((s) => `subject.${s}`) });
  return holds(list.roles, f.actor) ? null : new Refused("inspection.role", "template", { checklist: kind, roles: roleWords(list.roles) });
}

export function inspectionAnswered(f: Facts): Refused | null {
  if (f.checklist === "walkaround" || text(f.after, "completed_at") === "" || text(f.before, "completed_at") !== "") return null;
  return unanswered(f, "inspection.unanswered", "completed_at");
}
