import { type Browser, expect, test } from "@playwright/test";
import { useHouse } from "./pages/house";
import { Look, type Variant } from "./pages/look";
import { Tablet } from "./pages/tablet";
import shippedYears from "../../internal/calendar/holidays.json" with { type: "json" };

// Every main screen with the demo shop, in Chinese and light and in English and dark, both audited by axe; with SCREENS
// the other two are looked at as well, and a picture of each goes there.
const pictures = Boolean(process.env.SCREENS);
const variants: Variant[] = [{ lang: "zh", theme: "light" }, { lang: "en", theme: "dark" }, ...(pictures ? [{ lang: "en", theme: "light" }, { lang: "zh", theme: "dark" }] as Variant[] : [])];

/** Each language and each theme once. */
const audited = (v: Variant) => (v.lang === "zh") === (v.theme === "light");

interface Places {
  /** Visits by their number in the demo's morning. */
  visits: Record<string, string>;
  orders: Record<string, string>;
  /** First and second job of a visit: "Z10.1", "Z10.2". */
  jobs: Record<string, string>;
  vehicle: string;
  /** What people of the demo wrote. */
  words: Set<string>;
}

const { server, office } = useHouse(0);
let places: Places;

test.beforeAll(async () => void (places = await findPlaces()));

async function findPlaces(): Promise<Places> {
  const byId = new Map<string, string>();
  const found: Places = { visits: {}, orders: {}, jobs: {}, vehicle: (await office.one("vehicles", 'plate = "沪A8K359"')).id, words: new Set() };
  for (const collection of ["jobs", "concerns", "visits", "belongings"]) {
    for (const row of await office.rows(collection)) {
      for (const value of Object.values(row)) if (typeof value === "string" && /\p{Script=Han}{3}/u.test(value)) found.words.add(value);
    }
  }
  for (const { source } of shippedYears) found.words.add(source); // notices are cited by their names
  for (const v of await office.rows("visits")) {
    byId.set(v.id, String(v.number));
    found.visits[String(v.number)] = v.id;
  }
  for (const o of await office.rows("work_orders")) found.orders[byId.get(String(o.visit))!] = o.id;
  for (const j of await office.rows("jobs")) found.jobs[`${byId.get(String(j.visit))}.${j.position}`] = j.id;
  return found;
}

type Size = { width: number; height: number };
const desk: Size = { width: 1280, height: 800 };
const upright: Size = { width: 800, height: 1280 };
const phone: Size = { width: 390, height: 844 };

/** Signs somebody in and walks them through their screens, once in each dress. */
async function look(browser: Browser, login: string, size: Size, seed: number, walk: (l: Look) => Promise<void>): Promise<void> {
  const tablet = await Tablet.open(browser, server, seed, size);
  await tablet.signIn(login);
  const wrong: string[] = [];
  for (const variant of variants) {
    const l = new Look(tablet, variant, audited(variant), places.words);
    await test.step(`${variant.lang} ${variant.theme}`, async () => {
      await l.dress();
      await walk(l);
    });
    for (const [name, targets] of l.low) console.log(`lower than 48 px, ${name}: ${[...new Set(targets)].join(", ")}`);
    wrong.push(...l.problems.map((p) => `${variant.lang} ${variant.theme} ${p}`));
  }
  expect.soft(tablet.errors, "errors nobody caught").toEqual([]);
  expect(wrong).toEqual([]);
}

/** Goes to an address and waits for what only that screen shows. */
async function open(l: Look, path: string, sign: string, name: string): Promise<void> {
  await l.tablet.go(path);
  await expect(l.page.locator(sign).first()).toBeVisible();
  await l.at(name);
}
const id = (testid: string) => `[data-testid="${testid}"]`;

test("X-07 every screen: signing in", async ({ browser }) => {
  const tablet = await Tablet.open(browser, server, 1, desk);
  await tablet.page.goto("/");
  const wrong: string[] = [];
  for (const variant of variants) {
    const l = new Look(tablet, variant, audited(variant));
    await l.dress();
    await expect(tablet.page.getByTestId("login")).toBeVisible();
    await l.at("signin");
    wrong.push(...l.problems);
  }
  expect(wrong).toEqual([]);
});

