import { type Browser, expect, test } from "@playwright/test";
import { BuyerPage } from "./pages/buyer";
import { ClaimDesk } from "./pages/claims";
import { useHouse } from "./pages/house";
import type { Row } from "./pages/office";
import { Phone } from "./pages/phone";
import { smallPhotos } from "./photos";

// Claims played whole on both faces: the customer on a phone, who files, insists, pays the difference, sends and receives; agent, dock
// and finance on their tablets.
const { office, open, server } = useHouse(5500);
const phoneNumber = "13912345678", things = ["product", "outer_packing", "tags", "return_slip", "accessories"];

/** An order of one piece at 99 yuan and 8 yuan of shipping, received yesterday. */
async function sell(number: string): Promise<Row> {
  const { shop } = await office.one("claims", 'state = "submitted"'), ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().replace("T", " ");
  const order = await office.create("gao", "sales_orders", {
    shop, platform: "天猫", external_id: number, number, revision: 1, state: "incoming", customer_name: "周宁", phone: phoneNumber, ordered_at: ago(4), shipped_at: ago(3), received_at: ago(1),
    items_fen: 9_900, shipping_fen: 800, paid_fen: 10_700,
  });
  await office.create("gao", "sales_items", { shop, sales_order: order.id, line_number: 1, sku: "XB-102", name: "托特包", quantity: 1, unit_fen: 9_900, paid_fen: 9_900, exemptions: [] });
  return office.patch("gao", "sales_orders", order.id, { state: "placed" });
}

async function staff(browser: Browser): Promise<ClaimDesk[]> {
  const tablets = await Promise.all(["feng", "tang", "song"].map(async (login) => {
    const tablet = await open(browser);
    await tablet.signIn(login);
    return tablet;
  }));
  return tablets.map((tablet) => new ClaimDesk(tablet));
}

