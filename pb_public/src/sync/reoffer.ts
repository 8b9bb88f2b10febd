// Agreeing on seq with the server: at every start, after a new epoch, and whenever the two disagree.
import { newId } from "../db/ids.ts";
import { rebase, serverRow } from "../db/project.ts";
import { keyOf } from "../db/records.ts";
import type { Store } from "../db/store.ts";
import { write, type Ending, type Link } from "./link.ts";
import { askAgain } from "./uploads.ts";

/** How long acknowledged mutations are kept to be offered again, ms. */
export const keepSentMs = 14 * 24 * 3600 * 1000;
/** So many are kept however old they seem: the tablet's clock may have jumped. */
const keepLeast = 500;
/** How long it is kept who dropped what, and why, ms. */
export const keepDiscardedMs = 90 * 24 * 3600 * 1000;

/**
 * The server has settled this device's mutations up to `settled`. Those beyond it that it once acknowledged were lost
 * in a restore: they go back into the outbox under their old seqs, before what is still unsent. Same order, same ids,
 * same seqs: each takes effect once, however often and to whatever backup the server is restored. `epoch` is the new
 * one where no pull will bring it.
 */
export async function reoffer(link: Link, settled: number, epoch?: string): Promise<void> {
  const { store } = link;
  await write(link, async () => {
    const device = await store.get("device");
    const keys = new Set<string>();
    let offered = 0;
    for (const s of await store.sent.where("seq").above(settled).toArray()) {
      if ((s.outcome !== "applied" && s.outcome !== "merged") || (s.device ?? device) !== device) continue;
      const { seq, id, intent, at, seen, ops, app, commit } = s;
      const rows = [...new Set(ops.map((o) => keyOf(o.collection, o.id)))];
      offered++;
      await store.sent.delete(id);
      await store.outbox.put({ seq, id, intent, at, seen, ops, app, rows, commit, status: "pending", attempts: 0 });
      for (const key of rows) keys.add(key);
    }
    for (const entry of await store.outbox.where("seq").above(settled).toArray()) {
      if (entry.status !== "acked") continue;
      await store.outbox.update(entry.id, { status: "pending", versions: undefined, round: undefined, known: undefined });
      for (const key of entry.rows) keys.add(key);
    }
    for (const key of keys) await rebase(store, key, await serverRow(store, key));
    await store.set("seq", Math.max((await store.get("seq")) ?? 0, settled));
    await store.set("settled", settled);
    if (offered > 0) {
      await store.set("restored", { at: Date.now(), offered });
      await askAgain(store); // photos may have been lost with them
    }
    if (epoch !== undefined) await store.set("epoch", epoch);
    await store.set("reconcile", false);
  });
}

/** Gives all waiting mutations from seq `from` on new seqs after all that were ever given, in their order. */
export async function numberAfter(store: Store, from: number, settled: number): Promise<void> {
  const waiting = (await store.outbox.where("seq").aboveOrEqual(from).sortBy("seq")).filter((e) => e.status === "pending");
  let seq = Math.max((await store.get("seq")) ?? 0, settled);
  for (const entry of waiting) await store.outbox.update(entry.id, { seq: ++seq });
  await store.set("seq", seq);
}

/**
 * The server knows this device id as somebody else's, or as that of a store of which this one is a copy: nothing more
 * is sent with it. A new id is minted, the outbox is numbered from 1, and the new device gets a credential of its own.
 */
export async function newDevice(link: Link): Promise<Ending> {
  const { store } = link;
  if (link.token() === "") return { kind: "sign_in" }; // only who is signed in can bind a device
  await link.keepCredential("");
  await write(link, async () => {
    const before = await store.get("device");
    // What was acknowledged or refused belongs to the old id: its seqs say nothing about the new one's.
    await store.sent.toCollection().modify((s) => void (s.device ??= before));
    await store.outbox.where("status").anyOf("acked", "rejected").modify({ seq: 0 });
    await store.set("device", newId());
    await store.set("letter", "");
    await store.set("seq", 0);
    await numberAfter(store, 0, 0);
    await store.set("settled", 0);
    await store.set("reconcile", true);
  });
  return { kind: "again" };
}

/** Forgets what the server has acknowledged longer ago than any restore is thought to reach back, and old discards. */
export async function forgetOld(store: Store, now = Date.now(), least = keepLeast): Promise<void> {
  const newest = await store.sent.orderBy("seq").reverse().limit(least).primaryKeys();
  const kept = new Set(newest);
  const old = store.sent.where("acked_at").below(now - keepSentMs);
  await old.filter((s) => !kept.has(s.id) && (s.outcome !== "discarded" || s.acked_at < now - keepDiscardedMs)).delete();
}
