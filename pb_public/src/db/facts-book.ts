// What the guards of the calendar look at; twin of hooks/facts_book.go on the server.
import { bookingOf, holdingStates, type Capacity } from "../rules/capacity.ts";
import type { Facts } from "../rules/facts.ts";
import { serverTime } from "./ids.ts";
import type { Row, Store } from "./store.ts";

/** How long before and after a booking others may stand that take room beside it, ms. */
const reach = 21 * 86_400_000;

/** The parts of the facts that only these collections' guards look at; nothing for others. */
export async function bookFacts(store: Store, collection: string, after: Row): Promise<Partial<Facts>> {
  if (collection !== "appointments" && collection !== "visits") return {};
  const customer = after.customer ? await store.rows("customers").get(String(after.customer)) : undefined;
  const named = { customer: (customer ?? null) as Facts["customer"] };
  if (collection === "visits") return named;
  const visit = await store.rows("visits").where("appointment").equals(after.id).first();
  return {
    ...named,
    ...(await rooms(store, after)),
    visit: (visit ?? null) as Facts["visit"],
    preparations: (await store.rows("preparations").where("appointment").equals(after.id).toArray()) as unknown as Facts["preparations"],
  };
}

async function rooms(store: Store, after: Row): Promise<Partial<Facts>> {
  const shop = await store.rows("shops").get(String(after.shop));
  const zone = String(shop?.time_zone || "Asia/Shanghai");
  const start = Date.parse(String(after.starts_at).replace(" ", "T"));
  const near = Number.isNaN(start) ? [] : await store.rows("appointments").where("starts_at").between(serverTime(start - reach), serverTime(start + reach), true, true).toArray();
  const others = near.filter((a) => a.id !== after.id && a.shop === after.shop && holdingStates.includes(String(a.state)));
  const capacities = (await store.rows("capacities").toArray()).filter((c) => c.active && c.shop === after.shop);
  return {
    booking: bookingOf(after as never, zone),
    bookings: others.map((a) => bookingOf(a as never, zone)),
    capacities: capacities as unknown as Capacity[],
  };
}
