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

/** Where an address names a record, or does nothing without being told more: what is opened in its place. */
export const samples = {
  "/visit/:id/:step": (f) => ["arrival", "concerns", "car", "belongings", "readback", "sign"].map((step) => `/visit/${f.order.visit}/${step}`),
  "/order/:id": (f) => `/order/${f.order.id}`,
  "/order/:id/sign": (f) => `/order/${f.order.id}/sign?kind=estimate`,
  "/jobs/:id": (f) => `/jobs/${f.job}`,
  "/quality/:order": (f) => `/quality/${f.order.id}`,
  "/files/:vehicle": (f) => `/files/${f.visit.vehicle}`,
  "/customers/:id": (f) => `/customers/${f.visit.customer}`,
  "/assets/:id": (f) => `/assets/${f.asset}`,
  "/sales/:id": (f) => `/sales/${f.sale}`,
  "/inspections/:id": (f) => `/inspections/${f.inspection}`,
  "/claims/:id": (f) => f.claims.map((id) => `/claims/${id}`),
  "/makeup/:id": (f) => `/makeup/${f.makeup}`,
  "/book/:id": (f) => `/book/${f.appointments}`,
  "/parts/order/:id": (f) => `/parts/order/${f.order.id}`,
  "/parts/stock/:id": (f) => `/parts/stock/${f.moved}`,
  "/parts/counts/:id": (f) => `/parts/counts/${f.stock_counts}`,
  "/cashier/:order": (f) => `/cashier/${f.ready.id}`,
  "/pass/:id": (f) => `/pass/${f.gate_passes}`,
  "/delivery/:visit": (f) => `/delivery/${f.ready.visit}`,
};

/** Routes that name a record and have no sample: nobody knows how fast they are. */
export function unsampled() {
  return routes().filter((route) => route.includes(":") && !samples[route]);
}

/** The records that the samples stand for; the one with the most to show where there is a choice. */
async function known(server, manager) {
  const token = await signedIn(server, manager);
  const rows = async (collection, filter = "", sort = "") => (await ask(server, token, "GET", `/api/collections/${collection}/records?perPage=200&skipTotal=1&sort=${sort}&filter=${encodeURIComponent(filter)}`)).items;
  const some = async (collection, ...filters) => {
    for (const filter of filters.length ? filters : [""]) {
      const [row] = await rows(collection, filter, "-created");
      if (row) return row;
    }
    return { id: "nosuchrecord000", visit: "nosuchrecord000" };
  };
  const order = await some("work_orders", 'state = "in_progress"', 'state = "qc"', 'state = "settled"');
  const visit = await some("visits", `id = "${order.visit}"`);
  const found = { order, visit, ready: await some("work_orders", 'state = "ready"', 'state = "settled"'), job: (await some("jobs", `work_order = "${order.id}"`)).id, moved: (await some("stock_moves")).part };
  for (const collection of ["appointments", "stock_counts", "gate_passes"]) found[collection] = (await some(collection)).id;
  const asset = await some("assets");
  found.asset = asset.visit ? (await ask(server, token, "POST", "/api/collections/assets/records", { shop: visit.shop, kind: "device", customer: visit.customer, brand: "Roborock", model: "S8", serial: "BENCH-1" })).id : asset.id;
  const sale = await some("sales_orders");
  found.sale = sale.visit ? (await ask(server, token, "POST", "/api/collections/sales_orders/records", { shop: visit.shop, platform: "天猫", external_id: "BENCH-1", number: "BENCH-1", revision: 1, customer_name: "林航" })).id : sale.id;
  found.inspection = await checked(server, token, rows, visit);
  found.claims = [...new Set([(await some("claims", 'state = "received"', 'state != ""')).id, (await some("repair_plans")).claim ?? ""])].filter(Boolean);
  const part = await some("makeup_parts");
  found.makeup = part.visit ? (await ask(server, token, "POST", "/api/collections/makeup_parts/records", { shop: visit.shop, number: "BENCH-1", sales_order: found.sale, part_name: "铰链", class: "hardware", quantity: 1, cause: "missing" })).id : part.id;
  return found;
}

/** A device check of the car, begun for the purpose: its list is the longest there is outside a reception. */
async function checked(server, token, rows, visit) {
  const [template] = await rows("templates", 'kind = "device_check" && active = true');
  if (!template) return "nosuchrecord000";
  return (await ask(server, token, "POST", "/api/collections/inspections/records", { shop: visit.shop, vehicle: visit.vehicle, template: template.id })).id;
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

/** Every staff screen without a network: {path: {first, runs}}, ms. */
export async function openings(page, paths, times) {
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

/** Addresses of every staff screen, with records of this shop. Throws with the names of routes that have no sample. */
export async function paths(server, manager) {
  if (unsampled().length > 0) throw new Error(`bench-screens.mjs has no sample for ${unsampled().join(", ")}`);
  const found = await known(server, manager);
  return routes().flatMap((route) => samples[route]?.(found) ?? [route]);
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
