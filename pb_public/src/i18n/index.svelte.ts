// Every word on screen comes from here. One file an area under areas/, each with zh and en; a test keeps the two alike
// and every t("…") known. Chinese is the first language.

export type Lang = "zh" | "en";
export type Area = { zh: Record<string, string>; en: Record<string, string> };
export type Params = Record<string, string | number>;

const KEY = "aftercare.lang";

const files = import.meta.glob<Area>("./areas/*.ts", { eager: true, import: "default" });

/** All areas by name: `areas.day.zh["title"]` is what t("day.title") says in Chinese. */
export const areas: Record<string, Area> = Object.fromEntries(
  Object.entries(files).map(([path, area]) => [path.replace(/^.*\/([^/]+)\.ts$/, "$1"), area]),
);

function stored(): Lang {
  try {
    return localStorage.getItem(KEY) === "en" ? "en" : "zh";
  } catch {
    return "zh"; // storage closed to us: the first language
  }
}

let code = $state<Lang>(stored());

/** The language in use. Setting it re-renders every text and is remembered on this tablet. */
export const lang = {
  get code(): Lang {
    return code;
  },
  set(next: Lang): void {
    code = next;
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // not remembered, still switched
    }
    markDocument();
  },
};

/** Tells the document its language, so that fonts, hyphenation and screen readers follow. */
export function markDocument(): void {
  if (typeof document !== "undefined") document.documentElement.lang = code === "zh" ? "zh-CN" : "en";
}

/** True when the dictionary holds the key; for codes that come from data. */
export function has(key: string): boolean {
  const dot = key.indexOf(".");
  return areas[key.slice(0, dot)]?.zh[key.slice(dot + 1)] !== undefined;
}

/**
 * The text of `area.key` in the language in use. `{name}` is replaced by the parameter, `{n|item|items}` by the first
 * word when n is 1 and by the second otherwise.
 */
export function t(key: string, params?: Params): string {
  const dot = key.indexOf(".");
  const text = areas[key.slice(0, dot)]?.[code][key.slice(dot + 1)];
  if (text === undefined) {
    if (import.meta.env.DEV) throw new Error(`no text for ${key}`);
    return key;
  }
  return params ? fill(text, params) : text;
}

function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    if (one === undefined) return String(value);
    return Number(value) === 1 ? one : (many ?? "");
  });
}
