// Registers an arrival in one act: customer and vehicle if new, the visit with its ticket number, the walk-around's
// inspection. All of it or nothing, also when the tablet dies in the middle.
import { act, nextNumber, type Rows, type Writer } from "../../db";
import { stamp } from "../../ui/format";
import type { Draft } from "./draft.svelte";

export interface Surroundings {
  advisor: string; // who receives; "" registers only, the car waits for anybody
  vehicle: Rows["vehicles"] | null;
  /** Whose the vehicle is: the kept file, where the owner's was merged (V-05). */
  owner?: string;
  template: string;
  policy: string;
}

/** The new visit. Throws Refused when a rule says no; then nothing was written. */
export async function registerArrival(draft: Draft, around: Surroundings): Promise<{ id: string; number: string }> {
  const number = await nextNumber("visit");
  let visit = "";
  await act("visit.arrive", (w) => {
    const customer = customerOf(w, draft, around.vehicle, around.owner);
    const vehicle = vehicleOf(w, draft, around.vehicle, customer, around.owner);
    visit = w.create("visits", {
      number, vehicle, customer, advisor: around.advisor, purpose: draft.purpose || "maintenance", state: "open", arrived_at: stamp(), policy: around.policy, comeback_of: draft.purpose === "comeback" ? draft.original : "",
      ...(draft.odometer !== null && { odometer_km: draft.odometer }),
      ...(draft.level !== null && { energy_level: draft.level }),
    });
    w.create("inspections", { visit, template: around.template });
  });
  return { id: visit, number };
}

function customerOf(w: Writer, draft: Draft, vehicle: Rows["vehicles"] | null, owner = vehicle?.customer): string {
  if (draft.customer) return draft.customer;
  if (!draft.other && owner) return owner;
  return w.create("customers", { name: draft.name.trim(), title: draft.title, phone: draft.phone.trim() });
}

function vehicleOf(w: Writer, draft: Draft, known: Rows["vehicles"] | null, customer: string, owner = known?.customer): string {
  if (!known) {
    return w.create("vehicles", {
      plate: draft.plate, vin: draft.vin, make: draft.make.trim(), model: draft.model.trim(), colour: draft.colour.trim(), energy: draft.energy || "fuel",
      body: draft.body || "car", customer, ...(draft.year !== null && { model_year: draft.year }), ...(draft.odometer !== null && { odometer_km: draft.odometer }),
    });
  }
  const patch: Partial<Rows["vehicles"]> = {};
  if (owner !== customer) patch.customer = customer; // the car has changed hands; its history stays with it (V-02)
  if (draft.odometer !== null && draft.odometer > (known.odometer_km || 0)) patch.odometer_km = draft.odometer;
  if (Object.keys(patch).length) w.patch("vehicles", known.id, patch);
  return known.id;
}
