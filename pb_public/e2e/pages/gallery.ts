import shippedYears from "../../../internal/calendar/holidays.json" with { type: "json" };
import { type Browser, expect, test } from "@playwright/test";
import type { Server } from "../server.mjs";
import { Look, type Variant } from "./look";
import type { Office } from "./office";
import { Tablet } from "./tablet";

// The same screens in several dresses: Chinese and light, English and dark, both audited by axe; with SCREENS the other two
// are looked at as well, and a picture of each goes there.
export const pictures = Boolean(process.env.SCREENS);
export const variants: Variant[] = [{ lang: "zh", theme: "light" }, { lang: "en", theme: "dark" }, ...(pictures ? [{ lang: "en", theme: "light" }, { lang: "zh", theme: "dark" }] as Variant[] : [])];

/** Each language and each theme once. */
export const audited = (v: Variant) => (v.lang === "zh") === (v.theme === "light");

export interface Places {
  /** Visits by their number in the demo's morning. */
  visits: Record<string, string>;
  orders: Record<string, string>;
  /** First and second job of a visit: "Z10.1", "Z10.2". */
  jobs: Record<string, string>;
  vehicle: string;
  /** Whose it is. */
  customer: string;
  /** What people of the demo wrote. */
  words: Set<string>;
}

/** Where the demo's morning has something to show. */
export async function findPlaces(office: Office): Promise<Places> {
  const vehicle = await office.one("vehicles", 'plate = "沪A8K359"');
  const byId = new Map<string, string>();
  const found: Places = { visits: {}, orders: {}, jobs: {}, vehicle: vehicle.id, customer: String(vehicle.customer), words: new Set() };
  for (const collection of ["jobs", "concerns", "visits", "belongings", "parts", "tools", "messages", "fault_cases", "quality_reports", "warranty_claims", "standard_times", "consents", "sales_orders", "sales_items", "claims", "repair_plans", "shipments", "assets", "findings", "makeup_parts", "staff"]) {
    for (const row of await office.rows(collection)) {
      for (const value of Object.values(row)) if (typeof value === "string" && /\p{Script=Han}{3}/u.test(value)) found.words.add(value.replace(/。$/u, "")); // a sentence may go on
    }
  }
  for (const { source } of shippedYears) found.words.add(source); // notices are cited by their names
  for (const v of await office.rows("visits")) {
    byId.set(v.id, String(v.number));
    found.visits[String(v.number)] = v.id;
  }
  for (const o of await office.rows("work_orders")) found.orders[byId.get(String(o.visit))!] = o.id;
  for (const j of await office.rows("jobs")) found.jobs[`${byId.get(String(j.visit))}.${j.position}`] = j.id;
  return found;
}

export type Size = { width: number; height: number };
export const desk: Size = { width: 1280, height: 800 };
export const upright: Size = { width: 800, height: 1280 };
export const phone: Size = { width: 390, height: 844 };

/** Signs somebody in and walks them through their screens, once in each dress. */
export async function look(browser: Browser, { server, places }: { server: InstanceType<typeof Server>; places: Places }, login: string, size: Size, seed: number, walk: (l: Look) => Promise<void>): Promise<void> {
  const tablet = await Tablet.open(browser, server, seed, size);
  await tablet.signIn(login);
  const wrong: string[] = [];
  for (const variant of variants) {
    const l = new Look(tablet, variant, audited(variant), places.words);
    await test.step(`${variant.lang} ${variant.theme}`, async () => {
      await l.dress();
      await walk(l);
    });
    for (const [name, targets] of l.low) console.log(`lower than 48 px, ${name}: ${[...new Set(targets)].join(", ")}`);
    wrong.push(...l.problems.map((p) => `${variant.lang} ${variant.theme} ${p}`));
  }
  expect.soft(tablet.errors, "errors nobody caught").toEqual([]);
  expect(wrong).toEqual([]);
}

/** Goes to an address and waits for what only that screen shows. */
export async function open(l: Look, path: string, sign: string, name: string): Promise<void> {
  await l.tablet.go(path);
  await expect(l.page.locator(sign).first()).toBeVisible();
  await l.at(name);
}
export const id = (testid: string) => `[data-testid="${testid}"]`;
