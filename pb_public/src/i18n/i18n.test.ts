import { describe, expect, test } from "vitest";
import { add, has, lang, t, type Area } from "./index.svelte";

const sources = import.meta.glob<string>(["../**/*.svelte", "../**/*.ts", "!../**/*.test.ts", "!./areas/*.ts"], { eager: true, query: "?raw", import: "default" });
const files = import.meta.glob<Area>("./areas/*.ts", { eager: true, import: "default" });
const areas = Object.fromEntries(Object.entries(files).map(([path, area]) => [path.slice("./areas/".length, -".ts".length), area]));
const names = Object.keys(areas);
for (const name of names) add(name, areas[name]!);
const placeholders = (text: string) => [...new Set([...text.matchAll(/\{(\w+)/g)].map((m) => m[1]))].sort();

describe("app.md: no text outside the dictionary, both languages complete", () => {
  test.each(names)("%s: zh and en hold the same keys", (name) => {
    const { zh, en } = areas[name]!;
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
  });

  test.each(names)("%s: no empty text, and both languages use the same parameters", (name) => {
    const { zh, en } = areas[name]!;
    for (const key of Object.keys(zh)) {
      expect(zh[key]?.trim(), `${name}.${key} zh`).not.toBe("");
      expect(en[key]?.trim(), `${name}.${key} en`).not.toBe("");
      expect(placeholders(en[key] ?? ""), `${name}.${key}`).toEqual(placeholders(zh[key] ?? ""));
    }
  });

  test("every key written out in the code is known", () => {
    const unknown: string[] = [];
    for (const [path, text] of Object.entries(sources)) {
      for (const [, inside] of text.matchAll(/(?<![\w.])t\(([^()]*)/g)) {
        for (const [, key] of (inside ?? "").matchAll(/"([a-z]\w*\.\w+)"/g)) if (key && !has(key)) unknown.push(`${path}: ${key}`);
      }
    }
    expect(unknown).toEqual([]);
  });

  test("every key is used: written out, or put together from its beginning and its end", () => {
    const code = Object.values(sources).join("\n");
    const written = new Set([...code.matchAll(/["'`]([a-z_]+\.\w+)["'`]/g)].map((m) => m[1]!));
    const built = [...code.matchAll(/`([a-z_]+\.[^`\n]*\$\{[^`\n]*)`/g)].map((m) => new RegExp(`^${m[1]!.replace(/\$\{[^}]*\}/g, ".+").replace(".", "\\.")}$`));
    const unused = names.flatMap((name) => Object.keys(areas[name]!.zh).map((key) => `${name}.${key}`)).filter((key) => !written.has(key) && !built.some((b) => b.test(key)));
    expect(unused).toEqual([]);
  });

  test("no Chinese stands in the code beside the dictionary", () => {
    const found: string[] = [];
    for (const [path, text] of Object.entries(sources)) {
      if (!path.endsWith(".svelte")) continue;
      const code = text.replace(/<!--[\s\S]*?-->/g, "").replace(/^\s*\/\/.*$/gm, "").replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/ .*$/gm, "");
      const hit = code.match(/.*[\u4e00-\u9fff].*/);
      if (hit) found.push(`${path}: ${hit[0].trim()}`);
    }
    expect(found).toEqual([]);
  });
});

describe("t", () => {
  test("fills parameters and English number forms", () => {
    lang.set("en");
    expect(t("ui.strip_counts_photos", { n: 1 })).toBe("1 photo");
    expect(t("ui.strip_counts_photos", { n: 3 })).toBe("3 photos");
    lang.set("zh");
    expect(t("ui.strip_counts_photos", { n: 3 })).toBe("照片 3");
  });

  test("an unknown key is an error while building and testing", () => {
    expect(() => t("ui.no_such_key")).toThrow("ui.no_such_key");
  });

  test("marks the document's language", () => {
    lang.set("en");
    expect(document.documentElement.lang).toBe("en");
    lang.set("zh");
    expect(document.documentElement.lang).toBe("zh-CN");
  });
});
