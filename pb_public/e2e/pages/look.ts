import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import type { Page } from "@playwright/test";
import type { Tablet } from "./tablet";

export interface Variant {
  lang: "zh" | "en";
  theme: "light" | "dark";
}

const areas = readdirSync("src/i18n/areas").filter((f) => f.endsWith(".ts")).map((f) => f.slice(0, -3));

type Dictionary = Record<string, string>;

/** Every sentence of the app in one language: screens and refusals. Words that are data as well are left out. */
async function sentences(lang: "zh" | "en"): Promise<Set<string>> {
  const other = lang === "zh" ? "en" : "zh";
  const found = new Set<string>();
  const take = (own: Dictionary, foreign: Dictionary) => {
    for (const [key, text] of Object.entries(own)) {
      if (text === foreign[key]) continue;
      for (const piece of text.split(/\{[^}]*\}/)) {
        const words = piece.replace(/^[\s,.:;·,。:;、]+|[\s,.:;·,。:;、]+$/g, "");
        if (lang === "zh" ? /\p{Script=Han}{4}/u.test(words) : /^[A-Z].* .* /.test(words)) found.add(words);
      }
    }
  };
  for (const area of areas) {
    const { default: texts } = (await import(`../../src/i18n/areas/${area}.ts`)) as { default: Record<"zh" | "en", Dictionary> };
    take(texts[lang], texts[other]);
  }
  for (const file of readdirSync("../internal/fault/codes")) {
    const codes = JSON.parse(readFileSync(join("../internal/fault/codes", file), "utf8")) as Record<string, Record<"zh" | "en", string>>;
    take(Object.fromEntries(Object.entries(codes).map(([k, v]) => [k, v[lang]])), Object.fromEntries(Object.entries(codes).map(([k, v]) => [k, v[other]])));
  }
  return found;
}

const foreign = { zh: sentences("en"), en: sentences("zh") };

/** Most texts stand on every screen: each is asked about once. What was found, by language and text. */
const asked = { zh: new Map<string, boolean>(), en: new Map<string, boolean>() };

/** What is wrong with a screen as it stands: overflow, keys for texts, the other language, small targets, axe. */
export class Look {
  readonly problems: string[] = [];
  /** Buttons lower than the 48 px of a main target, by screen: told, not failed. */
  readonly low = new Map<string, string[]>();

  /** `data` are words that people wrote: they stay in their own language. */
  constructor(readonly tablet: Tablet, readonly variant: Variant, private readonly axe: boolean, private readonly data: ReadonlySet<string> = new Set(), private readonly folder = process.env.SCREENS ?? "") {
    if (folder) mkdirSync(folder, { recursive: true });
  }

  get page(): Page {
    return this.tablet.page;
  }

  /** Language and theme are the tablet's own; a reload applies both. */
  async dress(): Promise<void> {
    await this.page.evaluate(({ lang, theme }) => {
      localStorage.setItem("aftercare.lang", lang);
      localStorage.setItem("aftercare.theme", theme);
    }, this.variant);
    await this.page.reload();
  }

  async at(name: string): Promise<void> {
    await this.settled();
    const seen = await this.page.evaluate(measure);
    const say = (text: string) => this.problems.push(`${name}: ${text}`);
    if (seen.wide > 0) say(`scrolls sideways by ${seen.wide} px (${seen.widest})`);
    const key = new RegExp(String.raw`(?<![\w.@/-])(?:${areas.join("|")})\.[a-z][a-z_]+\b`);
    const others = await foreign[this.variant.lang];
    for (const text of seen.texts) {
      if (key.test(text)) say(`a key stands for a text: ${text}`);
      if (text === "中文" || text === "English") continue;
      const known = asked[this.variant.lang];
      if (!known.has(text)) known.set(text, this.inAnother(text, others));
      if (known.get(text)) say(`in the other language: ${text}`);
    }
    for (const b of seen.buttons) {
      if (b.height < 44) say(`a target of ${b.height} px: ${b.what}`);
      else if (b.height < 48) this.low.set(name, [...(this.low.get(name) ?? []), `${b.what} ${b.height}`]);
    }
    for (const cut of seen.cut) say(`cut text: ${cut}`);
    if (this.axe) await this.audit(say);
    if (this.folder) await this.page.screenshot({ path: join(this.folder, `${name}.${this.variant.lang}.${this.variant.theme}.png`), animations: "disabled" });
  }

