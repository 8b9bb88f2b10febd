import { expect, test } from "@playwright/test";
import { Comeback } from "./pages/comeback";
import { useHouse } from "./pages/house";
import { cameraPhotos } from "./photos";

const { office, open } = useHouse(47);

test("C-01 C-02 D-08 W-08 E-10 a car comes back offline under warranty; the library answers; the claim goes its way", async ({ browser }) => {
  const old = await office.one("work_orders", 'state = "released"');
  const [pads, rack] = (await office.rows("jobs", `work_order = "${old.id}"`)).sort((a, b) => Number(a.position) - Number(b.position)) as [{ id: string }, { id: string }];
  const before = await office.one("visits", `id = "${old.visit}"`);
  const vehicle = await office.one("vehicles", `id = "${before.vehicle}"`);
  const odometer = Number(before.odometer_km) + 900;

  const advisor = await open(browser);
  await advisor.signIn("chen");
  await advisor.installed();
  const desk = new Comeback(advisor);
  let visit = "";

  await test.step("D-08 the vehicle's file shows what is guaranteed", async () => {
    await advisor.go(`/files/${vehicle.id}`);
    await expect(advisor.page.getByTestId("warranty").locator('[data-stands="true"]').first()).toBeVisible();
  });

  await test.step("C-01 offline: the earlier job is picked at the reception, still under warranty", async () => {
    await advisor.offline();
    visit = await desk.receive(String(vehicle.plate).slice(-4), String(odometer), pads.id);
    await advisor.online();
    expect(await office.one("visits", `id = "${visit}"`)).toMatchObject({ purpose: "comeback", comeback_of: pads.id });
  });

  const order = await office.create("chen", "work_orders", { shop: before.shop, visit, number: "SH-T-C01", state: "draft" });
  const job = () => office.one("jobs", `work_order = "${order.id}" && comeback_of = "${pads.id}"`);

  await test.step("C-01 offline: mended again at the house's expense; the customer is not made to pay", async () => {
    await advisor.go(`/order/${order.id}`);
    await expect(advisor.page.getByTestId("comeback")).toBeVisible({ timeout: 30_000 });
    await advisor.offline();
    await advisor.tap("mend-again");
    await expect(advisor.page.getByTestId("customer-total")).toHaveText("¥0.00");
    const id = (await advisor.page.getByTestId(/^cause-/).first().getAttribute("data-testid"))!.slice(6);
    await desk.payer(id, /客户|Customer/);
    await expect(advisor.page.getByTestId("job-editor")).toContainText(/质量保证期内|under warranty/);
    await advisor.page.keyboard.press("Escape");
    await advisor.online();
    expect(await job()).toMatchObject({ payer: "internal", comeback_of: pads.id });
  });

  const expert = await open(browser);
  await expert.signIn("li");
  await expert.installed();
  await test.step("C-02 the expert decides, offline, and who and when is kept", async () => {
    await expert.go(`/order/${order.id}`);
    await expect(expert.page.getByTestId("decide")).toBeVisible({ timeout: 30_000 });
    await expert.offline();
    await new Comeback(expert).decide(/工艺|Workmanship/, "卡钳导向销没有清洁到位。");
    await expect(expert.page.getByTestId(/^cause-/).first()).toHaveAttribute("data-cause", "workmanship");
  });

  await test.step("W-08 the library answers by symptom without a network", async () => {
    await expert.go("/faults");
    await expert.page.getByTestId("symptom").fill("打方向响");
    await expect(expert.page.getByTestId(/^case-/).first()).toContainText("咯噔");
    await expert.page.getByTestId("symptom").fill("刹车抖");
    await expect(expert.page.getByTestId(/^case-/).first()).toContainText("方向盘抖动");
    await expert.online();
    expect(await job()).toMatchObject({ comeback_cause: "workmanship", comeback_cause_by: await office.staff("li") });
  });

  await test.step("E-10 a photo, sent in, approved, the money, the parts on their way", async () => {
    const claim = await office.one("warranty_claims", `job = "${rack.id}"`);
    const finance = await open(browser);
    await finance.signIn("song");
    await finance.installed();
    await finance.go("/warranty-claims");
    await finance.offline();
    await finance.tap(`warranty-claim-${claim.id}`);
    await finance.page.getByTestId("warranty-claim-photo").setInputFiles((await cameraPhotos(browser, 1))[0]!);
    await expect(finance.page.getByTestId("warranty-claim").locator("img").first()).toBeVisible({ timeout: 30_000 });
    await finance.tap("warranty-claim-submit");
    await expect(finance.page.getByTestId("warranty-claim")).toHaveAttribute("data-state", "submitted");
    await finance.tap("warranty-claim-approve");
    await expect(finance.page.getByTestId("warranty-claim")).toHaveAttribute("data-state", "approved");
    await finance.page.getByTestId("sent-note").fill("顺丰 SF1234567");
    await finance.tap("send-back");
    await expect(finance.page.getByTestId("warranty-claim")).toContainText("已寄回");
    await finance.tap("warranty-claim-pay");
    await expect(finance.page.getByTestId("warranty-claim")).toHaveAttribute("data-state", "paid");
    await finance.online();
    expect(await office.one("warranty_claims", `id = "${claim.id}"`)).toMatchObject({ state: "paid", paid_fen: 546000, label: "SP-Z01" });
  });
});
