import { expect, test } from "@playwright/test";
import { useHouse } from "./pages/house";
import { smallPhotos } from "./photos";

// Files of cars, people and things: marked, merged, taken back, opened for a device; all of it offline, then on the server.
const { office, open } = useHouse(960);

test("V-05 V-07 offline two files become one and two again, a car is scrapped, a device gets its file", async ({ browser }) => {
  const tablet = await open(browser);
  await tablet.signIn("chen");
  await tablet.installed();
  const [kept, folded] = (await office.rows("vehicles", 'plate != ""')).filter((v) => v.plate).slice(0, 2) as [{ id: string; plate: string }, { id: string; plate: string }];
  const before = JSON.stringify(await office.rows("vehicles"));
  await tablet.offline();
  const { page } = tablet;

  await tablet.go(`/files/${kept.id}`);
  await tablet.tap("file-mark");
  await tablet.tap("merge-open");
  await page.getByTestId("merge-find").fill(folded.plate);
  await page.getByTestId("merge-candidate").first().click();
  await page.getByTestId("merge-reason").fill("VIN 相同，换了车牌");
  await tablet.tap("merge-save");
  await expect(page.getByTestId("merged")).toContainText(folded.plate);
  await tablet.go("/files");
  await page.getByTestId("search").fill(folded.plate.slice(2));
  await expect(page.getByTestId("hit")).toHaveCount(1);
  await expect(page.getByTestId("through")).toContainText(folded.plate);

  await tablet.go("/assets");
  await tablet.tap("asset-new");
  await page.getByTestId("asset-brand").fill("海尔");
  await tablet.tap("asset-save");
  await expect(page.getByRole("alert")).toContainText("序列号或标签号");
  await page.getByTestId("asset-serial").fill("SN-7788-01");
  await tablet.tap("asset-save");
  await expect(page.getByTestId("asset-facts")).toContainText("SN-7788-01");
  await tablet.go("/assets");
  await page.getByTestId("asset-find").fill("788-0");
  await expect(page.getByTestId("asset")).toHaveCount(1);

  await tablet.online();
  expect(await office.rows("merges")).toMatchObject([{ kept: kept.id, folded: folded.id, state: "done" }]);
  expect(await office.rows("assets", 'brand = "海尔"')).toMatchObject([{ brand: "海尔", serial: "SN-7788-01" }]);
  expect(JSON.stringify(await office.rows("vehicles"))).toBe(before);

  await tablet.go(`/files/${folded.id}`);
  await tablet.tap("unmerge");
  await expect(page.getByTestId("merged")).toHaveCount(0);
  await tablet.tap("file-mark");
  await page.getByTestId("file-status").getByRole("button", { name: "报废" }).click();
  await tablet.tap("status-save");
  await tablet.drained();
  await expect.poll(async () => (await office.one("vehicles", `id = "${folded.id}"`)).status).toBe("scrapped");
  expect((await office.one("merges", `folded = "${folded.id}"`)).state).toBe("undone");
  expect(tablet.errors).toEqual([]);
});

test("R-15 S-05 offline the device check of a car: every point answered, what is wrong on the order; the next list leaves it alone", async ({ browser }) => {
  const tablet = await open(browser);
  await tablet.signIn("xu");
  await tablet.installed();
  const checked = new Set((await office.rows("inspections", 'vehicle != ""')).map((i) => i.vehicle));
  const free = (await office.rows("visits", 'state = "working"')).find((v) => !checked.has(v.vehicle))!;
  const order = await office.one("work_orders", `visit = "${free.id}"`);
  const { vehicle } = free;
  const [photo] = await smallPhotos(browser, 1);
  await tablet.offline();
  const { page } = tablet;

  await test.step("thirty-nine points in a few taps", async () => {
    await tablet.go(`/files/${vehicle}`);
    await tablet.tap("begin-device_check");
    const horn = page.getByTestId("point-seat.horn");
    await horn.getByTestId("answer-bad").click();
    await horn.getByTestId("note").fill("不响");
    await horn.getByTestId("photo").setInputFiles(photo!);
    await expect(horn.locator(".ph")).toHaveCount(1);
    for (const section of ["seat", "cabin", "outside", "boot", "engine"]) await page.getByTestId(`section-${section}`).getByTestId("rest-good").click();
    await expect(page.getByTestId("progress")).toContainText("39 / 39");
    await tablet.tap("complete");
    await expect(page.getByTestId("complete")).toHaveCount(0);
  });
  await test.step("what is wrong goes onto the order, and the check onto the car's timeline", async () => {
    await tablet.tap("propose-seat.horn");
    await expect(page.getByTestId("wrong")).toContainText("已在委托书上");
    await tablet.go(`/files/${vehicle}`);
    await expect(page.getByTestId("inspection")).toContainText("1 项不正常");
  });
  await tablet.online();
  const made = await office.one("inspections", `vehicle = "${vehicle}"`);
  expect(made).toMatchObject({ template_revision: 1, visit: "" });
  expect(made.completed_at).not.toBe("");
  expect((await office.rows("findings", `inspection = "${made.id}"`)).length).toBe(39);
  expect(await office.rows("jobs", `work_order = "${order.id}" && work = "喇叭：不响"`)).toMatchObject([{ state: "proposed", priced_at: "", safety: true }]);
  const finding = await office.one("findings", `inspection = "${made.id}" && item = "seat.horn"`);
  await expect.poll(async () => (await office.rows("photos", `subject_record = "${finding.id}"`)).map((p) => p.state), { timeout: 30_000 }).toEqual(["verified"]);

  const desk = await open(browser);
  await desk.signIn("gao");
  await desk.go("/templates");
  await desk.tap("edit-device_check");
  await desk.tap("point-boot.tools");
  await desk.tap("take-out");
  await desk.tap("template-save");
  await expect(desk.page.getByTestId("template-device_check")).toContainText("第 2 版");
  await desk.drained();
  const lists = await office.rows("templates", `kind = "device_check" && shop = "${String(order.shop)}"`);
  expect(lists.map((x) => [x.revision, x.active]).sort()).toEqual([[1, false], [2, true]]);
  expect((await office.one("inspections", `id = "${made.id}"`)).template_revision).toBe(1);
  expect([...tablet.errors, ...desk.errors]).toEqual([]);
});
