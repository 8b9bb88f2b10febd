import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import type { Office, Row } from "./office";
import type { Tablet } from "./tablet";

interface Step { name: string; from: string; to: string; roles: string[]; guards: string[]; fact?: boolean }
interface Entity { collection: string; states?: string[]; transitions?: Step[]; fields: Record<string, unknown> }

/** The flow table as server and app have it. */
export const table = JSON.parse(readFileSync("../internal/flow/table.json", "utf8")) as { roles: string[]; entities: Record<string, Entity> };

/** One login of the demo's shop for each role of the table, and no other role with it. */
export const logins: Record<string, string> = {
  advisor: "chen", technician: "yang", expert: "li", leader: "wu", inspector: "qian", parts: "sun", cashier: "zhao", agent: "feng", supervisor: "he", finance: "song",
  warehouse: "tang", guard: "lin", manager: "gao", head_office: "jiang",
};

/** Sentences by code, as the shop's people read them. */
const said = Object.fromEntries(readdirSync("../internal/fault/codes").flatMap((file) => {
  const codes = JSON.parse(readFileSync(join("../internal/fault/codes", file), "utf8")) as Record<string, { zh: string }>;
  return Object.entries(codes).map(([key, text]) => [`${file.replace(/\.json$/, "")}.${key}`, text.zh]);
}));

/** Whether a refusal is its code's sentence, filled in: words of the trade, no code, no key, no gap. */
function inWords(code: string, text: string): boolean {
  const [first] = (said[code] ?? "").split(/\{[^}]*\}/).filter((piece) => piece.trim().length > 1);
  return first !== undefined && text.includes(first.trim()) && /\p{Script=Han}{4}/u.test(text) && !/[{}]|\b[a-z]+[._][a-z_]+\b/.test(text);
}

export function understood(code: string, text: string): void {
  expect(inWords(code, text), `${code} is told in words a mechanic understands: ${text}`).toBe(true);
}

const stepsOf = (entity: string, from: string, to?: string): Step[] => (table.entities[entity]?.transitions ?? []).filter((s) => s.from === from && (to === undefined || s.to === to));

/** Collections whose rows have states and belong to a visit, the visit's own first. */
const flowing = Object.entries(table.entities).filter(([name, e]) => (e.transitions ?? []).length > 0 && (name === "visit" || "visit" in e.fields));

/** Whether the server by itself takes rows of the kind further: messages, photos, what is due. */
const servers = (entity: string): boolean => entity === "due_item" || (table.entities[entity]?.transitions ?? []).some((s) => s.roles.includes("system"));

/** What one try at a row came to. */
interface Answer { status: number; code: string; text: string }

/** Where a step stands on the tablet of whoever takes it, and what is filled in with it. */
export interface Offer {
  path: (row: Row) => string;
  button: string;
  with?: (row: Row) => Record<string, unknown>;
}

const screens: Record<string, Offer> = {
  "visit.complete_inspection": { path: (v) => `/visit/${v.id}/readback`, button: "complete-inspection" },
  "work_order.present": { path: (o) => `/visit/${String(o.visit)}/readback`, button: "present-order" },
  "job.start": { path: (j) => `/jobs/${j.id}`, button: "next-step][data-step=start" },
  "job.finish": { path: (j) => `/jobs/${j.id}`, button: "next-step][data-step=finish" },
  "job.resume": { path: (j) => `/jobs/${j.id}`, button: "next-step][data-step=resume", with: () => ({ pause_reason: "", pause_note: "" }) },
  "settlement.settle": { path: (s) => `/cashier/${String(s.work_order)}`, button: "settle" },
};

/** The flow table, held against a visit at every stage of it: on the screens of who is acting, over HTTP for everybody. */
export class FlowTable {
  /** How many refusals over HTTP, and how many steps on screens, were compared. */
  refused = 0;
  compared = 0;
  /** Tried already at this visit: one try of each role at each step is enough. */
  private readonly tried = new Set<string>();

  constructor(private readonly office: Office, private readonly server: { readonly url: string }, readonly visit: string) {}

  /** Every row of the visit that has a state, as the server has it. */
  async rows(): Promise<{ entity: string; row: Row }[]> {
    const found = await Promise.all(flowing.map(async ([entity, e]) => (await this.office.rows(e.collection, entity === "visit" ? `id = "${this.visit}"` : `visit = "${this.visit}"`)).map((row) => ({ entity, row }))));
    return found.flat().filter(({ row }) => typeof row.state === "string" && row.state !== "");
  }

  private async patch(login: string, collection: string, id: string, body: Record<string, unknown>): Promise<Answer> {
    const res = await fetch(`${this.server.url}/api/collections/${collection}/records/${id}`, {
      method: "PATCH", headers: { "Content-Type": "application/json", "Accept-Language": "zh", Authorization: await this.office.token(login) }, body: JSON.stringify(body),
    });
    return answer(res.status, (await res.json()) as Shown);
  }

