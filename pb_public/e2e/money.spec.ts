import { expect, test } from "@playwright/test";
import { useHouse } from "./pages/house";
import { Gate, Till } from "./pages/money";
import type { Row } from "./pages/office";
import { Reception } from "./pages/reception";
import { smallPhotos } from "./photos";

const { office, open } = useHouse(30);

test("D-06 D-07 D-09 two payers, paid, a pass made and verified offline, used once, its second use found", async ({ browser }) => {
  const order = await office.one("work_orders", 'state = "ready"');
  const job = await office.one("jobs", `work_order = "${order.id}"`);
  const visit = await office.one("visits", `id = "${order.visit}"`);
  const plate = String((await office.one("vehicles", `id = "${visit.vehicle}"`)).plate);
  const car = new RegExp(plate.slice(-4));

  const cashier = await open(browser);
  await cashier.signIn("zhao");
  const till = new Till(cashier);
  const one = await open(browser, { width: 390, height: 844 });
  await one.signIn("lin");
  const two = await open(browser, { width: 390, height: 844 });
  await two.signIn("lin");
  const [gate, other] = [new Gate(one), new Gate(two)];

  await test.step("the cashier's tablet is certified while it is online", async () => {
    await cashier.go("/cashier");
    await expect(cashier.page.getByTestId("certified")).toHaveAttribute("data-until", /^\d{4}-/);
  });

  await test.step("D-07 an unpaid car gets no pass, by hand neither", async () => {
    await till.open(order.id);
    await expect(cashier.page.getByTestId("make-pass")).toHaveCount(0);
    const now = new Date().toISOString().replace("T", " ");
    const asked = office.create("zhao", "gate_passes", { shop: order.shop, visit: visit.id, number: "X1", state: "issued", plate, issued_at: now, valid_until: now.replace(/^\d{4}/, "2099") });
    await expect(asked).rejects.toThrow(/gate\.order_open/);
  });

  await test.step("D-06 offline: a settlement with two payers, signed", async () => {
    await one.offline();
    await two.offline();
    await cashier.offline();
    await till.share(job.id, "insurer", "100");
    await cashier.tap("issue");
    await expect(cashier.page.getByTestId("settlement")).toHaveAttribute("data-state", "issued");
    await till.sign();
    await expect(cashier.page.getByTestId("settle"), "nothing is settled before both have paid").toHaveCount(0);
  });

  await test.step("D-07 the customer pays, the insurer is still open: no settling, no pass", async () => {
    await cashier.page.getByTestId("payer-customer").click();
    await cashier.tap("take");
    await expect(cashier.page.getByTestId("payer-customer")).toHaveAttribute("data-open", "0");
    await expect(cashier.page.getByTestId("settle")).toHaveCount(0);
    await expect(cashier.page.getByTestId("make-pass")).toHaveCount(0);
    await cashier.page.getByTestId("payer-insurer").click();
    await cashier.tap("take");
    await expect(cashier.page.getByTestId("payer-insurer")).toHaveAttribute("data-open", "0");
  });

  let token = "";
  await test.step("D-07 settled; the tablet makes the pass without a network", async () => {
    await cashier.tap("settle");
    await expect(cashier.page.getByTestId("bill")).toHaveAttribute("data-state", "settled");
    await cashier.tap("make-pass");
    const pass = await till.pass();
    expect(pass.offline, "signed by the tablet's own certified key").toBe(true);
    await expect(cashier.page.locator("svg.qr")).toBeVisible();
    token = pass.token;
  });

  await test.step("D-07 the guard's phone, offline, has never heard of the pass and verifies it; a forged one fails", async () => {
    const forged = token.split(".").with(5, Buffer.from("沪B00000").toString("base64url")).join(".");
    await gate.refused(forged, "seal.broken");
    await gate.refused("https://example.com/pass", "gate.unreadable");
    await gate.letOut(token, car);
    await gate.refused(token, "gate.used_before");
    await expect(one.page.locator("main")).toContainText(/SH-P\S+ 已在 今天 \d\d:\d\d 用过/);
  });

  await test.step("D-07 a second phone, offline too, cannot know: it opens", () => other.letOut(token, car));

  await test.step("D-07 everybody is back: used once, released, and the second use is found", async () => {
    await cashier.online();
    await one.online();
    await expect.poll(async () => (await office.one("gate_passes", `visit = "${visit.id}"`)).state, { timeout: 30_000 }).toBe("used");
    await expect.poll(async () => (await office.one("visits", `id = "${visit.id}"`)).state).toBe("released");
    expect((await office.one("work_orders", `id = "${order.id}"`)).state).toBe("released");
    await two.online();
    await expect.poll(async () => (await office.rows("gate_uses")).flatMap((u) => ((u.flags as { code: string }[] | null) ?? []).map((f) => f.code)), { timeout: 30_000 }).toEqual(["gate.used_twice"]);
    await cashier.go("/cashier");
    await cashier.tap("desk-gate");
    await expect(cashier.page.getByTestId("flagged-use")).toHaveCount(1);
  });

  await test.step("D-06 the ledger says what the settlement says", async () => {
    const settlement = await office.one("settlements", `work_order = "${order.id}"`);
    const paid = (await office.rows("payments", `work_order = "${order.id}"`)).reduce((sum, p: Row) => sum + Number(p.fen), 0);
    expect(settlement.state).toBe("settled");
    expect(paid).toBe(settlement.total_fen);
  });
  for (const tablet of [cashier, one, two]) expect(tablet.errors).toEqual([]);
});

