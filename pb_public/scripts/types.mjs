// Writes src/db/types.gen.ts from the flow table: one interface per collection, so that a field that is not in the
// table does not compile. Run before dev, build, check and test; the file is never committed.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const tablePath = fileURLToPath(new URL("../../internal/flow/table.json", import.meta.url));
const outPath = fileURLToPath(new URL("../src/db/types.gen.ts", import.meta.url));

/** Shapes of json fields that the app reads; src/db/shapes.ts says what they are. Others are `unknown`. */
const shapes = {
  "*.flags": "Flag[] | null",
  "customers.phones": "string[] | null",
  "appointments.lines": "QuoteLine[] | null",
  "appointments.documents": "string[] | null",
  "jobs.parts": "Part[] | null",
  "consents.jobs": "ConsentedJob[] | null",
  "settlements.lines": "Charge[] | null",
  "work_orders.warranty": "Warranty | null",
  "claims.history": "ClaimEvent[] | null",
};

function typeOf(collection, name, field, entity) {
  const union = (values) => values.map((v) => JSON.stringify(v)).join(" | ");
  switch (field.type) {
    case "int":
    case "number":
      return "number";
    case "bool":
      return "boolean";
    case "json":
      return shapes[`${collection}.${name}`] ?? shapes[`*.${name}`] ?? "unknown";
    case "select": {
      const values = field.values ?? (name === "state" ? entity.states : []);
      if (field.multiple) return `(${union(values)})[]`;
      return field.required || name === "state" ? union(values) : `${union(values)} | ""`;
    }
    case "relation":
      return field.multiple ? "string[]" : "string";
    default:
      return "string";
  }
}

/** The text of types.gen.ts for a flow table. */
export function typesOf(table) {
  const used = ["Charge", "Flag", "Part", "ConsentedJob", "QuoteLine", "Warranty", "ClaimEvent"];
  const lines = [
    "// Written by scripts/types.mjs from internal/flow/table.json. Do not edit.",
    `import type { ${used.join(", ")} } from "./shapes.ts";`,
    "",
    "/** Every row of every collection. Dates are UTC text as the server stores them; an empty value is \"\", 0, false or null. */",
    "export interface Rows {",
  ];
  for (const entity of Object.values(table.entities)) {
    lines.push(`  ${entity.collection}: {`, "    id: string;");
    const fields = entity.common === false ? { shop: { type: "text" }, ...table.common, ...entity.fields } : { ...table.common, ...entity.fields };
    for (const [name, field] of Object.entries(fields)) {
      lines.push(`    ${name}: ${typeOf(entity.collection, name, field, entity)};`);
    }
    lines.push("  };");
  }
  lines.push("}", "", "export type CollectionName = keyof Rows;", "");
  return lines.join("\n");
}

/** Brings types.gen.ts up to date; leaves the file alone when nothing changed, so that watchers stay quiet. */
export function writeTypes() {
  const text = typesOf(JSON.parse(readFileSync(tablePath, "utf8")));
  if (!existsSync(outPath) || readFileSync(outPath, "utf8") !== text) writeFileSync(outPath, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeTypes();
