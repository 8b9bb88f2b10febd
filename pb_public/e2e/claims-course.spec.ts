import { type Browser, expect, test } from "@playwright/test";
import { ClaimDesk } from "./pages/claims";
import { Customer, day, sell } from "./pages/customer";
import { useHouse } from "./pages/house";
import type { Tablet } from "./pages/tablet";
import { smallPhotos } from "./photos";

// What people meet most after a purchase, each course on both faces: a customer with a phone, and the shop's people on theirs. The
// course that moves the clock is the last.
const { office, server, open, forward } = useHouse(5400, { clock: true });

/** Their tablets and the customer's phone, signed in by the first of the orders. */
async function everybody(browser: Browser, logins: string[], phoneNumber: string, orders: readonly (readonly [string, number | null])[]): Promise<{ tablets: Tablet[]; customer: Customer }> {
  await office.patch("gao", "staff", await office.staff("song"), { roles: ["finance", "supervisor"] });
  for (const [number, ago] of orders) await sell(office, number, phoneNumber, ago);
  const tablets: Tablet[] = [];
  for (const _ of logins) tablets.push(await open(browser));
  const customer = await Customer.open(browser, server.url);
  await Promise.all([...tablets.map((tablet, i) => tablet.signIn(logins[i]!)), customer.signIn(office, orders[0]![0], phoneNumber)]);
  return { tablets, customer };
}

/** Nobody's screen has met an error that nobody caught. */
async function allWell(customer: Customer, tablets: Tablet[]): Promise<void> {
  await customer.close();
  expect([customer.errors, ...tablets.map((tablet) => tablet.errors)].flat()).toEqual([]);
}

test("L-04 a fault reported after 48 hours is reviewed by an agent, or at a store where there is one", async ({ browser }) => {
  const { tablets, customer } = await everybody(browser, ["feng", "tang"], "13911170002", [["E2E-JZ-1", 3 * day]]);
  const [agent, back] = tablets as [Tablet, Tablet], { phone, page, buyer } = customer, [desk, dock] = [new ClaimDesk(agent), new ClaimDesk(back)];
  await buyer.writes("E2E-JZ-1", "破损 / 裂口", "前几天出差，今天才打开", "退货", await smallPhotos(browser, 4));
  await expect(page.getByTestId("look-evidence")).toHaveAttribute("data-late", "true");
  await phone.shot("b2-look");
  await buyer.sends();
  await buyer.newest();
  const id = await customer.claim(office, "E2E-JZ-1"), late = page.getByTestId("claim-late");
  await expect(late).toHaveAttribute("data-route", "agent");
  await agent.go("/claims");
  await expect(agent.page.getByTestId(`claim-${id}`)).toContainText("举证超时");
  await desk.shot("b2-desk-list");
  await agent.tap(`claim-${id}`);
  await expect(agent.page.getByTestId("judge")).toContainText("由客服复核");
  await agent.tap("store-near");
  await expect(agent.page.getByTestId("judge")).toContainText("请客户到附近门店处理");
  await desk.judge("quality", "破损");
  await desk.shot("b2-desk");
  await agent.tap("approve");
  await buyer.stands("now_store");
  await expect(late).toHaveAttribute("data-route", "store");
  await expect(page.getByTestId("claim-send")).toContainText("真北路 1188 号");
  await expect(page.getByTestId("claim-deadline")).toContainText("把货送到门店");
  await expect(page.getByTestId("claim-pays")).toHaveText("运费公司付");
  await expect(buyer.timeline).toContainText("L-04");
  await phone.shot("b2-store");
  await dock.scanKnown({ slip: id });
  await back.tap("brought");
  await back.tap("receive");
  await buyer.stands("now_received");
  await allWell(customer, tablets);
});