  /** What the server would say to a step, without taking it: in a batch whose second request fails, so that nothing is kept. */
  async verdict(login: string, collection: string, id: string, body: Record<string, unknown>): Promise<Answer> {
    const requests = [{ method: "PATCH", url: `/api/collections/${collection}/records/${id}`, body }, { method: "PATCH", url: "/api/collections/visits/records/nosuchvisit0000", body: { state: "open" } }];
    const res = await fetch(`${this.server.url}/api/batch`, { method: "POST", headers: { "Content-Type": "application/json", "Accept-Language": "zh", Authorization: await this.office.token(login) }, body: JSON.stringify({ requests }) });
    const told = (await res.json()) as { data?: { requests?: Record<string, { response: Shown }> } };
    const first = told.data?.requests?.["0"];
    expect(first || told.data?.requests?.["1"], `a batch is told apart: ${JSON.stringify(told)}`).toBeTruthy();
    return first ? answer(400, first.response) : { status: 200, code: "", text: "" };
  }

  /** Every role but those a step is for tries every step of the table on every row, over HTTP: refused as the table says. */
  async elsewhere(): Promise<void> {
    const before = await this.rows();
    const tries: (() => Promise<void>)[] = [], wrong: string[] = [];
    for (const { entity, row } of before) {
      const e = table.entities[entity]!, from = String(row.state);
      for (const to of e.states ?? []) {
        if (to === from) continue;
        const roles = stepsOf(entity, from, to).flatMap((s) => s.roles);
        const facts = (e.transitions ?? []).filter((s) => s.to === to && s.fact).flatMap((s) => s.roles); // what happened is never refused to them
        const wanted = roles.length ? ["flow.role"] : facts.length ? ["flow.transition", "flow.role"] : ["flow.transition"];
        // Where the way is barred by the customer's word, that is what is said (S-01).
        const unasked = roles.length === 0 && (e.transitions ?? []).some((s) => s.to === to && s.guards.includes("consent_covers"));
        for (const [role, login] of Object.entries(logins)) {
          const key = `${entity} ${from} ${to} ${role}`;
          if (this.tried.has(key) || roles.includes(role) || roles.includes("*") || facts.includes(role)) continue;
          this.tried.add(key);
          tries.push(async () => {
            const got = await this.patch(login, e.collection, row.id, { state: to });
            const right = got.status >= 400 && (wanted.includes(got.code) || (unasked && got.code.startsWith("consent.")));
            if (!right) wrong.push(`${key}: ${JSON.stringify(got)}, wanted ${wanted.join(" or ")}`);
            else if (!inWords(got.code, got.text)) wrong.push(`${key}: no sentence: ${got.text}`);
            this.refused++;
          });
        }
      }
    }
    const next = tries.values();
    await Promise.all(Array.from({ length: 6 }, async () => {
      for (const one of next) await one();
    }));
    expect(wrong).toEqual([]);
    const known = new Set(before.filter(({ entity }) => !servers(entity)).map(({ row }) => row.id)); // what the server itself takes further may go on
    const versions = (rows: { row: Row }[]) => rows.filter(({ row }) => known.has(row.id)).map(({ row }) => `${row.id} ${String(row.state)} ${String(row.version)}`).sort();
    expect(versions(await this.rows()), "nothing that was refused has changed anything").toEqual(versions(before));
  }

  /**
   * What the table lets the roles do on these rows now, held against the screens of the tablet: a step the server would
   * take is offered; one it would refuse is not offered, or pressing it shows the server's own reason as a sentence.
   */
  async here(tablet: Tablet, login: string, roles: string[]): Promise<string[]> {
    const shown: string[] = [];
    for (const { entity, row } of await this.rows()) {
      for (const step of stepsOf(entity, String(row.state))) {
        const offer = screens[`${entity}.${step.name}`];
        if (!offer || !step.roles.some((r) => roles.includes(r))) continue;
        const server = await this.verdict(login, table.entities[entity]!.collection, row.id, { state: step.to, ...offer.with?.(row) });
        await tablet.go(offer.path(row));
        const button = tablet.page.locator(`[data-testid=${offer.button}]`).first();
        const name = `${entity} ${step.name} (${String(row.work ?? row.number ?? "")}) as ${login}`;
        this.compared++;
        if (server.code === "") {
          await expect(button, `${name}: legal, so it is offered`).toBeVisible();
          await expect(button).not.toHaveAttribute("aria-disabled", "true");
          shown.push(`${entity}.${step.name}`);
          continue;
        }
        await tablet.page.locator("main, [data-testid=blocked-reason]").first().waitFor();
        await tablet.page.getByTestId("loading").first().waitFor({ state: "detached" });
        if (!(await button.isVisible()) || (await button.getAttribute("aria-disabled")) === "true") continue;
        await button.click();
        await this.refusedHere(tablet, server.code);
        shown.push(`!${server.code}`);
      }
    }
    return shown;
  }

  /** A refusal on the screen of whoever has just tried: this code, in a sentence. */
  async refusedHere(tablet: Tablet, code: string): Promise<void> {
    const refusal = tablet.page.locator(`[data-testid=refusal][data-code="${code}"]`).first();
    await expect(refusal).toBeVisible();
    understood(code, await refusal.innerText());
    const close = refusal.getByRole("button");
    if (await close.isVisible()) await close.click();
  }

  /** Why a screen does not offer a step, in words. */
  async toldWhy(tablet: Tablet, code: string): Promise<void> {
    const why = tablet.page.getByTestId("blocked-reason");
    await expect(why).toBeVisible();
    understood(code, await why.innerText());
  }
}

interface Shown { message?: string; code?: string; data?: Record<string, { code?: string; message?: string }> }

function answer(status: number, told: Shown): Answer {
  const [field] = Object.values(told.data ?? {});
  return { status, code: field?.code ?? told.code ?? "", text: field?.message ?? told.message ?? "" };
}
