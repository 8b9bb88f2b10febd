// O-03: a tablet given up as lost wipes what its people have on it at the next contact, and nothing else ever makes it do so.
import Dexie from "dexie";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { act } from "../db/act.ts";
import { makePin, people } from "../db/people.ts";
import { leaveWiped, session } from "../db/session.svelte.ts";
import { databaseName, Store, storeInUse, theStore } from "../db/store.ts";
import { finishWipes, wipe, wiped } from "../db/wipe.ts";
import { Leader } from "./leader.ts";
import type { Link } from "./link.ts";
import { sendForOthers, type Others } from "./others.ts";
import { pull } from "./pull.ts";
import { push } from "./push.ts";
import { quiet, type NetworkStatus } from "./network.ts";
import { TestServer } from "./testing/server.ts";
import { Tablet } from "./testing/tablet.ts";
import type { PhotoServer } from "./uploads.ts";

const noPhotos: PhotoServer = { presence: async () => "here", send: async () => ({ kind: "sent" }) };
const chen = "chen00000000001";
const guo = "guo000000000001";

let server: TestServer;

beforeEach(() => {
  server = new TestServer();
});

afterEach(async () => {
  if (session.user) await session.signOut();
  vi.unstubAllGlobals();
  localStorage.clear();
  await people.people.clear();
  await people.now.clear();
  for (const user of [chen, guo]) await Dexie.delete(databaseName(user));
});

/** Links of people on this installation, as the engine makes them. */
function linkOf(store: Store, token: () => string): Link {
  return {
    store, token, request: server.request, tablet: "tablet000000001",
    credential: async () => (await people.people.get(store.user))?.credential ?? "",
    keepCredential: async (credential) => void (await people.people.update(store.user, { credential })),
  };
}

const others = (revoked: Others["revoked"]): Others => ({ linkOf, locks: undefined, photos: () => noPhotos, revoked });

/** Somebody signs in here, with the test server as PocketBase. */
async function signIn(user: string): Promise<Link> {
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ token: user, record: { id: user, name: user, roles: ["advisor"], shop: "shop00000000001" } }), { headers: { "content-type": "application/json" } }));
  await session.signIn(user, "right");
  const link = linkOf(theStore(), () => (session.user?.id === user ? session.token : ""));
  while ((await push(link)).kind === "again");
  await pull(link);
  return link;
}

async function car(): Promise<void> {
  await act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }));
}

async function exchange(link: Link): Promise<string> {
  for (let i = 0; i < 5; i++) {
    const ending = await push(link);
    if (ending.kind !== "again") return ending.kind;
  }
  return "again";
}

