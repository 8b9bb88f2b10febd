// Every word on screen comes from here. One file an area under areas/, each with zh and en; a test keeps the two alike
// and every t("…") known. Chinese is the first language. An area comes with the module that names its texts
// (scripts/texts.mjs), so it is here before that module runs.

export type Lang = "zh" | "en";
export type Area = { zh: Record<string, string>; en: Record<string, string> };
export type Params = Record<string, string | number>;

const KEY = "aftercare.lang";

const areas = new Map<string, Area>();

/** Takes in an area: from now on `t` knows its texts. */
export function add(name: string, area: Area): void {
  areas.set(name, area);
}

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

/** True when the dictionary holds the key; for codes that come from data. Its area must be named in the module that asks. */
export function has(key: string): boolean {
  const dot = key.indexOf(".");
  return areas.get(key.slice(0, dot))?.zh[key.slice(dot + 1)] !== undefined;
}

/**
 * The text of `area.key` in the language in use. `{name}` is replaced by the parameter, `{n|item|items}` by the first
 * word when n is 1 and by the second otherwise.
 */
export function t(key: string, params?: Params): string {
  const dot = key.indexOf(".");
  const text = areas.get(key.slice(0, dot))?.[code][key.slice(dot + 1)];
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
