import { expect, test } from "@playwright/test";
import { useHouse } from "./pages/house";
import type { Tablet } from "./pages/tablet";

// The boards with a full shop: 200 cars, live from the tablet's own store, by deadline, and with the server out of reach.
const { server, office, open } = useHouse(980);
const cars = 200;

const id = (kind: string, n: number): string => `${kind}${String(n).padStart(15 - kind.length, "0")}`;

/** Cars whose estimates wait for a signature, made by the advisor over HTTP; promised every other minute around now. */
async function fill(): Promise<void> {
  const token = await office.token("chen"), policy = (await office.one("policies", 'kind = "service_lane" && active = true')).id, advisor = await office.staff("chen");
  const at = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString().replace("T", " ");
  const rows = {
    vehicles: (n: number) => ({ id: id("bvehicle", n), plate: `沪Q${String(10000 + n)}` }),
    visits: (n: number) => ({ id: id("bvisit", n), number: `Q${n}`, vehicle: id("bvehicle", n), advisor, purpose: "repair", state: "open", arrived_at: at(-60), policy }),
    work_orders: (n: number) => ({ id: id("border", n), visit: id("bvisit", n), number: `PD-BOARD-${n}`, state: "draft", promised_at: at(2 * n - cars) }),
    jobs: (n: number) => ({ id: id("bjob", n), visit: id("bvisit", n), work_order: id("border", n), position: 1, state: "proposed", origin: "estimate", work: "更换前刹车片", labour_minutes: 60, labour_fen: 20000, payer: "customer", priced_at: at(-30) }),
  };
  for (const [collection, row] of Object.entries(rows)) {
    for (let from = 0; from < cars; from += 100) {
      const requests = Array.from({ length: 100 }, (_, i) => ({ method: "POST", url: `/api/collections/${collection}/records`, body: row(from + i) }));
      const res = await fetch(`${server.url}/api/batch`, { method: "POST", headers: { "Content-Type": "application/json", Authorization: token }, body: JSON.stringify({ requests }) });
      if (!res.ok) throw new Error(`${collection}: ${res.status} ${(await res.text()).slice(0, 400)}`);
    }
  }
}

test("W-05 X-08 X-01 200 cars on the board: a change elsewhere within a second, by promised time, and offline", async ({ browser }) => {
  await fill();
  const tablet = await open(browser);
  await tablet.signIn("wu");
  await tablet.installed();
  await tablet.go("/board");
  const cards = tablet.page.getByTestId("column-sign").locator("[data-late]");
  await expect.poll(() => cards.count(), { timeout: 30_000 }).toBeGreaterThanOrEqual(cars);
  const late = await cards.evaluateAll((all) => all.map((c) => c.getAttribute("data-late")));
  expect(late.indexOf("soon")).toBeGreaterThan(late.lastIndexOf("late"));
  const took: number[] = [];
  for (let n = 0; n < 5; n++) {
    const due = new Date(Date.now() + (n + 1) * 3_600_000);
    const shows = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" }).format(due);
    const order = id("border", 3 + n);
    const appeared = tablet.appears(`[data-testid="order-${order}"]`, shows);
    const began = Date.now();
    await office.patch("chen", "work_orders", order, { promised_at: due.toISOString().replace("T", " ") });
    took.push((await appeared) - began);
  }
  console.log(`200 cars: a change elsewhere is on the board after ${took.join(", ")} ms`);
  expect(took.sort((a, b) => a - b)[2]).toBeLessThan(1_000);
  await tablet.offline();
  for (const board of ["/day", "/board"]) {
    await tablet.go(board);
    await expect(tablet.page.locator("[data-late], [data-testid=my-car]").first()).toBeVisible();
  }
  expect(tablet.errors).toEqual([]);
});

test("W-05 P-01 D-06 X-01 parts counter and cashier stand by deadline, offline", async ({ browser }) => {
  const sorted = async (tablet: Tablet): Promise<void> => {
    const standing = await tablet.page.getByTestId("deadline").evaluateAll((all) => all.map((d) => d.getAttribute("data-standing")));
    const rank = standing.map((s) => ["late", "soon", "on_time"].indexOf(s ?? ""));
    expect(rank.length).toBeGreaterThan(0);
    expect(rank).toEqual([...rank].sort());
  };
  for (const [login, path] of [["sun", "/parts"], ["zhao", "/cashier"]] as const) {
    const tablet = await open(browser);
    await tablet.signIn(login);
    await tablet.installed();
    await tablet.offline();
    await tablet.go(path);
    await expect(tablet.page.getByTestId("deadline").first()).toBeVisible();
    await sorted(tablet);
    expect(tablet.errors).toEqual([]);
  }
});
