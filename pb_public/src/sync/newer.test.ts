// What a newer server may send to this app, which is of yesterday and cannot be asked to update in mid-inspection: rows of
// collections it has never heard of, fields, members of answers and codes likewise. It takes what it knows and goes on.
import { expect, test } from "vitest";
import { ingest, replaceAll } from "../db/project.ts";
import { newId } from "../db/ids.ts";
import { prepareStore } from "../db/open.ts";
import { keyOf, type Change } from "../db/records.ts";
import { TestServer } from "./testing/server.ts";
import { Tablet } from "./testing/tablet.ts";

const put = (collection: string, id: string, data: Record<string, unknown>, version = 1) =>
  ({ op: "put", collection, id, version, data: { id, ...data } }) as unknown as Change;

test("X-10 rows of unknown collections and unknown fields of rows hold up nothing", async () => {
  const store = await prepareStore(newId());
  const [car, other] = [newId(), newId()];
  const changes = [
    put("loan_cars", newId(), { plate: "沪A00001" }),
    put("vehicles", car, { plate: "沪A12345", battery_soh: 97, nested: { deep: [1] } }),
    { op: "patch", collection: "loan_cars", id: newId(), version: 2, data: { plate: "x" } } as unknown as Change,
    { op: "leave", collection: "loan_cars", id: newId(), version: 2 } as unknown as Change,
  ];
  expect(await ingest(store, changes)).toEqual({ lost: false });
  expect(await store.rows("vehicles").get(car)).toMatchObject({ plate: "沪A12345", battery_soh: 97 });
  await ingest(store, [{ op: "patch", collection: "vehicles", id: car, version: 2, data: { battery_soh: 96, colour: "白" } } as unknown as Change]);
  expect(await store.rows("vehicles").get(car)).toMatchObject({ battery_soh: 96, colour: "白" });
  await replaceAll(store, [...changes, put("vehicles", other, { plate: "沪B1" })], 1);
  expect((await store.rows("vehicles").toArray()).map((v) => v.id).sort()).toEqual([car, other].sort());
  store.close();
});

test("X-10 unknown members of answers and outcomes, and a refusal with an unknown code, are taken as what is known of them", async () => {
  const server = new TestServer();
  const ask = server.request;
  const tablet = await Tablet.start(server);
  let refuse = true;
  server.request = async (method, path, options) => {
    const answer = await ask(method, path, options);
    if (answer.kind !== "ok") return answer;
    const body = structuredClone(answer.body) as { outcomes?: Record<string, unknown>[]; ops?: unknown[]; hint?: unknown };
    body.hint = { of: "tomorrow" };
    for (const outcome of body.outcomes ?? []) {
      outcome.weight = 7;
      if (refuse) Object.assign(outcome, { outcome: "rejected", code: "weather.rain", message: "下雨了", fields: { roof: { code: "weather.rain", message: "下雨了", more: 1 } } });
    }
    return { ...answer, body };
  };
  const id = newId();
  await tablet.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A12345" }, id));
  await tablet.sync();
  expect((await tablet.store.outbox.toArray()).map((e) => [e.status, e.refusal?.code])).toEqual([["rejected", "weather.rain"]]);
  refuse = false;
  const next = newId();
  await tablet.act("vehicle.add", (w) => void w.create("vehicles", { plate: "沪A54321" }, next));
  await tablet.sync();
  expect(server.rows.get(keyOf("vehicles", next))?.plate).toBe("沪A54321");
  await tablet.end();
});
