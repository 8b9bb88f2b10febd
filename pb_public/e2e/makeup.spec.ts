import { expect, test } from "@playwright/test";
import { useHouse } from "./pages/house";

// What the shop sends after: a make-up part on its way, the rules of claims, and the door to the platforms; a manager at one tablet.
const { office, open } = useHouse(990);

test("P-03 P-04 a make-up part goes its whole way offline; L-03 the policy of claims is tried and enacted; L-02 a secret is shown once", async ({ browser }) => {
  const tablet = await open(browser);
  await tablet.signIn("gao");
  await tablet.installed();
  const { page } = tablet;
  const sale = await office.one("sales_orders", 'state = "placed"');
  await tablet.offline();

  await test.step("P-03 asked for, listed, reviewed, bought, received and sent, offline", async () => {
    await tablet.go("/makeup?new=1");
    await page.getByTestId("makeup-target-find").fill(String(sale.number).slice(0, 9));
    await page.getByTestId("makeup-target").filter({ hasText: String(sale.number) }).click();
    await page.getByTestId("makeup-name").fill("右侧板");
    await page.getByTestId("makeup-class").getByRole("button", { name: "五金" }).click();
    await page.getByTestId("makeup-cause").getByRole("button", { name: "破损" }).click();
    await page.getByTestId("makeup-charge").fill("36");
    await tablet.tap("makeup-save");
    const part = page.getByTestId("makeup-part");
    await expect(part).toHaveAttribute("data-state", "requested");
    await tablet.tap("makeup-gather-one");
    await expect(page.getByText("批次号和检验号要写上")).toBeVisible();
    await page.getByTestId("makeup-batch").fill("P2611-09");
    await page.getByTestId("makeup-inspection").fill("QC-221");
    await page.getByTestId("makeup-inspection").blur();
    await tablet.tap("makeup-gather-one");
    await tablet.tap("makeup-approve");
    await page.getByTestId("makeup-way").getByRole("button", { name: "采购" }).click();
    await tablet.tap("makeup-order");
    await tablet.tap("makeup-receive");
    await page.getByTestId("makeup-carrier").fill("顺丰");
    await page.getByTestId("makeup-tracking").fill("SF-MK-1");
    await tablet.tap("makeup-ship");
    await expect(page.getByText(/还有 ¥36\.00 没有收/)).toBeVisible();
    await tablet.tap("makeup-collect");
    await tablet.tap("makeup-ship");
    await expect(part).toHaveAttribute("data-state", "shipped");
    await expect(page.getByTestId("makeup-steps").locator('[data-reached="done"]')).toHaveCount(5);
  });

  await test.step("L-03 the return window of leather goods is tried on a parcel and enacted, offline", async () => {
    await tablet.go("/claim-policy");
    await tablet.tap("claim-line-leather");
    await page.getByTestId("claim-received").fill("2026-09-25T12:00");
    await page.getByTestId("claim-filed").fill("2026-10-12T09:00");
    await page.getByTestId("claim-verdict").getByRole("button", { name: "无质量问题" }).click();
    await expect(page.getByTestId("claim-trial")).toContainText("客户坚持就可以退换");
    await page.getByTestId("claim-unit-return").getByRole("button", { name: "天", exact: true }).click();
    await expect(page.getByTestId("claim-trial-now")).toContainText("客户坚持就可以退换");
    await expect(page.getByTestId("claim-trial")).not.toContainText("客户坚持就可以退换");
    await tablet.tap("claim-policy-enact");
    await expect(page.getByTestId("claim-policy-enact")).toHaveCount(0);
    await expect(page.getByTestId("claim-revision")).toHaveCount(2);
  });

  await tablet.online();
  await tablet.drained();
  expect(await office.one("makeup_parts", 'tracking_number = "SF-MK-1"')).toMatchObject({ state: "shipped", role: "agent", part_name: "右侧板", collected_fen: 3600, sales_order: sale.id, list_number: expect.stringContaining("-BQ") });
  expect((await office.rows("policies", 'kind = "claims"')).filter((p) => (p.data as { line: string }).line === "leather").map((p) => (p.data as { return: object }).return)).toContainEqual({ count: 7, unit: "day" });

  await test.step("L-02 the secret of the webhook is shown once; the new one ends the old", async () => {
    await tablet.go("/platforms");
    await tablet.tap("platform-make");
    const first = await page.getByTestId("platform-secret").inputValue();
    expect(first).toMatch(/^whsec_/);
    expect(await page.getByTestId("platform-address").inputValue()).toMatch(/^https?:\/\/[^/]+\/api\/orders\/webhook\/\w{15}$/);
    await tablet.tap("platform-renew");
    await tablet.tap("platform-renew-now");
    await expect(page.getByTestId("platform-secret")).not.toHaveValue(first);
    await tablet.go("/more");
    await tablet.go("/platforms");
    await expect(page.getByTestId("platform-door")).toHaveAttribute("data-open", "true");
    await expect(page.getByTestId("platform-secret")).toHaveCount(0);
  });
  expect(tablet.errors).toEqual([]);
});