test("L-05 L-14 no fault after the window: agreed case by case, with who pays, and told in the words that were agreed", async ({ browser }) => {
  const { tablets, customer } = await everybody(browser, ["feng"], "13911170003", [["E2E-XS-1", 20 * day]]);
  const [agent] = tablets as [Tablet], { phone, page, buyer } = customer, desk = new ClaimDesk(agent);
  await buyer.writes("E2E-XS-1", "没毛病，不合适", "颜色和客厅不配", "退货", await smallPhotos(browser, 3));
  await expect(page.getByTestId("look")).toHaveAttribute("data-freight", "agreement");
  await phone.shot("b3-look");
  await buyer.sends();
  await buyer.newest();
  const id = await customer.claim(office, "E2E-XS-1"), words = "未使用、吊牌完整，同意退货，运费客户承担";
  await desk.open(id, "submitted");
  await desk.judge("none", "不合心意");
  await agent.tap("negotiate");
  await buyer.stands("now_negotiating");
  await agent.page.getByTestId("agreement").fill(words);
  await agent.page.getByTestId("agreement").blur();
  await expect(agent.page.getByTestId("decide"), "who pays is written down, too").toContainText("请写明协商后运费由谁承担");
  await agent.chip("freight-agreed", "客户");
  await desk.shot("b3-desk");
  await agent.tap("approve");
  await buyer.stands("now_awaiting_goods");
  await expect(page.getByTestId("claim-agreement")).toContainText(words);
  await expect(page.getByTestId("claim-agreement")).toContainText("L-05");
  await expect(page.getByTestId("claim-pays")).toHaveText("运费您付");
  await phone.shot("b3-agreed");
  await allWell(customer, tablets);
});

test("L-01 refused at the door: answered within two days, brought back by the carrier; after acceptance it is no ground", async ({ browser }) => {
  const { tablets, customer } = await everybody(browser, ["feng", "tang", "song"], "13911170004", [["E2E-JS-1", null], ["E2E-JS-2", null]]);
  const [agent, back, money] = tablets as [Tablet, Tablet, Tablet], { phone, page, buyer } = customer, [desk, dock] = [new ClaimDesk(agent), new ClaimDesk(back)];
  const photos = await smallPhotos(browser, 8), some = (n: number) => photos.splice(0, n);
  await buyer.begins("E2E-JS-2");
  await buyer.refuses("尺码");
  await office.patch("gao", "sales_orders", (await office.one("sales_orders", 'number = "E2E-JS-2"')).id, { received_at: new Date().toISOString().replace("T", " ") });
  await buyer.asks();
  await expect(page.getByTestId("draft-door-over")).toContainText("不再是理由");
  await expect(page.getByTestId("draft-next")).toHaveAttribute("aria-disabled", "true");
  await phone.shot("b5-accepted");
  await page.getByTestId("draft-not-door").click();
  await expect(page.getByTestId("draft-seen")).toBeVisible();

  await buyer.begins("E2E-JS-1");
  await buyer.refuses("型号");
  await page.getByTestId("draft-words").fill("快递员在门口，型号不对，没收");
  await page.getByTestId("draft-kind").getByText("退货", { exact: true }).click();
  await phone.shot("b5-said");
  await buyer.next();
  await buyer.shoots(["whole", "close", "label", "packaging"], some(4));
  await buyer.next();
  await expect(page.getByTestId("look-answer")).toContainText("24:00");
  await phone.shot("b5-look");
  await buyer.sends();
  await buyer.newest();
  await buyer.stands("now_door");
  const id = await customer.claim(office, "E2E-JS-1");
  await buyer.due((await office.one("claims", `id = "${id}"`)).answer_due_at);
  await phone.shot("b5-door");
  await desk.open(id, "submitted");
  await expect(agent.page.getByTestId("until").first()).toContainText("答复截止");
  await agent.tap("verdict-quality");
  await agent.chip("canned-door", "确实不符");
  await agent.tap("verdict-save");
  await desk.shot("b5-desk");
  await agent.tap("approve");
  await buyer.stands("now_in_transit");
  await expect(buyer.timeline).toContainText("售后判定：与订单不符");
  await expect(buyer.timeline).toContainText("快递退回");
  await expect(page.getByTestId("claim-send"), "the carrier has it").toHaveCount(0);
  await dock.scanKnown({ parcel: "SF-E2E-JS-1" });
  await back.tap("receive");
  await expect(back.page.getByTestId("tick-return_slip")).toHaveCount(0);
  for (const thing of ["product", "outer_packing", "tags", "accessories"]) await dock.shoot(thing, some(1)[0]!);
  await back.tap("accept");
  await money.go(`/claims/${id}`);
  await money.tap("refund");
  await money.tap("sign-off");
  await buyer.stands("now_completed");
  await phone.shot("b5-done");
  await allWell(customer, tablets);
});

