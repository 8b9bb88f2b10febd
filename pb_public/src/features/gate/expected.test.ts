import { afterEach, beforeEach, expect, test } from "vitest";
import { tables } from "../../db";
import { close, ids, open } from "../order/testing/day";
import { mayLeave } from "./check";

const pass = (id: string, valid_until: string, state = "issued") => tables.gate_passes.put({ id, visit: ids.visit, number: id, state, plate: "沪A8K359", valid_until } as never);

beforeEach(() => open("ready"));
afterEach(close);

test("D-07 X-01 the gate's board: passes not shown yet, the one that ends first is first; none that was shown here, used or voided", async () => {
  await pass("later", "2026-11-22 05:00:00.000Z");
  await pass("first", "2026-11-21 05:00:00.000Z");
  await pass("shown", "2026-11-21 04:00:00.000Z");
  await pass("gone", "2026-11-21 03:00:00.000Z", "used");
  await pass("taken", "2026-11-21 03:00:00.000Z", "void");
  await tables.gate_uses.put({ id: "use1", pass: "shown", visit: ids.visit, used_at: "2026-11-21 02:00:00.000Z" } as never);
  expect((await mayLeave()).map((p) => p.id)).toEqual(["first", "later"]);
});
