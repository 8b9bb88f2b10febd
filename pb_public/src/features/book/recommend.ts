// What could be done at this visit (E-07): what was declined before and not done since, and what the mileage says is due.
import { presentPolicy, type Policy, type Rows } from "../../db/index.ts";
import { loadKnown } from "../arrival/load.ts";
import { dueBy, standards, type Standard } from "./standard.ts";

export async function recommendations(visit: Rows["visits"]): Promise<{ declined: Rows["jobs"][]; due: Standard[]; policy: Policy }> {
  const [known, all, policy] = await Promise.all([loadKnown(visit.vehicle), standards(), presentPolicy()]);
  return { declined: (known?.declined ?? []).filter((j) => j.visit !== visit.id), due: dueBy(all, visit.odometer_km || known?.vehicle.odometer_km || 0), policy };
}
