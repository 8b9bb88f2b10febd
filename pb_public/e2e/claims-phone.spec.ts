import { gzipSync } from "node:zlib";
import { expect, test } from "@playwright/test";
import { BuyerPage } from "./pages/buyer";
import { useHouse } from "./pages/house";
import { Phone } from "./pages/phone";
import { smallPhotos } from "./photos";

// A customer files a claim from a phone: written without a network and before any sign-in, adopted by the one that matches, seen
// through to the parcel that goes back.
const { office, server } = useHouse(5200);

test("L-02 L-14 written offline by a guest, kept over a reload, adopted, sent, approved, and sent back in time", async ({ browser }) => {
  const taken = new Set((await office.rows("claims")).map((c) => c.sales_order));
  const lines = await office.rows("sales_items", "quantity > 0");
  const order = (await office.rows("sales_orders", 'state = "placed" && received_at != ""')).filter((o) => o.phone && !taken.has(o.id) && lines.some((l) => l.sales_order === o.id)).sort((a, b) => (String(a.received_at) < String(b.received_at) ? 1 : -1))[0]!;
  const goods = lines.filter((l) => l.sales_order === order.id);
  const photos = await smallPhotos(browser, 4);
  const phone = await Phone.open(browser, server.url);
  const { page } = phone;
  const errors: string[] = [];
  page.on("pageerror", (e) => errors.push(String(e)));
  const sizes: Promise<number>[] = [];
  page.on("response", (r) => {
    if (r.url().startsWith(server.url) && r.request().serviceWorker() === null && !r.url().includes("/api/")) sizes.push(r.body().then((body) => gzipSync(body, { level: 9 }).length, () => 0));
  });
  const buyer = new BuyerPage(page);
  const words = "拉链拉不动 😤 <b>第一天</b> 𠮷";
  let used = "none";
  const code = async () => (used = await office.sms(new RegExp(`(?<=验证码 )(?!${used})\\d{6}`))); // the sink holds the earlier one, too
  await server.backup("before.tar");

  await test.step("the page is small before photos", async () => {
    await buyer.open();
    await phone.shot("buyer-door");
    await expect.poll(() => sizes.length).toBeGreaterThan(5);
    const all = (await Promise.all(sizes)).reduce((sum, n) => sum + n, 0);
    expect(all, "bytes gzipped").toBeLessThan(100_000);
  });
  await test.step("without a network a guest writes and photographs", async () => {
    await phone.context.setOffline(true);
    await page.reload();
    await buyer.says(String(order.number), String(order.phone));
    await page.getByTestId("buyer-write").click();
    await buyer.tells("开线 / 脱胶", words, "退货");
    await phone.shot("buyer-said");
    await buyer.next();
    await buyer.shoots(["whole", "close", "label", "packaging"], photos);
    await phone.shot("buyer-shots");
  });
  await test.step("a reload loses nothing", async () => {
    await page.reload();
    await expect(page.getByTestId("draft-words")).toHaveValue(words);
    await buyer.next();
    await expect(page.getByTestId("shots-done")).toContainText("4 / 4");
    await buyer.next();
    await expect(page.getByTestId("look-general")).toBeVisible();
    await phone.shot("buyer-look-guest");
    await page.getByTestId("draft-send").click();
    await expect(page.getByTestId("draft-waits")).toBeVisible();
  });
  await test.step("the sign-in that matches adopts it; goods are chosen where there is a choice, and what will happen is told before sending", async () => {
    await page.getByTestId("buyer-back").click();
    await phone.context.setOffline(false);
    await buyer.signIn(String(order.number), String(order.phone), code);
    await phone.shot("buyer-home");
    if (goods.length > 1 || Number(goods[0]!.quantity) > 1) {
      await expect(buyer.drafts).toHaveAttribute("data-standing", "draft_open");
      await buyer.drafts.click();
      await page.getByTestId("goods-line").first().getByRole("button").first().click();
      await buyer.next();
      await buyer.next();
      await expect(page.getByTestId("look")).toHaveAttribute("data-lane", /return_exchange|paid_repair/);
      await expect(page.getByTestId("look-freight")).toHaveCount(2); // judged a fault, and judged none
      await phone.shot("buyer-look");
      await page.getByTestId("draft-send").click();
    }
    await buyer.sent();
    await expect(buyer.claims.first()).toBeVisible();
    await expect(buyer.drafts).toHaveCount(0);
  });
  const claim = await office.one("claims", `sales_order = "${order.id}"`);
  await test.step("the server has it as it was written, with its photos", async () => {
    expect(String(claim.description)).toContain(words);
    expect(claim.customer).not.toBe("");
    await expect.poll(async () => (await office.rows("photos", `subject_record = "${claim.id}"`)).map((p) => p.state), { timeout: 30_000 }).toEqual(["verified", "verified", "verified", "verified"]);
  });
  await test.step("X-02 O-06 the server is restored from a backup that has never heard of it: after a sign-in the page brings it back, once", async () => {
    await server.restore("before.tar");
    expect(await office.rows("claims", `id = "${claim.id}"`)).toEqual([]);
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await buyer.signIn(String(order.number), String(order.phone), code);
    await expect.poll(() => office.rows("claims", `sales_order = "${order.id}"`), { timeout: 30_000 }).toHaveLength(1);
    const back = await office.one("claims", `sales_order = "${order.id}"`);
    expect([back.id, back.number, back.customer, back.captured_at]).toEqual([claim.id, claim.number, claim.customer, claim.captured_at]);
    await buyer.sent();
    await expect(buyer.claims).toHaveCount(1);
    await expect.poll(async () => (await office.rows("photos", `subject_record = "${claim.id}"`)).map((p) => p.state), { timeout: 30_000 }).toEqual(["verified", "verified", "verified", "verified"]);
  });
  await test.step("approved: countdown, who and which rule; the slip carries what the warehouse scans", async () => {
    await office.patch("gao", "claims", claim.id, { kind: "return", verdict: "quality", verdict_reason: "照片可见齿脱落" });
    await office.patch("gao", "claims", claim.id, { state: "approved" });
    await buyer.claims.first().click();
    await page.evaluate(() => dispatchEvent(new Event("online"))); // a network that comes back is asked at once
    await expect(page.getByTestId("claim-deadline")).toBeVisible();
    await expect(buyer.timeline).toContainText("照片可见齿脱落");
    await expect(buyer.timeline).toContainText("L-07");
    await expect.poll(() => buyer.events()).toEqual(["submitted", "verdict", "approved"]);
    expect(await buyer.timeline.locator("b", { hasText: "第一天" }).count(), "what was written is shown as text").toBe(0);
    await phone.shot("buyer-claim");
    await page.getByTestId("claim-slip").click();
    await expect(page.getByTestId("slip")).toHaveAttribute("data-code", `AC-RMA:${claim.id}`);
    await phone.shot("buyer-slip");
    await page.getByTestId("buyer-back").click();
    await buyer.claims.first().click();
  });
  await test.step("the parcel, in English and in the dark", async () => {
    await page.getByTestId("buyer-lang").click();
    await page.getByTestId("buyer-theme").click();
    await page.getByTestId("parcel-carrier").fill("SF");
    await page.getByTestId("parcel-number").fill("SF10020030");
    await phone.shot("buyer-claim-en-dark");
    await page.getByTestId("act-send_parcel").click();
    await buyer.sent();
    await expect(page.getByTestId("claim")).toHaveAttribute("data-state", "in_transit");
    await expect.poll(async () => (await buyer.events()).slice(3), "the server tells the course").toEqual(expect.arrayContaining(["awaiting_goods", "sent_in", "in_transit"]));
    await phone.shot("buyer-claim-sent");
  });
  await phone.close();
  expect(errors).toEqual([]);
});
