import { expect, test } from "@playwright/test";
import { desk, findPlaces, id, look, open, phone, type Places } from "./pages/gallery";
import { useHouse } from "./pages/house";
import type { Look } from "./pages/look";
import { Counter, Gate, Till } from "./pages/money";

// Every screen of calendar, parts store, cashier, delivery, gate and list of what is due, in the gallery's dresses, on a
// tablet and on a phone.
const { server, office } = useHouse(2500);
let places: Places;
test.beforeAll(async () => void (places = await findPlaces(office)));

const row = async (collection: string, filter = "") => (await office.rows(collection, filter))[0]?.id ?? "";

test("B-01 B-04 B-08 R-01 the calendar's screens", async ({ browser }) => {
  test.setTimeout(600_000);
  const appointment = await row("appointments", 'state = "confirmed" || state = "requested"');
  const walk = (prefix: string) => async (l: Look) => {
    await open(l, "/book", id("new-appointment"), `${prefix}book`);
    await open(l, "/book/new", id("search"), `${prefix}book-new`);
    await open(l, `/book/${appointment}`, id("needs-said"), `${prefix}book-appointment`);
    await open(l, "/prepare", "main", `${prefix}prepare`);
    await open(l, "/arrivals", id("peak"), `${prefix}arrivals`);
    await open(l, "/book/stats", id("range"), `${prefix}book-stats`);
  };
  await look(browser, { server, places }, "xu", desk, 2501, walk(""));
  await look(browser, { server, places }, "xu", phone, 2502, walk("phone-"));
});

test("P-01 P-02 P-05 W-04 W-09 the parts store's screens", async ({ browser }) => {
  test.setTimeout(600_000);
  const [part, count, order] = [await row("parts"), await row("stock_counts"), places.orders.Z10!];
  const walk = (prefix: string) => async (l: Look) => {
    await open(l, "/parts", "[data-testid^=waiting-], main", `${prefix}parts`);
    await open(l, `/parts/order/${order}`, "[data-testid^=pick-], main", `${prefix}parts-pick`);
    await open(l, "/parts/stock", id("stock-find"), `${prefix}parts-stock`);
    await open(l, `/parts/stock/${part}`, "main", `${prefix}parts-part`);
    await open(l, "/parts/purchasing", "main", `${prefix}parts-purchasing`);
    await open(l, "/parts/counts", "main", `${prefix}parts-counts`);
    if (count) await open(l, `/parts/counts/${count}`, "main", `${prefix}parts-count`);
    await open(l, "/parts/tools", "main", `${prefix}parts-tools`);
  };
  await look(browser, { server, places }, "sun", desk, 2503, walk(""));
  await look(browser, { server, places }, "sun", phone, 2504, walk("phone-"));
});

test("D-01 D-06 D-07 cashier, delivery, pass and gate", async ({ browser }) => {
  test.setTimeout(600_000);
  const order = await office.one("work_orders", 'state = "ready"');
  let pass = "";
  await look(browser, { server, places }, "zhao", desk, 2505, async (l) => {
    const till = new Till(l.tablet);
    await open(l, "/cashier", "main", "cashier");
    await till.open(order.id);
    if (!pass) {
      await l.at("settle-lines");
      await l.tablet.tap("issue");
      await expect(l.page.getByTestId("settlement")).toHaveAttribute("data-state", "issued");
      await l.at("settle-issued");
      await till.sign();
      await l.tablet.tap("take");
      await expect(l.page.getByTestId("payer-customer")).toHaveAttribute("data-open", "0");
      await l.tablet.tap("settle");
      await expect(l.page.getByTestId("bill")).toHaveAttribute("data-state", "settled");
      await l.tablet.tap("make-pass");
      await till.pass();
      pass = /pass\/([a-z0-9]{15})/.exec(l.page.url())![1]!;
    }
    await open(l, `/cashier/${order.id}`, id("bill"), "settle");
    await open(l, `/pass/${pass}`, id("pass"), "pass");
  });
  await look(browser, { server, places }, "zhao", phone, 2506, async (l) => {
    await open(l, "/cashier", "main", "phone-cashier");
    await open(l, `/cashier/${order.id}`, id("bill"), "phone-settle");
    await open(l, `/pass/${pass}`, id("pass"), "phone-pass");
  });
  const delivery = (prefix: string) => async (l: Look) => {
    const counter = new Counter(l.tablet);
    await counter.open(String(order.visit));
    await counter.begin();
    await l.at(`${prefix}delivery`);
  };
  await look(browser, { server, places }, "xu", desk, 2507, delivery(""));
  await look(browser, { server, places }, "xu", phone, 2508, delivery("phone-"));
  const gate = (prefix: string) => async (l: Look) => {
    await open(l, "/gate", id("gate-code"), `${prefix}gate`);
    await new Gate(l.tablet).refused("AP1.rubbish", "gate.unreadable");
    await l.at(`${prefix}gate-refused`);
  };
  await look(browser, { server, places }, "lin", desk, 2509, gate(""));
  await look(browser, { server, places }, "lin", phone, 2510, gate("phone-"));
});

test("L-01 L-06 L-09 L-14 claims at the desk, the dock, the bench and in finance", async ({ browser }) => {
  test.setTimeout(600_000);
  const of = async (state: string) => row("claims", `state = "${state}"`);
  const [talked, arrived, mended] = [await of("negotiating"), await of("received"), await of("repairing")];
  const walk = (prefix: string) => async (l: Look) => {
    await open(l, "/claims", id("claim-list"), `${prefix}claims`);
    await open(l, `/claims/${talked}`, id("judge"), `${prefix}claim`);
    await open(l, `/claims/${arrived}`, id("completeness"), `${prefix}claim-arrival`);
    await open(l, "/dock", id("dock-list"), `${prefix}dock`);
  };
  await look(browser, { server, places }, "gao", desk, 2513, async (l) => {
    await walk("")(l);
    await open(l, "/claims/new", id("new-orders"), "claim-new");
    await open(l, `/claims/${mended}`, id("repair"), "claim-repair");
    await open(l, "/bench", id("bench-list"), "bench");
    await open(l, "/refunds", id("money-list"), "refunds");
  });
  await look(browser, { server, places }, "tang", phone, 2514, walk("phone-"));
});

test("D-02 V-04 L-06 L-10 P-03 what is due and what was sent, the bench, money and make-up parts, and the figures, on a phone", async ({ browser }) => {
  test.setTimeout(600_000);
  const part = await row("makeup_parts", 'state = "approved"');
  await look(browser, { server, places }, "gao", desk, 2511, async (l) => {
    await open(l, "/todo", "main", "todo-manager");
    await open(l, "/outbox", "main", "outbox");
  });
  await look(browser, { server, places }, "gao", phone, 2512, async (l) => {
    await open(l, "/todo", "main", "phone-todo");
    await open(l, "/outbox", "main", "phone-outbox");
    await open(l, "/policy", id("figure-three_people"), "phone-policy");
    await open(l, "/bench", id("bench-list"), "phone-bench");
    await open(l, "/refunds", id("money-list"), "phone-refunds");
    await open(l, "/makeup", id("makeup-parts"), "phone-makeup");
    await open(l, `/makeup/${part}`, id("makeup-part"), "phone-makeup-part");
  });
});
