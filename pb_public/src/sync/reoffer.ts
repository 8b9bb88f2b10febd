// Agreeing on seq with the server: at every start, after a new epoch, and whenever the two disagree.
import { newId } from "../db/ids.ts";
import { rebase, serverRow } from "../db/project.ts";
import { keyOf, type OutboxEntry } from "../db/records.ts";
import type { Store } from "../db/store.ts";
import type { Ending } from "./link.ts";

/** How long acknowledged mutations are kept to be offered again, ms. */
export const keepSentMs = 14 * 24 * 3600 * 1000;

/**
 * The server has settled this device's mutations up to `settled`. Those beyond it that it once acknowledged were lost
 * in a restore: they go back into the outbox, before what is still unsent, in their old order. All beyond it are
 * numbered without gaps, because the server takes nothing after a gap. Same order, same ids: each takes effect once.
 */
export async function reoffer(store: Store, settled: number): Promise<void> {
  await store.atomically(async () => {
    const lost = (await store.sent.where("seq").above(settled).toArray()).filter((s) => s.outcome === "applied" || s.outcome === "merged");
    const keys = new Set<string>();
    for (const { seq, id, intent, at, seen, ops, commit } of lost) {
      const rows = [...new Set(ops.map((o) => keyOf(o.collection, o.id)))];
      await store.sent.delete(id);
      await store.outbox.put({ seq, id, intent, at, seen, ops, rows, commit, status: "pending", attempts: 0 });
      for (const key of rows) keys.add(key);
    }
    for (const entry of await store.outbox.where("seq").above(settled).toArray()) {
      if (entry.status === "acked") await store.outbox.update(entry.id, { status: "pending", versions: undefined, round: undefined });
    }
    const waiting = (await store.outbox.where("seq").above(settled).sortBy("seq")).filter((e) => e.status === "pending");
    await number(store, waiting, settled);
    for (const key of keys) await rebase(store, key, await serverRow(store, key));
    await store.set("reconcile", false);
  });
}

async function number(store: Store, entries: OutboxEntry[], after: number): Promise<void> {
  let seq = after;
  for (const entry of entries) {
    seq++;
    if (entry.seq !== seq) await store.outbox.update(entry.id, { seq });
  }
  await store.set("seq", seq);
}

/**
 * The server knows this device id as another person's: nothing sent with it ever counted for this one. A new id is
 * minted and the outbox numbered from 1.
 */
export async function newDevice(store: Store): Promise<Ending> {
  await store.atomically(async () => {
    await store.set("device", newId());
    await store.set("letter", "");
    await number(store, await store.outbox.where("status").equals("pending").sortBy("seq"), 0);
    await store.set("reconcile", true);
  });
  return { kind: "again" };
}

/** Forgets what the server has acknowledged longer ago than any restore is thought to reach back. */
export async function forgetOld(store: Store, now = Date.now()): Promise<void> {
  await store.sent.where("acked_at").below(now - keepSentMs).delete();
}
