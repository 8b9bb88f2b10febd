import { afterEach, beforeEach, expect, test } from "vitest";
import { tables } from "../../db/index.ts";
import { as, close, open, people } from "../order/testing/day.ts";
import { staffById, type OrderCase } from "../order/load.ts";
import { giveTeam, inTeams, ofTeam, teamsOf } from "./teams.ts";

beforeEach(() => open());
afterEach(close);

test("W-01 where nobody has a team the shop is one; a manager gives people theirs, a leader does not", async () => {
  expect(teamsOf(await tables.staff.toArray())).toEqual([]);
  as("wu");
  await expect(giveTeam(people.guo, "机电组")).rejects.toMatchObject({ code: "flow.role" });
  as("gao");
  await giveTeam(people.guo, " 机电组 ");
  await giveTeam(people.yang, "钣喷组");
  expect(teamsOf(await tables.staff.toArray())).toEqual(["钣喷组", "机电组"].sort((a, b) => a.localeCompare(b, "zh")));
});

test("W-01 the own team comes first, who has none last", () => {
  const hands = [{ n: 1, team: "" }, { n: 2, team: "钣喷组" }, { n: 3, team: "机电组" }, { n: 4, team: "机电组" }];
  expect(inTeams(hands, "机电组").map((h) => h.n)).toEqual([3, 4, 2, 1]);
});

test("W-01 a team's board has its own cars and those nobody was given yet", async () => {
  as("gao");
  await giveTeam(people.guo, "机电组");
  const of = (...technicians: string[]) => ({ jobs: [{ state: "dispatched", technicians }] }) as unknown as OrderCase;
  const staff = await staffById();
  expect([of(people.guo.id), of(people.yang.id), of(), of(people.yang.id, people.guo.id)].map((c) => ofTeam(c, "机电组", staff))).toEqual([true, false, true, true]);
});
