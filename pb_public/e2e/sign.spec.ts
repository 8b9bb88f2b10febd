import { expect, test } from "@playwright/test";
import { useHouse } from "./pages/house";
import { Phone } from "./pages/phone";

// What a customer signs on their own phone, and what anyone may check of it afterwards.
const { office, open, server } = useHouse(1700);

// An order that waits for no word of the demo's own: all that the customer decides here is this file's.
let chosen = "";

async function supplement(work: string): Promise<{ order: string; job: string }> {
  const waiting = new Set((await office.rows("jobs", 'state = "proposed" && origin = "supplement"')).map((j) => j.work_order));
  const order = (await office.rows("work_orders", 'state = "in_progress"')).find((o) => o.number && (o.id === chosen || !waiting.has(o.id)))!;
  chosen = order.id;
  const job = await office.create("xu", "jobs", {
    shop: order.shop, visit: order.visit, work_order: order.id, origin: "supplement", state: "proposed", work, labour_minutes: 40, labour_fen: 16_000, payer: "customer", safety: true,
    found_note: "含水量 4 %，建议更换", priced_at: new Date().toISOString(),
    parts: [{ name: "制动液", number: "DOT4", quantity_milli: 1_000, unit: "L", unit_fen: 9_800, origin: "shop", grade: "genuine" }],
  });
  return { order: String(order.id), job: String(job.id) };
}

test("S-05 S-06 S-03 the customer decides line by line on the phone; the seal is checked by anyone, an altered PDF is refused", async ({ browser }) => {
  const { order, job } = await supplement("更换制动液");
  const declined = await supplement("更换雨刮片");
  const tablet = await open(browser);
  await tablet.signIn("xu");
  await tablet.go(`/order/${order}`);
  let url = "";
  await test.step("the advisor sends the link", async () => {
    await tablet.tap("send-link");
    await tablet.tap("link-hand");
    const sent = tablet.page.getByTestId("link-sent");
    await expect(sent).toBeVisible();
    url = (await sent.getAttribute("data-url"))!;
    expect(url).toContain("/portal#");
  });
  const phone = await Phone.open(browser, server.url);
  await test.step("opening it twice uses nothing up", async () => {
    await phone.visit(url);
    await phone.visit(url);
    await expect(phone.line(job)).toContainText("含水量 4 %");
    await expect(tablet.page.getByTestId("link-row").first()).toHaveAttribute("data-state", "opened", { timeout: 30_000 });
    await phone.shot("portal");
  });
  await test.step("one line approved, one declined, signed, with the one-time code", async () => {
    await phone.say(job, true);
    await phone.say(declined.job, false);
    await phone.sign();
    const answers = await phone.holds("**/api/portal/code");
    await phone.page.getByTestId("send-code").click();
    await answers.held;
    await phone.page.getByTestId("portal-code").fill("000000");
    await phone.page.getByTestId("portal-send").click();
    await expect(phone.page.getByTestId("refusal"), "the answer to the code is still on its way").toHaveAttribute("data-code", "link.code_wrong");
    answers.release();
    await expect(phone.page.getByTestId("code-sent")).toBeVisible();
    await phone.page.getByTestId("portal-code").fill(await office.sms(/(?<=验证码 )\d{6}/));
    await phone.page.getByTestId("portal-send").click();
    await expect(phone.page.getByTestId("portal-done")).toBeVisible();
    await phone.shot("portal-done");
  });
  await test.step("the advisor countersigns: the jobs follow", async () => {
    await tablet.page.getByTestId("link-sheet").getByRole("button").last().click();
    await tablet.tap("portal-countersign");
    await expect.poll(async () => (await office.one("jobs", `id = "${job}"`)).state, { timeout: 30_000 }).toBe("approved");
    await expect.poll(async () => (await office.one("jobs", `id = "${declined.job}"`)).state, { timeout: 30_000 }).toBe("declined");
    const no = await office.one("jobs", `id = "${declined.job}"`);
    expect(no.declined_at).not.toBe("");
    expect(no.declined_told_by, "their own page told the workshop").toBe("");
  });
  await test.step("S-03 the advisor's own tablet checks every seal of the order, without a network", async () => {
    await tablet.offline();
    await tablet.go(`/order/${order}`);
    const seals = tablet.page.getByTestId("seal");
    await expect(seals.first()).toHaveAttribute("data-seal", "good");
    expect(await seals.evaluateAll((all) => [...new Set(all.map((s) => (s as HTMLElement).dataset.seal))])).toEqual(["good"]);
    await tablet.online();
  });
  const consent = await office.one("consents", 'kind = "portal"');
  await test.step("anyone may check the code, in both languages", async () => {
    await phone.page.getByRole("link", { name: "核对这份签字" }).click();
    await expect(phone.verdict).toHaveAttribute("data-state", "valid");
    await expect(phone.verdict).toContainText(String(consent.sha256));
    await phone.page.getByTestId("verify-lang").click();
    await expect(phone.verdict).toContainText("Genuine");
    await phone.shot("verify");
    await phone.check("00000000000000000000000000");
    await expect(phone.verdict).toHaveAttribute("data-state", "unknown");
  });
  await test.step("the PDF is genuine, and with one byte altered it is not", async () => {
    const pdf = await office.bytes("xu", `/api/papers/supplement/${order}?lang=zh`);
    await phone.file("order.pdf", "application/pdf", pdf);
    await expect(phone.verdict).toHaveAttribute("data-state", "valid");
    const altered = Buffer.from(pdf);
    altered[Math.floor(altered.length / 2)]! ^= 1;
    await phone.file("order.pdf", "application/pdf", altered);
    await expect(phone.verdict).toHaveAttribute("data-state", "invalid");
    await phone.shot("verify-altered");
  });
  await test.step("voided later, it says so", async () => {
    await office.patch("xu", "consents", String(consent.id), { state: "void", void_reason: "客户改主意" });
    await phone.check(String(consent.code));
    await expect(phone.verdict).toHaveAttribute("data-state", "voided");
  });
  await phone.close();
  expect(tablet.errors).toEqual([]);
});

test("S-05 what changes after the link was sent voids it, and the phone says what", async ({ browser }) => {
  const { order, job } = await supplement("更换电瓶");
  const tablet = await open(browser);
  await tablet.signIn("xu");
  await tablet.go(`/order/${order}`);
  await tablet.tap("send-link");
  await tablet.tap("link-hand");
  const url = (await tablet.page.getByTestId("link-sent").getAttribute("data-url"))!;
  const phone = await Phone.open(browser, server.url);
  await phone.visit(url);
  await expect(phone.line(job)).toBeVisible();
  await office.patch("xu", "jobs", job, { labour_fen: 20_000 });
  await phone.visit(url);
  await expect(phone.page.getByTestId("portal-changed")).toContainText("¥298");
  await phone.shot("portal-changed");
  await expect(tablet.page.getByTestId("link-row").first()).toHaveAttribute("data-state", "changed", { timeout: 30_000 });
  await test.step("offline the advisor is told that a link needs the network", async () => {
    await tablet.offline();
    await expect(tablet.page.getByTestId("link-message")).toHaveCount(0);
    await tablet.page.getByTestId("link-revoke").first().click();
    await expect(tablet.page.getByTestId("link-row").first()).toHaveAttribute("data-state", "revoked");
    await tablet.online();
  });
  await phone.visit(url);
  await expect(phone.page.getByTestId("portal-over")).toBeVisible();
  await phone.close();
});