test("V-06 R-05 R-06 S-03 every screen of the advisor", async ({ browser }) => {
  test.setTimeout(pictures ? 900_000 : 300_000);
  let photographed = false;
  await look(browser, "chen", desk, 2, async (l) => {
    const { page } = l;
    await open(l, "/day", id("arrival"), "day");
    await l.tablet.go("/arrive");
    await page.getByTestId("search").first().fill("8K3");
    await open(l, "/arrive", id("hit"), "arrive-search");
    await page.getByTestId("hit").first().click();
    await open(l, "/arrive", id("begin-reception"), "arrive-chosen");
    const walk = `/visit/${places.visits.Z03}`;
    await open(l, `${walk}/arrival`, id("step-arrival"), "walk-arrival");
    await open(l, `${walk}/concerns`, id("concern-words"), "walk-concerns");
    await open(l, `${walk}/car`, id("view-left"), "walk-car");
    await l.tablet.tap("view-left");
    await page.getByTestId(photographed ? "mark-1" : "zone-left.front_door").first().click();
    if (!photographed) await l.tablet.tap("tri-attention");
    await expect(page.getByTestId("mark-kind")).toBeVisible();
    if (!photographed) {
      photographed = true;
      await page.getByTestId("photo-input").first().setInputFiles(await picture(l));
      await expect.poll(async () => (await l.tablet.rows("photos")).length).toBe(1);
    }
    await l.at("walk-car-damage");
    await page.locator(".strip-ph button").first().click();
    await expect(page.getByTestId("photo-view")).toBeVisible();
    await l.at("photo");
    await l.tablet.tap("annotate");
    await expect(page.getByTestId("annotate-canvas")).toBeVisible();
    await l.at("annotate");
    await l.tablet.tap("annotate-done");
    await l.tablet.tap("photo-close");
    await open(l, `${walk}/belongings`, id("belongings-done"), "walk-belongings");
    await open(l, `${walk}/readback`, id("add-job"), "walk-readback");
    await open(l, `/visit/${places.visits.Z04}/sign`, id("sign-pad"), "walk-sign");
    await open(l, "/orders", `[data-testid^="order-"]`, "orders");
    await open(l, `/order/${places.orders.Z10}`, id("next-step"), "order");
    await open(l, `/order/${places.orders.Z10}/sign?kind=supplement`, id("sign-way"), "sign-supplement");
    await open(l, "/files", id("hit"), "files");
    await open(l, `/files/${places.vehicle}`, id("timeline-visit"), "vehicle-file");
    await page.getByTestId("edit-vehicle").click();
    await expect(page.locator("dialog[open]")).toBeVisible();
    await l.at("vehicle-edit");
    await page.keyboard.press("Escape");
    await open(l, "/todo", id("due-item"), "todo");
    await page.locator('[data-testid="due-item"][data-kind="delay"]').first().getByRole("button").click();
    await expect(page.getByTestId("due-tell")).toBeVisible();
    await l.at("todo-delay");
    await l.tablet.tap("due-tell");
    await expect(page.getByTestId("tell-now")).toBeVisible();
    await l.at("todo-tell");
    await page.keyboard.press("Escape");
    await open(l, "/more", id("device-letter"), "more");
    await waiting(l);
  });
});

/** The queue without a network, with an edit in it. */
async function waiting(l: Look): Promise<void> {
  l.tablet.link.set("offline");
  await expect(l.page.getByTestId("queue-strip")).toHaveAttribute("data-mode", "offline", { timeout: 30_000 });
  await l.tablet.go(`/visit/${places.visits.Z03}/concerns`);
  await l.page.getByTestId("concern-words").fill("冷车启动时有异响。");
  await l.tablet.tap("concern-add");
  await expect(l.page.getByTestId("queue-strip")).not.toHaveAttribute("data-pending", "0");
  await l.page.getByTestId("queue-strip").click();
  await expect(l.page.getByTestId("queue-entry").first()).toBeVisible();
  await l.at("queue-offline");
  await l.page.keyboard.press("Escape");
  l.tablet.link.set("up");
  await l.tablet.synced(60_000);
}