test("R-02 R-10 E-08 D-07 who only came to ask gets the key back and leaves by a pass, offline until the gate", async ({ browser }) => {
  const [advisor, cashier, guard] = [await open(browser), await open(browser), await open(browser, { width: 390, height: 844 })];
  await advisor.signIn("chen");
  await cashier.signIn("zhao");
  await guard.signIn("lin");
  const reception = new Reception(advisor);
  await advisor.installed();
  await advisor.offline();
  await reception.receive("8K359", "48300", /咨询/);
  await advisor.go(`/visit/${reception.visit}/belongings`);
  await advisor.tap("key-quick");
  await advisor.go(`/visit/${reception.visit}/readback`);
  await advisor.tap("leaves-again");
  await advisor.tap("keys-back");
  await expect(advisor.page.getByTestId("keys-back")).toHaveCount(0);
  await advisor.tap("leave");
  await expect(advisor.page.getByTestId("refused-estimate")).toHaveAttribute("data-state", "left");
  await advisor.online();
  await cashier.go("/cashier");
  await cashier.tap("desk-leaving");
  await cashier.tap(`leaver-${reception.visit}`);
  await cashier.tap("make-pass");
  const { token } = await new Till(cashier).pass();
  await cashier.drained();
  await new Gate(guard).letOut(token, /8K359/);
  await guard.drained();
  await cashier.go("/cashier");
  await cashier.tap("desk-leaving");
  await expect(cashier.page.getByTestId(`leaver-${reception.visit}`)).toHaveCount(0);
});

test("E-08 D-07 the diagnosis was signed, the repair is not wanted: only the fee is settled, and then the car may leave", async ({ browser }) => {
  const fee = 12_000;
  const [advisor, cashier, guard] = [await open(browser), await open(browser), await open(browser, { width: 390, height: 844 })];
  await advisor.signIn("xu");
  await cashier.signIn("zhao");
  await guard.signIn("lin");
  const reception = new Reception(advisor), till = new Till(cashier);
  const [near, far] = await smallPhotos(browser, 2);
  await test.step("an order for a diagnosis and a repair is signed", async () => {
    await reception.receive("8K359", "48310");
    await reception.concern("右前轮响。");
    await reception.confirmConcern();
    await reception.mark(near!, far!);
    await reception.lookAtEverything();
    await reception.belongings();
    await reception.diagnosis("查右前悬架异响", "120");
    await reception.job("换右前减振器", "380");
    await reception.readBack();
    await reception.sign();
    await advisor.drained();
  });
  const order = await office.one("work_orders", `visit = "${reception.visit}"`);
  await test.step("E-08 the customer wants nothing else: the fee stays, the repair is called off", async () => {
    await advisor.go(`/order/${order.id}`);
    await advisor.tap("closing");
    await expect(advisor.page.getByTestId("close-with-fee")).toContainText("120");
    await advisor.tap("close-with-fee");
    await advisor.drained();
    expect((await office.one("work_orders", `id = "${order.id}"`)).state).toBe("declined");
    expect((await office.rows("jobs", `work_order = "${order.id}"`)).map((j) => [j.diagnosis_only, j.state]).sort()).toEqual([[false, "cancelled"], [true, "approved"]]);
    await advisor.go(`/delivery/${reception.visit}`);
    for (const done of ["keys-back", "covers-off"]) if (await advisor.page.getByTestId(done).isVisible()) await advisor.tap(done);
    await advisor.tap("leave");
    await advisor.drained();
  });
  await test.step("D-07 before the fee is paid there is no pass", async () => {
    await cashier.go("/cashier");
    await cashier.tap("desk-leaving");
    await expect(cashier.page.getByTestId(`leaver-${reception.visit}`)).toHaveCount(0);
    await cashier.go(`/delivery/${reception.visit}`);
    await expect(cashier.page.getByTestId("fee-first")).toContainText(order.number as string);
    await expect(cashier.page.getByTestId("make-pass")).toHaveCount(0);
    await till.open(order.id);
    await expect(cashier.page.getByTestId("make-pass")).toHaveCount(0);
    const asked = office.create("zhao", "gate_passes", { shop: order.shop, visit: reception.visit, number: "X2", state: "issued", plate: "沪A8K359", issued_at: new Date().toISOString().replace("T", " "), valid_until: "2099-01-01 00:00:00.000Z" });
    await expect(asked).rejects.toThrow(/settlement\.job_open/);
  });
  await test.step("D-06 the bill is the fee, no fen more", async () => {
    await cashier.tap("issue");
    await till.sign();
    await till.amount(fee / 100);
    await cashier.tap("take");
    await expect(cashier.page.getByTestId("payer-customer")).toHaveAttribute("data-open", "0");
    await cashier.tap("settle");
    await expect(cashier.page.getByTestId("settlement")).toHaveAttribute("data-state", "settled");
    await cashier.drained();
    const [settlement] = await office.rows("settlements", `work_order = "${order.id}"`);
    expect([settlement!.state, settlement!.total_fen]).toEqual(["settled", fee]);
  });
  await test.step("D-07 the pass is made, the car leaves", async () => {
    await cashier.go(`/delivery/${reception.visit}`);
    await expect(cashier.page.getByTestId("fee-first")).toHaveCount(0);
    await cashier.tap("make-pass");
    const { token } = await till.pass();
    await cashier.drained();
    await new Gate(guard).letOut(token, /8K359/);
    await guard.drained();
    await expect.poll(async () => (await office.one("gate_passes", `visit = "${reception.visit}"`)).state, { timeout: 30_000 }).toBe("used");
  });
  for (const tablet of [advisor, cashier, guard]) expect(tablet.errors).toEqual([]);
});
