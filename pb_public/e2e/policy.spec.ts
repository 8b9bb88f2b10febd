import { expect, test } from "@playwright/test";
import { useHouse } from "./pages/house";

// The manager's figures: changed offline, enacted as a revision of its own, the one before kept for cars that came with it.
const { office, open } = useHouse(900);
// Claims have policies of their own.
const lane = 'kind = "service_lane"';

test("S-07 Q-01 the manager enacts new figures offline; running visits keep theirs", async ({ browser }) => {
  const tablet = await open(browser);
  await tablet.signIn("gao");
  await tablet.installed();
  const before = await office.rows("policies", lane);
  const kept = (await office.rows("visits")).map((v) => [v.id, v.policy]);
  await tablet.offline();
  await tablet.go("/policy");
  const labour = tablet.page.getByTestId("figure-labour_range_percent").getByRole("textbox");
  await labour.fill("15");
  await labour.blur();
  await tablet.page.getByTestId("figure-three_people").getByRole("switch").click();
  await expect(tablet.page.getByTestId("policy-revision")).toHaveCount(before.length);
  await tablet.tap("policy-enact");
  await expect(tablet.page.getByTestId("policy-revision")).toHaveCount(before.length + 1);
  await expect(tablet.page.getByTestId("policy-enact")).toHaveCount(0);
  expect((await office.rows("policies", lane)).length).toBe(before.length);
  await tablet.online();
  await tablet.drained();
  const newest = (await office.rows("policies", lane)).sort((a, b) => Number(b.revision) - Number(a.revision))[0]!;
  expect(newest.data).toMatchObject({ labour_range_percent: 15, three_people: false, parts_range_percent: 0 });
  expect((await office.rows("visits")).map((v) => [v.id, v.policy])).toEqual(kept);
  expect(tablet.errors).toEqual([]);
});
