// Figures of the tablet in real Chromium: `node e2e/bench.mjs <binary>`. One JSON line each,
// {"name","ours","peer","ratio","unit","runs"}; nobody else has this app, so peer and ratio are null.
//   first_pull_10k   from the tap on "sign in" until 10,000 records are stored and the list is shown, ms
//   open_100k        from a reload until the list of a shop of 100,000 records is shown, ms; search_100k: the first
//                    search after that, by a piece of a plate, as typed at once; first_pull_100k: as the first, once
//   start_cpu6       the same for the demo shop at a sixth of the processor's speed, ms
//   screen PATH      from the tap until the last of a staff screen is drawn, offline, at a quarter of the processor's speed, in the
//                    shop of a season of 420 cars: p95, ms
//   screens_cpu4     the same over all staff screens together; screens_first: of the first opening of each, code and all
//   claims_10k       from a reload until the desk shows the first of 10,000 open claims, ms; claims_10k_cpu4: from the tap on it until
//                    the last is drawn, offline, at a quarter of the processor's speed: p95; 10k PATH: the other screens of what is sold online, there
//   board_200        from a change elsewhere until a board of 200 cars shows it, at a quarter of the speed: p95, ms; board_200_worst: the
//                    longest. The changes take more than a minute, so that a round of the scheduler falls between them
//   scroll_30_photos share of frames over 50 ms while a walk-around with 30 photos is scrolled
// SHOP_100K and SHOP_SEASON name data folders with such shops, so that they need not be filled anew.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { boardHears, filled, openings, paths } from "./bench-screens.mjs";
import { Server } from "./server.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const [binary = join(root, "build/aftercare"), ...only] = process.argv.slice(2);
const wanted = (name) => only.length === 0 || only.includes(name);
const password = "aftercare-demo";

const p95 = (values) => [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1];
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
function tell(name, ours, unit, runs) {
  console.log(JSON.stringify({ name, ours: Math.round(ours * 1000) / 1000, peer: null, ratio: null, unit, runs: runs.map((r) => Math.round(r * 1000) / 1000) }));
}

/** A demo shop with so many further records: half of them cars, half their owners. What the demo sells online besides is not among them. */
async function shop(records) {
  const server = new Server(binary);
  if (records > 0) {
    const sheet = join(mkdtempSync(join(tmpdir(), "aftercare-bench-")), "cars.csv");
    writeFileSync(sheet, execFileSync("go", ["run", "./internal/cmd/sample", "-rows", String(records / 2), "-rotten", "0"], { cwd: root, maxBuffer: 1 << 28 }));
    await server.start();
    await server.kill("SIGTERM");
    execFileSync(binary, ["import", sheet, "--shop", "SH", "--dir", server.data], { stdio: "ignore" });
    rmSync(sheet);
  }
  return server.start();
}

/** The shop of a season of seven days, 60 cars each, the last of them yesterday. Its people sign in as the demo's do. */
async function season() {
  const server = new Server(binary, { demo: false });
  const first = new Date(Date.now() - 7 * 86_400_000).toISOString().slice(0, 10);
  const play = ["test", "-count=1", "-timeout", "60m", "-run", "^TestSeason$", "./internal/season", "-days=7", "-cars=60", `-first=${first}`, `-keep=${server.data}`];
  execFileSync("go", play, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  return server.start();
}

/** The demo shop with so many open claims more. */
async function busy(claims) {
  const server = await shop(0);
  await server.kill("SIGTERM");
  execFileSync("go", ["run", "./internal/cmd/claims", "-n", String(claims), join(server.data, "data.db")], { cwd: root });
  return server.start();
}

/** A copy of a data folder filled before, where many runs are to be had. */
async function given(folder, options) {
  const server = new Server(binary, options);
  cpSync(folder, server.data, { recursive: true });
  return server.start();
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

async function tablet(server) {
  const context = await browser.newContext({ baseURL: server.url, locale: "zh-CN", timezoneId: "Asia/Shanghai", viewport: { width: 1280, height: 800 }, hasTouch: true });
  return context.newPage();
}

/** The page notes by its own clock when something is on screen for the first time (`window.shownAt`, ms since `since`). */
function watch([selector, button]) {
  let since = 0;
  if (button) document.querySelector(button).addEventListener("click", () => (since = performance.now()), { capture: true });
  const look = () => {
    if (!document.querySelector(selector)) return requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => (window.shownAt = performance.now() - since)));
  };
  requestAnimationFrame(look);
}

async function shownAt(page) {
  await page.waitForFunction(() => window.shownAt !== undefined, undefined, { timeout: 600_000, polling: 25 });
  return page.evaluate(() => window.shownAt);
}

const hit = "[data-testid=hit]";
const button = "[data-testid=sign-in]";

