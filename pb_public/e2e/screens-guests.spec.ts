import { expect, test } from "@playwright/test";
import { BuyerPage } from "./pages/buyer";
import { audited, desk, findPlaces, phone, type Places, variants } from "./pages/gallery";
import { useHouse } from "./pages/house";
import { Look, type Variant } from "./pages/look";
import { Tablet } from "./pages/tablet";

// What people see who have no login, in the gallery's dresses: the customer's phone behind the one-time link, the page that
// verifies a signature, and the lounge's screen.
const { server, office } = useHouse(2600);
let places: Places;
test.beforeAll(async () => void (places = await findPlaces(office)));

/** One page without a login, once in each dress. */
async function guest(tablet: Tablet, walk: (l: Look, variant: Variant) => Promise<void>): Promise<void> {
  const wrong: string[] = [];
  for (const variant of variants) {
    const l = new Look(tablet, variant, audited(variant), places.words);
    await l.dress();
    await walk(l, variant);
    wrong.push(...l.problems.map((p) => `${variant.lang} ${variant.theme} ${p}`));
  }
  expect.soft(tablet.errors, "errors nobody caught").toEqual([]);
  expect(wrong).toEqual([]);
}

test("S-05 S-03 the customer's page and the page that verifies, on a phone", async ({ browser }) => {
  const advisor = await Tablet.open(browser, server, 2601, desk);
  await advisor.signIn("chen");
  await advisor.go(`/order/${places.orders.Z10}`);
  await advisor.tap("send-link");
  await advisor.tap("link-hand");
  const { pathname, hash } = new URL((await advisor.page.getByTestId("link-sent").getAttribute("data-url"))!);
  const code = String((await office.one("consents", 'kind = "signature" && document_kind = "estimate"')).code);

  const customer = await Tablet.open(browser, server, 2602, phone);
  const { page } = customer;
  await page.goto(pathname + hash);
  await guest(customer, async (l, { lang }) => {
    // The page opens in the customer's language; whoever reads the other one says so.
    await page.goto(pathname + hash);
    await page.reload();
    await expect(page.getByTestId("portal-send")).toBeVisible();
    if (lang === "en") await page.getByTestId("portal-lang").click();
    await l.at("portal");
    await page.getByTestId("portal-yes").first().click();
    await expect(page.getByTestId("sign-pad")).toBeVisible();
    await page.getByTestId("portal-send").scrollIntoViewIfNeeded();
    await l.at("portal-sign");
    await page.goto(`/portal#${"x".repeat(43)}`);
    await page.reload();
    await expect(page.getByTestId("portal-failed")).toBeVisible();
    await l.at("portal-unknown");
    await page.goto("/verify");
    await expect(page.getByTestId("verify-code")).toBeVisible();
    await l.at("verify-empty");
    await page.goto(`/verify/${code}`);
    await expect(page.getByTestId("verdict")).toHaveAttribute("data-state", "valid");
    await l.at("verify-genuine");
  });
});

test("W-05 the lounge's screen", async ({ browser }) => {
  const manager = await Tablet.open(browser, server, 2603, desk);
  await manager.signIn("gao");
  await manager.go("/more");
  await manager.tap("lounge-make");
  const link = (await manager.page.getByTestId("lounge-open").getAttribute("href"))!;
  const screen = await Tablet.open(browser, server, 2604, { width: 1920, height: 1080 });
  await screen.page.goto(`/${link}`);
  await guest(screen, async (l) => {
    await expect(screen.page.getByTestId("lounge-car").first()).toBeVisible();
    await l.at("lounge");
  });
});

test("L-02 L-14 the customer's page of claims, on a phone", async ({ browser }) => {
  const lines = await office.rows("sales_items", "quantity > 0 && product_line = ''");
  const order = (await office.rows("sales_orders", 'state = "placed" && received_at != "" && phone != ""')).find((o) => lines.some((l) => l.sales_order === o.id))!;
  for (const word of [order.customer_name, ...(await office.rows("sales_items", `sales_order = "${order.id}"`)).map((l) => l.name)]) places.words.add(String(word));
  const customer = await Tablet.open(browser, server, 2604, phone);
  const { page } = customer;
  await page.goto("/claim");
  await guest(customer, async (l) => {
    await expect(page.getByTestId("buyer-sign-in")).toBeVisible();
    await l.at("claim-door");
  });
  await page.evaluate(() => localStorage.setItem("aftercare.lang", "zh"));
  await page.reload();
  await new BuyerPage(page).signIn(String(order.number), String(order.phone), () => office.sms(/(?<=验证码 )\d{6}(?=，10 分钟内有效，用于查询)/));
  await guest(customer, async (l) => {
    await page.goto("/claim#/");
    await expect(page.getByTestId("order-row").first()).toBeVisible();
    await l.at("claim-home");
    await page.getByTestId("order-row").filter({ hasText: String(order.number) }).getByTestId("file-claim").click();
    await expect(page.getByTestId("draft-seen")).toBeVisible();
    await l.at("claim-write");
  });
});
