import { readdirSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { useHouse } from "./pages/house";
import { Tablet } from "./pages/tablet";

// The app's own files: a new version is fetched beside the running one and waits until somebody says so, and what is lost on the way
// is had later.
const { office, open, visitOf } = useHouse(700);

/** From here on the server seems to serve another build: its worker names another version, its page says so. */
function newBuild(tablet: Tablet): void {
  tablet.link.meet("GET /sw.js", { kind: "rewrite", body: (text: string) => text.replace(/version:(["'`])[0-9a-f]{16}\1/g, 'version:"ffffffffffffffff"') });
  tablet.link.meet("GET /", { kind: "rewrite", body: (text: string) => text.replace("<head>", '<head><meta name="build" content="next">') });
}

test("X-10 a new version waits, takes over when it is told to, and neither a draft nor an unsent edit is lost", async ({ browser }) => {
  const tablet = await open(browser);
  const visit = await visitOf("Z03");
  await tablet.signIn("xu");
  await tablet.installed();
  await tablet.page.reload();
  newBuild(tablet);
  const build = () => tablet.page.locator("meta[name=build]");
  await test.step("the new version is fetched and waits; the page in hand stays", async () => {
    await tablet.go(`/visit/${visit}/concerns`);
    await tablet.page.getByTestId("concern-words").fill("写到一半的话");
    await tablet.page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
    await expect.poll(() => tablet.page.evaluate(async () => (await navigator.serviceWorker.ready).waiting !== null), { timeout: 30_000 }).toBe(true);
    await expect(tablet.page.getByTestId("concern-words")).toHaveValue("写到一半的话");
    await tablet.page.reload();
    await expect(tablet.strip).toBeVisible();
    expect(await build().count(), "a reload alone does not bring it").toBe(0);
  });
  await test.step("without a network, with an edit unsent, it takes over on request", async () => {
    await tablet.offline();
    await tablet.note(visit, "更新之前没有送出的话。");
    await tablet.page.getByTestId("concern-words").fill("写到一半的话");
    await tablet.go("/more");
    await tablet.tap("update");
    await expect(build()).toHaveCount(1, { timeout: 30_000 });
    await expect(tablet.strip).toBeVisible({ timeout: 30_000 });
    expect((await tablet.rows<{ status: string }>("outbox")).filter((e) => e.status === "pending").length).toBe(1);
    await tablet.go(`/visit/${visit}/concerns`);
    await expect(tablet.page.getByTestId("concern-words")).toHaveValue("写到一半的话");
  });
  await test.step("and what waited is sent by the new version, once", async () => {
    await tablet.online();
    expect(await office.noted("更新之前没有送出的话。")).toBe(1);
  });
  expect(tablet.errors).toEqual([]);
});

test("X-10 half a new version is not installed: the app of before goes on, also without a network", async ({ browser }) => {
  const tablet = await open(browser);
  await tablet.signIn("xu");
  await tablet.installed();
  await tablet.page.reload();
  newBuild(tablet);
  const asset = tablet.link.meet("GET /assets/", { kind: "answer", status: 502, body: "Bad Gateway" }, 1);
  await tablet.page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update().catch(() => undefined)));
  await expect.poll(() => asset.met, { timeout: 30_000 }).toBe(1);
  await expect.poll(() => tablet.page.evaluate(async () => (await navigator.serviceWorker.ready).installing === null), { timeout: 30_000 }).toBe(true);
  expect(await tablet.page.evaluate(async () => (await navigator.serviceWorker.ready).waiting === null)).toBe(true);
  tablet.link.set("offline");
  await tablet.page.reload();
  await expect(tablet.strip).toHaveAttribute("data-mode", "offline", { timeout: 30_000 });
  expect(tablet.errors).toEqual([]);
});

/** The address of a stylesheet or script as this build names it. */
const asset = (name: string, kind: "css" | "js"): string => `/assets/${readdirSync("dist/assets").find((f) => f.startsWith(`${name}-`) && f.endsWith(`.${kind}`))}`;

for (const kind of ["css", "js"] as const) {
  test(`X-01 the car is drawn as it must be when its ${kind} was lost while somebody signed in`, async ({ browser }) => {
    const tablet = await open(browser);
    const visit = await visitOf("Z03");
    const lost = tablet.link.meet(asset("CarDrawing", kind), { kind: "answer", status: 502, body: "Bad Gateway" }, 1);
    await tablet.signIn("xu");
    await tablet.installed();
    expect(lost.met).toBe(1);
    await tablet.offline();
    await tablet.go(`/visit/${visit}/car`);
    await expect(tablet.page.locator("svg.car").first()).toHaveCSS("position", "absolute");
    await tablet.tap("view-left");
    await expect(tablet.page.getByTestId("view-left")).toHaveAttribute("aria-pressed", "true");
    expect(tablet.errors).toEqual([]);
  });
}

test("X-01 a screen whose stylesheet cannot be had says so instead of opening bare, and opens when it can", async ({ browser }) => {
  const tablet = await open(browser);
  const away = tablet.link.meet(asset("Day", "css"), { kind: "answer", status: 502, body: "Bad Gateway" });
  const worker = tablet.link.meet("GET /sw.js", { kind: "answer", status: 502, body: "Bad Gateway" });
  await tablet.page.goto("/#/day");
  await tablet.signIn("xu");
  const again = tablet.page.getByRole("button", { name: /再试一次|Try again/ });
  await expect(again).toBeVisible({ timeout: 30_000 });
  await again.click();
  await expect(again, "asked for again, it is still away").toBeVisible();
  away.off();
  worker.off();
  await expect(async () => {
    if (await again.isVisible()) await again.click();
    await expect(again).toHaveCount(0, { timeout: 2_000 });
  }).toPass({ timeout: 30_000 });
  await expect(tablet.page.getByTestId("queue-strip")).toBeVisible();
  expect(tablet.errors).toEqual([]);
});
