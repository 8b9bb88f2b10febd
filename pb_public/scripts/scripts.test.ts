// @vitest-environment node
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shellOf } from "./service-worker.mjs";
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
