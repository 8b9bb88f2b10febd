// The collections as features read them: Dexie's own tables, but what screens ask most (a row, rows by ids, rows by values of a
// field, all rows) is answered by what is held in memory (held.ts). Everything else, and all writing, is Dexie's.
import type { Collection, Table, WhereClause } from "dexie";
import { heldAll, heldByField, heldById, isHeld } from "./held.ts";
import { collectionNames, theStore } from "./store.ts";
import type { CollectionName, Rows } from "./types.gen.ts";

/** Values of a field up to which each is asked for by itself. */
const mostAsked = 300;

/** An object whose named methods are others; the rest is the object's own, called on it. */
function withOwn<T extends object>(of: T, own: Record<string, unknown>): T {
  return new Proxy(of, {
    get(target, name) {
      if (typeof name === "string" && Object.hasOwn(own, name)) return own[name];
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Rows with one of the values: `rest` is what Dexie makes of the question, for whoever wants something else of it. */
function answers(table: Table, field: string, values: readonly string[], rest: () => Collection): Collection {
  const wanted = [...new Set(values)].sort();
  const here = () => wanted.length <= mostAsked && isHeld(table);
  const rows = () => heldByField(table, field, wanted);
  let made: Collection | null = null;
  const plain = (): Collection => (made ??= rest());
  const own: Record<string, unknown> = {
    toArray: () => (here() ? rows() : plain().toArray()),
    first: () => (here() ? rows().then((all) => all[0]) : plain().first()),
    primaryKeys: () => (here() ? rows().then((all) => all.map((row) => row.id)) : plain().primaryKeys()),
  };
  return new Proxy({} as Collection, {
    get(_, name) {
      if (typeof name === "string" && Object.hasOwn(own, name)) return own[name];
      const value = Reflect.get(plain(), name, plain()) as unknown;
      return typeof value === "function" ? (value.bind(plain()) as unknown) : value;
    },
  });
}

function where(table: Table, asked: Parameters<Table["where"]>): WhereClause | Collection {
  const clause = (table.where as (...asked: unknown[]) => WhereClause | Collection)(...asked);
  const [field] = asked as unknown[];
  if (typeof field !== "string" || !table.schema.idxByName[field] || table.schema.idxByName[field].compound) return clause;
  const of = clause as WhereClause;
  return withOwn(of, {
    equals: (value: unknown) => (typeof value === "string" ? answers(table, field, [value], () => of.equals(value)) : of.equals(value as never)),
    anyOf: (...given: unknown[]) => {
      const values = Array.isArray(given[0]) ? (given[0] as unknown[]) : given;
      const rest = () => of.anyOf(values as string[]);
      return values.every((v) => typeof v === "string") ? answers(table, field, values as string[], rest) : rest();
    },
  });
}

function reading(table: Table): Table {
  return withOwn(table, {
    get: (...asked: unknown[]) => (asked.length === 1 && typeof asked[0] === "string" && isHeld(table) ? heldById(table, [asked[0]]).then((rows) => rows[0]) : (table.get as (...asked: unknown[]) => unknown)(...asked)),
    bulkGet: (ids: string[]) => (isHeld(table) ? heldById(table, ids) : table.bulkGet(ids)),
    toArray: () => (isHeld(table) ? heldAll(table) : table.toArray()),
    where: (...asked: Parameters<Table["where"]>) => where(table, asked),
  });
}

const made = new WeakMap<Table, Table>();

/** A table whose rows are read from memory where they are held. */
export function held<T>(table: Table<T, string>): Table<T, string> {
  let facade = made.get(table);
  if (!facade) made.set(table, (facade = reading(table)));
  return facade as Table<T, string>;
}

/** Tables of the signed-in user's own store. */
export const tables = Object.defineProperties(
  {},
  Object.fromEntries(collectionNames.map((name) => [name, { enumerable: true, get: () => held(theStore().table(name)) }])),
) as { readonly [C in CollectionName]: Table<Rows[C], string> };