test("L-03 insisted on, L-10 exchanged for a dearer piece, L-09 sent back incomplete, L-11 and only once: customer, agent, dock and finance", async ({ browser }) => {
  const [[desk, dock, till], photos, orders] = await Promise.all([staff(browser) as Promise<[ClaimDesk, ClaimDesk, ClaimDesk]>, smallPhotos(browser, 5), Promise.all(["E2E-HH-1", "E2E-HH-2", "E2E-HH-3", "E2E-HH-4"].map(sell))]);
  const [plain, dear, short, unpaid] = orders as [Row, Row, Row, Row];
  const phone = await Phone.open(browser, server.url), { page } = phone, buyer = new BuyerPage(page), errors: string[] = [];
  page.on("pageerror", (e) => errors.push(String(e)));
  const at = (id: string) => page.getByTestId(id);
  const claimOf = async (order: Row) => (await office.one("claims", `sales_order = "${order.id}"`)).id;

  await buyer.open();
  await buyer.signIn(String(plain.number), phoneNumber, () => office.sms(/(?<=验证码 )\d{6}/));

  await test.step("L-03 without a fault: told before sending who pays; judged, talked over, insisted on, returned at the customer's freight, refunded to the fen", async () => {
    await buyer.writes(String(plain.number), "没毛病，不合适", "颜色和想的不一样", "退货", photos);
    await expect(at("look")).toHaveAttribute("data-lane", "negotiate");
    await expect(at("look-freight")).toHaveText([/您付/]);
    await phone.shot("3-look");
    await buyer.sends();
    const id = await claimOf(plain);
    await desk.open(id, "submitted");
    await desk.judge("none", "不合心意");
    await expect(desk.page.getByTestId("decide")).toContainText("要先与客户协商");
    await desk.shot("3-desk-judged");
    await desk.tablet.tap("negotiate");
    await desk.stands("negotiating");
    await expect(desk.page.getByTestId("approve")).toHaveAttribute("aria-disabled", "true");

    await buyer.sees(id, "negotiating");
    await expect(at("claim-insist")).toContainText("运费您付");
    await phone.shot("3-insist");
    await at("act-insist").click();
    await buyer.sent();
    await expect(at("claim-insist")).toHaveCount(0);
    await expect(desk.page.getByTestId("insisted")).toBeChecked();
    await desk.shot("3-desk-insisted");
    await desk.tablet.tap("approve");
    await desk.stands("awaiting_goods");

    await buyer.sees(id, "awaiting_goods");
    await expect(at("claim-deadline")).toBeVisible();
    await expect(at("claim-pays")).toHaveText("运费您付");
    await phone.shot("3-send");
    await buyer.parcel("顺丰速运", "SF3001");
    await dock.unpacks(id, things, photos);
    await dock.shot("3-dock");
    await dock.tablet.tap("accept");
    await dock.stands("accepted");

    const due = 9_900; // no fault: the goods, and not what was paid for shipping
    await till.open(id, "accepted");
    await expect(till.page.getByTestId("claim-money")).toHaveAttribute("data-due", String(due));
    await till.page.getByTestId("refund-reference").fill("WX3001");
    await till.shot("3-till");
    await till.tablet.tap("refund");
    await till.stands("refund_pending");
    await till.tablet.tap("sign-off");
    await till.stands("completed");

    await buyer.sees(id, "completed");
    await expect(at("claim-refund")).toHaveAttribute("data-fen", String(due));
    await expect(buyer.timeline).toContainText("冯"); // the agent, by name
    await expect(buyer.timeline).toContainText("运费由客户承担");
    await expect(buyer.timeline.locator("[data-event=insisted]")).toContainText("L-03");
    await expect(buyer.timeline.locator("[data-event=refund]")).toContainText("99.00");
    await phone.shot("3-done");
    expect((await office.rows("refunds", `claim = "${id}"`)).map((r) => r.fen)).toEqual([due]);
    expect(await office.one("claims", `id = "${id}"`)).toMatchObject({ lane: "negotiate", freight: "customer", insisted: true });
  });

  await test.step("L-10 a dearer piece: the difference is told with the approval and paid before it leaves, after everything came back", async () => {
    await buyer.writes(String(dear.number), "破损 / 裂口", "提手裂了，想换大一号", "换货", photos);
    await buyer.sends();
    const id = await claimOf(dear);
    await desk.open(id, "submitted");
    await desk.judge("quality", "破损");
    await desk.page.getByTestId("replacement").fill("托特包 大号");
    await desk.page.getByTestId("replacement").blur();
    await expect(desk.page.getByTestId("differs"), "until somebody says otherwise it costs the same").toContainText("不补不退");
    await desk.exchanges("托特包 大号", "129");
    await expect(desk.page.getByTestId("differs")).toContainText("30.00");
    await desk.shot("10-desk");
    await desk.tablet.tap("approve");
    await desk.stands("awaiting_goods");

    await buyer.sees(id, "awaiting_goods");
    await expect(at("claim-exchange")).toHaveAttribute("data-collect", "3000");
    await phone.shot("10-send");
    await buyer.parcel("中通", "ZT1001");
    await dock.unpacks(id, things, photos);
    await dock.tablet.tap("accept");
    await dock.stands("accepted");
    await expect(dock.page.getByTestId("parcel-waits"), "nothing leaves before the money").toContainText("30.00");
    await expect(dock.page.getByTestId("exchange")).toHaveAttribute("aria-disabled", "true");
    await expect(dock.page.getByTestId("parcel-form")).toHaveCount(0);
    await dock.shot("10-dock-waits");

    await buyer.sees(id, "accepted");
    await expect(at("claim-owed")).toContainText("30.00");
    await phone.shot("10-pay");
    await till.open(id, "accepted");
    await till.page.getByTestId("collect-reference").fill("WX1001");
    await till.shot("10-till");
    await till.tablet.tap("collect");
    await expect(till.page.getByTestId("collected")).toContainText("30.00");
    await till.tablet.tap("exchange");
    await till.stands("exchange_pending");

    await dock.stands("exchange_pending");
    await dock.parcel("SF1001");
    await dock.stands("returned");
    await dock.shot("10-dock-sent");
    await buyer.sees(id, "returned");
    await expect(buyer.timeline.locator("[data-event=sent_out]")).toContainText("SF1001");
    await expect(at("claim-owed")).toHaveCount(0);
    await phone.shot("10-sent");
    await at("act-got_it").click();
    await buyer.sent();
    await buyer.sees(id, "completed");
    await expect(buyer.timeline.locator("[data-event=collected]")).toContainText("30.00");
    await phone.shot("10-done");
    expect(await office.one("claims", `id = "${id}"`)).toMatchObject({ state: "completed", owed_fen: 3_000, collected_fen: 3_000, refund_due_fen: 0 });
  });

  await test.step("L-09 something is missing: sent back at the customer's freight, seen thing by thing on the phone; L-11 the order's return is still there", async () => {
    await buyer.writes(String(short.number), "开线 / 脱胶", "里衬开线", "退货", photos);
    await buyer.sends();
    const id = await claimOf(short), came = things.filter((one) => one !== "tags");
    await desk.open(id, "submitted");
    await desk.judge("quality", "破损");
    await desk.tablet.tap("approve");
    await desk.stands("awaiting_goods");
    await buyer.sees(id, "awaiting_goods");
    await buyer.parcel("圆通", "YT9001");
    await dock.unpacks(id, came, photos);
    await expect(dock.page.getByTestId("arrival")).toContainText("缺少：吊牌");
    await dock.sendsBack("没有吊牌和保修卡", "SF9001");
    await dock.shot("9-dock");

    await buyer.sees(id, "sent_back");
    await expect(at("claim-arrival")).toHaveAttribute("data-missing", "1");
    await expect(at("arrived-tags")).toHaveAttribute("data-there", "false");
    await expect(at("arrived-product")).toHaveAttribute("data-there", "true");
    await expect(at("arrived-product").locator("img"), "the dock's photo").toBeVisible();
    await expect(at("claim-arrival")).toContainText("没有吊牌和保修卡");
    await expect(at("claim-pays")).toHaveText("退回的运费您付");
    await expect(at("claim-again")).toBeVisible();
    await phone.shot("9-back");
    await buyer.writes(String(short.number), "开线 / 脱胶", "吊牌找到了，再寄一次", "退货", photos);
    await buyer.sends();
    expect((await office.rows("claims", `sales_order = "${short.id}"`)).map((c) => c.state).sort()).toEqual(["sent_back", "submitted"]);
  });

  await test.step("L-10 the difference is never paid: after-sales writes why, the dock sends the goods back, and the phone says that the payment did not come", async () => {
    await buyer.writes(String(unpaid.number), "破损 / 裂口", "提手裂了，想换大一号", "换货", photos);
    await buyer.sends();
    const id = await claimOf(unpaid);
    await desk.open(id, "submitted");
    await desk.judge("quality", "破损");
    await desk.exchanges("托特包 大号", "129");
    await desk.tablet.tap("approve");
    await desk.stands("awaiting_goods");
    await buyer.sees(id, "awaiting_goods");
    await buyer.parcel("中通", "ZT1004");
    await dock.unpacks(id, things, photos);
    await dock.tablet.tap("accept");
    await dock.stands("accepted");
    await dock.tablet.tap("await-payment");
    await dock.stands("awaiting_payment");
    await expect(dock.page.getByTestId("parcel-form"), "nobody has given it up").toHaveCount(0);
    await expect(dock.page.getByTestId("send-back")).toHaveCount(0);

    await desk.stands("awaiting_payment");
    await desk.tablet.tap("give-up-open");
    await desk.page.getByTestId("give-up-words").fill("三次电话都说不换了");
    await desk.shot("10-give-up");
    await desk.tablet.tap("give-up-save");
    await expect(desk.page.getByTestId("give-up")).toContainText("等仓库退回");

    await dock.tablet.go("/dock");
    await dock.tablet.tap("dock-leaving");
    await dock.tablet.tap(`claim-${id}`);
    await expect(dock.page.getByTestId("parcels")).toContainText("客户没有付款");
    await dock.shot("10-dock-back");
    await dock.parcel("SF1004");
    await dock.stands("sent_back");

    await buyer.sees(id, "sent_back");
    await expect(at("claim")).toContainText("没有收到付款");
    await expect(at("claim-told")).toContainText("三次电话都说不换了");
    await expect(at("claim-pays")).toHaveText("退回的运费您付");
    await expect(at("claim-arrival")).toHaveCount(0);
    await expect(at("claim-owed")).toHaveCount(0);
    await expect(at("claim-again")).toBeVisible();
    await expect(buyer.timeline.locator("[data-event=sent_back]")).toContainText("L-10");
    await phone.shot("10-unpaid");
  });

  await test.step("L-11 the exchanged order has had its one return: told before anything is written, and a repair is still to be had", async () => {
    const { number } = await office.one("claims", `sales_order = "${dear.id}"`);
    await buyer.begins(String(dear.number));
    await expect(at("draft-taken")).toContainText(String(number));
    await phone.shot("11-taken");
    await expect(at("draft-kind").getByRole("button")).toHaveText(["维修"]);
    await buyer.tells("开线 / 脱胶", "换来的大号提手也松了", "维修");
    await buyer.next();
    await expect(at("shots-done")).toBeVisible();
  });

  await phone.close();
  expect(errors).toEqual([]);
  for (const { tablet } of [desk, dock, till]) expect(tablet.errors).toEqual([]);
});
