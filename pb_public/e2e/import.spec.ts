import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "@playwright/test";
import { useHouse } from "./pages/house";

const { office, open } = useHouse(40);
const good = 5000, rotten = 50;

interface Car { line: number; plate: string; vin: string; phone: string; name: string }

/** A made-up sheet, and what stands in its whole rows. */
async function sheet(): Promise<{ csv: Buffer; cars: Car[] }> {
  const { stdout } = await promisify(execFile)("go", ["run", "./internal/cmd/sample", `-rows=${good}`, `-rotten=${rotten}`, "-seed=7"], { cwd: "..", maxBuffer: 1 << 26 });
  const [head, ...lines] = stdout.split("\n");
  const columns = head!.trim().split(",");
  const at = (cells: string[], name: string) => cells[columns.indexOf(name)] ?? "";
  const cars = lines.flatMap((text, i) => {
    const cells = text.trim().split(",");
    if (cells.length !== columns.length || text.includes('"')) return [];
    return [{ line: i + 2, plate: at(cells, "车牌号"), vin: at(cells, "车架号"), phone: at(cells, "手机"), name: at(cells, "车主姓名") }];
  });
  return { csv: Buffer.from(stdout), cars };
}

test("V-01 V-02 V-06 five thousand cars come in, fifty rotten rows are named, and each is found in an instant without a network", async ({ browser }) => {
  test.setTimeout(600_000);
  const { csv, cars } = await sheet();
  const before = await office.count("vehicles");
  const a = await open(browser);
  const { page } = a;
  await a.signIn("gao");

  const run = async () => {
    await a.go("/import");
    await page.getByTestId("import-file").setInputFiles({ name: "cars.csv", mimeType: "text/csv", buffer: csv });
    await page.getByRole("button", { name: /车辆/ }).first().click();
    const begun = Date.now();
    await a.tap("import-start");
    const bar = page.getByRole("progressbar");
    await expect(bar.first(), "progress is shown while it works").toBeVisible();
    await expect(page.getByTestId("import-result")).toBeVisible({ timeout: 240_000 });
    return Date.now() - begun;
  };
  const figure = async (name: string) => Number((await page.locator(`[data-figure=${name}]`).innerText()).replace(/\D/g, ""));

  await test.step("the sheet is imported through the app", async () => {
    const ms = await run();
    console.log(`${good} rows in ${ms} ms, as the manager sees it`);
    expect(await figure("refused")).toBe(rotten);
    expect(await figure("created")).toBeGreaterThanOrEqual(good);
  });

  await test.step("every rotten row is named by line and reason", async () => {
    const rows = await page.getByRole("region", { name: "没有导入的行" }).getByTestId("import-issue").all();
    expect(rows.length).toBe(rotten);
    const lines = new Set<string>();
    for (const row of rows) {
      const [line, , reason] = await row.locator("td").allInnerTexts();
      expect(Number(line)).toBeGreaterThan(1);
      expect(reason!.length, `a reason in words for line ${line}`).toBeGreaterThan(6);
      expect(reason).toMatch(/\p{Script=Han}/u);
      lines.add(line!);
    }
    expect(lines.size).toBe(rotten);
  });
  expect(await office.count("vehicles"), "the good ones are in").toBe(before + good);

  await test.step("the same sheet again changes nothing", async () => {
    const ms = await run();
    console.log(`again in ${ms} ms`);
    expect(await figure("created")).toBe(0);
    expect(await figure("updated")).toBe(0);
    expect(await figure("refused")).toBe(rotten);
    expect(await office.count("vehicles")).toBe(before + good);
  });

  await test.step("an advisor's tablet has them all and finds each without a network", async () => {
    const b = await open(browser);
    await b.signIn("chen");
    await expect.poll(async () => (await b.rows("vehicles")).length, { timeout: 120_000 }).toBe(before + good);
    await b.installed();
    b.link.set("offline");
    await expect(b.strip).toHaveAttribute("data-mode", "offline", { timeout: 30_000 });
    await b.go("/files");
    await expect(b.page.getByTestId("search")).toBeVisible();
    // One search before the clock runs: it reads the index into memory, once after each start.
    await b.page.getByTestId("search").fill("沪");
    await expect(b.page.getByTestId("hit").first()).toBeVisible();
    const picked = [11, 977, 1800, 2500, 3333, 4100, 4990].map((n) => cars[n]!);
    const kinds: Record<string, (c: Car) => [string, string]> = {
      plate: (c) => [c.plate.slice(2), c.plate], vin: (c) => [c.vin.slice(-8), c.plate], phone: (c) => [c.phone.slice(-7), c.phone], name: (c) => [c.name, c.name],
    };
    for (const [kind, ask] of Object.entries(kinds)) {
      const times: number[] = [];
      for (const car of picked) {
        const [fragment, shown] = ask(car);
        const { ms, hits } = await b.page.evaluate(timed, fragment);
        const plain = (s: string) => s.replace(/[\s·]/g, "");
        expect(hits.some((h) => plain(h).includes(plain(shown))), `${kind} ${fragment} is found among ${hits.length}`).toBe(true);
        times.push(ms);
      }
      times.sort((x, y) => x - y);
      console.log(`search by ${kind}: median ${times[3]!.toFixed(1)} ms, slowest ${times.at(-1)!.toFixed(1)} ms (typed → on screen, ${good} cars)`);
      expect(times[3]!, `median of a search by ${kind}`).toBeLessThanOrEqual(100);
    }
    expect(b.errors).toEqual([]);
  });
  expect(a.errors).toEqual([]);
});

/** Runs in the page: types a fragment as a whole and waits for the screen that answers it. Until then the hits of the fragment before stand there, so the box is emptied first. */
async function timed(fragment: string): Promise<{ ms: number; hits: string[] }> {
  const input = document.querySelector<HTMLInputElement>("[data-testid=search]")!;
  const type = (text: string) => {
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const list = () => [...document.querySelectorAll<HTMLElement>("main .page [data-testid=hit]")];
  // A fragment that nothing answers empties the list.
  type("§§§");
  await new Promise<void>((done) => {
    const look = () => (list().length === 0 ? done() : void requestAnimationFrame(look));
    look();
  });
  const begun = performance.now();
  const there = new Promise<void>((done, fail) => {
    const watch = new MutationObserver(() => {
      if (list().length === 0) return;
      watch.disconnect();
      done();
    });
    watch.observe(document.body, { childList: true, subtree: true });
    setTimeout(() => fail(new Error(`nothing found for ${fragment}`)), 5000);
  });
  type(fragment);
  await there;
  return { ms: performance.now() - begun, hits: list().map((h) => h.innerText) };
}
