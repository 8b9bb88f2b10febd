import { execFileSync } from "node:child_process";
import { type Browser, expect, test } from "@playwright/test";
import { Server } from "../server.mjs";
import { Office } from "./office";
import { Tablet } from "./tablet";

const binary = process.env.AFTERCARE ?? "../build/aftercare";

type Running = InstanceType<typeof Server>;
type Shape = Parameters<typeof Tablet.open>[3];

export interface House {
  server: Running;
  office: Office;
  /** Another tablet of the house; each has a link of its own, with the next seed. */
  open(browser: Browser, shape?: Shape): Promise<Tablet>;
  /** The id of a visit of the demo's morning, by its number ("Z03"). */
  visitOf(number: string): Promise<string>;
  /** Waits for how often the server holds what a customer said: `await arrives(words).toBe(1)`. */
  arrives(words: string, timeout?: number): ReturnType<typeof expect.poll<number>>;
  /** Moves the server's clock on, ms; only in a house with a clock. */
  forward(ms: number): Promise<void>;
}

const keeper = { identity: "clock@aftercare.test", password: "correct horse battery" };

/**
 * The house a spec plays in: a real server with the demo's morning and the office that asks it. One for the whole file,
 * or with `each` a new one for every test. Call it once at the top of the file; nothing runs until the tests do. After
 * each test its tablets are put away, and a failed one tells what they and the server hold. `seed` is the link's of the
 * tablet before the first: a number of the file's own, so that no two files play the same faults. With `clock` the server's
 * begins now and can be moved on.
 */
export function useHouse(seed: number, { each = false, clock = false } = {}): House {
  const server: Running = new Server(binary, clock ? { args: ["--test-clock", new Date().toISOString()] } : {});
  const office = new Office(server);
  let last = seed;
  let ahead = 0;
  const begin = async () => {
    if (clock) execFileSync(binary, ["superuser", "upsert", keeper.identity, keeper.password, "--dir", server.data]);
    await server.start();
  };
  const asKeeper = async (path: string, body: unknown, token = ""): Promise<{ token: string }> => {
    const answer = await fetch(server.url + path, { method: "POST", headers: { "Content-Type": "application/json", Authorization: token }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { token: string };
  };
  const close = async () => {
    await server.stop();
    office.forget();
    last = seed;
    ahead = 0;
  };
  if (each) test.beforeEach(begin);
  else test.beforeAll(begin);
  test.afterEach(async ({}, info) => {
    await Tablet.putAway(info, server);
    if (each) await close();
  });
  if (!each) test.afterAll(close);
  return {
    server,
    office,
    open: (browser, shape) => Tablet.open(browser, server, ++last, shape),
    visitOf: async (number) => (await office.one("visits", `number = "${number}"`)).id,
    forward: async (ms) => {
      ahead += ms;
      const { token } = await asKeeper("/api/collections/_superusers/auth-with-password", keeper);
      await asKeeper("/api/test/clock", { now: new Date(Date.now() + ahead).toISOString() }, token);
    },
    arrives: (words, timeout = 60_000) => expect.poll(() => office.noted(words), { timeout, message: `"${words}" on the server` }),
  };
}
