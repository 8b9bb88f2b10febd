// A Vite plugin: after the app is built it builds sw/sw.ts to /sw.js, telling it which files make the app's shell.
// The list's hash is part of the worker, so that a new build is a new worker and the browser notices.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const entry = fileURLToPath(new URL("../sw/sw.ts", import.meta.url));

/** Files of a folder, deep, as paths relative to it with forward slashes. */
function files(root, folder = root) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((f) =>
    f.isDirectory() ? files(root, join(folder, f.name)) : [relative(root, join(folder, f.name)).split(sep).join("/")],
  );
}

/** The shell: every built file, "/" for index.html, without the worker itself, source maps and the font of the PDFs. */
export function shellOf(root) {
  const names = files(root).filter((f) => f !== "sw.js" && !f.endsWith(".map") && !f.startsWith("print/")).sort();
  const hash = createHash("sha256");
  for (const name of names) hash.update(name).update("\0").update(readFileSync(join(root, name)));
  return { version: hash.digest("hex").slice(0, 16), urls: names.map((n) => (n === "index.html" ? "/" : `/${n}`)) };
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
      await build({
        configFile: false,
        publicDir: false,
        logLevel: "warn",
        define: { __SHELL__: JSON.stringify(shellOf(out)) },
        build: {
          outDir: out,
          emptyOutDir: false,
          target: "es2022",
          modulePreload: false,
          rollupOptions: { input: entry, output: { format: "iife", entryFileNames: "sw.js" } },
        },
      });
    },
  };
}
