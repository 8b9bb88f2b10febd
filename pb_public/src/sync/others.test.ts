// O-02: what somebody left on a shared tablet is sent as themselves after they have gone, and never as anybody else.
import Dexie from "dexie";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PreparedPhoto } from "../db/prepare.ts";
import { newId } from "../db/ids.ts";
import { people } from "../db/people.ts";
import { databaseName, Store, useStore } from "../db/store.ts";
import type { Link } from "./link.ts";
import { checkCredential, sendForOthers, type Others } from "./others.ts";
import { push } from "./push.ts";
import { TestServer, type Weather } from "./testing/server.ts";
import { serverRows, Tablet } from "./testing/tablet.ts";
import type { PhotoServer } from "./uploads.ts";

let server: TestServer;
let t: Tablet;
/** The Authorization of each photo that came. */
let photos: string[];

beforeEach(async () => {
  server = new TestServer();
  t = await Tablet.start(server);
  photos = [];
  await people.people.put({ id: t.actor.id, name: "陈佳宁", roles: [], shop: "", skill: 0, login: "chen", token: t.actor.id, token_at: 0, credential: "", last_used: 0 });
  await t.sync();
  await people.people.update(t.actor.id, { credential: t.credential });
});

afterEach(async () => {
  useStore(null, null);
  await people.people.clear();
  await t.end();
});

function linkOf(store: Store, token: () => string): Link {
  return {
    store, token, request: server.request,
    credential: async () => (await people.people.get(store.user))?.credential ?? "",
    keepCredential: async (credential) => void (await people.people.update(store.user, { credential })),
  };
}

function photoDoor(authorization: string): PhotoServer {
  const here = new Set<string>();
  return {
    presence: async (sha256) => (here.has(sha256) ? "here" : "absent"),
    send: async (upload) => {
      photos.push(authorization);
      here.add(upload.sha256);
      return { kind: "sent" };
    },
  };
}

const o: Others = { linkOf, locks: undefined, photos: photoDoor, revoked: async () => {} };

const photo: PreparedPhoto = { bytes: new Uint8Array(100).buffer, thumb: new ArrayBuffer(1), sha256: "a".repeat(64), width: 1, height: 1, media: "image/jpeg", taken_at: "2026-11-21 02:03:04.005Z" };

/** They work offline, sign out and go. */
async function leave(): Promise<string> {
  const id = newId();
  await t.act("vehicle.add", (w) => {
    w.create("vehicles", { plate: "沪A12345" }, id);
    w.photo(photo, { subject_collection: "vehicles", subject_record: id });
  });
  await people.people.update(t.actor.id, { token: "", pin: undefined });
  return id;
}

const held = async () => (await people.people.get(t.actor.id))?.held ?? false;

describe("what a departed person left", () => {
  test("O-02 edits and photos are sent with the credential of their device, as theirs", async () => {
    const id = await leave();
    await sendForOthers(o);
    expect(server.rows.has(`vehicles/${id}`)).toBe(true);
    expect(photos).toEqual([`Device ${await t.store.get("device")}.${t.credential}`]);
    expect((await t.store.uploads.toArray()).map((u) => u.state)).toEqual(["verified"]);
    expect(await held()).toBe(false);
    expect(server.strangers).toBe(0);
  });

  test("O-02 also when the server was restored meanwhile: the 409 says where to go on, nothing is pulled", async () => {
    const backup = server.backup();
    await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A00001" }));
    await t.sync();
    const id = await leave();
    server.restore(backup);
    await sendForOthers(o);
    expect(server.state.applied).toHaveLength(2);
    expect(server.rows.has(`vehicles/${id}`)).toBe(true);
    await people.people.update(t.actor.id, { token: t.actor.id });
    await t.reload();
    await t.sync(); // back again
    expect(await t.rows()).toEqual(serverRows(server));
    expect(server.state.applied).toHaveLength(2);
  });

  test.each([
    ["revoked or handed out anew meanwhile", () => server.credentials.clear()],
    ["never handed out", () => people.people.update(t.actor.id, { credential: "" })],
  ] as const)("O-02 credential %s: kept, told, and sent when they sign in again", async (_what, trouble) => {
    const id = await leave();
    await trouble();
    await sendForOthers(o);
    expect(await t.store.outbox.where("status").equals("pending").count()).toBe(1);
    expect(await t.store.photo_bytes.count()).toBe(1);
    expect(await held()).toBe(true);
    await people.people.update(t.actor.id, { token: t.actor.id, held: false });
    await sendForOthers(o);
    expect(server.rows.has(`vehicles/${id}`)).toBe(true);
    expect(await held()).toBe(false);
  });

  test("a dead login wiping unsent work: expired, signed out and dismissed, everything is still here", async () => {
    await leave();
    server.expired.add(t.actor.id);
    server.credentials.clear();
    for (let i = 0; i < 3; i++) await sendForOthers(o, true);
    expect(await t.store.outbox.where("status").equals("pending").count()).toBe(1);
    expect(await t.store.uploads.where("state").equals("local").count()).toBe(1);
  });

  test("O-02 a credential that no longer counts is noticed while its person is still here, and exchanged", async () => {
    server.credentials.clear();
    await checkCredential(linkOf(t.store, () => t.actor.id));
    expect((await people.people.get(t.actor.id))?.credential).toBe("");
    while ((await push(linkOf(t.store, () => t.actor.id))).kind === "again");
    const id = await leave();
    await sendForOthers(o);
    expect(server.rows.has(`vehicles/${id}`)).toBe(true);
  });
});

test("the queue replayed as the next user: two people in two tabs, signing in and out in any order, and each only ever acts as themselves", { timeout: 60_000 }, async () => {
  const step = fc.record({ who: fc.nat(1), do: fc.constantFrom("act", "push", "leave", "come", "others", "expire"), sky: fc.constantFrom<Weather>("fine", "fine", "cut", "lost") });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 20 }), async (steps) => {
      const shop = (server = new TestServer());
      const both = [await Tablet.start(shop), await Tablet.start(shop)];
      try {
        for (const p of both) {
          await p.sync();
          await people.people.put({ id: p.actor.id, name: "", roles: [], shop: "", skill: 0, login: "", token: p.actor.id, token_at: 0, credential: p.credential, last_used: 0 });
        }
        const made = new Map<string, string>();
        for (const s of steps) {
          const p = both[s.who];
          shop.network = () => s.sky;
          if (s.do === "act") {
            const id = newId();
            made.set(id, p.actor.id);
            await p.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345", note: p.actor.id }, id));
          }
          if (s.do === "push") await push(linkOf(p.store, () => p.actor.id));
          if (s.do === "leave") await people.people.update(p.actor.id, { token: "" });
          if (s.do === "come") await people.people.update(p.actor.id, { token: p.actor.id });
          if (s.do === "expire") shop.expired.add(p.actor.id);
          if (s.do === "others") await sendForOthers(o);
        }
        shop.network = () => "fine";
        for (let i = 0; i < 3; i++) await sendForOthers(o);
        expect(shop.strangers).toBe(0);
        for (const [id, user] of made) {
          const entry = shop.state.log.find((l) => l.id === id);
          expect(entry && shop.state.devices.get(entry.device)?.user, `row ${id}`).toBe(user);
        }
      } finally {
        for (const p of both) {
          await people.people.delete(p.actor.id);
          await p.end();
        }
        await Dexie.delete(databaseName("none"));
      }
    }),
    { numRuns: 10 },
  );
});
