import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { PreparedPhoto } from "../db/prepare.ts";
import type { Upload } from "../db/records.ts";
import { TestServer } from "./testing/server.ts";
import { Tablet } from "./testing/tablet.ts";
import { askForPhotos, forgetVerified, keepVerifiedMs, photoServer, uploadAll, type PhotoServer, type Presence, type SendResult } from "./uploads.ts";

const never = new AbortController().signal;
let t: Tablet;

beforeEach(async () => {
  t = await Tablet.start(new TestServer());
});
afterEach(() => t.end());

function photo(n: number): PreparedPhoto {
  const bytes = new Uint8Array(1000).fill(n).buffer;
  return { bytes, thumb: bytes, sha256: String(n).repeat(64), width: 10, height: 10, media: "image/jpeg", taken_at: "2026-11-21 02:03:04.005Z" };
}

async function take(...numbers: number[]): Promise<void> {
  await t.act("photo.take", (w) => {
    for (const n of numbers) w.photo(photo(n), { subject_collection: "visits", subject_record: "visit0000000001" });
  });
}

async function states(): Promise<Upload["state"][]> {
  return (await t.store.uploads.orderBy("sha256").toArray()).map((u) => u.state);
}

/** A server that has what was sent to it; `results` play the first sends, `presence` the first questions, `ms` a send's length. */
function server(results: SendResult[] = [], presence: Presence[] = [], ms = 2) {
  const here = new Set<string>();
  const sends: { sha256: string; from?: string }[] = [];
  let now = 0;
  const seen = { most: 0 };
  const played: PhotoServer = {
    presence: async (sha256) => presence.shift() ?? (here.has(sha256) ? "here" : "absent"),
    send: async (upload, bytes, on) => {
      seen.most = Math.max(seen.most, ++now);
      sends.push({ sha256: upload.sha256, from: upload.url });
      on.begun(`/api/uploads/${upload.sha256.slice(0, 4)}`);
      await new Promise((wake) => setTimeout(wake, ms));
      on.progress(bytes.byteLength / 2);
      now--;
      const result = results.shift() ?? { kind: "sent" };
      if (result.kind === "sent") here.add(upload.sha256);
      return result;
    },
  };
  return { played, sends, seen, here };
}

