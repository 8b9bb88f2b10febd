import { readFileSync } from "node:fs";
import { type Browser, expect, test } from "@playwright/test";
import { restore } from "./idb.mjs";
import { smallPhotos } from "./photos";
import { useHouse } from "./pages/house";
import { Reception } from "./pages/reception";
import { Tablet } from "./pages/tablet";

// What the browser keeps for the app: full, thrown away, carried to another tablet, left behind by an older release.
const { office, open, visitOf, arrives } = useHouse(400);

const MB = 1_000_000;

/** How much this browser may store. It is asked for room anew only when it last knew of none, so set it before it stores anything. */
async function quota(tablet: Tablet, bytes: number): Promise<void> {
  const session = await tablet.context.newCDPSession(tablet.page);
  await session.send("Storage.overrideQuotaForOrigin", { origin: tablet.link.url!, quotaSize: bytes });
}

/** Something else fills the tablet up to the last byte. */
async function fill(tablet: Tablet): Promise<void> {
  await tablet.page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open("something-else", 1);
      opening.onupgradeneeded = () => void opening.result.createObjectStore("bytes", { autoIncrement: true });
      opening.onsuccess = () => resolve(opening.result);
    });
    const put = (size: number) => new Promise<boolean>((resolve) => {
      const t = db.transaction("bytes", "readwrite");
      const bytes = new Uint8Array(size);
      for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, Math.min(size, at + 65_536)));
      t.objectStore("bytes").add(bytes);
      t.oncomplete = () => resolve(true);
      t.onabort = () => resolve(false);
    });
    for (const size of [1_000_000, 100_000, 10_000, 1_000, 100]) while (await put(size));
    db.close();
  });
}

test("X-02 no room left: an edit and a photo are refused at once and whole, and go in when there is room again", async ({ browser }) => {
  const tablet = await open(browser);
  const advisor = new Reception(tablet);
  const [photo] = await smallPhotos(browser, 1);
  await quota(tablet, 40 * MB);
  await tablet.signIn("xu");
  await tablet.installed();
  await advisor.receive("8K359", "48300");
  await advisor.startMark();
  await tablet.drained();
  await tablet.offline();
  const kept = async () => Promise.all(["photos", "photo_bytes", "uploads", "outbox", "concerns"].map(async (t) => (await tablet.rows(t)).length));
  const before = await kept();
  await fill(tablet);
  await quota(tablet, MB);
  await test.step("the photo is refused with a reason, and nothing of it is kept", async () => {
    await tablet.page.getByTestId("photo-input-near").first().setInputFiles(photo!);
    await expect(tablet.page.getByTestId("refusal").first()).toContainText(/空间|存储|满/);
    expect(await kept()).toEqual(before);
  });
  await test.step("so is an edit; the words stay in the field", async () => {
    await tablet.go(`/visit/${advisor.visit}/concerns`);
    await tablet.page.getByTestId("concern-words").fill("没有空间时说的话。");
    await tablet.tap("concern-add");
    await expect(tablet.page.getByTestId("refusal").first()).toContainText(/空间|存储|满/);
    expect(await kept()).toEqual(before);
    await expect(tablet.page.getByTestId("concern-words")).toHaveValue("没有空间时说的话。");
  });
  await test.step("room again: both go in and arrive", async () => {
    await quota(tablet, 400 * MB);
    await tablet.tap("concern-add");
    await expect(tablet.page.getByTestId("concern-1")).toContainText("没有空间时说的话。");
    await advisor.step("car");
    await advisor.photo("photo-input-near", photo!);
    await tablet.online();
    await arrives("没有空间时说的话。").toBe(1);
    await expect.poll(async () => (await office.rows("photos", `visit = "${advisor.visit}"`)).map((p) => p.state), { timeout: 30_000 }).toEqual(["verified"]);
  });
  expect(tablet.errors).toEqual([]);
});

for (const [what, wipe] of [
  ["this person's store", (tablet: Tablet) => tablet.page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) {
      if (name!.startsWith("aftercare-")) await new Promise((r) => (indexedDB.deleteDatabase(name!).onsuccess = r));
    }
  })],
  ["everything it kept", async (tablet: Tablet) => {
    const session = await tablet.context.newCDPSession(tablet.page);
    await session.send("Storage.clearDataForOrigin", { origin: tablet.link.url!, storageTypes: "indexeddb" });
  }],
] as const) {
  test(`X-02 the browser throws away ${what} under the running app: said at the next start, and work goes on as a new device`, async ({ browser }) => {
    const tablet = await open(browser);
    const visit = await visitOf("Z03");
    const [sent, lost, after] = ["先前", "丢了", "后来"].map((w) => `${w}：${what}`) as [string, string, string];
    await tablet.signIn("xu");
    await tablet.installed();
    await tablet.note(visit, sent);
    await arrives(sent).toBe(1);
    await tablet.drained();
    const device = await tablet.device();
    await tablet.offline();
    await tablet.note(visit, lost);
    await wipe(tablet);
    await tablet.page.reload();
    const login = tablet.page.getByTestId("login");
    await expect(login.or(tablet.strip).first()).toBeVisible({ timeout: 30_000 });
    tablet.link.set("up");
    if (await login.isVisible()) await tablet.signIn("xu");
    await tablet.tryNow();
    await tablet.synced();
    await tablet.strip.click();
    await expect(tablet.page.getByTestId("notice-evicted"), "told, with how much may be lost").toBeVisible();
    await tablet.page.keyboard.press("Escape");
    expect(await tablet.device(), "a new device").not.toBe(device);
    await tablet.note(visit, after);
    await arrives(after).toBe(1);
    await expect(tablet.page.getByText(sent).first(), "what the server had is here again").toBeVisible();
    expect(await office.noted(sent), "and nothing twice").toBe(1);
    expect(await office.noted(lost)).toBe(0);
  });
}

