import { expect, test } from "@playwright/test";
import { useHouse } from "./pages/house";
import { PartsStore } from "./pages/store";

// The parts store: a pick signed at the counter without a network, the last one gone to somebody else, a count approved by
// another person.
const { office, open, visitOf } = useHouse(950);
const pictures = process.env.PARTS_PICTURES;

const orderOf = async (visit: string) => office.one("work_orders", `visit = "${await visitOf(visit)}"`);
const partOf = (number: string) => office.one("parts", `number = "${number}"`);

test("W-04 P-01 S-01 an offline pick at the counter, and the last one that somebody else took first", async ({ browser }) => {
  const [wipers, last] = [await orderOf("Z06"), await orderOf("Z05")];
  const kit = await partOf("KIT-60K");
  const counter = await open(browser), second = await open(browser);
  await counter.signIn("sun");
  await second.signIn("tang");
  await counter.installed();
  const store = new PartsStore(counter), other = new PartsStore(second);
  await counter.offline();

  // An ordinary pick without a network.
  await store.open(String(wipers.number));
  await expect(counter.page.getByTestId("line-5G1998002A")).toBeVisible();
  await store.pickAll();
  await expect(counter.page.getByTestId("back-5G1998002A")).toBeVisible();
  await expect.poll(async () => (await store.levels("5G1998002A")).store).toBe("25");

  // The last kit: what is frozen for the order is scrapped on another tablet meanwhile.
  await store.open(String(last.number));
  await store.pickAll();
  const level = (await other.levels("KIT-60K")).store;
  await second.tap("move-adjust");
  await second.page.getByTestId("amount").fill(level);
  await second.page.getByTestId("move-reason").fill("包装进水，报废");
  await second.tap("amount-now");
  await expect(second.page.getByTestId("amount-sheet")).toBeHidden();
  await expect.poll(async () => (await partOf("KIT-60K")).store_milli).toBe(0);

  counter.link.set("up");
  await counter.tryNow();
  await expect(counter.strip).toHaveAttribute("data-pending", "0", { timeout: 30_000 });
  await expect.poll(async () => (await office.rows("stock_moves", `kind = "out" && work_order = "${wipers.id}"`)).length, { timeout: 30_000 }).toBe(1);
  expect(await office.rows("stock_moves", `job.work_order = "${last.id}" && kind = "out"`)).toHaveLength(0);

  // The refusal is shown with who and what to do, and its way out leads to the counter.
  await counter.go("/queue");
  const card = counter.page.getByTestId("refused-card").or(counter.page.locator("[data-code^='stock.']")).first();
  await expect(card).toContainText("唐军取走的（包装进水，报废）");
  await expect(counter.page.getByText(/60,000 km 保养套件/).first()).toBeVisible();
  if (pictures) await counter.page.screenshot({ path: `${pictures}/refused.png` });
  await counter.page.keyboard.press("Escape");

  // Mended: a delivery is checked in, the refused pick is made again.
  await second.go("/parts/purchasing");
  await second.tap("receive-other");
  await second.page.getByTestId("receive-find").fill("KIT-60K");
  await second.page.getByTestId("amount-sheet").getByRole("button", { name: /KIT-60K/ }).click();
  for (const item of ["papers", "packing", "number", "quantity", "surface", "genuine"]) await second.tap(`item-${item}-ok`);
  if (pictures) await second.page.screenshot({ path: `${pictures}/receive.png` });
  await second.tap("amount-now");
  await expect(second.page.getByTestId("amount-sheet")).toBeHidden();
  await expect.poll(async () => (await partOf("KIT-60K")).store_milli).toBe(1000);
  await expect.poll(async () => (await counter.rows<{ id: string; store_milli: number }>("parts")).find((p) => p.id === kit.id)?.store_milli, { timeout: 30_000, message: "the counter has heard of the delivery" }).toBe(1000);
  await store.open(String(last.number));
  await expect(counter.page.getByTestId("line-KIT-60K")).toContainText("1");
  await store.pickAll();
  await expect.poll(async () => (await office.rows("stock_moves", `work_order = "${last.id}" && kind = "out"`)).length, { timeout: 30_000 }).toBe(1);
  const after = await office.one("parts", `id = "${kit.id}"`);
  expect([after.store_milli, after.workshop_milli]).toEqual([0, 0]);
  expect([...counter.errors, ...second.errors]).toEqual([]);
});

