// The tablet's tests with a bug in them (see internal/cmd/planted): PLANTED_OVERLAY names a list of files and the
// changed copies that take their place when they are loaded. Without it the tree is tested as it is.
import { readFileSync } from "node:fs";
import { defineConfig, mergeConfig } from "vitest/config";
import base from "../vite.config.ts";

const overlay = process.env.PLANTED_OVERLAY;
const replaced = overlay ? (JSON.parse(readFileSync(overlay, "utf8")) as { Replace: Record<string, string> }).Replace : {};

export default mergeConfig(
  base({ mode: "test", command: "serve" }),
  defineConfig({
    plugins: [
      {
        name: "planted",
        enforce: "pre",
        load: (id) => (replaced[id.split("?")[0]] ? readFileSync(replaced[id.split("?")[0]], "utf8") : undefined),
      },
    ],
    test: { setupFiles: ["scripts/planted.setup.ts"], maxWorkers: 1 },
  }),
);