test("X-02 unsent work goes to a file and from there into another tablet of the same person; sent from both it counts once", async ({ browser }) => {
  const [from, to] = [await open(browser), await open(browser)];
  const advisor = new Reception(from);
  const [photo] = await smallPhotos(browser, 1);
  await from.signIn("chen");
  await from.installed();
  await from.offline();
  await advisor.receive("8K359", "48400");
  await advisor.concern("这句话装在文件里。");
  await advisor.startMark();
  await advisor.photo("photo-input-near", photo!);
  await from.strip.click();
  const download = from.page.waitForEvent("download");
  await from.tap("export-unsent");
  const file = await (await download).path();
  await test.step("another person's tablet does not take it", async () => {
    await to.signIn("xu");
    await to.go("/more");
    await to.page.locator("input[type=file]").setInputFiles(file);
    await expect(to.page.getByTestId("refusal").first()).toBeVisible();
    expect((await to.rows("outbox")).length).toBe(0);
  });
  await test.step("the same person's does, and sends it", async () => {
    await to.signOut();
    await to.otherAccount("chen");
    await to.go("/more");
    await to.page.locator("input[type=file]").setInputFiles(file);
    await arrives("这句话装在文件里。").toBe(1);
    await to.drained();
    await expect.poll(async () => (await office.rows("photos", `visit = "${advisor.visit}"`)).map((p) => p.state), { timeout: 30_000 }).toEqual(["verified"]);
  });
  await test.step("the first tablet comes back with the same work: nothing is there twice, nothing needs a person", async () => {
    await from.page.keyboard.press("Escape");
    from.link.set("up");
    await from.tryNow();
    await from.drained();
    expect(await office.noted("这句话装在文件里。")).toBe(1);
    expect((await office.rows("photos", `visit = "${advisor.visit}"`)).length).toBe(1);
    expect((await from.rows<{ status: string }>("outbox")).filter((e) => e.status === "rejected")).toEqual([]);
  });
  for (const tablet of [from, to]) expect(tablet.errors).toEqual([]);
});

test("X-02 a queue left behind by release 0.1.0 is sent by this one", async ({ browser }) => {
  const tablet = await open(browser);
  await leftBehind(browser, tablet, "0.1.0", "xu");
  const token = await office.token("xu");
  await tablet.page.goto("/icon.svg");
  await tablet.page.evaluate((fresh) => new Promise<void>((resolve, reject) => {
    const opening = indexedDB.open("aftercare");
    opening.onsuccess = () => {
      const people = opening.result.transaction("people", "readwrite").objectStore("people");
      const all = people.getAll();
      all.onsuccess = () => all.result.forEach((p) => people.put({ ...p, token: fresh }));
      people.transaction.oncomplete = () => (opening.result.close(), resolve());
    };
    opening.onerror = () => reject(opening.error);
  }), token);
  await tablet.page.goto("/");
  await expect(tablet.strip).toBeVisible({ timeout: 30_000 });
  for (const words of ["上一版本：怠速时方向盘抖。", "上一版本：转弯时有异响。"]) await arrives(words).toBe(1);
  await tablet.drained();
  expect((await office.one("concerns", 'words = "上一版本：转弯时有异响。"')).created_by).toBe(await office.staff("xu"));
  expect((await office.one("vehicles", 'plate = "沪A8K359"')).note).toBe("上一版本：右后门有儿童锁");
  const [upload] = await tablet.rows<{ sha256: string }>("uploads");
  await expect.poll(async () => (await office.rows("photos", `sha256 = "${upload!.sha256}"`)).map((p) => p.state), { timeout: 30_000 }).toEqual(["verified"]);
  expect((await tablet.rows<{ status: string }>("outbox")).filter((e) => e.status !== "acked")).toEqual([]);
  expect(tablet.errors).toEqual([]);
});

/** A tablet as that release left it, its ids those of this shop: every demo has its own. */
async function leftBehind(_browser: Browser, tablet: Tablet, release: string, login: string): Promise<void> {
  let text = readFileSync(new URL(`./releases/${release}.json`, import.meta.url), "utf8");
  const { named } = JSON.parse(text) as { named: Record<string, [string, Record<string, string>]> };
  for (const [id, [collection, names]] of Object.entries(named)) {
    const filter = Object.entries(names).map(([f, v]) => `${f} = "${v}"`).join(" && ");
    text = text.replaceAll(id, (await office.rows(collection, filter, collection === "staff" ? "gao" : login))[0]!.id);
  }
  await tablet.page.goto("/icon.svg");
  await restore(tablet.page, JSON.parse(text));
}
