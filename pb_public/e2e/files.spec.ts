import { expect, test } from "@playwright/test";
import { useHouse } from "./pages/house";

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
  expect(await office.rows("assets")).toMatchObject([{ brand: "海尔", serial: "SN-7788-01" }]);
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
