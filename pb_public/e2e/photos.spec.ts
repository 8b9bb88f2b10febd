import { createHash } from "node:crypto";
import { expect, test } from "@playwright/test";
import { cameraPhotos, smallPhotos } from "./photos";
import { useHouse } from "./pages/house";
import { Reception } from "./pages/reception";
import { Tablet } from "./pages/tablet";

// Photos on their way: slow links, links that drop and cut, a server that dies in the middle. "Verified" is the server's word.
const { server, office, open, arrives } = useHouse(600);

/** Every photo of the visit is on the server, byte for byte under the name its tablet gave it, and none twice. */
async function allThere(advisor: Reception, count: number): Promise<void> {
  const of = () => office.rows("photos", `visit = "${advisor.visit}"`);
  await expect.poll(async () => (await of()).filter((p) => p.state === "verified").length, { timeout: 90_000, message: "verified photos" }).toBe(count);
  for (const photo of await of()) {
    const answer = await fetch(`${server.url}/api/photos/${photo.sha256}`, { headers: { Authorization: await office.token("xu") } });
    expect(createHash("sha256").update(Buffer.from(await answer.arrayBuffer())).digest("hex")).toBe(photo.sha256);
  }
  await expect.poll(async () => (await advisor.tablet.rows<{ state: string }>("uploads")).map((u) => u.state), { timeout: 30_000 }).toEqual(Array(count).fill("verified"));
}

/** A reception begun, photos taken without a network: they wait. */
async function takePhotos(tablet: Tablet, files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<Reception> {
  const advisor = new Reception(tablet);
  await tablet.signIn("xu");
  await tablet.installed();
  await tablet.offline();
  await advisor.receive("8K359", "48500");
  await advisor.startMark();
  await advisor.photo("photo-input-near", files[0]!);
  await advisor.photo("photo-input-far", files[1]!);
  for (const file of files.slice(2)) await advisor.photo("photo-input-more", file);
  return advisor;
}

test("X-07 R-05 photos over a slow and lossy link: their bars move, edits do not wait for them, and all arrive", async ({ browser }) => {
  const tablet = await open(browser);
  const advisor = await takePhotos(tablet, await cameraPhotos(browser, 3));
  const network = await tablet.context.newCDPSession(tablet.page);
  await network.send("Network.emulateNetworkConditions", { offline: false, latency: 80, downloadThroughput: 400_000, uploadThroughput: 250_000 });
  tablet.link.set("up");
  await tablet.tryNow();
  await tablet.strip.click();
  const bars = tablet.page.locator("[data-testid=queue-entry][data-kind=photo]");
  await expect.poll(async () => (await tablet.rows<{ sent: number; size: number }>("uploads")).some((u) => u.sent > 0 && u.sent < u.size), { timeout: 60_000, intervals: [100] }).toBe(true);
  await expect(bars.filter({ hasText: /[1-9]\d?%/ }).first(), "the bar says how far").toBeVisible({ timeout: 30_000 });
  await tablet.page.keyboard.press("Escape");
  await test.step("an edit made meanwhile passes the photos", async () => {
    const photos = tablet.link.meet("PATCH /api/uploads/", { kind: "hold" }); // however slow the machine is, they are on their way until then
    await tablet.note(advisor.visit, "照片还在路上时说的。");
    await arrives("照片还在路上时说的。").toBe(1);
    expect((await tablet.rows<{ state: string }>("uploads")).some((u) => u.state !== "verified"), "photos are still under way").toBe(true);
    photos.off();
  });
  tablet.link.set("lossy");
  await network.send("Network.emulateNetworkConditions", { offline: false, latency: 20, downloadThroughput: 4_000_000, uploadThroughput: 2_000_000 });
  await allThere(advisor, 3);
  tablet.link.set("up");
  await tablet.tryNow();
  await tablet.drained();
  expect(tablet.errors).toEqual([]);
});

test("X-02 R-05 the server dies (kill -9) in the middle of a photo, twice: all of them arrive", async ({ browser }) => {
  const tablet = await open(browser);
  const advisor = await takePhotos(tablet, await smallPhotos(browser, 3));
  const shares = [Math.random(), Math.random()];
  console.log(`killed after ${shares.map((s) => Math.round(100 * s)).join(" % and ")} % of a photo's bytes`);
  for (const share of shares) {
    const death = tablet.link.meet("PATCH /api/uploads/", { kind: "half", share, then: () => server.kill() }, 1);
    tablet.link.set("up");
    await tablet.tryNow();
    await expect.poll(() => death.met, { timeout: 60_000, message: "a photo is under way" }).toBe(1);
    await server.kill();
    await server.start();
  }
  await tablet.tryNow();
  await allThere(advisor, 3);
  await tablet.drained();
  expect(tablet.errors).toEqual([]);
});

test("X-02 a stranger's answers to photos are never taken for success", async ({ browser }) => {
  const tablet = await open(browser);
  const portal = "<!doctype html><title>Wi-Fi</title><form>请先登录网络</form>";
  const strangers = [200, 404, 502].flatMap((status) => [
    tablet.link.meet("PATCH /api/uploads/", { kind: "answer", status, body: portal }, 1),
    tablet.link.meet("HEAD /api/photos/", { kind: "answer", status, body: "" }, 1),
    tablet.link.meet("POST /api/uploads/", { kind: "answer", status, body: portal }, 1),
  ]);
  const advisor = await takePhotos(tablet, await smallPhotos(browser, 2));
  tablet.link.set("up");
  await expect.poll(async () => {
    await tablet.tryNow();
    return strangers.filter((s) => s.met === 0).length;
  }, { timeout: 90_000, intervals: [1_000], message: "strangers not met yet" }).toBe(0);
  await allThere(advisor, 2);
  await tablet.drained();
  expect(tablet.errors).toEqual([]);
});
