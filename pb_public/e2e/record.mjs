// Records what a release leaves on a tablet with unsent work: `node e2e/record.mjs <binary of that release> <file.json>`.
// Somebody signs in, goes out of reach, writes down what a customer says, corrects a car's remark and takes a photo.
// Rows of the demo that were only fetched are left out; ids of those that are named are noted with what they are
// called, because every demo shop has its own.
import { writeFileSync } from "node:fs";
import { chromium } from "@playwright/test";
import { dump } from "./idb.mjs";
import { Link } from "./link.mjs";
import { Server } from "./server.mjs";

const [binary, file] = process.argv.slice(2);
const server = await new Server(binary).start();
const link = await new Link(server, 1).open();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await (await browser.newContext({ baseURL: link.url, locale: "zh-CN", timezoneId: "Asia/Shanghai", viewport: { width: 1280, height: 800 } })).newPage();
const at = (id) => page.getByTestId(id);
const go = (path) => page.evaluate((p) => (location.hash = p), path);

async function ask(path, token = "", body) {
  const res = await fetch(server.url + path, { method: body ? "POST" : "GET", headers: { Authorization: token, "Content-Type": "application/json" }, body: body && JSON.stringify(body) });
  return res.json();
}

/** What names a row of the demo in every copy of it. */
const names = { shops: ["code"], staff: ["username"], visits: ["number"], vehicles: ["plate"], customers: ["name", "phone"], templates: ["kind", "name"], policies: ["kind"], work_orders: ["number"] };

async function known() {
  const { token } = await ask("/api/collections/staff/auth-with-password", "", { identity: "gao", password: "aftercare-demo" });
  const all = {};
  for (const [collection, fields] of Object.entries(names)) {
    const { items } = await ask(`/api/collections/${collection}/records?perPage=500`, token);
    for (const row of items) all[row.id] = [collection, Object.fromEntries(fields.map((f) => [f, row[f]]))];
  }
  return all;
}

const people = await known();
const visit = Object.entries(people).find(([, [c, n]]) => c === "visits" && n.number === "Z03")[0];
const car = Object.entries(people).find(([, [c, n]]) => c === "vehicles" && n.plate === "沪A8K359")[0];

await page.goto("/");
await at("login").fill("xu");
await at("password").fill("aftercare-demo");
await at("sign-in").click();
await at("queue-strip").filter({ hasText: "已连接" }).waitFor();
link.set("offline");
await at("queue-strip").filter({ hasText: "离线" }).waitFor();

for (const words of ["上一版本：怠速时方向盘抖。", "上一版本：转弯时有异响。"]) {
  await go(`/visit/${visit}/concerns`);
  await at("concern-words").fill(words);
  await at("concern-add").first().click();
  await page.getByText(words).first().waitFor();
}
await go(`/files/${car}`);
await at("edit-vehicle").click();
await page.getByRole("dialog").getByLabel("备注").fill("上一版本：右后门有儿童锁");
await page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
await page.getByRole("dialog").waitFor({ state: "hidden" });

const picture = Buffer.from(await page.evaluate(async () => {
  const canvas = new OffscreenCanvas(640, 480);
  const g = canvas.getContext("2d");
  for (let i = 0; i < 40; i++) {
    g.fillStyle = `hsl(${i * 37} 50% 50%)`;
    g.fillRect((i * 97) % 600, (i * 61) % 440, 90, 70);
  }
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.7 })).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}), "base64");
await go("/arrive");
await at("search").first().fill("8K359");
await at("hit").first().click();
await at("purpose").getByRole("button", { name: "一般维修" }).click();
await at("odometer").fill("48260");
await at("begin-reception").click();
await page.waitForURL(/#\/visit\/[a-z0-9]{15}\/concerns/);
await at("step-car").click();
await at("view-left").first().click();
await at("zone-left.front_door").first().click();
await at("tri-attention").first().click();
await at("mark-kind").getByRole("button", { name: "划痕" }).first().click();
await at("severity-to_15").first().click();
await at("photo-input-near").first().setInputFiles({ name: "IMG.jpg", mimeType: "image/jpeg", buffer: picture });
const photos = (dumped) => dumped.databases.flatMap((d) => d.stores).find((s) => s.name === "photo_bytes")?.rows.length ?? 0;
let dumped = await dump(page);
while (photos(dumped) === 0) dumped = await dump(page);
const { databases, localStorage } = dumped;
const own = new Set(["outbox", "sent", "shadow", "meta", "uploads", "photo_bytes"]);
const touched = new Set(databases.flatMap((d) => d.stores).filter((s) => s.name === "outbox").flatMap((s) => s.rows).flatMap((e) => e.rows));
for (const db of databases) {
  if (!db.name.startsWith("aftercare-")) continue;
  for (const store of db.stores) if (!own.has(store.name)) store.rows = store.rows.filter((r) => touched.has(`${store.name}/${r.id}`));
}
const text = JSON.stringify({ databases, localStorage });
const named = Object.fromEntries(Object.entries(people).filter(([id]) => text.includes(id)));
writeFileSync(file, JSON.stringify({ named, databases, localStorage }) + "\n");
console.log(`${file}: ${databases.length} databases, ${touched.size} rows touched`);
await browser.close();
await link.close();
await server.stop();
