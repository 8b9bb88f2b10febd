// Guards that an edit must go on meeting, though no state changes; twin of the `stays` of the server's derivers (hooks).
import { holdingStates } from "./capacity.ts";
import type { Values } from "./facts.ts";

export function stillAsked(entity: string, after: Values, changed: string[]): string[] {
  const any = (...names: string[]) => names.some((name) => changed.includes(name));
  const guards: string[] = [];
  if (entity === "appointment" && holdingStates.slice(0, 2).includes(String(after.state)) && any("starts_at", "minutes", "hands")) guards.push("slot_free");
  const fetched = !["", "none", "undefined"].includes(String(after.pickup));
  if ((entity === "appointment" || entity === "visit") && fetched && any("pickup", "pickup_km", "customer")) guards.push("pickup_allowed");
  if (entity === "visit" && any("comeback_of")) guards.push("comeback_known");
  return guards;
}