describe("a lost tablet", () => {
  test("O-03 hears it by its next push, also with a dead token and nothing to send, and is asked twice", async () => {
    const link = await signIn(chen);
    server.revoke((await link.store.get("device"))!);
    await link.store.set("reconcile", true);
    const before = server.requests;
    expect((await push(link)).kind).toBe("revoked");
    expect(server.requests - before).toBeGreaterThan(2); // with the token, with the credential, and once more
  });

  test("O-03 a pull that is refused for it makes a push ask", async () => {
    const link = await signIn(chen);
    server.revoke((await link.store.get("device"))!);
    server.expired.clear(); // a token of the person that still counts: the device is what is refused
    expect((await pull(link)).kind).toBe("again");
    expect((await push(link)).kind).toBe("revoked");
  });

  test("O-03 the leading tab finds out by itself when its token ends, and hands over to the wiping once", async () => {
    const link = await signIn(chen);
    const stop = new AbortController();
    let status: NetworkStatus = quiet;
    const revoked = vi.fn(async () => {});
    const leader = new Leader({ link, photos: noPhotos, liveUrl: null, renew: async () => false, tell: (s) => (status = s), hidden: () => false, revoked });
    const running = leader.run(stop.signal);
    await vi.waitFor(() => expect(status.connected).toBe(true));
    server.revoke((await link.store.get("device"))!);
    leader.fetchNow();
    await running;
    expect(revoked).toHaveBeenCalledTimes(1);
    expect(status.revoked).toBe(true);
    stop.abort();
  });

  test("O-03 wiped: rows, queue, photos, token, PIN, credential, pictures, drafts go; the sign-in screen says whose and when", async () => {
    const dropped: string[] = [];
    vi.stubGlobal("caches", { keys: async () => ["aftercare-shell-0.2.0", "pictures"], delete: async (name: string) => dropped.push(name) });
    await signIn(chen);
    await people.people.update(chen, { pin: await makePin("2468") });
    await car();
    localStorage.setItem(`aftercare.draft.${chen}.words`, "半句话");
    localStorage.setItem("aftercare.theme", "dark");
    const second = new Store(chen); // another tab has it open
    await second.open();
    leaveWiped(chen);
    await wipe(chen, 1_000);
    leaveWiped(chen);
    expect(await Dexie.exists(databaseName(chen))).toBe(false);
    expect(await people.people.get(chen)).toBeUndefined();
    expect(await people.now.get("user")).toBeUndefined();
    expect(Object.keys(localStorage).filter((k) => k.includes(chen))).toEqual([]);
    expect(localStorage.getItem("aftercare.theme")).toBe("dark");
    expect(dropped).toEqual(["pictures"]);
    expect(storeInUse()).toBeNull();
    expect(session.user).toBeNull();
    expect(session.revoked).toEqual({ name: chen, at: 1_000 });
    second.close();
    await signIn(chen);
    expect(session.revoked).toBeNull();
    expect(await theStore().outbox.count()).toBe(0);
  });

  test.each([
    ["before anything is gone", () => vi.spyOn(people, "transaction").mockRejectedValueOnce(new Error("switched off"))],
    ["when only the person is forgotten", () => vi.spyOn(Dexie, "exists").mockRejectedValueOnce(new Error("switched off"))],
    ["while the store is emptied", () => vi.spyOn(Store.prototype, "atomically").mockRejectedValueOnce(new Error("switched off"))],
    ["before the empty database goes", () => vi.spyOn(Dexie, "delete").mockRejectedValueOnce(new Error("switched off") as never)],
    ["before the pictures go", () => vi.spyOn(caches, "keys").mockRejectedValueOnce(new Error("switched off"))],
  ] as const)("O-03 switched off %s, it goes on at the next start, before anything is shown", async (_when, cut) => {
    vi.stubGlobal("caches", { keys: async () => [], delete: async () => true });
    await signIn(chen);
    await car();
    leaveWiped(chen);
    const off = cut();
    await expect(wipe(chen)).rejects.toThrow("switched off");
    off.mockRestore();
    await session.restore();
    expect(await Dexie.exists(databaseName(chen))).toBe(false);
    expect(await people.people.get(chen)).toBeUndefined();
    expect(session.user).toBeNull();
    expect(session.revoked?.name).toBe(chen);
    await finishWipes();
    expect(wiped()).not.toBeNull();
  });

  test("O-03 a renewal of the token that was under way does not bring the person back", async () => {
    await signIn(chen);
    const { renew } = await import("../db/session.svelte.ts");
    let answer = (_: Response) => {};
    vi.stubGlobal("fetch", () => new Promise<Response>((r) => (answer = r)));
    const renewing = renew();
    leaveWiped(chen);
    await wipe(chen);
    answer(new Response(JSON.stringify({ token: "new", record: { id: chen } }), { headers: { "content-type": "application/json" } }));
    await renewing;
    expect(await people.people.get(chen)).toBeUndefined();
  });

  test("O-03 with it go all who have used it: each is asked, also those who left nothing", async () => {
    const first = await signIn(chen);
    await session.signOut();
    await signIn(guo);
    server.revoke((await new Store(chen).get("device"))!); // first.store was closed when she left
    expect(first.store.user).toBe(chen);
    const gone: string[] = [];
    await sendForOthers(others(async (user) => void gone.push(user)), true);
    expect(gone).toEqual([chen]);
    await theStore().set("reconcile", true);
    expect(await exchange(linkOf(theStore(), () => ""))).toBe("revoked");
  });
});

describe("what does not wipe a tablet", () => {
  test.each([
    ["a dead token and a dead credential", () => (server.expired.add(chen), server.credentials.clear())],
    ["a captive portal", () => (server.network = () => "html")],
    ["a stranger's 403", () => (server.refuse = { status: 403, code: "access.forbidden" })],
    ["a single 403 that the next answer does not confirm", () => (server.refuseOnce = { status: 403, code: "device.revoked" })],
  ] as const)("O-03 %s", async (_what, trouble) => {
    const link = await signIn(chen);
    await car();
    trouble();
    for (let i = 0; i < 3; i++) {
      expect(["later", "sign_in", "again"]).toContain((await push(link)).kind);
      if ((await link.store.outbox.where("status").equals("pending").count()) === 0) break;
    }
    expect(await link.store.outbox.count()).toBe(1);
    expect(await people.people.get(chen)).toBeDefined();
  });

  test("X-02 a 403 is not taken for \"sign in\": the queue goes on by itself when it ends", async () => {
    const t = await Tablet.start(server);
    await t.sync();
    await t.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }));
    server.refuse = { status: 403, code: "access.forbidden" };
    expect((await t.push()).kind).toBe("later");
    expect((await t.pull()).kind).toBe("later");
    server.refuse = null;
    await t.sync();
    expect(server.state.applied).toHaveLength(1);
    await t.end();
  });
});
