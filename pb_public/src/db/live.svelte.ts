import Dexie, { type ObservabilitySet } from "dexie";
import { collectionNames, onStoreChange, storeInUse } from "./store.ts";

/** Changes that come close together make queries run once, ms. */
const togetherMs = 25;

/** Tables whose changes a screen may depend on. Progress, cursors and bytes are none of them. */
const shown = new Set<string>([...collectionNames, "outbox", "uploads"]);

let store = $state(0);
let changes = $state(0);
let timer: ReturnType<typeof setTimeout> | undefined;

onStoreChange(() => store++);

// Every write of any tab is announced here. Which query read which rows is not asked: a query that reads on after an
// await, or many things at once, would escape such book-keeping, and then a screen would show what is no longer so.
Dexie.on("storagemutated", (parts: ObservabilitySet) => {
  const prefix = `idb://${storeInUse()?.name}/`;
  const ours = Object.keys(parts).some((part) => part.startsWith(prefix) && shown.has(part.slice(prefix.length).split("/")[0]));
  if (ours) timer ??= setTimeout(announce, togetherMs);
});

function announce(): void {
  timer = undefined;
  changes++;
}

/**
 * A query over `tables` that stays up to date, also for what other tabs and the network write. Call it while a
 * component starts. Runes that `query` reads before its first await make it run again when they change. A query that
 * fails keeps the last value and is reported to the console; it is tried again with the next change.
 */
export function live<T>(query: () => Promise<T> | T, initial: T): { readonly value: T; readonly ready: boolean } {
  let value = $state.raw(initial);
  let ready = $state(false);
  let asked = 0;
  let answered = 0;
  let seen = -1;

  $effect(() => {
    void changes;
    if (seen !== store) {
      if (seen >= 0) value = initial;
      seen = store;
      answered = asked; // answers from another person's store do not count
      ready = false;
    }
    const mine = storeInUse();
    if (!mine) return;
    const run = ++asked;
    (async () => query())().then(
      (result) => {
        if (run <= answered) return;
        answered = run;
        value = result;
        ready = true;
      },
      (error) => {
        if (mine === storeInUse()) console.error("live query failed", error); // else its store was closed under it
      },
    );
  });
  $effect(() => () => (answered = Infinity));

  return {
    get value() {
      return value;
    },
    get ready() {
      return ready;
    },
  };
}
