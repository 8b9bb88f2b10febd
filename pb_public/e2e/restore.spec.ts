import { expect, test } from "@playwright/test";
import { useHouse } from "./pages/house";
import type { Server } from "./server.mjs";

// The server's disk died and an older backup took its place: the tablets bring back what they once were promised.
const { server, office, open, visitOf, arrives } = useHouse(500, { each: true });

interface Way {
  backup(server: InstanceType<typeof Server>): Promise<void>;
  restore(server: InstanceType<typeof Server>): Promise<void>;
}

const ways: Record<string, Way> = {
  "by copying its files": { backup: (s) => s.copy("before"), restore: (s) => s.putBack("before") },
  "by aftercare backup and restore": { backup: (s) => s.backup("before.tar"), restore: (s) => s.restore("before.tar") },
};

for (const [way, { backup, restore }] of Object.entries(ways)) {
  test(`O-06 the server is restored from an older backup ${way}: both tablets heal it, each thing once, and what no longer fits is shown`, async ({ browser }) => {
    const [a, b] = [await open(browser), await open(browser)];
    const visit = await visitOf("Z03");
    const car = await office.one("vehicles", 'plate = "沪A8K359"');
    await a.signIn("xu");
    await b.signIn("chen");
    await a.note(visit, "备份之前说的。");
    await a.drained();
    await backup(server);
    await expect.poll(() => office.noted("备份之前说的。").catch(() => -1)).toBe(1);
    await a.tryNow();
    await b.tryNow();
    await test.step("work after the backup, acknowledged", async () => {
      await a.synced(60_000);
      await b.synced(60_000);
      await a.note(visit, "备份之后，甲的第一句。");
      await b.note(visit, "备份之后，乙的一句。");
      await a.note(visit, "备份之后，甲的第二句。");
      // A car that came in after the backup, by another door: the restored server has never heard of it.
      const late = await office.create("chen", "vehicles", { shop: car.shop, customer: car.customer, plate: "沪A9L001", make: "丰田", model: "凯美瑞" });
      await expect.poll(async () => (await a.rows<{ id: string }>("vehicles")).some((v) => v.id === late.id), { timeout: 30_000 }).toBe(true);
      await a.go(`/files/${late.id}`);
      await a.tap("edit-vehicle");
      await a.page.getByRole("dialog").getByLabel("备注").fill("后来的车");
      await a.page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
      await expect(a.page.getByRole("dialog")).toBeHidden();
      for (const tablet of [a, b]) await tablet.drained();
      expect((await office.one("vehicles", `id = "${late.id}"`)).note).toBe("后来的车");
    });
    await restore(server);
    await test.step("both tablets offer again what is missing", async () => {
      await a.tryNow();
      await b.tryNow();
      for (const words of ["备份之后，甲的第一句。", "备份之后，甲的第二句。", "备份之后，乙的一句。"]) {
        await arrives(words).toBe(1);
      }
      for (const tablet of [a, b]) await tablet.drained();
      for (const words of ["备份之前说的。", "备份之后，甲的第一句。", "备份之后，甲的第二句。", "备份之后，乙的一句。"]) expect(await office.noted(words), words).toBe(1);
      expect((await office.one("concerns", 'words = "备份之后，甲的第二句。"')).created_by).toBe(await office.staff("xu"));
    });
    await test.step("the edit to the car nobody knows any more waits for a person, with its reason", async () => {
      await a.strip.click();
      await expect(a.page.getByTestId("refused")).toHaveCount(1, { timeout: 30_000 });
      await expect(a.page.getByTestId("refused")).toHaveAttribute("data-code", "sync.not_found");
    });
    await test.step("and both see each other's words, live again", async () => {
      await a.page.keyboard.press("Escape");
      await b.go(`/visit/${visit}/concerns`);
      await a.note(visit, "恢复以后接着说。");
      await expect(b.page.getByText("恢复以后接着说。").first()).toBeVisible({ timeout: 30_000 });
      for (const words of ["备份之后，甲的第一句。", "备份之后，乙的一句。"]) await expect(b.page.getByText(words)).toHaveCount(1);
    });
    for (const tablet of [a, b]) expect(tablet.errors).toEqual([]);
  });
}
