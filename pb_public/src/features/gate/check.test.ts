import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { tables, type Charge } from "../../db/index.ts";
import { gateKeyToCertify, keepCertificate } from "../../db/gate-key.ts";
import { theStore } from "../../db/store.ts";
import { canonical } from "../../rules/canonical.ts";
import { Refused } from "../../rules/refused.ts";
import { keyId } from "../../rules/seal.ts";
import { enter, issuePass, makeSettlement, settle, signSettlement, voidPass } from "../money/actions.ts";
import { loadBill } from "../money/load.ts";
import { lineOf, noEdit, toCharge } from "../money/model.ts";
import { as, close, ids, open, people, ready, row } from "../order/testing/day.ts";
import { session } from "../../db/session.svelte.ts";
import { followUp, inspect, letOut, type Shown } from "./check.ts";

const shop = "shoppudong00001", device = "device000000001";
const base64url = (bytes: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const later = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString().replace("T", " ");

/** The server's word for this tablet's key, as POST /api/gate/certificate gives it. */
async function certify(hours = 72): Promise<void> {
  await theStore().set("device", device);
  const asked = (await gateKeyToCertify())!;
  const pair = (await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"])) as CryptoKeyPair;
  const raw = base64url(await crypto.subtle.exportKey("raw", pair.publicKey)), key = keyId(raw);
  await row("seal_keys", { id: "sealkey00000001", key, public: raw } as never);
  const statement = { kind: "cashier_key", device, staff: people.zhao.id, shop, next: keyId(asked.public), public: asked.public, from: later(-1), until: later(hours), key, test: false };
  const signature = base64url(await crypto.subtle.sign("Ed25519", pair.privateKey, new TextEncoder().encode(canonical(statement))));
  await keepCertificate(asked.public, { statement, signature });
}

/** Whose shop the phone belongs to. */
function member(of: string): void {
  vi.spyOn(session, "user", "get").mockReturnValue({ ...people.lin, roles: ["guard"], shop: of } as never);
}

const visit = async () => (await tables.visits.get(ids.visit))!;

/** The car is finished, signed for and paid, except for the last `open` fen. */
async function paid(open = 0): Promise<void> {
  await ready();
  as("zhao");
  const { bill, policy } = (await loadBill(ids.order))!;
  const lines: Charge[] = toCharge(bill.jobs, bill.order, []).map((j) => lineOf(j, noEdit, "", policy));
  const id = await makeSettlement(bill.order, lines, true);
  const strokes = [[{ x: 1, y: 2, t: 3 }, { x: 9, y: 8, t: 7 }]] as never;
  await signSettlement((await tables.settlements.get(id))!, { name: "李思远", relation: "self", strokes });
  await enter(bill.order, id, { kind: "payment", payer: "customer", method: "cash", fen: 21_600 - open });
  if (!open) await settle(bill.order, (await tables.settlements.get(id))!);
}

async function pass(hours = 24): Promise<string> {
  return (await tables.gate_passes.get(await issuePass(await visit(), hours, false)))!.token;
}

beforeEach(async () => {
  await open();
  member(shop);
});
afterEach(() => {
  vi.restoreAllMocks();
  close();
});

describe("D-07 making a pass", () => {
  test("D-07 not before the last fen is paid", async () => {
    await paid(1);
    await certify();
    await expect(pass()).rejects.toMatchObject({ code: "gate.order_open" });
    expect(await tables.gate_passes.count()).toBe(0);
  });

  test("D-07 without a network only a certified tablet makes one, and only while it is certified", async () => {
    await paid();
    await expect(pass()).rejects.toMatchObject({ code: "gate.offline_uncertified" });
    await certify(-0.5);
    await expect(pass()).rejects.toMatchObject({ code: "gate.offline_uncertified" });
    await certify();
    expect(await pass()).toMatch(/^AP1\./);
  });

  test("D-07 one pass at a time; a voided one says why and is refused at the gate, the new one opens", async () => {
    await paid();
    await certify();
    const token = await pass();
    await expect(pass()).rejects.toMatchObject({ code: "gate.pass_exists" });
    const [first] = await tables.gate_passes.toArray();
    await expect(voidPass(first!, "")).rejects.toMatchObject({ code: "gate.void_unexplained" });
    await voidPass(first!, "车牌打错");
    expect(await inspect(token)).toMatchObject({ code: "gate.voided", params: { reason: "车牌打错" } });
    const second = (await tables.gate_passes.get(await issuePass(await visit(), 24, false, first!.id)))!;
    expect(second.replaces).toBe(first!.id);
    expect(await inspect(second.token)).not.toBeInstanceOf(Refused);
  });
});

describe("D-07 the guard", () => {
  test("D-07 verified, opened once: pass used, car and order released; the second showing is told", async () => {
    await paid();
    await certify();
    const token = await pass();
    as("lin");
    const shown = (await inspect(token)) as Shown;
    expect([shown.pass.plate, shown.by?.device]).toEqual(["沪A8K359", device]);
    await letOut(shown);
    expect([(await tables.gate_passes.toArray())[0]!.state, (await visit()).state, (await tables.work_orders.get(ids.order))!.state]).toEqual(["used", "released", "released"]);
    expect(await inspect(token)).toMatchObject({ code: "gate.used_before" });
  });

  test("D-07 a phone that never heard of the pass opens for it, and follows up when its row comes", async () => {
    await paid();
    await certify();
    const token = await pass();
    const [known] = await tables.gate_passes.toArray();
    await tables.gate_passes.clear();
    as("lin");
    const shown = (await inspect(token)) as Shown;
    expect(shown.row).toBeNull();
    await letOut(shown);
    expect((await visit()).state, "nothing is said of a pass that is not known here").toBe("ready");
    await tables.gate_passes.put(known!);
    await followUp();
    expect((await visit()).state).toBe("released");
  });

  test("D-07 by the number under the code, in any spelling; an unknown one, rubbish and another shop's are refused", async () => {
    await paid();
    await certify();
    await pass();
    const [p] = await tables.gate_passes.toArray();
    expect(await inspect(` ${p!.number.toLowerCase().replaceAll("-", " ")} `)).toMatchObject({ row: { id: p!.id } });
    expect(await inspect("P0000")).toMatchObject({ code: "gate.number_unknown" });
    expect(await inspect("https://example.com/x")).toMatchObject({ code: "gate.unreadable" });
    member("shop00000000099");
    expect(await inspect(p!.token)).toMatchObject({ code: "gate.other_shop" });
  });

  test("D-07 expired, or of a tablet that was reported lost: refused", async () => {
    await paid();
    await certify();
    const token = await pass(2);
    expect(await inspect(token, Date.now() + 2 * 3_600_000 - 5_000)).not.toBeInstanceOf(Refused);
    expect(await inspect(token, Date.now() + 2 * 3_600_000)).toMatchObject({ code: "gate.expired" });
    await row("devices", { id: device, revoked: true } as never);
    expect(await inspect(token)).toMatchObject({ code: "gate.revoked" });
  });
});
