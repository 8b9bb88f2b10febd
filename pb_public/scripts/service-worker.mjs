// A Vite plugin: after the app is built it builds sw/sw.ts to /sw.js, telling it which files make the app's shell.
// The list's hash is part of the worker, so that a new build is a new worker and the browser notices.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const entry = fileURLToPath(new URL("../sw/sw.ts", import.meta.url));
const workers = ["sw.js", "claim-sw.js"];

/** Files of a folder, deep, as paths relative to it with forward slashes. */
function files(root, folder = root) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((f) =>
    f.isDirectory() ? files(root, join(folder, f.name)) : [relative(root, join(folder, f.name)).split(sep).join("/")],
  );
}

/** The shell: every built file, "/" for index.html, without the worker itself, source maps and the font of the PDFs. */
export function shellOf(root) {
  const names = files(root).filter((f) => !workers.includes(f) && !f.endsWith(".map") && !f.startsWith("print/")).sort();
  return { version: printOf(root, names), urls: names.map((n) => (n === "index.html" ? "/" : `/${n}`)) };
}

function printOf(root, names) {
  const hash = createHash("sha256");
  for (const name of names) hash.update(name).update("\0").update(readFileSync(join(root, name)));
  return hash.digest("hex").slice(0, 16);
}

/** The shell of one page: the page, and every file that it names or that a file of it names, however deep. */
export function pageShellOf(root, page, path) {
  const known = files(root).filter((f) => f !== page && !workers.includes(f) && !/\.(html|map)$/.test(f) && !f.startsWith("print/"));
  const names = [page];
  for (const name of names) {
    if (!/\.(html|js|css)$/.test(name)) continue;
    const text = readFileSync(join(root, name), "utf8");
    names.push(...known.filter((f) => !names.includes(f) && text.includes(f.slice(f.lastIndexOf("/") + 1))));
  }
  names.sort();
  return { version: printOf(root, names), urls: names.map((n) => `/${n}`), only: { path, page: `/${page}` } };
}

export function serviceWorker() {
  let out = "";
  let active = false;
  return {
    name: "aftercare-service-worker",
    apply: "build",
    configResolved(config) {
      out = resolve(config.root, config.build.outDir);
      active = !config.build.ssr;
    },
    async closeBundle() {
      if (!active) return;
      await worker(out, "sw.js", shellOf(out));
      await worker(out, "claim-sw.js", pageShellOf(out, "claim.html", "/claim"));
    },
  };
}

/** Builds the worker under a name, with the files it keeps. */
function worker(out, name, shell) {
  return build({
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    define: { __SHELL__: JSON.stringify(shell) },
    build: { outDir: out, emptyOutDir: false, target: "es2022", modulePreload: false, rollupOptions: { input: entry, output: { format: "iife", entryFileNames: name } } },
  });
}
