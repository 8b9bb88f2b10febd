import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

/** Runes everywhere: a component that falls back to the old reactivity is a build error. */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
};
