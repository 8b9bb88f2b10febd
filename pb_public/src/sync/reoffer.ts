// Agreeing on seq with the server: at every start, after a new epoch, and whenever the two disagree.
import { newId } from "../db/ids.ts";
import { rebase, serverRow } from "../db/project.ts";
import { keyOf, type OutboxEntry, type SentEntry } from "../db/records.ts";
import type { Store } from "../db/store.ts";
import { write, type Ending, type Link } from "./link.ts";
import { askAgain } from "./uploads.ts";

/** How long acknowledged mutations are kept to be offered again, ms. */
export const keepSentMs = 14 * 24 * 3600 * 1000;
/** And over so many days of contact: a tablet that was away still has to hear whether the server was restored meanwhile, and clocks jump. */
export const keepSentDays = 14;
/** Beyond so many the oldest go by the clock alone. */
const keepMost = 20_000;
/** A day of contact is counted when the clock has moved by so much, either way, ms. */
const dayMs = 24 * 3600 * 1000;
/** How long it is kept who dropped what, and why, ms. */
const keepDiscardedMs = 90 * 24 * 3600 * 1000;

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
      if ((s.outcome !== "applied" && s.outcome !== "merged") || s.elsewhere || (s.device ?? device) !== device) continue;
      offered++;
      await offer(store, s, s.seq, keys);
    }
    for (const entry of await store.outbox.where("seq").above(settled).toArray()) {
      if (entry.status !== "acked" || entry.elsewhere) continue;
      await store.outbox.update(entry.id, { status: "pending", versions: undefined, round: undefined, known: undefined });
      for (const key of entry.rows) keys.add(key);
    }
    await store.set("seq", Math.max((await store.get("seq")) ?? 0, settled));
    const known = await store.get("elsewhere_in");
    if (known && (offered > 0 || known !== (epoch ?? (await store.get("epoch"))))) await offerElsewhere(store, keys);
    for (const key of keys) await rebase(store, key, await serverRow(store, key));
    await store.set("settled", settled);
    if (offered > 0) {
      await store.set("restored", { at: Date.now(), offered });
      await askAgain(store); // photos may have been lost with them
    }
    if (epoch !== undefined) await store.set("epoch", epoch);
    await store.set("reconcile", false);
  });
}

/** Puts a mutation that the server had back into the outbox, under a seq. */
async function offer(store: Store, { id, intent, at, seen, ops, app, commit }: OutboxEntry | SentEntry, seq: number, keys: Set<string>): Promise<void> {
  const rows = [...new Set(ops.map((o) => keyOf(o.collection, o.id)))];
  await store.sent.delete(id);
  await store.outbox.put({ seq, id, intent, at, seen, ops, app, rows, commit: commit || undefined, status: "pending", attempts: 0 });
  for (const key of rows) keys.add(key);
}

/**
 * What the server knew by another device's seq, or by another of ours, is sent once more after a restore: no seq of
 * this device tells whether it was lost. Each takes a new seq behind all that were ever given, since its own may be a
 * filler's by now; if the server still knows the id it says so again, and nothing happens twice.
 */
async function offerElsewhere(store: Store, keys: Set<string>): Promise<void> {
  const acked = await store.outbox.where("status").equals("acked").filter((e) => e.elsewhere === true).toArray();
  const sent = await store.sent.filter((s) => s.elsewhere === true && (s.outcome === "applied" || s.outcome === "merged")).toArray();
  let seq = (await store.get("seq")) ?? 0;
  for (const m of [...acked, ...sent].sort((a, b) => a.seq - b.seq)) {
    await offer(store, m, ++seq, keys);
    await store.outbox.update(m.id, { again: true });
  }
  await store.set("seq", seq);
  await store.set("elsewhere_in", "");
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

/** The server was reached: a day of contact more, when the last one was counted a day ago. */
export async function noteContact(store: Store, now = Date.now()): Promise<void> {
  const { day, at } = (await store.get("contact")) ?? { day: 0, at: 0 };
  if (Math.abs(now - at) >= dayMs) await store.set("contact", { day: day + 1, at: now });
}

/**
 * Forgets what the server has acknowledged longer ago than any restore is thought to reach back, by the clock and by
 * the days of contact since, and old discards.
 */
export async function forgetOld(store: Store, now = Date.now(), most = keepMost): Promise<void> {
  const { day } = (await store.get("contact")) ?? { day: 0 };
  const newest = new Set(await store.sent.orderBy("seq").reverse().limit(most).primaryKeys());
  const old = store.sent.where("acked_at").below(now - keepSentMs);
  await old
    .filter((s) => (s.outcome === "discarded" ? s.acked_at < now - keepDiscardedMs : day - (s.day ?? 0) >= keepSentDays || !newest.has(s.id)))
    .delete();
}
