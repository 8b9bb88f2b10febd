import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import Claims from "./Claims.svelte";
import type { Draft } from "./draft.ts";
import { Keep } from "./keep.ts";
import { Buyer } from "./state.svelte.ts";

const keep = new Keep();
let app: ReturnType<typeof mount> | null = null;

beforeEach(() => void vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network"))));

afterEach(async () => {
  if (app) await unmount(app);
  app = null;
  document.body.innerHTML = "";
});

const wordsOf = async (id: string) => ((await keep.act((hand) => hand.get("drafts", id))) as Draft).words;

async function goes(hash: string, shows: string): Promise<HTMLElement> {
  location.hash = hash;
  dispatchEvent(new Event("hashchange"));
  return vi.waitFor(() => {
    flushSync();
    const found = document.querySelector<HTMLElement>(`[data-testid=${shows}]`);
    expect(found?.textContent).toBeDefined();
    return found!;
  });
}

function types(words: string): void {
  const field = document.querySelector<HTMLTextAreaElement>("[data-testid=draft-words]")!;
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  flushSync();
}

for (const [where, hash, shows] of [["the first page", "#/", "draft-row"], ["another draft", "#/draft/", "draft-order"]] as const) {
  test(`L-02 what was typed last is kept in its own draft when ${where} is opened at once`, async () => {
    const buyer = new Buyer(() => "", keep);
    await buyer.load();
    const [one, other] = [await buyer.draft(`${where} 1`, "13800138001"), await buyer.draft(`${where} 2`, "13800138001")];
    location.hash = `#/draft/${one}`;
    app = mount(Claims, { target: document.body });
    await goes(`#/draft/${one}`, "draft-words");
    types("拉链坏了");
    await goes(hash === "#/" ? hash : hash + other, shows);
    await vi.waitFor(async () => expect(await wordsOf(one)).toBe("拉链坏了"));
    await new Promise((over) => setTimeout(over, 300)); // whatever the screen that was left had still set its clock for
    expect(await wordsOf(other)).toBe("");
  });
}
