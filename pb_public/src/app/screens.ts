// Which screen stands behind which address. Each is loaded when first opened; the service worker has it in its cache.
import type { Component } from "svelte";
import { styled } from "../ui/stylesheets";
import { rowsHere } from "./rows-here";
import type { Pattern } from "./router.svelte";

/** Addresses with a screen behind the sign-in; the lounge's board stands before it. */
type Screens = Exclude<Pattern, "/" | "/lounge/:token">;

const files = import.meta.glob<{ default: Component }>([
  "../features/*/{Day,Arrive,Walkaround,Orders,Order,SignOrder,Board,Jobs,Job,Quality,Check,Files,VehicleFile,More,Import,Devices,Todo,Outbox,Policies,Holidays,Desk,Settle,GatePass,Gate,Delivery,Faults,Claims}.svelte",
  "../features/book/{Calendar,NewAppointment,Appointment,Prepare,ArrivalQueue,BookStats}.svelte",
  "../features/files/{CustomerFile,Assets,AssetFile}.svelte",
  "../features/standards/Standards.svelte",
  "../features/sales/{Sales,Sale}.svelte",
  "../features/inspect/{Inspections,Inspect}.svelte",
  "../features/templates/Templates.svelte",
  "../features/claims/{ClaimQueue,NewClaim,Claim,Dock,Bench,Refunds}.svelte",
  "../features/sales/{Sales,Sale,Webhook}.svelte",
  "../features/makeup/{Makeup,MakeupPart}.svelte",
  "../features/policy/ClaimPolicies.svelte",
  "../features/parts/{Counter,PickOrder,Stock,PartCard,Purchasing,Counts,CountSheet,Tools}.svelte",
]);

export const SCREENS: Record<Screens, string> = {
  "/day": "day/Day",
  "/arrive": "arrival/Arrive",
  "/visit/:id/:step": "walkaround/Walkaround",
  "/orders": "order/Orders",
  "/order/:id": "order/Order",
  "/order/:id/sign": "sign/SignOrder",
  "/board": "workshop/Board",
  "/jobs": "technician/Jobs",
  "/jobs/:id": "technician/Job",
  "/quality": "quality/Quality",
  "/quality/:order": "quality/Check",
  "/files": "files/Files",
  "/files/:vehicle": "files/VehicleFile",
  "/more": "more/More",
  "/import": "more/Import",
  "/devices": "devices/Devices",
  "/todo": "due/Todo",
  "/outbox": "due/Outbox",
  "/policy": "policy/Policies",
  "/holidays": "holidays/Holidays",
  "/book": "book/Calendar",
  "/book/new": "book/NewAppointment",
  "/book/stats": "book/BookStats",
  "/book/:id": "book/Appointment",
  "/prepare": "book/Prepare",
  "/arrivals": "book/ArrivalQueue",
  "/parts": "parts/Counter",
  "/parts/order/:id": "parts/PickOrder",
  "/parts/stock": "parts/Stock",
  "/parts/stock/:id": "parts/PartCard",
  "/parts/purchasing": "parts/Purchasing",
  "/parts/counts": "parts/Counts",
  "/parts/counts/:id": "parts/CountSheet",
  "/parts/tools": "parts/Tools",
  "/cashier": "money/Desk",
  "/cashier/:order": "money/Settle",
  "/pass/:id": "money/GatePass",
  "/gate": "gate/Gate",
  "/delivery/:visit": "delivery/Delivery",
  "/faults": "learn/Faults",
  "/warranty-claims": "warranty/Claims",
  "/customers/:id": "files/CustomerFile",
  "/assets": "files/Assets",
  "/assets/:id": "files/AssetFile",
  "/sales": "sales/Sales",
  "/sales/:id": "sales/Sale",
  "/makeup": "makeup/Makeup",
  "/makeup/:id": "makeup/MakeupPart",
  "/claim-policy": "policy/ClaimPolicies",
  "/platforms": "sales/Webhook",
  "/standards": "standards/Standards",
  "/inspections": "inspect/Inspections",
  "/inspections/:id": "inspect/Inspect",
  "/templates": "templates/Templates",
  "/claims": "claims/ClaimQueue",
  "/claims/new": "claims/NewClaim",
  "/claims/:id": "claims/Claim",
  "/dock": "claims/Dock",
  "/bench": "claims/Bench",
  "/refunds": "claims/Refunds",
};

const loaded = new Map<string, Component>();

/** The screen if it was opened before: then it appears without a frame in between. */
export function screenAtHand(pattern: Screens): Component | undefined {
  return loaded.get(pattern);
}

/** The sentences of refusals: whatever shows one waits for them. */
export const sentences = () => import("../rules/sentences");

/** Loads a part with its looks and the sentences it may have to say. Rejects when neither network nor cache has them. */
export async function whole<T>(part: Promise<T>): Promise<T> {
  const [loaded] = await Promise.all([styled(part), sentences()]);
  return loaded;
}

/** Loads a screen whole. */
export async function loadScreen(pattern: Screens): Promise<Component> {
  const load = files[`../features/${SCREENS[pattern]}.svelte`];
  if (!load) throw new Error(SCREENS[pattern]);
  const { default: screen } = await whole(load());
  loaded.set(pattern, screen);
  return screen;
}

/** Rest after the start before further screens are loaded, and between two of them, ms. */
const restMs = 2_000;

/** Loads every screen while nobody asks for anything, one at a time, so that none waits for its code when it is first opened. */
export function preloadScreens(): void {
  const waiting = Object.keys(SCREENS) as Screens[];
  const next = (): void => {
    const pattern = waiting.shift();
    if (!pattern) return;
    if (loaded.has(pattern)) return next();
    whenIdle(() => void loadScreen(pattern).catch(() => undefined).then(next)); // what cannot be had now is asked for when it is opened
  };
  void rowsHere().then(() => setTimeout(next, restMs));
}

function whenIdle(work: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(work, { timeout: restMs });
  else setTimeout(work, restMs);
}
