// Reads the vectors that both sides run: internal/flow/testdata/vectors. Used by tests only.
import { apply, createCheck, editCheck, type Verdict } from "./flow.ts";
import type { Facts } from "./facts.ts";
import type { Params } from "./refused.ts";

/** One case: facts of a base with some places set, an act, and the answer both sides must give. */
export interface Vector {
  name: string;
  base: string;
  apply?: [from: string, to: string];
  create?: boolean;
  edit?: [entity: string, ...fields: string[]];
  set?: Record<string, unknown>;
  seen?: Record<string, unknown>;
  want: Partial<Answer>;
}

export interface Answer {
  transition: string;
  code: string;
  field: string;
  params: Params;
  flags: string[];
  kept: boolean;
}

type Base = Record<string, unknown> & { over?: string; set?: Record<string, unknown> };

export type Bases = Record<string, Base>;

/** The facts of a base with places ("jobs.0.state") set to other values. */
export function factsOf(bases: Bases, name: string, set: Record<string, unknown> = {}): Facts {
  const base = bases[name];
  if (!base) throw new Error(`no base ${name}`);
  const start = base.over ? changed(bases[base.over], base.set ?? {}) : base;
  return changed(start, set) as unknown as Facts;
}

function changed(value: unknown, set: Record<string, unknown>): Record<string, unknown> {
  let root: unknown = structuredClone(value);
  for (const place of Object.keys(set).sort()) root = put(root, place.split("."), structuredClone(set[place]));
  return root as Record<string, unknown>;
}

function put(node: unknown, [step, ...rest]: string[], value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(node)) {
    const i = Number(step);
    if (!(i <= node.length)) throw new Error(`no place ${step} in a list`);
    node[i] = put(node[i], rest, value);
    return node;
  }
  const object = (typeof node === "object" && node !== null ? node : {}) as Record<string, unknown>;
  object[step] = put(object[step], rest, value);
  return object;
}

/** The verdict of a vector, as the vectors write it. */
export function judge(bases: Bases, v: Vector): Answer {
  const f = factsOf(bases, v.base, v.set);
  const seen = v.seen ? factsOf(bases, v.base, v.seen) : null;
  if (v.create) return answer(createCheck(f, seen));
  if (v.edit) return answer({ transition: null, refused: editCheck(v.edit[0], v.edit.slice(1), f.actor), flags: [], kept: false });
  const [from, to] = v.apply ?? ["", ""];
  return answer(apply(f, from, to, seen));
}

function answer({ transition, refused, flags, kept }: Verdict): Answer {
  return { transition: transition?.name ?? "", code: refused?.code ?? "", field: refused?.field ?? "", params: refused?.params ?? {}, flags, kept };
}
