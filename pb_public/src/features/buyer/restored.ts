// A server that was restored from an older backup has lost what it had taken since: the page offers it again by itself, once, under
// the seqs and ids of then (X-02, O-06; internal/buyer/DESIGN.md).
import type { Draft } from "./draft.ts";
import type { Hand, ServerRow, Waiting } from "./keep.ts";
import { keepSession, sessionIn } from "./session.ts";

/** How long the page keeps what the server has: as long as a backup may be old, ms. */
export const keptMs = 14 * 24 * 3_600_000;

/** How long an act that was lost waits for what others did before it: their tablets bring that back, too, ms. */
const patienceMs = 10 * 60_000;

/**
 * The server has heard this phone up to the seq `settled`. What it once had beyond that stands in the line again, before what was
 * never sent; photos are asked about anew.
 */
export async function heal(hand: Hand, device: string, settled: number): Promise<void> {
  const session = await sessionIn(hand);
  if (session?.device !== device) return;
  const lost = (await hand.all("outbox")).filter((w) => w.customer === session.customer.id && w.device === device && w.had && w.seq > settled);
  for (const one of lost) hand.put("outbox", { ...one, had: undefined, again: { at: Date.now(), commit: one.had!.commit } });
  for (const p of await hand.all("pictures")) if (p.state === "sent" && p.bytes.byteLength > 0) hand.put("pictures", { ...p, state: "local", url: undefined });
  keepSession(hand, { ...session, settled, seq: Math.max(session.seq, settled) });
}

/**
 * As much of the line as can go now. An act that was lost builds on what others had done: until the rows have come as far as it knew
 * them it waits, and after a while it goes as it is, for the server to say what has become of it.
 */
export function ripe(line: Waiting[], rows: ServerRow[], now = Date.now()): Waiting[] {
  const version = new Map(rows.map((r) => [r.key, Number(r.data.version ?? 0)]));
  const early = line.findIndex((w) => w.again && now - w.again.at < patienceMs && w.ops.some((op) => op.op === "patch" && (version.get(`${op.collection}/${op.id}`) ?? 0) < (op.base ?? 0)));
  return early < 0 ? line : line.slice(0, early);
}

/** The photos that an act names, by hash. */
const shownIn = (one: Waiting): string[] => one.ops.flatMap((op) => (op.collection === "photos" && op.data.sha256 ? [String(op.data.sha256)] : []));

/**
 * Lets go of what the server has had for longer than any backup is thought to be old: acts, and the bytes of photos, of which the
 * small picture stays. An act whose photo is still here alone stays, too; a photo that nothing names any more (taken again, removed)
 * goes. What was sent before the page wrote down when counts from now.
 */
export async function forgetOld(hand: Hand, now = Date.now()): Promise<void> {
  const pictures = await hand.all("pictures"), unsent = new Set(pictures.filter((p) => p.state === "local").map((p) => p.sha256));
  const named = new Set(((await hand.all("drafts")) as Partial<Draft>[]).flatMap((d) => (d.shots ?? []).map((s) => s.sha256)));
  for (const one of await hand.all("outbox")) {
    const shown = shownIn(one);
    if (one.had && one.had.at < now - keptMs && !shown.some((sha) => unsent.has(sha))) hand.drop("outbox", one.id);
    else for (const sha of shown) named.add(sha);
  }
  for (const row of await hand.all("rows")) if (row.collection === "photos") named.add(String(row.data.sha256));
  for (const p of pictures) {
    if (!named.has(p.sha256)) hand.drop("pictures", p.sha256);
    else if (p.state !== "sent" || p.bytes.byteLength === 0) continue;
    else if (p.had === undefined) hand.put("pictures", { ...p, had: now });
    else if (p.had < now - keptMs) hand.put("pictures", { ...p, bytes: new ArrayBuffer(0), url: undefined });
  }
}
