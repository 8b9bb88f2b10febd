// The bundler's loader puts the link of a part's stylesheet into the page once. When that fetch fails it says so once, and takes
// every later opening of the part for styled. Whoever loads a part has it through `styled`, which asks anew for what failed.

/** Addresses of stylesheets that were asked for and did not come. */
const missing = new Map<string, Promise<void> | null>();
/** Rest before what failed is asked for by itself, and the longest one, ms. */
const firstRestMs = 1_000, longestRestMs = 30_000;
let rest = firstRestMs;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Notices, from the start of a page on, which stylesheets fail. */
export function watchStylesheets(): void {
  // An error at a link does not bubble: it is met on its way down.
  document.addEventListener("error", (event) => {
    const link = event.target;
    if (!(link instanceof HTMLLinkElement) || link.rel !== "stylesheet") return;
    if (!missing.has(link.href)) missing.set(link.href, null);
    link.remove();
    later();
  }, true);
  addEventListener("online", () => void askAgain().catch(() => undefined));
}

/** A part of the app with its looks. Rejects when its code, or a stylesheet, cannot be had. */
export async function styled<T>(part: Promise<T>): Promise<T> {
  const loaded = await part;
  await askAgain();
  return loaded;
}

async function askAgain(): Promise<void> {
  await Promise.all([...missing.keys()].map((href) => {
    const asked = missing.get(href) ?? ask(href);
    missing.set(href, asked);
    return asked;
  }));
}

function ask(href: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.crossOrigin = "";
    link.onload = () => {
      missing.delete(href);
      rest = firstRestMs;
      resolve();
    };
    link.onerror = () => {
      missing.set(href, null);
      reject(new Error(href));
    };
    link.href = href;
    document.head.appendChild(link);
  });
}

/** A part already open without its looks gets them when they can be had, whoever asks or not. */
function later(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void askAgain().catch(() => undefined), rest);
  rest = Math.min(rest * 2, longestRestMs);
}