/** Signs in at an address and waits for a sign of its list: ms from the tap. */
async function signIn(page, path, sign, who = "xu") {
  await page.goto(path);
  await page.getByTestId("login").fill(who);
  await page.getByTestId("password").fill(password);
  await page.evaluate(watch, [sign, button]);
  await page.locator(button).click();
  return shownAt(page);
}

/** Everything is stored, nothing waits, and the worker answers for the server. */
async function settled(page) {
  await page.locator("[data-testid=queue-strip][data-mode=idle]").waitFor({ timeout: 600_000 });
  await page.evaluate(() => navigator.serviceWorker.ready);
}

function records(page) {
  return page.evaluate(async () => {
    const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const db = await done(indexedDB.open((await indexedDB.databases()).find((d) => d.name.startsWith("aftercare-")).name));
    const counts = await Promise.all(["vehicles", "customers"].map((s) => done(db.transaction(s).objectStore(s).count())));
    db.close();
    return counts[0] + counts[1];
  });
}

async function reloads(page, sign, times, then = async () => {}) {
  const runs = [];
  await page.addInitScript(watch, [sign]);
  for (let i = 0; i < times + 1; i++) {
    await page.reload();
    const ms = await shownAt(page);
    if (i > 0) runs.push(ms); // the first one warms the browser's code cache, as a day does
    await then(page, i);
  }
  return runs;
}

async function firstPull(server, times) {
  const runs = [];
  for (let i = 0; i < times; i++) {
    const page = await tablet(server);
    runs.push(await signIn(page, "/#/files", hit));
    if ((await records(page)) < 10_000) throw new Error("the list was shown before the records were there");
    await page.context().close();
  }
  return runs;
}

async function reopen(server, times) {
  const page = await tablet(server);
  const first = await signIn(page, "/#/files", hit);
  if ((await records(page)) < 100_000) throw new Error("records are missing");
  await settled(page);
  const searches = [];
  const runs = await reloads(page, hit, times, async (p) => {
    const begun = Date.now();
    await p.getByTestId("search").first().fill("AA01");
    await p.locator(hit).filter({ hasText: "AA01" }).first().waitFor();
    searches.push(Date.now() - begun);
    await settled(p);
  });
  await page.context().close();
  return { first, runs, searches: searches.slice(1) };
}

async function slowStart(server, times) {
  const page = await tablet(server);
  const row = "[data-testid=arrival], [data-testid=next-arrival], [data-testid=my-car]";
  await signIn(page, "/", row);
  await settled(page);
  await page.reload();
  await settled(page);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 6 });
  const runs = await reloads(page, row, times);
  await page.context().close();
  return runs;
}

/** A reception with so many photos, taken as a person takes them. */
async function photographed(page, count) {
  const at = (id) => page.getByTestId(id).first();
  await page.evaluate(() => (location.hash = "/arrive"));
  await at("search").fill("8K359");
  await at("hit").click();
  await at("purpose").getByRole("button").first().click();
  await at("odometer").fill("49000");
  await at("begin-reception").click();
  await page.waitForURL(/#\/visit\/[a-z0-9]{15}\/concerns/);
  for (const id of ["step-car", "view-left", "zone-left.front_door", "tri-attention"]) await at(id).click();
  await at("mark-kind").getByRole("button").first().click();
  for (let i = 0; i < count; i++) {
    const base64 = await page.evaluate(async (n) => {
      const canvas = new OffscreenCanvas(1600, 1200);
      const g = canvas.getContext("2d");
      for (let k = 0; k < 400; k++) {
        g.fillStyle = `hsl(${(n * 83 + k * 47) % 360} 50% ${20 + ((k * 13) % 60)}%)`;
        g.fillRect((k * 397 + n * 53) % 1600, (k * 211 + n * 31) % 1200, 260, 190);
      }
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 })).arrayBuffer());
      return btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""));
    }, i);
    const slot = i === 0 ? "photo-input-near" : i === 1 ? "photo-input-far" : "photo-input-more";
    await at(slot).setInputFiles({ name: `IMG_${i}.jpg`, mimeType: "image/jpeg", buffer: Buffer.from(base64, "base64") });
    await page.locator("[data-testid^=photo-]:not([data-testid^=photo-input])").nth(i).waitFor();
  }
}

/** Scrolls what can be scrolled farthest, down and up, one step a frame: the share of frames that took over 50 ms. */
function scrollShare(page) {
  return page.evaluate(async () => {
    const box = [...document.querySelectorAll("*")].filter((e) => /auto|scroll/.test(getComputedStyle(e).overflowY)).sort((a, b) => b.scrollHeight - b.clientHeight - (a.scrollHeight - a.clientHeight))[0];
    const end = box.scrollHeight - box.clientHeight;
    if (end < 200) throw new Error(`nothing to scroll: ${end} px`);
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const deltas = [];
    let last = await frame();
    for (let i = 0; i < 240; i++) {
      const wave = (i % 120) / 60;
      box.scrollTop = end * (wave < 1 ? wave : 2 - wave);
      const now = await frame();
      deltas.push(now - last);
      last = now;
    }
    return deltas.filter((d) => d > 50).length / deltas.length;
  });
}