test("L-08 L-11 not sent in 48 hours it expires and frees the order; a supervisor extends before that, an agent does not", async ({ browser }) => {
  const { tablets, customer } = await everybody(browser, ["feng", "song"], "13911170005", [["E2E-GQ-1", day], ["E2E-GQ-2", day]]);
  const [agent, money] = tablets as [Tablet, Tablet], { phone, page, buyer } = customer, [desk, till] = [new ClaimDesk(agent), new ClaimDesk(money)];
  const photos = await smallPhotos(browser, 8), some = (n: number) => photos.splice(0, n);
  await buyer.writes("E2E-GQ-1", "掉色 / 变色", "擦一下就掉色", "退货", some(4));
  await buyer.sends();
  await buyer.newest();
  const over = await customer.claim(office, "E2E-GQ-1"), kept = await desk.file("E2E-GQ-2", "一擦就掉色");
  for (const id of [kept, over]) {
    await desk.open(id, "submitted");
    await desk.judge("quality", "掉色变色");
    await agent.tap("approve");
    await desk.stands("awaiting_goods");
  }
  await expect(agent.page.getByTestId("extend-save")).toHaveAttribute("aria-disabled", "true");
  await expect(agent.page.getByTestId("extend")).toContainText("只有客服主管能延期");
  await desk.shot("b4-desk");
  await agent.drained();
  const before = await office.one("claims", `id = "${kept}"`);
  await expect(office.patch("feng", "claims", kept, { extended_until: "2027-01-01 00:00:00.000Z", extension_reason: "客户出差" })).rejects.toThrow(/flow\.role/);
  await buyer.opens(kept);
  await buyer.stands("now_awaiting_goods");
  await buyer.due(before.ship_back_due_at);
  await till.open(kept, "awaiting_goods");
  await money.tap("extend-3");
  await money.page.getByTestId("extend-reason").fill("客户出差");
  await till.shot("b4-supervisor");
  await money.tap("extend-save");
  await money.drained();
  const longer = String((await office.one("claims", `id = "${kept}"`)).extended_until), ms = (at: unknown) => Date.parse(String(at).replace(" ", "T"));
  expect(ms(longer) - ms(before.ship_back_due_at)).toBeGreaterThan(2.9 * day);
  await buyer.due(longer);
  await expect(buyer.timeline).toContainText("客户出差");
  await phone.shot("b4-extended");
  await forward(49 * 3_600_000);
  await buyer.opens(over);
  await buyer.stands("now_expired", 60_000); // the server looks at its clock, and then at everything that is due
  await phone.shot("b4-expired");
  await page.getByTestId("claim-again").click();
  await buyer.tells("掉色 / 变色", "还是掉色，这次马上寄", "退货");
  await buyer.next();
  await buyer.shoots(["whole", "close", "label", "packaging"], some(4));
  await buyer.next();
  await buyer.sends();
  await buyer.newest();
  await buyer.stands("now_submitted");
  expect((await office.rows("claims", 'sales_order.number = "E2E-GQ-1"')).map((c) => c.state).sort()).toEqual(["expired", "submitted"]);
  await buyer.opens(kept);
  await buyer.stands("now_awaiting_goods");
  await phone.shot("b4-kept");
  await page.getByTestId("buyer-back").click();
  await expect(page.locator('[data-testid="claim-row"][data-state="expired"]').first()).toContainText("申请已关闭");
  await phone.shot("b4-home");
  await allWell(customer, tablets);
});
