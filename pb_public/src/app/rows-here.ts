// The first minute at a tablet belongs to the shop's rows: what can wait waits for them.
import { storeInUse } from "../db/store";

/** How often it is looked whether they have come, ms. */
const lookMs = 500;

/** Resolves when the rows of whoever is at the tablet are on it, which after the first day they are at once. */
export async function rowsHere(): Promise<void> {
  for (;;) {
    const cursor = await storeInUse()?.get("cursor").catch(() => undefined);
    if (cursor) return;
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}
