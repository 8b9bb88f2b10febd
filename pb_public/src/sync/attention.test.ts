import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newId } from "../db/ids.ts";
import { useStore } from "../db/store.ts";
import { discard, dropped, queue, resend } from "./queue.ts";
import { TestServer } from "./testing/server.ts";
import { Tablet } from "./testing/tablet.ts";

let server: TestServer;
let t: Tablet;

beforeEach(async () => {
  server = new TestServer();
  t = await Tablet.start(server);
  useStore(t.store, t.actor);
});

afterEach(async () => {
  useStore(null, null);
  await t.end();
});

async function refused(): Promise<string> {
  const vehicle = newId();
  await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }, vehicle));
  await t.sync();
  server.rule = (op) => (op.op === "patch" && op.data?.colour !== "黑" ? "field.range" : null);
  await t.act("vehicle.edit", (w) => w.patch("vehicles", vehicle, { colour: "白白白" }));
  await t.sync();
  return vehicle;
}

describe("X-04 ways out of a refusal", () => {
  test("X-04 corrected values go in the place of the refused ones, in a new edit", async () => {
    const vehicle = await refused();
    const [{ key }] = await queue();
    await resend(key, { [`vehicles/${vehicle}`]: { colour: "黑" } });
    await t.sync();
    expect(await queue()).toEqual([]);
    expect(server.rows.get(`vehicles/${vehicle}`)?.colour).toBe("黑");
  });

  test("X-04 all who touched the row are told: by the refusal itself, and what comes in afterwards", async () => {
    const vehicle = await refused();
    const [{ key }] = await queue();
    const entry = (await t.store.outbox.get(key))!;
    const row = `vehicles/${vehicle}`;
    await t.store.outbox.update(key, {
      refusal: { ...entry.refusal!, since: { [row]: [
        { by: "wu", at: "2026-11-21 01:00:00.000Z", op: "update", data: { model: "朗逸" } },
        { by: "guo", at: "2026-11-21 02:00:00.000Z", op: "update", data: { note: null } },
      ] } },
      others: [{ key: row, by: "wu", at: "2026-11-21 01:00:00.000Z", fields: ["model"] }, { key: row, by: "gao", at: "2026-11-21 03:00:00.000Z", fields: [] }],
    });
    const [{ refused: told }] = await queue();
    expect(told?.others.map((o) => [o.by, o.op, Object.keys(o.values)])).toEqual([["wu", "update", ["model"]], ["guo", "update", ["note"]], ["gao", "delete", []]]);
  });

  test("X-04 what is dropped together is one act, and the log of it can be read, photos too", async () => {
    const vehicle = await refused();
    await t.act("vehicle.edit", (w) => w.patch("vehicles", vehicle, { note: "急" }));
    await t.sync();
    await t.store.uploads.put({ sha256: "h1", photo: "p1", visit: "", media: "image/jpeg", size: 9, sent: 0, state: "refused", at: Date.now(), attempts: 1, refusal: { code: "photo.broken", message: "" } });
    await discard((await queue()).map((e) => e.key), "录错了");
    expect(await queue()).toEqual([]);
    const log = await dropped();
    expect(log.map((e) => [e.intent, e.reason]).sort()).toEqual([["photo", "录错了"], ["vehicle.edit", "录错了"], ["vehicle.edit", "录错了"]]);
    expect(log.find((e) => e.intent === "photo")?.ops[0]).toMatchObject({ collection: "photos", id: "p1" });
  });
});
