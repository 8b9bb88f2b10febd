// Whether the barrier may open for what was shown: the pass's signature, and all that this phone has heard of it. Works without
// a network (D-07).
import { act, rowsOf, serverTime, tables, type Rows } from "../../db/index.ts";
import { session } from "../../db/session.svelte.ts";
import { checkPass, type PassCertificate, type PassStatement } from "../../rules/pass.ts";
import { Refused } from "../../rules/refused.ts";
import type { Keys } from "../../rules/seal.ts";
import { dateTime } from "../../ui/format";
import { byDeadline } from "../workshop/deadline.ts";

export interface Shown {
  token: string;
  pass: PassStatement;
  by: PassCertificate | null;
  /** The pass's own row, when this phone has it. */
  row: Rows["gate_passes"] | null;
}

/** The server's public keys, as they came with the shop's rows. */
async function keysHere(): Promise<Keys> {
  return Object.fromEntries((await tables.seal_keys.toArray()).map((k) => [k.key, k.public]));
}

const plain = (text: string): string => text.replace(/[\s-]/g, "").toUpperCase();

/** What was scanned or typed: the whole code, or the number printed under it, of a pass this phone already holds. */
async function tokenOf(text: string): Promise<string | Refused> {
  const given = text.trim();
  if (given.startsWith("AP1.")) return given;
  const found = (await tables.gate_passes.toArray()).filter((p) => plain(p.number) === plain(given)).at(-1);
  if (!found?.token) return new Refused(given.includes(".") || given.includes("/") ? "gate.unreadable" : "gate.number_unknown", "", { number: given });
  return found.token;
}

/** Passes in force, and which of them were shown already. */
async function inForce(): Promise<{ passes: Rows["gate_passes"][]; shown: Set<string> }> {
  const passes = await tables.gate_passes.where("state").equals("issued").toArray();
  return { passes, shown: new Set((await rowsOf(tables.gate_uses, "pass", passes.map((p) => p.id))).map((u) => u.pass)) };
}

/** Passes that were made and not shown here yet; the one that ends first is first. */
export async function mayLeave(): Promise<Rows["gate_passes"][]> {
  const { passes, shown } = await inForce();
  return passes.filter((p) => !shown.has(p.id)).sort(byDeadline((p) => p.valid_until));
}

/** Passes that were shown here before their row had come. */
export async function unreleased(): Promise<Rows["gate_passes"][]> {
  const { passes, shown } = await inForce();
  return passes.filter((p) => shown.has(p.id));
}

/** The verdict on what was shown. `now` in ms. */
export async function inspect(text: string, now = Date.now()): Promise<Shown | Refused> {
  const token = await tokenOf(text);
  if (token instanceof Refused) return token;
  const checked = await checkPass(token, await keysHere());
  if (checked instanceof Refused) return checked;
  const { pass, by } = checked;
  if (pass.shop !== session.user?.shop) return new Refused("gate.other_shop");
  const row = (await tables.gate_passes.get(pass.id)) ?? null;
  if (row?.state === "void") return new Refused("gate.voided", "", { number: pass.number, reason: row.void_reason });
  const use = (await tables.gate_uses.where("pass").equals(pass.id).toArray()).sort((a, b) => a.used_at.localeCompare(b.used_at))[0];
  if (use || row?.state === "used") return new Refused("gate.used_before", "", { number: pass.number, time: dateTime(use?.used_at || row?.used_at, now) });
  if (by && (await tables.devices.get(by.device))?.revoked) return new Refused("gate.revoked");
  if (Date.parse(pass.until.replace(" ", "T")) <= now) return new Refused("gate.expired", "", { until: dateTime(pass.until, now) });
  return { token, pass, by, row };
}

/** Opens the barrier: first what happened, a fact that is always kept; then what follows from it, where the pass is known here. */
export async function letOut(shown: Shown): Promise<void> {
  const { pass, token } = shown;
  const visit = await tables.visits.get(pass.visit);
  await act("gate.use", (w) => void w.create("gate_uses", { visit: visit ? pass.visit : "", pass: pass.id, plate: pass.plate, token, used_at: serverTime(Date.now()), note: "" }));
  await followUp();
}

/** Passes that were shown here before their row had come: used now, and car and orders released. */
export async function followUp(): Promise<void> {
  for (const p of await unreleased()) {
    const [visit, orders] = await Promise.all([tables.visits.get(p.visit), tables.work_orders.where("visit").equals(p.visit).toArray()]);
    await act("gate.release", (w) => {
      w.patch("gate_passes", p.id, { state: "used" });
      if (visit?.state === "ready") w.patch("visits", p.visit, { state: "released" });
      for (const o of orders) if (o.state === "settled") w.patch("work_orders", o.id, { state: "released" });
    });
  }
}
