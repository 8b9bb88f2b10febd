import Dexie from "dexie";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { act } from "./act.ts";
import { makePin, people, tryPin } from "./people.ts";
import { session } from "./session.svelte.ts";
import { databaseName, theStore, useStore } from "./store.ts";

const chen = { id: "chen00000000001", name: "陈佳宁", roles: ["advisor"], shop: "shop00000000001", skill: 2 };
const guo = { id: "guo000000000001", name: "郭涛", roles: ["technician"], shop: "shop00000000001", skill: 3 };

/** PocketBase's sign-in, as far as the app asks it. */
function server(answer: (path: string, body: { identity: string; password: string }) => Response | Promise<Response>) {
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => answer(path, JSON.parse(String(init.body ?? "{}"))));
}

const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

function shop() {
  server((_path, { identity, password }) => {
    const person = [chen, guo].find((p) => p.id.startsWith(identity));
    return person && password === "right" ? json(200, { token: `token-${identity}`, record: person }) : json(400, { status: 400, message: "Failed to authenticate.", data: {} });
  });
}

beforeEach(shop);

afterEach(async () => {
  await session.signOut();
  useStore(null, null);
  await people.people.clear();
  for (const { id } of [chen, guo]) await Dexie.delete(databaseName(id));
  localStorage.clear();
  vi.unstubAllGlobals();
});

describe("signing in", () => {
  test("a wrong password, an inactive account, a captive portal and no network are told apart", async () => {
    await expect(session.signIn("chen", "wrong")).rejects.toMatchObject({ code: "access.wrong_password" });
    server(() => json(403, { status: 403, message: "", data: {} }));
    await expect(session.signIn("chen", "right")).rejects.toMatchObject({ code: "access.inactive" });
    server(() => new Response("<html>WLAN 登录</html>", { headers: { "content-type": "text/html" } }));
    await expect(session.signIn("chen", "right")).rejects.toMatchObject({ code: "access.offline" });
    server(() => Promise.reject(new TypeError("network")));
    await expect(session.signIn("chen", "right")).rejects.toMatchObject({ code: "access.offline" });
    expect(session.user).toBeNull();
  });

  test("X-01 who was here is here again after a reload, without a network", async () => {
    await session.signIn("chen", "right");
    useStore(null, null);
    server(() => Promise.reject(new TypeError("network")));
    await session.restore();
    expect(session.user).toMatchObject({ name: "陈佳宁", roles: ["advisor"] });
  });

  test("O-02 each has an outbox of their own, and signing out keeps what is unsent", async () => {
    await session.signIn("chen", "right");
    await act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }));
    const device = await theStore().get("device");
    await session.signOut();
    await session.signIn("guo", "right");
    expect(await theStore().outbox.count()).toBe(0);
    expect(await theStore().get("device")).not.toBe(device);
    expect(session.users.find((u) => u.id === chen.id)).toMatchObject({ unsent: 1, hasPin: false });
  });
});

describe("switching with a PIN", () => {
  test("O-02 works offline, opens the person's own store, and needs the right PIN", async () => {
    await session.signIn("chen", "right");
    await session.setPin("2468");
    await session.signIn("guo", "right");
    server(() => Promise.reject(new TypeError("network")));
    await expect(session.switchTo(chen.id, "1357")).rejects.toMatchObject({ code: "access.pin_wrong" });
    expect(session.user?.id).toBe(guo.id);
    await session.switchTo(chen.id, "2468");
    expect(session.user?.id).toBe(chen.id);
    expect(theStore().user).toBe(chen.id);
    expect(session.token).toBe("token-chen");
  });

  test("O-02 a locked screen stays locked over a reload", async () => {
    await session.signIn("chen", "right");
    await session.setPin("2468");
    session.lock();
    await vi.waitFor(async () => expect((await people.now.get("user"))?.locked).toBe(true));
    useStore(null, null);
    await session.restore();
    expect(session.locked).toBe(true);
    await session.switchTo(chen.id, "2468");
    expect(session.locked).toBe(false);
  });

  test("a PIN is 4 to 8 digits", async () => {
    await session.signIn("chen", "right");
    for (const bad of ["123", "123456789", "12a4"]) await expect(session.setPin(bad)).rejects.toMatchObject({ code: "access.pin_shape" });
  });

  test("O-02 after five wrong tries each further one waits, twice as long each time", async () => {
    await session.signIn("chen", "right");
    await people.people.update(chen.id, { pin: { ...(await makePin("2468")) } });
    const at = 1_000_000;
    for (let i = 0; i < 5; i++) expect(await tryPin(chen.id, "0000", at)).toBe("wrong");
    expect(await tryPin(chen.id, "2468", at + 59_000)).toBe("wait");
    expect(await tryPin(chen.id, "0000", at + 61_000)).toBe("wrong");
    expect(await tryPin(chen.id, "2468", at + 61_000 + 119_000)).toBe("wait");
    expect(await tryPin(chen.id, "2468", at + 61_000 + 121_000)).toBe("right");
    expect((await people.people.get(chen.id))?.pin?.wrong).toBe(0);
  });
});