test("S-01 W-02 every screen of the technician", async ({ browser }) => {
  test.setTimeout(300_000);
  await look(browser, "guo", upright, 3, async (l) => {
    await open(l, "/jobs", `[data-testid^="job-"]`, "jobs");
    await open(l, `/jobs/${places.jobs["Z06.1"]}`, id("next-step"), "job-may-start");
    await l.tablet.tap("next-step");
    await expect(l.page.getByTestId("check-sheet")).toBeVisible();
    await l.at("check-sheet");
    await l.page.keyboard.press("Escape");
    await open(l, `/jobs/${places.jobs["Z10.2"]}`, id("blocked-reason"), "job-blocked");
    await l.tablet.tap("found-problem");
    await expect(l.page.getByTestId("found-sheet")).toBeVisible();
    await l.at("found");
    await l.page.keyboard.press("Escape");
    await open(l, "/more", id("device-letter"), "more-upright");
  });
});

test("W-05 Q-01 every screen of the team leader", async ({ browser }) => {
  test.setTimeout(300_000);
  await look(browser, "wu", desk, 4, async (l) => {
    await open(l, "/board", `[data-testid^="column-"]`, "board");
    await l.page.getByTestId("dispatch").first().click();
    await expect(l.page.getByTestId("dispatch-sheet")).toBeVisible();
    await l.at("dispatch");
    await l.page.keyboard.press("Escape");
    await open(l, "/quality", `[data-testid^="order-"]`, "quality");
    await open(l, `/quality/${places.orders.Z11}`, id("check-jobs_done-ok"), "quality-check");
  });
});

test("V-01 every screen of the manager", async ({ browser }) => {
  test.setTimeout(300_000);
  await look(browser, "gao", desk, 5, async (l) => {
    await open(l, "/import", id("import-start"), "import");
    await open(l, "/board", `[data-testid^="column-"]`, "board-manager");
    await open(l, "/devices", id("tablet"), "devices");
    await l.tablet.tap("tablet-lost");
    await expect(l.page.getByTestId("tablet-lost-confirm")).toBeVisible();
    await l.at("devices-lost");
    await open(l, "/policy", id("figure-three_people"), "policy");
    await open(l, "/holidays", id("holidays-2026"), "holidays");
  });
});

test("X-07 the same on a phone", async ({ browser }) => {
  test.setTimeout(300_000);
  await look(browser, "chen", phone, 6, async (l) => {
    await open(l, "/day", id("arrival"), "phone-day");
    await open(l, `/visit/${places.visits.Z03}/car`, id("view-left"), "phone-walk-car");
    await l.page.getByTestId("queue-strip").click();
    await expect(l.page.getByTestId("queue")).toBeVisible();
    await l.at("phone-queue");
    await l.page.keyboard.press("Escape");
  });
  await look(browser, "guo", phone, 7, (l) => open(l, `/jobs/${places.jobs["Z06.1"]}`, id("next-step"), "phone-job"));
});

/** A small photo, drawn by the browser. */
async function picture(l: Look): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const base64 = await l.page.evaluate(async () => {
    const canvas = new OffscreenCanvas(1600, 1200);
    const g = canvas.getContext("2d")!;
    const paint = g.createLinearGradient(0, 0, 1600, 1200);
    paint.addColorStop(0, "#8fa3b5");
    paint.addColorStop(1, "#2b3947");
    g.fillStyle = paint;
    g.fillRect(0, 0, 1600, 1200);
    g.strokeStyle = "#e8edf2";
    g.lineWidth = 5;
    g.beginPath();
    g.moveTo(420, 700);
    g.bezierCurveTo(700, 610, 900, 640, 1180, 560);
    g.stroke();
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 })).arrayBuffer());
    return btoa(bytes.reduce((s, b) => s + String.fromCharCode(b), ""));
  });
  return { name: "door.jpg", mimeType: "image/jpeg", buffer: Buffer.from(base64, "base64") };
}
