// Guards of photos among a claim's evidence; the reasons stand in internal/flow/guards_photo.go.
import type { Facts, Values } from "../facts.ts";
import { Refused } from "../refused.ts";
import { blank, holds, roleWords, text } from "./common.ts";

const attaching = ["agent", "supervisor", "manager"];

const arrived = (photo: Values | null | undefined): boolean => text(photo, "slot").startsWith("arrival");

export function photoSourced(f: Facts): Refused | null {
  if (f.actor.roles.includes("customer") || arrived(f.after) || text(f.after, "subject_collection") !== "claims") {
    return ["source", "source_note", "evidence_reason"].some((name) => text(f.after, name) !== "") ? new Refused("photo.source_elsewhere", "source") : null;
  }
  if (!holds(attaching, f.actor)) return new Refused("flow.role", "source", { roles: roleWords(attaching) });
  if (text(f.after, "source") === "") return new Refused("photo.source_missing", "source");
  return blank(text(f.after, "source_note")) ? new Refused("photo.source_unexplained", "source_note") : null;
}

export function photoEvidence(f: Facts): Refused | null {
  const changed = f.changed ?? [];
  if (changed.includes("slot") && text(f.after, "subject_collection") === "claims" && arrived(f.before) !== arrived(f.after)) return new Refused("photo.slot_moved", "slot");
  return changed.includes("evidence_reason") && text(f.after, "source") === "" ? new Refused("photo.evidence_own", "evidence_reason") : null;
}