async function scroll(server, times) {
  const page = await tablet(server);
  await signIn(page, "/", "[data-testid=queue-strip]");
  await settled(page);
  await photographed(page, 30);
  const runs = [];
  for (let i = 0; i < times; i++) {
    await page.reload();
    await page.locator("[data-testid^=photo-]:not([data-testid^=photo-input])").nth(29).waitFor();
    await settled(page);
    runs.push(await scrollShare(page));
  }
  await page.context().close();
  return runs;
}

async function screens(server, times) {
  const manager = "SN-manager";
  const all = await paths(server, manager);
  const page = await tablet(server);
  await signIn(page, "/", "[data-testid=queue-strip]", manager);
  await settled(page);
  await page.reload();
  await settled(page);
  const found = await openings(page, all, times);
  await page.context().close();
  return found;
}

/** The desk of claims as it opens with the app, ms; then what is about things sold online, as it opens from another screen of a slow tablet. */
async function desks(server, times) {
  const page = await tablet(server);
  const row = "[data-testid=claim-list] a";
  await signIn(page, "/#/claims", row, "gao");
  await settled(page);
  const runs = await reloads(page, row, times, settled);
  const sold = /^\/(claims|dock|bench|refunds|sales|makeup|claim-policy|platforms)\b/;
  const found = await openings(page, (await paths(server, "gao")).filter((path) => sold.test(path)), 20);
  await page.context().close();
  return { runs, found };
}

async function board(server, times) {
  await filled(server, 200);
  const page = await tablet(server);
  await signIn(page, "/", "[data-testid=queue-strip]");
  await settled(page);
  const runs = await boardHears(page, server, times);
  await page.context().close();
  return runs;
}

const say = (text) => process.stderr.write(`${text}\n`);
try {
  if (wanted("first_pull_10k")) {
    say("a shop of 10,000 records");
    const server = await shop(10_000);
    const runs = await firstPull(server, 5);
    tell("first_pull_10k", median(runs), "ms", runs);
    await server.stop();
  }
  if (wanted("open_100k")) {
    say("a shop of 100,000 records; filling it takes about two minutes");
    const server = process.env.SHOP_100K ? await given(process.env.SHOP_100K) : await shop(100_000);
    const { first, runs, searches } = await reopen(server, 7);
    tell("open_100k", median(runs), "ms", runs);
    tell("search_100k", median(searches), "ms", searches);
    tell("first_pull_100k", first, "ms", [first]);
    await server.stop();
  }
  if (wanted("screens_cpu4")) {
    say("every staff screen, offline; playing the season takes some minutes");
    const server = process.env.SHOP_SEASON ? await given(process.env.SHOP_SEASON, { demo: false }) : await season();
    const found = [...(await screens(server, 8))];
    for (const [path, { runs }] of found) tell(`screen ${path.replace(/[a-z0-9]{15}/g, ":id")}`, p95(runs), "ms", runs);
    const all = found.flatMap(([, { runs }]) => runs);
    say(`p50 ${Math.round(median(all))} ms over ${found.length} screens`);
    tell("screens_cpu4", p95(all), "ms", [median(all)]);
    tell("screens_first", p95(found.map(([, { first }]) => first)), "ms", [median(found.map(([, { first }]) => first))]);
    await server.stop();
  }
  if (wanted("claims_10k")) {
    say("a desk with 10,000 open claims");
    const server = await busy(10_000);
    const { runs, found } = await desks(server, 7);
    tell("claims_10k", median(runs), "ms", runs);
    for (const [path, { runs }] of found) tell(path === "/claims" ? "claims_10k_cpu4" : `10k ${path.replace(/[a-z0-9]{15}/g, ":id")}`, p95(runs), "ms", runs);
    await server.stop();
  }
  if (wanted("board_200")) {
    const server = await shop(0);
    const runs = await board(server, 160);
    tell("board_200", p95(runs), "ms", runs);
    tell("board_200_worst", Math.max(...runs), "ms", []);
    await server.stop();
  }
  if (wanted("start_cpu6") || wanted("scroll_30_photos")) {
    const server = await shop(0);
    if (wanted("start_cpu6")) {
      const runs = await slowStart(server, 7);
      tell("start_cpu6", median(runs), "ms", runs);
    }
    if (wanted("scroll_30_photos")) {
      const runs = await scroll(server, 5);
      tell("scroll_30_photos", median(runs), "share", runs);
    }
    await server.stop();
  }
} finally {
  await browser.close();
}
