// The flow table, the same file the server embeds.
import raw from "../../../internal/flow/table.json";
import { guards } from "./guards.ts";

export interface Gate {
  roles: string[];
  guards?: string[];
  seen?: boolean;
}

export interface Transition {
  name: string;
  from: string;
  to: string;
  roles: string[];
  guards: string[];
  fact?: boolean;
  seen?: boolean;
  seen_from?: string[];
}

export interface FieldRule {
  type: string;
  derived?: boolean;
  write?: string;
  by?: string[];
}

export interface Entity {
  collection: string;
  auth?: boolean;
  fact?: boolean;
  common?: boolean;
  initial?: string[];
  states?: string[];
  create: Gate;
  edit: Gate;
  transitions?: Transition[];
  fields: Record<string, FieldRule>;
}

const common = raw.common as Record<string, FieldRule>;

/** The entities of the table by name ("job"), the common fields among theirs. */
export const entities: Record<string, Entity> = Object.fromEntries(
  Object.entries(raw.entities as unknown as Record<string, Entity>).map(([name, e]) => [
    name,
    { ...e, fields: e.common === false ? e.fields : { ...common, ...e.fields } },
  ]),
);

for (const [name, e] of Object.entries(entities)) {
  for (const g of [e.create, e.edit, ...(e.transitions ?? [])].flatMap((gate) => gate.guards ?? [])) {
    if (!guards[g]) throw new Error(`flow table: ${name}: unknown guard ${g}`);
  }
}
