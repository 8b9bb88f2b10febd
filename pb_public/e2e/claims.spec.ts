import { expect, test } from "@playwright/test";
import { smallPhotos } from "./photos";
import { ClaimDesk } from "./pages/claims";
import { useHouse } from "./pages/house";
import type { Row } from "./pages/office";
import { Tablet } from "./pages/tablet";

const { office, server } = useHouse(60);

/** An order of two pieces at 99 yuan, received yesterday. */
async function sell(number: string, exemptions: string[]): Promise<Row> {
  const { shop } = await office.one("claims", 'state = "submitted"'), ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().replace("T", " ");
  const times = { ordered_at: ago(4), shipped_at: ago(3), received_at: ago(1) };
  const order = await office.create("gao", "sales_orders", { shop, platform: "天猫", external_id: number, number, revision: 1, state: "incoming", customer_name: "林小雨", phone: "13800138001", ...times, items_fen: 19_800, shipping_fen: 800, paid_fen: 20_600 });
  await office.create("gao", "sales_items", { shop, sales_order: order.id, line_number: 1, sku: "XB-102", name: "托特包", quantity: 2, unit_fen: 9_900, paid_fen: 19_800, exemptions });
  return office.patch("gao", "sales_orders", order.id, { state: "placed" });
}

test("L-02 L-07 L-08 L-09 L-13 a quality return: filed on the telephone, judged, sent, checked at the dock, refunded; L-15 an exempt one is not insisted upon", async ({ browser }) => {
  const things = ["product", "outer_packing", "tags", "return_slip", "accessories"];
  const [agent, dock, finance] = await Promise.all(["feng", "tang", "song"].map(async (login, i) => {
    const tablet = await Tablet.open(browser, server, 61 + i);
    await tablet.signIn(login);
    return tablet;
  })) as [Tablet, Tablet, Tablet];
  const [desk, ramp, till] = [new ClaimDesk(agent), new ClaimDesk(dock), new ClaimDesk(finance)];
  const [order, exempt] = [await sell("E2E-TH-1", []), await sell("E2E-TH-2", ["made_to_order"])];
  let id = "";

  const photos = await smallPhotos(browser, things.length);
  await test.step("L-02 L-07 offline: filed, a photo that came by WeChat attached, and not approved before it is judged", async () => {
    await agent.go("/claims/new");
    await expect(agent.page.getByTestId("new-find")).toBeVisible();
    await agent.go(`/claims/${(await office.one("claims", 'state = "negotiating"')).id}`);
    await desk.stands("negotiating");
    await agent.offline();
    id = await desk.file(String(order.number), "拉链拉不动，第一天就坏了");
    await agent.tap("attach-open");
    await agent.page.getByTestId("attach-source").getByText("微信").click();
    await agent.page.getByTestId("attach-slot").getByText("瑕疵近照").click();
    await agent.page.getByTestId("attach-note").fill("客户打不开页面，发在微信里");
    await agent.page.getByTestId("attach-files").setInputFiles(photos[0]!);
    await expect(agent.page.getByTestId("attached-close")).toHaveAttribute("data-counts", "false");
    await agent.tap("counts");
    await agent.page.getByTestId("counts-reason").fill("微信里看得到发送时间");
    await agent.tap("counts-save");
    await expect(agent.page.getByTestId("attached-close")).toHaveAttribute("data-counts", "true");
    await expect(agent.page.getByTestId("approve")).toHaveAttribute("aria-disabled", "true");
    await expect(agent.page.getByTestId("decide")).toContainText("请先给出质量结论");
    await desk.judge("quality", "破损");
    await agent.tap("approve");
    await desk.stands("awaiting_goods");
    await expect(agent.page.getByTestId("until").first()).toContainText("寄出截止");
    await agent.online();
    expect(await office.one("photos", `subject_record = "${id}"`)).toMatchObject({ slot: "close", source: "wechat", evidence_reason: "微信里看得到发送时间", evidence_by: await office.staff("feng") });
    expect(await office.one("claims", `id = "${id}"`)).toMatchObject({ state: "awaiting_goods", lane: "return_exchange", freight: "company" });
  });

  await test.step("L-08 L-09 the slip is scanned, the parcel taken, everything ticked with its photo; nothing less is accepted", async () => {
    await ramp.scan("AC-RMA:nosuchclaim0000");
    await expect(dock.page.getByTestId("dock-unknown")).toBeVisible();
    await ramp.scanKnown({ slip: id });
    await ramp.parcel("SF778001");
    await ramp.stands("in_transit");
    await dock.tap("receive");
    await ramp.stands("received");
    await expect(dock.page.getByTestId("accept")).toHaveAttribute("aria-disabled", "true");
    for (const [i, thing] of things.entries()) await ramp.shoot(thing, photos[i]!);
    await dock.tap("accept");
    await ramp.stands("accepted");
    await dock.drained();
  });

  await test.step("L-13 finance refunds exactly what is due, once, and signs it off", async () => {
    const due = 9_900; // one of two pieces: no shipping with it
    await finance.go("/refunds");
    await finance.page.getByTestId(`claim-${id}`).click();
    await expect(finance.page.getByTestId("claim-money")).toHaveAttribute("data-due", String(due));
    await finance.page.getByTestId("refund-reference").fill("WX4200001");
    await finance.tap("refund");
    await till.stands("refund_pending");
    await expect(finance.page.getByTestId("refund")).toHaveCount(0);
    await finance.tap("sign-off");
    await till.stands("completed");
    await finance.drained();
    expect((await office.rows("refunds", `claim = "${id}"`)).map((r) => r.fen)).toEqual([due]);
    const again = office.create("song", "refunds", { shop: order.shop, claim: id, kind: "refund", fen: due, method: "original" });
    await expect(again).rejects.toThrow(/refund\.not_due/);
    await expect(agent.page.getByTestId("claim"), "the agent's tablet has heard").toHaveAttribute("data-state", "completed");
  });

  await test.step("L-15 goods made to order: no insisting, rejected with a reason", async () => {
    await desk.file(String(exempt.number), "没有毛病，不想要了");
    await desk.judge("none", "不合心意");
    await expect(agent.page.getByTestId("insisted")).toHaveCount(0);
    await agent.tap("reject");
    await agent.page.getByTestId("canned-rejection").getByRole("button", { name: "已经使用" }).click();
    await agent.tap("step-save");
    await desk.stands("rejected");
    await agent.drained();
  });
  for (const tablet of [agent, dock, finance]) expect(tablet.errors).toEqual([]);
});