test("P-01 a count: differences are approved by another person and booked in one go", async ({ browser }) => {
  const counter = await open(browser), manager = await open(browser);
  await counter.signIn("sun");
  await counter.installed();
  await counter.offline();
  await counter.go("/parts/counts");
  await counter.tap("count-new");
  await counter.page.getByTestId("count-title").fill("11 月盘点 B-04");
  await counter.page.getByTestId("count-shelf").fill("B-04");
  await counter.tap("amount-now");
  await expect(counter.page.getByTestId("sheet")).toBeVisible();
  for (const number of ["5NA807421", "5NA821105", "5NA837461"]) await counter.tap(`agrees-${number}`);
  const bumper = counter.page.getByTestId("counted-5NA807217");
  await bumper.fill("3");
  await bumper.blur();
  const mirror = counter.page.getByTestId("counted-5NA857507");
  await mirror.fill("1");
  await mirror.blur();
  if (pictures) await counter.page.screenshot({ path: `${pictures}/count.png` });
  await counter.tap("count-submit");
  await expect(counter.page.getByTestId("sheet")).toHaveAttribute("data-state", "counted");
  await counter.online();

  await manager.signIn("gao");
  await manager.go("/parts/counts");
  await manager.tap("count-11 月盘点 B-04");
  await manager.tap("count-approve");
  await expect(manager.page.getByTestId("sheet")).toHaveAttribute("data-state", "approved");
  await manager.drained();
  expect((await partOf("5NA807217")).store_milli).toBe(3000);
  const booked = await office.rows("stock_moves", `stock_count.title = "11 月盘点 B-04"`);
  expect(booked.map((m) => [m.kind, m.to_place, m.quantity_milli])).toEqual([["count", "store", 2000]]);
  expect([...counter.errors, ...manager.errors]).toEqual([]);
});

test("W-09 P-02 B-06 E-02 tools, proposals with their deposit, stock state on the estimate", async ({ browser }) => {
  const tablet = await open(browser), desk = await open(browser);
  await tablet.signIn("sun");
  await tablet.go("/parts/tools");
  await expect(tablet.page.getByTestId("tools-out")).toContainText("逾期");
  await tablet.tap("tool-back-T-02");
  await expect(tablet.page.getByTestId("tool-lend-T-02")).toBeVisible();
  await tablet.tap("tool-lend-T-03");
  await tablet.chip("borrower", "郭涛");
  await tablet.tap("amount-now");
  await expect(tablet.page.getByTestId("tool-back-T-03")).toBeVisible();
  await tablet.drained();
  expect((await office.rows("tool_loans", 'state = "lent"')).length).toBe(2);

  // An advisor writes a dear part into a job: not here, with its day, and a substitute that is.
  await desk.signIn("chen");
  const order = await orderOf("Z04");
  await desk.go(`/order/${order.id}`);
  await desk.tap("add-job");
  await desk.page.getByTestId("job-work").fill("更换左前减振器");
  await desk.tap("part-add");
  await expect(desk.page.getByTestId(/^part-\d+$/).first()).toBeVisible();
  const line = (await desk.page.getByTestId(/^part-\d+$/).count()) - 1;
  await desk.page.getByTestId(`part-${line}-name`).fill("减振器");
  await desk.page.getByTestId(`part-${line}-stock-use-5Q0413031`).click();
  await expect(desk.page.getByTestId(`part-${line}-stock`)).toContainText("需订货");
  if (pictures) await desk.page.screenshot({ path: `${pictures}/estimate.png` });
  await desk.page.getByTestId(`part-${line}-number`).fill("5Q0698151");
  await expect(desk.page.getByTestId(`part-${line}-stock`)).toContainText("有货");
  expect([...tablet.errors, ...desk.errors]).toEqual([]);
});

test("P-01 P-05 X-01 the store's screens, searched by a scanner, without a network", async ({ browser }) => {
  const tablet = await open(browser);
  await tablet.signIn("sun");
  await tablet.installed();
  await tablet.offline();
  await tablet.page.reload();
  await expect(tablet.page.getByTestId("waiting")).toBeVisible();
  const look = async (path: string, sign: string, name: string) => {
    await tablet.go(path);
    await expect(tablet.page.getByTestId(sign).first()).toBeVisible();
    if (pictures) await tablet.page.screenshot({ path: `${pictures}/${name}.png` });
  };
  await look("/parts", "waiting", "counter");
  await look("/parts/stock", "stock-list", "stock");
  await tablet.chip("stock-filter", /滞销/);
  await expect(tablet.page.getByTestId("stock-5NA941005")).toContainText("呆滞");
  if (pictures) await tablet.page.screenshot({ path: `${pictures}/slow.png` });
  await look("/parts/purchasing", "group-ordered", "purchasing");
  await look("/parts/counts", "count-new", "counts");
  await look("/parts/tools", "tools-out", "tools");
  await tablet.go("/parts/stock");
  await tablet.page.getByTestId("stock-find").fill("06l115562b");
  await tablet.page.getByTestId("stock-find").press("Enter");
  await expect(tablet.page.getByTestId("ledger")).toContainText("调整");
  if (pictures) await tablet.page.screenshot({ path: `${pictures}/part.png` });
  await tablet.tap("label-open");
  await expect(tablet.page.getByTestId("label").locator("rect").first()).toBeVisible();
  if (pictures) await tablet.page.screenshot({ path: `${pictures}/label.png` });
  expect(tablet.errors).toEqual([]);
});
