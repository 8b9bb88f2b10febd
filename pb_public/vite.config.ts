import { readFileSync } from "node:fs";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { pages } from "./scripts/pages.mjs";
import { printFont } from "./scripts/print-font.mjs";
import { serviceWorker } from "./scripts/service-worker.mjs";
import { texts } from "./scripts/texts.mjs";
import { writeTypes } from "./scripts/types.mjs";

writeTypes();

const pure = ["src/rules/**/*.test.ts", "scripts/**/*.test.ts"];

export default defineConfig(({ mode }) => ({
  plugins: [texts(), pages(), svelte(), printFont(), serviceWorker()],
  publicDir: "static",
  define: { __APP_VERSION__: JSON.stringify(appVersion()) },
  // Under test the components are mounted in happy-dom: without this vitest would resolve Svelte's server half.
  resolve: {
    conditions: mode === "test" ? ["browser"] : undefined,
    // The build for browsers that know async functions: 10 % smaller, and the only one all of ours need.
    alias: [{ find: /^dexie$/, replacement: "dexie/dist/modern/dexie.mjs" }],
  },
  server: {
    port: 18170,
    strictPort: true,
    fs: { allow: [".."] },
    proxy: { "/api": { target: process.env.AFTERCARE_API ?? "http://127.0.0.1:8090", ws: true } },
  },
  worker: { format: "es" as const },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    assetsDir: "assets",
    target: "es2022",
    // Fonts, icons and drawings stay files of their own: the service worker caches them by name.
    assetsInlineLimit: 0,
    // Beside the staff's app: the customer's own pages, and the public one that verifies.
    rollupOptions: { input: ["index.html", "portal.html", "verify.html", "claim.html"] },
  },
  test: {
    setupFiles: ["src/testing/setup.ts"],
    testTimeout: 20_000,
    // The rules know no browser, so their tests wait for none.
    projects: [
      { extends: true, test: { name: "rules", environment: "node", include: [...pure] } },
      { extends: true, test: { name: "app", environment: "happy-dom", include: ["src/**/*.test.ts", "sw/**/*.test.ts"], exclude: [...pure] } },
    ],
    maxWorkers: 2,
  },
}));

function appVersion(): string {
  return (JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8")) as { version: string }).version;
}
