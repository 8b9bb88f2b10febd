// @vitest-environment node
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withHead } from "./pages.mjs";
import { pageShellOf, shellOf } from "./service-worker.mjs";
import { areasIn, withTexts } from "./texts.mjs";
import { typesOf } from "./types.mjs";

test("types follow the table: unions, lists, states, and the shapes of json fields", () => {
  const fields = {
    state: { type: "select" },
    kind: { type: "select", values: ["a", "b"] },
    owner: { type: "relation", multiple: true },
    parts: { type: "json" },
    other: { type: "json" },
  };
  const text = typesOf({ common: { version: { type: "int" } }, entities: { job: { collection: "jobs", states: ["open", "done"], fields } } });
  for (const line of ["version: number;", 'state: "open" | "done";', 'kind: "a" | "b" | "";', "owner: string[];", "parts: Part[] | null;", "other: unknown;"]) expect(text).toContain(line);
});

test("X-01 the shell lists every built file but the worker, and its version changes with any of them", () => {
  const root = mkdtempSync(join(tmpdir(), "shell-"));
  mkdirSync(join(root, "assets"));
  for (const name of ["index.html", "sw.js", "assets/app.js", "assets/app.js.map"]) writeFileSync(join(root, name), name);
  const before = shellOf(root);
  expect(before.urls).toEqual(["/assets/app.js", "/"]);
  writeFileSync(join(root, "assets/app.js"), "changed");
  expect(shellOf(root).version).not.toBe(before.version);
});

test("L-02 the customer's page keeps its own files, whatever they lead to, and none of the staff's", () => {
  const root = mkdtempSync(join(tmpdir(), "page-"));
  mkdirSync(join(root, "assets"));
  const built = { "claim.html": '<script src="/assets/claim-1.js">', "index.html": '<script src="/assets/app-1.js">', "sw.js": "claim-1.js", "assets/claim-1.js": 'import("./camera-2.js")', "assets/camera-2.js": "claim-3.css", "assets/claim-3.css": "", "assets/app-1.js": 'import "./camera-2.js"' };
  for (const [name, text] of Object.entries(built)) writeFileSync(join(root, name), text);
  const shell = pageShellOf(root, "claim.html", "/claim");
  expect(shell).toMatchObject({ urls: ["/assets/camera-2.js", "/assets/claim-1.js", "/assets/claim-3.css", "/claim.html"], only: { path: "/claim", page: "/claim.html" } });
  writeFileSync(join(root, "assets/app-1.js"), "changed");
  expect(pageShellOf(root, "claim.html", "/claim").version).toBe(shell.version);
});

test("a module brings the dictionaries it names, on its first line, and no others", () => {
  const areas = ["day", "ui", "queue"];
  expect(areasIn('t("day.title") + has(`queue.field_${name}`) + "ui" + "./day.ts" + x.ui.y', areas)).toEqual(["day", "queue"]);
  expect(withTexts('const a = t("day.title");', "a.ts", areas)).toBe('import "virtual:texts/day";const a = t("day.title");');
  expect(withTexts('<script lang="ts">\n</script>\n<p>{t("ui.back")}</p>', "A.svelte", areas)).toContain('<script lang="ts">import "virtual:texts/ui";\n');
  expect(withTexts("nothing to say", "a.ts", areas)).toBeNull();
});

test("every page has the same head, and only the staff's can be installed and found", () => {
  const root = new URL("../", import.meta.url);
  const names = readdirSync(root).filter((name) => name.endsWith(".html"));
  expect(names.length).toBeGreaterThanOrEqual(3);
  for (const name of names) {
    const html = withHead(readFileSync(new URL(name, root), "utf8"));
    for (const line of ['charset="utf-8"', "viewport-fit=cover", "theme-color", "/icon.svg", "<title>"]) expect(html, name).toContain(line);
    expect([html.includes("manifest"), html.includes("noindex"), html.includes("no-referrer")], name).toEqual(name === "index.html" ? [true, false, false] : [false, true, true]);
  }
  expect(() => withHead("<head></head>")).toThrow("head");
});
