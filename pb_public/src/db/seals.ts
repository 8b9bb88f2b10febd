// What this tablet has found about seals (S-03). A screen asks anew whenever anything in the shop changes; what a consent says was
// checked once stays as it was found, until it says something else.
import { checkConsent, type SealState } from "../rules/seal-consent.ts";
import { pinnedKeys } from "./seal-keys.ts";
import { theStore, type Store } from "./store.ts";
import type { Rows } from "./types.gen.ts";

type Consent = Rows["consents"];

/** So many consents are remembered: those of a long order and of what was open before it. */
const most = 60;

/** By the person's store, since each pins keys of their own, and by all that the consent says. */
const found = new WeakMap<Store, Map<string, SealState>>();

function remembered(): Map<string, SealState> {
  const store = theStore(), known = found.get(store) ?? new Map<string, SealState>();
  found.set(store, known);
  return known;
}

/** What was found before, at once; null: not known yet. */
export function knownSeal(consent: Consent): SealState | null {
  return remembered().get(JSON.stringify(consent)) ?? null;
}

const reading = new WeakMap<Store, ReturnType<typeof pinnedKeys>>();

/** The keys are read once for all seals of a screen. */
function keys(): ReturnType<typeof pinnedKeys> {
  const store = theStore(), asked = reading.get(store) ?? pinnedKeys().finally(() => reading.delete(store));
  reading.set(store, asked);
  return asked;
}

/** Whether the consent is what the server sealed, checked by this tablet itself. */
export async function sealOf(consent: Consent): Promise<SealState> {
  const known = remembered(), text = JSON.stringify(consent), before = known.get(text);
  if (before) return before;
  const state = await checkConsent(consent, await keys());
  // What depends on the keys at hand, on the browser or on the server's next answer may be another thing tomorrow.
  if (state === "good" || state === "broken") {
    if (known.size >= most) known.delete(known.keys().next().value!);
    known.set(text, state);
  }
  return state;
}
