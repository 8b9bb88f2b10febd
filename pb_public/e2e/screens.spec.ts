import { expect, test } from "@playwright/test";
import { audited, desk, findPlaces, id, look, open, phone, pictures, type Places, upright, variants } from "./pages/gallery";
import { useHouse } from "./pages/house";
import { Look } from "./pages/look";
import { Tablet } from "./pages/tablet";

// Every main screen of reception and workshop with the demo shop, in the gallery's dresses.
const { server, office } = useHouse(0);
let places: Places;

test.beforeAll(async () => void (places = await findPlaces(office)));

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
  await look(browser, { server, places }, "chen", desk, 2, async (l) => {
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
    await page.getByTestId(photographed ? "mark-2" : "zone-left.front_door").first().click();
    if (!photographed) await l.tablet.tap("tri-attention");
    await expect(page.getByTestId("mark-kind")).toBeVisible();
    if (!photographed) {
      photographed = true;
      const before = (await l.tablet.rows("photos")).length;
      await page.getByTestId("photo-input").first().setInputFiles(await picture(l));
      await expect.poll(async () => (await l.tablet.rows("photos")).length).toBe(before + 1);
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
    await open(l, `/customers/${places.customer}`, id("own-vehicles"), "customer-file");
    await open(l, "/assets", id("asset"), "assets");
    await open(l, "/inspections", id("inspection"), "inspections");
    await page.getByTestId("inspections-done").getByTestId("inspection").filter({ has: page.locator(".state.bad") }).first().click();
    await expect(page.getByTestId("wrong")).toBeVisible();
    await l.at("inspection");
    await l.tablet.go("/inspections");
    await page.getByTestId("inspections-running").getByTestId("inspection").first().click();
    await expect(page.getByTestId("progress")).toBeVisible();
    await l.at("inspection-running");
    await open(l, "/faults", "main article, main .card", "faults");
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
  await look(browser, { server, places }, "guo", upright, 3, async (l) => {
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
  await look(browser, { server, places }, "wu", desk, 4, async (l) => {
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
  const sale = await office.one("sales_orders", 'state = "placed"');
  const part = await office.one("makeup_parts", 'state = "approved"');
  await look(browser, { server, places }, "gao", desk, 5, async (l) => {
    const { page } = l;
    await open(l, "/import", id("import-start"), "import");
    await open(l, "/board", `[data-testid^="column-"]`, "board-manager");
    await open(l, "/devices", id("tablet"), "devices");
    await l.tablet.tap("tablet-lost");
    await expect(l.page.getByTestId("tablet-lost-confirm")).toBeVisible();
    await l.at("devices-lost");
    await open(l, "/policy", id("figure-three_people"), "policy");
    await open(l, "/holidays", id("holidays-2026"), "holidays");
    await open(l, "/standards", "main .it", "standards");
    await open(l, "/templates", id("template-device_check"), "templates");
    await l.tablet.tap("edit-device_check");
    await l.tablet.tap("point-seat.horn");
    await l.at("template-editor");
    await page.keyboard.press("Escape");
    await open(l, "/warranty-claims", "main .it", "warranty-claims");
    await open(l, "/sales", id("sale"), "sales");
    await open(l, `/sales/${sale.id}`, id("sale-lines"), "sale");
    await open(l, "/makeup", id("makeup-parts"), "makeup");
    await open(l, `/makeup/${part.id}`, id("makeup-part"), "makeup-part");
    await open(l, "/claim-policy", id("claim-trial"), "claim-policy");
    await open(l, "/platforms", id("platform-address"), "platforms");
  });
});

test("X-07 the same on a phone", async ({ browser }) => {
  test.setTimeout(300_000);
  await look(browser, { server, places }, "chen", phone, 6, async (l) => {
    await open(l, "/day", id("arrival"), "phone-day");
    await open(l, `/visit/${places.visits.Z03}/car`, id("view-left"), "phone-walk-car");
    await l.page.getByTestId("queue-strip").click();
    await expect(l.page.getByTestId("queue")).toBeVisible();
    await l.at("phone-queue");
    await l.page.keyboard.press("Escape");
  });
  await look(browser, { server, places }, "guo", phone, 7, (l) => open(l, `/jobs/${places.jobs["Z06.1"]}`, id("next-step"), "phone-job"));
  await look(browser, { server, places }, "wu", phone, 8, (l) => open(l, `/quality/${places.orders.Z11}`, id("check-jobs_done-ok"), "phone-quality-check"));
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
