// A Vite plugin: a module that names a text ("day.title") brings the dictionary of that area with it. So each screen's
// dictionaries lie in the files of that screen: the start loads what it shows, and no text is ever shown before it is here.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../src/", import.meta.url));
const folder = `${source}i18n/areas/`;
const names = () => readdirSync(folder).filter((f) => f.endsWith(".ts")).map((f) => f.slice(0, -3));
/** Where words are shown. What stands in quotes elsewhere are the codes of rules and acts. */
const shown = ["app/", "features/", "ui/"];
const prefix = "\0texts:";

/** The areas whose texts a module names, as "area.…" at the beginning of a string. */
export function areasIn(code, areas) {
  return areas.filter((area) => new RegExp(`["'\`]${area}\\.(?!ts\\b|svelte\\b|css\\b)[a-z$]`).test(code));
}

/** The module with its imports on the first line of its code, so that line numbers stay. */
export function withTexts(code, path, areas) {
  const imports = areasIn(code, areas).map((area) => `import "virtual:texts/${area}";`).join("");
  if (imports === "") return null;
  return path.endsWith(".svelte") ? code.replace(/<script\b(?![^>]*\bmodule\b)[^>]*>/, (tag) => tag + imports) : imports + code;
}

export function texts() {
  return {
    name: "aftercare-texts",
    enforce: "pre",
    resolveId: (id) => (id.startsWith("virtual:texts/") ? prefix + id.slice("virtual:texts/".length) : null),
    load(id) {
      if (!id.startsWith(prefix)) return null;
      const area = id.slice(prefix.length);
      return `import { add } from ${JSON.stringify(`${source}i18n/index.svelte.ts`)};\nimport texts from ${JSON.stringify(`${folder}${area}.ts`)};\nadd(${JSON.stringify(area)}, texts);\n`;
    },
    transform(code, id) {
      if (!shown.some((part) => id.startsWith(source + part)) || !/\.(ts|svelte)$/.test(id)) return null;
      const changed = withTexts(code, id, names());
      return changed && { code: changed, map: null };
    },
  };
}
