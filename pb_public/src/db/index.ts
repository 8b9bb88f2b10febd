// What features may use of the tablet's own store. They know no Dexie tables of ours beyond `tables`, no outbox and
// no network: they read through `live`, write through `act`, and the rest happens by itself.
export type { CollectionName, Rows } from "./types.gen.ts";
export type { Charge, ConsentedJob, Flag, Part, QuoteLine } from "./shapes.ts";
export { Refused } from "../rules/refused.ts";
export { tables } from "./tables.ts";
export { entityName, fieldsOf, sameValue } from "./row.ts";
export type { FieldSpec } from "./row.ts";
export { firstRows, lastRows, latestRows, rowsAt, rowsBetween, rowsOf, soughtRows } from "./rows-of.ts";
export { live } from "./live.svelte.ts";
export { newId, serverTime } from "./ids.ts";
export { act, why, whyStates } from "./act.ts";
export type { Writer } from "./act.ts";
export { preparePhoto } from "./prepare.ts";
export type { PreparedPhoto } from "./prepare.ts";
export { photoUrl } from "./photo-url.svelte.ts";
export { fileName, groupOf, keptOf } from "./files.ts";
export type { FileCollection, FileGroup } from "./files.ts";
export { normalise, onSearchRenewed, searchCustomers, searchVehicles } from "./search.ts";
export type { VehicleHit } from "./search.ts";
export { nextNumber } from "./numbers.ts";
export { policiesFor, policyFor, presentPolicy } from "./policy.ts";
export { shippedPolicy } from "../rules/figures.ts";
export type { Policy } from "../rules/facts.ts";
export { claimPolicyOf, claimPreview, daysFrom } from "./claims.ts";
export { certifiedUntil, passTimes, signPass } from "./gate-key.ts";
export { knownSeal, sealOf } from "./seals.ts";
