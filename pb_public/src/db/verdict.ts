// What the rules say about one op, asked of the tablet's own rows. It is advice given at once; the server decides.
import { unfitPolicy, type ClaimPolicy } from "../rules/claim.ts";
import { checkFigures } from "../rules/figures.ts";
import { apply, createCheck, editCheck, editGuarded, editGuards } from "../rules/flow.ts";
import { guards } from "../rules/guards.ts";
import { checkParts } from "../rules/price.ts";
import { Refused } from "../rules/refused.ts";
import { stillAsked } from "../rules/still.ts";
import { factsOf } from "./facts.ts";
import type { Op } from "./records.ts";
import { entityName } from "./row.ts";
import { shapeOf } from "./shape.ts";
import type { Part } from "./shapes.ts";
import type { Actor, Row, Store } from "./store.ts";

export interface Act {
  op: Op;
  before: Row | null;
  after: Row | null;
  now: string;
}

/** The refusal of an op, null when it is allowed. In the server's order: shape, roles per field, flow. */
export async function judge(store: Store, actor: Actor, { op, before, after, now }: Act): Promise<Refused | null> {
  if (op.op === "delete") return before && (await ownDraft(store, op.collection, before, actor)) ? null : new Refused("flow.delete", "id");
  if (!after) return new Refused("access.not_found", "id");
  const entity = entityName(op.collection);
  const changed = Object.keys(op.data ?? {});
  const refused = shapeOf(op.collection, after, changed, op.op === "create") ?? (op.op === "patch" ? editCheck(entity, changed, actor) : null);
  if (refused) return refused;
  if (op.collection === "policies" && op.op === "create") {
    const wrong = after.kind === "claims" ? unfitClaims(after.data) : checkFigures(after.data as Record<string, unknown>);
    if (wrong) return wrong;
  }
  const parts = op.collection === "jobs" && changed.includes("parts") ? checkParts((after.parts as Part[] | null) ?? []) : null;
  if (parts) return parts;
  const from = String(before?.state ?? "");
  const to = String(after.state ?? "");
  const step = op.op === "create" || (changed.includes("state") && from !== to);
  const asked = op.op === "patch" ? stillAsked(entity, after, changed) : [];
  if (!step && asked.length === 0 && !editGuarded(entity)) return null;
  const facts = await factsOf(store, actor, { collection: op.collection, before, after, now, changed });
  for (const name of asked) {
    const refusal = guards[name]?.(facts);
    if (refusal) return refusal;
  }
  const frozen = op.op === "patch" ? editGuards(facts) : null;
  if (frozen || !step) return frozen;
  return (op.op === "create" ? createCheck(facts) : apply(facts, from, to)).refused;
}

/**
 * What the rules say to a row becoming each of these states, from one look at what stands around it: null where it may. For a
 * screen that offers all steps at once; an act is judged by itself.
 */
export async function judgeStates(store: Store, actor: Actor, collection: string, row: Row, states: string[], now: string): Promise<Map<string, Refused | null>> {
  const facts = await factsOf(store, actor, { collection, before: row, after: row, now });
  return new Map(states.map((state) => {
    const after = { ...row, state };
    const claim = collection === "claims" && facts.claim ? { ...facts.claim, row: after } : facts.claim;
    return [state, apply({ ...facts, after, claim }, String(row.state ?? ""), state).refused];
  }));
}

/** The rows a person may take back, and the state in which they are still nobody else's business (hooks/remove.go). */
const drafts: Record<string, string> = {
  visits: "open", work_orders: "draft", jobs: "proposed",
  concerns: "", inspections: "", findings: "", damage_marks: "", belongings: "", key_tags: "", photos: "",
};

/** Own drafts only are deleted, and nothing of a walk-around that was completed or signed. */
async function ownDraft(store: Store, collection: string, row: Row, actor: Actor): Promise<boolean> {
  const state = drafts[collection];
  if (state === undefined || row.created_by !== actor.id || (state !== "" && row.state !== state)) return false;
  if (state !== "" || !row.visit) return true;
  const visit = await store.rows("visits").get(String(row.visit));
  const signed = await store.rows("consents").where("visit").equals(String(row.visit)).count();
  return signed === 0 && (!visit || visit.state === "open");
}

/** A policy of claims that the rules could not read. */
function unfitClaims(data: unknown): Refused | null {
  const field = unfitPolicy(data as ClaimPolicy);
  return field ? new Refused("policy.claims", "data", { field }) : null;
}