  /** Whether a text, without the words of people, says a sentence of the other language. */
  private inAnother(text: string, others: ReadonlySet<string>): boolean {
    let said = text;
    for (const word of this.data) said = said.replaceAll(word, "");
    if (others.has(said)) return true;
    for (const o of others) if (o.length >= (this.variant.lang === "en" ? 5 : 16) && said.includes(o)) return true;
    return false;
  }

  private async audit(say: (text: string) => void): Promise<void> {
    if (!(await this.page.evaluate(() => "axe" in window))) await this.page.evaluate(axe.source); // once a page, not twice a screen: it is large
    const { violations } = await this.page.evaluate(() => (window as unknown as { axe: typeof import("axe-core") }).axe.run(document, { resultTypes: ["violations"] }));
    for (const v of violations) {
      if (v.impact !== "serious" && v.impact !== "critical") continue;
      for (const node of v.nodes.slice(0, 4)) say(`${v.impact} ${v.id}: ${node.target.join(" ")} ${node.html.slice(0, 120)} ${node.any[0]?.message ?? ""}`);
    }
  }

  private async settled(): Promise<void> {
    await this.page.getByTestId("loading").first().waitFor({ state: "detached" });
    await this.page.evaluate(async () => {
      await document.fonts.ready;
      await Promise.allSettled(document.getAnimations().filter((a) => a.effect?.getComputedTiming().iterations !== Infinity).map((a) => a.finished));
      await new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)));
    });
  }
}

/** Runs in the page. */
function measure() {
  const root = document.documentElement;
  const top = [...document.querySelectorAll("dialog[open]")].pop() ?? document.body;
  const shown = (e: Element) => e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && e.getBoundingClientRect().width > 1;
  const name = (e: Element) => `${e.getAttribute("data-testid") ?? e.className} "${(e.getAttribute("aria-label") ?? e.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 30)}"`;
  const wide = Math.max(0, root.scrollWidth - root.clientWidth);
  const widest = wide ? [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > root.clientWidth + 1).slice(0, 1).map(name).join() : "";
  const texts = new Set<string>();
  const cut: string[] = [];
  const walk = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const text = n.nodeValue!.trim().replace(/\s+/g, " ");
    const box = n.parentElement!;
    if (text.length < 2 || box.closest("script, style") || !shown(box)) continue;
    if (box.closest("[lang]") === root) texts.add(text); // what says its own language may be in it
    // Where nothing says that the end is left out, a text may not be wider than its place.
    const style = getComputedStyle(box);
    if (style.overflowX === "hidden" && style.textOverflow !== "ellipsis" && box.scrollWidth > box.clientWidth + 2 && box.clientWidth > 4) cut.push(name(box));
  }
  for (const e of top.querySelectorAll("[aria-label], [placeholder], [title]")) for (const a of ["aria-label", "placeholder", "title"]) if (e.getAttribute(a) && shown(e)) texts.add(e.getAttribute(a)!);
  // On the drawing of the car whatever is nearest to the finger is meant: its parts are no targets of their own size.
  const buttons = [...top.querySelectorAll("button, a.btn, [role=button], [role=tab], select")].filter((e) => shown(e) && !e.closest("svg.car")).map((e) => ({ what: name(e), height: Math.round(e.getBoundingClientRect().height) }));
  return { wide, widest, texts: [...texts], cut: [...new Set(cut)], buttons };
}
