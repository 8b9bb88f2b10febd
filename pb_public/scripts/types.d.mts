/** The text of types.gen.ts for a flow table. */
export function typesOf(table: unknown): string;
/** Brings src/db/types.gen.ts up to date. */
export function writeTypes(): void;
