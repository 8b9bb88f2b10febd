// A Vite plugin: puts the font of the printed papers beside the app, where the binary takes it from. Browsers never ask
// for it. Noto Sans SC is under the SIL Open Font License 1.1, which goes with it.
import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

const font = dirname(createRequire(import.meta.url).resolve("@expo-google-fonts/noto-sans-sc/package.json"));

export function printFont() {
  let out = "";
  return {
    name: "aftercare-print-font",
    apply: "build",
    configResolved(config) {
      out = resolve(config.root, config.build.outDir, "print");
    },
    writeBundle() {
      mkdirSync(out, { recursive: true });
      copyFileSync(join(font, "400Regular", "NotoSansSC_400Regular.ttf"), join(out, "NotoSansSC-Regular.ttf"));
      copyFileSync(join(font, "LICENSE_FONT"), join(out, "LICENSE.txt"));
    },
  };
}