describe("photos", () => {
  test("R-07 bytes and row are kept in the act's own transaction", async () => {
    await take(1);
    expect(await states()).toEqual(["local"]);
    expect((await t.store.photo_bytes.toArray())[0].bytes.byteLength).toBe(1000);
    expect((await t.store.rows("photos").toArray())[0]).toMatchObject({ state: "uploading", bytes: 1000 });
    expect(await t.store.outbox.count()).toBe(1);
  });

  test("R-07 local → verified only when the server says that it holds these bytes", async () => {
    await take(1);
    const s = server([], ["absent", "under_way", "under_way", "here"]);
    expect(await uploadAll(t.store, s.played, never)).toBe("done");
    expect(await states()).toEqual(["verified"]);
  });

  test("R-07 the last byte sent is not yet verified: what the server then does not have is sent again", async () => {
    await take(1);
    const s = server([], ["absent", "absent"]);
    expect(await uploadAll(t.store, s.played, never)).toBe("later");
    expect(await states()).toEqual(["local"]);
  });

  test("two at a time, however many wait", async () => {
    await take(1, 2, 3, 4, 5);
    const s = server([], [], 100);
    expect(await uploadAll(t.store, s.played, never)).toBe("done");
    expect(s.seen.most).toBe(2);
    expect(await states()).toEqual(Array(5).fill("verified"));
  });

  test("X-02 what is there already is not sent again", async () => {
    await take(1);
    const s = server();
    s.here.add("1".repeat(64));
    await uploadAll(t.store, s.played, never);
    expect(s.sends).toEqual([]);
    expect(await states()).toEqual(["verified"]);
  });

  test("X-02 a cut upload goes on from its address after a reload", async () => {
    await take(1);
    const s = server([{ kind: "later" }]);
    expect(await uploadAll(t.store, s.played, never)).toBe("later");
    expect(await states()).toEqual(["uploading"]);
    await t.reload();
    expect(await uploadAll(t.store, s.played, never)).toBe("done");
    expect(s.sends[1].from).toBe("/api/uploads/1111");
    expect(await states()).toEqual(["verified"]);
  });

  test("an address the server has forgotten: from the beginning", async () => {
    await take(1);
    const s = server([{ kind: "later" }, { kind: "restart" }]);
    await uploadAll(t.store, s.played, never);
    await uploadAll(t.store, s.played, never);
    expect((await t.store.uploads.toArray())[0]).toMatchObject({ state: "local", sent: 0 });
    expect(await uploadAll(t.store, s.played, never)).toBe("done");
    expect(s.sends[2].from).toBeUndefined();
  });

  test("X-04 a refused photo stays with its reason and its bytes, and holds up no other", async () => {
    await take(1, 2);
    const s = server([{ kind: "refused", code: "photo.broken", message: "坏了" }]);
    expect(await uploadAll(t.store, s.played, never)).toBe("done");
    expect((await states()).sort()).toEqual(["refused", "verified"]);
    expect(await t.store.photo_bytes.count()).toBe(2);
  });

  test.each([
    ["our server", 200, { "X-Stored-Sha256": "a".repeat(64) }, "here"],
    ["a captive portal that says 200 to everything", 200, { "content-type": "text/html" }, "unknown"],
    ["our server, still at it", 202, {}, "under_way"],
    ["our server, without it", 404, { "content-type": "application/json" }, "absent"],
    ["a proxy's own 404", 404, { "content-type": "text/html" }, "unknown"],
    ["our server, not knowing us", 401, { "content-type": "application/json" }, "sign_in"],
    ["a tired proxy", 502, {}, "unknown"],
  ] as const)("R-07 %s (%i) is understood for what it is", async (_who, status, headers, presence) => {
    vi.stubGlobal("fetch", async () => new Response(null, { status, headers }));
    expect(await photoServer(async () => "token").presence("a".repeat(64))).toBe(presence);
    vi.unstubAllGlobals();
  });

  test("an expired sign-in stops all of them and loses none", async () => {
    await take(1, 2, 3);
    const s = server([], ["sign_in"]);
    expect(await uploadAll(t.store, s.played, never)).toBe("sign_in");
    expect(await t.store.photo_bytes.count()).toBe(3);
  });

  test("R-07 X-02 a restored server is asked again for every photo it once had, and gets what it lost", async () => {
    const backup = t.server.backup();
    await take(1, 2);
    await t.sync();
    const s = server();
    await uploadAll(t.store, s.played, never);
    t.server.restore(backup);
    s.here.delete("1".repeat(64));
    await t.sync();
    expect(await states()).toEqual(["stored", "stored"]);
    expect(await uploadAll(t.store, s.played, never)).toBe("done");
    expect(await states()).toEqual(["verified", "verified"]);
    expect(s.sends.map((sent) => sent.sha256[0])).toEqual(["1", "2", "1"]);
  });

  test("R-07 X-02 a row that still waits for bytes the server had: they are asked about again, not at every pull", async () => {
    await take(1);
    await t.sync();
    const s = server();
    await uploadAll(t.store, s.played, never);
    await t.sync();
    expect(await states()).toEqual(["verified"]);
    await t.store.uploads.toCollection().modify({ verified_at: Date.now() - 61_000 });
    await t.sync();
    expect(await states()).toEqual(["stored"]);
    await uploadAll(t.store, s.played, never);
    await t.sync();
    expect(await states()).toEqual(["verified"]);
  });

  test("R-07 X-02 acknowledged edits were lost in the same epoch: photos may have been lost with them, and are asked about", async () => {
    const backup = t.server.backup();
    await take(1);
    await t.sync();
    await uploadAll(t.store, server().played, never);
    await t.store.set("reconcile", true);
    await t.sync();
    expect(await states()).toEqual(["verified"]); // a plain start asks nothing
    t.server.state = structuredClone(backup); // by copied files: the epoch is the old one
    await t.store.set("reconcile", true);
    await t.push();
    expect(await states()).toEqual(["stored"]);
  });

  test("R-07 X-02 only photos whose row has not confirmed them are looked at in a pull, and others never again", async () => {
    await take(1, 2);
    await t.sync();
    await uploadAll(t.store, server().played, never);
    const [first, second] = await t.store.uploads.orderBy("sha256").toArray();
    t.server.edit("photos", first.photo, { state: "verified" });
    await t.sync();
    expect(await t.store.get("unconfirmed")).toEqual([second.sha256]);
    t.server.edit("photos", second.photo, { state: "verified" });
    await t.sync();
    expect(await t.store.get("unconfirmed")).toEqual([]);
    const reads = vi.spyOn(t.store, "rows");
    await askForPhotos(t.store, true);
    expect(reads).not.toHaveBeenCalled();
    expect(await states()).toEqual(["verified", "verified"]);
  });

  test("R-07 X-02 a snapshot without its row says nothing of a photo that was never confirmed: it is asked about", async () => {
    await take(1);
    await t.sync();
    await uploadAll(t.store, server().played, never);
    t.server.sees = () => false; // another shop now
    await t.store.set("cursor", "");
    await t.sync();
    expect(await states()).toEqual(["stored"]);
  });

  test("R-07 X-02 the server was started anew: what no row here has confirmed is asked about once, although no cursor tells of a restore", async () => {
    await take(1);
    await t.sync();
    t.server.sees = () => false; // another shop now
    await t.store.set("cursor", "");
    await t.sync();
    await uploadAll(t.store, server().played, never);
    await t.sync();
    expect(await states()).toEqual(["verified"]);
    t.server.boot = "b2";
    await t.sync();
    expect(await states()).toEqual(["stored"]);
    await uploadAll(t.store, server().played, never);
    await t.sync();
    expect(await states()).toEqual(["verified"]);
  });

  test("R-07 bytes leave the tablet only long after they were verified", async () => {
    await take(1, 2);
    await uploadAll(t.store, server([{ kind: "sent" }, { kind: "later" }]).played, never);
    await forgetVerified(t.store, Date.now() + keepVerifiedMs - 1000);
    expect(await t.store.photo_bytes.count()).toBe(2);
    await forgetVerified(t.store, Date.now() + keepVerifiedMs + 1000);
    expect(await t.store.photo_bytes.count()).toBe(1);
    expect(await states()).toEqual(["uploading"]);
  });
});
