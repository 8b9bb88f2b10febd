// How fast the app's screens are on a slow tablet: every staff screen opened without a network, and a board of 200 cars that
// hears of a change elsewhere. The processor is slowed to a quarter through the browser's own switch.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const slowdown = 4;
const password = "aftercare-demo";

/** The addresses with a screen behind the sign-in, as the app lists them. */
export function routes() {
  const text = readFileSync(fileURLToPath(new URL("../src/app/screens.ts", import.meta.url)), "utf8");
  const table = text.slice(text.indexOf("SCREENS"));
  return [...table.matchAll(/^ {2}"(\/[^"]+)": "/gm)].map((m) => m[1]);
}

async function ask(server, token, method, path, body) {
  const res = await fetch(server.url + path, { method, headers: { "Content-Type": "application/json", ...(token && { Authorization: token }) }, body: body && JSON.stringify(body) });
  if (!res.ok) throw new Error(`${method} ${path}: ${res.status} ${await res.text()}`);
  return res.json();
}

async function signedIn(server, identity) {
  return (await ask(server, "", "POST", "/api/collections/staff/auth-with-password", { identity, password })).token;
}

/** A record for each address that needs one; the one with the most to show where there is a choice. */
async function targets(server) {
  const token = await signedIn(server, "gao");
  const rows = async (collection, filter = "") => (await ask(server, token, "GET", `/api/collections/${collection}/records?perPage=200&skipTotal=1&filter=${encodeURIComponent(filter)}`)).items;
  const [order] = await rows("work_orders", 'state = "in_progress"');
  const [ready] = await rows("work_orders", 'state = "ready"');
  const [visit] = await rows("visits", `id = "${order.visit}"`);
  const [job] = await rows("jobs", `work_order = "${order.id}"`);
  const first = async (collection) => (await rows(collection))[0]?.id ?? "nosuchrecord000";
  return {
    "/visit/:id/:step": ["concerns", "car", "belongings", "readback", "sign"].map((step) => `/visit/${visit.id}/${step}`),
    "/order/:id": [`/order/${order.id}`], "/order/:id/sign": [`/order/${order.id}/sign?kind=estimate`], "/jobs/:id": [`/jobs/${job.id}`], "/quality/:order": [`/quality/${order.id}`],
    "/files/:vehicle": [`/files/${visit.vehicle}`], "/book/:id": [`/book/${await first("appointments")}`], "/parts/order/:id": [`/parts/order/${order.id}`],
    "/parts/stock/:id": [`/parts/stock/${await first("parts")}`], "/parts/counts/:id": [`/parts/counts/${await first("stock_counts")}`], "/cashier/:order": [`/cashier/${ready.id}`],
    "/pass/:id": [`/pass/${await first("gate_passes")}`], "/delivery/:visit": [`/delivery/${ready.visit}`],
  };
}

/** Runs in the page: goes to an address, and tells when the last thing on it had been drawn, ms after the tap. */
async function openOnce(path) {
  let last = 0;
  const begun = performance.now();
  const seen = new MutationObserver((all) => {
    if (all.some((m) => m.type === "childList")) last = performance.now();
  });
  seen.observe(document.body, { childList: true, subtree: true });
  location.hash = path;
  // Quiet for so long: nothing is being read any more.
  for (let still = performance.now(); performance.now() - Math.max(last, still) < 250 || document.querySelector(".sk"); ) {
    await new Promise((r) => setTimeout(r, 20));
    if (performance.now() - begun > 10_000) throw new Error(`${path} does not come to rest`);
    if (!last) still = performance.now();
  }
  seen.disconnect();
  return last - begun;
}

/** Every staff screen without a network: {route: {first, runs}}, ms. */
export async function openings(page, server, times) {
  const of = await targets(server);
  const paths = routes().flatMap((route) => (route.includes(":") ? of[route] ?? missing(route) : [route]));
  await page.context().setOffline(true);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  await page.evaluate(openOnce, "/import"); // the first of the list is opened from another screen, too
  const found = new Map(paths.map((path) => [path, { first: 0, runs: [] }]));
  for (let round = 0; round <= times; round++) {
    for (const path of paths) {
      const ms = await page.evaluate(openOnce, path);
      if (round === 0) found.get(path).first = ms;
      else found.get(path).runs.push(ms);
    }
  }
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  await page.context().setOffline(false);
  return found;
}

function missing(route) {
  throw new Error(`no record is known for ${route}`);
}

/** A shop with so many cars in the house. */
export async function filled(server, cars) {
  const token = await signedIn(server, "gao");
  const [shop] = (await ask(server, token, "GET", "/api/collections/shops/records?filter=code%3D%22SH%22")).items;
  for (let i = 0; i < cars; i++) {
    const vehicle = await ask(server, token, "POST", "/api/collections/vehicles/records", { shop: shop.id, plate: `沪Q${String(10_000 + i)}` });
    const arrived = new Date(Date.now() - i * 60_000).toISOString().replace("T", " ");
    const visit = await ask(server, token, "POST", "/api/collections/visits/records", { shop: shop.id, number: `Q${i}`, vehicle: vehicle.id, purpose: "repair", state: "open", arrived_at: arrived, odometer_km: 1000 + i });
    const of = { shop: shop.id, visit: visit.id };
    const order = await ask(server, token, "POST", "/api/collections/work_orders/records", { ...of, number: `Q-${i}`, state: "draft" });
    await ask(server, token, "POST", "/api/collections/jobs/records", { ...of, work_order: order.id, origin: "estimate", state: "proposed", work: "保养", labour_minutes: 60, labour_fen: 20_000, payer: "customer" });
  }
}

/** The board with all of them on screen, and plates changed elsewhere: ms from the request until the card says so. */
export async function boardHears(page, server, times) {
  const token = await signedIn(server, "gao");
  const found = (await ask(server, token, "GET", `/api/collections/vehicles/records?perPage=${times}&filter=${encodeURIComponent('plate ~ "沪Q1"')}`)).items;
  await page.evaluate(() => (location.hash = "/board"));
  await page.waitForFunction(() => document.querySelectorAll("article[data-testid^=order-]").length >= 200, undefined, { timeout: 60_000 });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  const runs = [];
  for (const [i, vehicle] of found.entries()) {
    const plate = `沪R${String(20_000 + i)}`;
    const seen = page.evaluate((text) => new Promise((resolve) => {
      const look = () => (document.querySelector("main, .app").textContent.replace(/[\s·]/g, "").includes(text) ? resolve(Date.now()) : requestAnimationFrame(look));
      look();
    }), plate);
    const begun = Date.now();
    await ask(server, token, "PATCH", `/api/collections/vehicles/records/${vehicle.id}`, { plate });
    runs.push((await seen) - begun);
    await page.waitForTimeout(300);
  }
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  return runs;
}
