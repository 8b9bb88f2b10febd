// Hash routes: the app is one page, works from the cache, and the address names the screen. The queue is a sheet above the
// screen in use: its address never unmounts what lies below.

export type Pattern =
  | "/" | "/day" | "/arrive" | "/visit/:id/:step" | "/orders" | "/order/:id" | "/order/:id/sign" | "/board" | "/jobs" | "/jobs/:id"
  | "/quality" | "/quality/:order" | "/files" | "/files/:vehicle" | "/more" | "/import" | "/devices" | "/todo" | "/outbox" | "/lounge/:token" | "/policy" | "/holidays"
  | "/book" | "/book/new" | "/book/stats" | "/book/:id" | "/prepare" | "/arrivals"
  | "/parts" | "/parts/order/:id" | "/parts/stock" | "/parts/stock/:id" | "/parts/purchasing" | "/parts/counts" | "/parts/counts/:id" | "/parts/tools"
  | "/cashier" | "/cashier/:order" | "/pass/:id" | "/gate" | "/delivery/:visit" | "/faults" | "/warranty-claims"
  | "/customers/:id" | "/assets" | "/assets/:id" | "/standards" | "/sales" | "/sales/:id"
  | "/inspections" | "/inspections/:id" | "/templates"
  | "/claims" | "/claims/new" | "/claims/:id" | "/dock" | "/bench" | "/refunds"
  | "/makeup" | "/makeup/:id" | "/claim-policy" | "/platforms";

const PATTERNS: Pattern[] = [
  "/", "/day", "/arrive", "/visit/:id/:step", "/orders", "/order/:id", "/order/:id/sign", "/board", "/jobs", "/jobs/:id",
  "/quality", "/quality/:order", "/files", "/files/:vehicle", "/more", "/import", "/devices", "/todo", "/outbox", "/lounge/:token", "/policy", "/holidays",
  "/book", "/book/new", "/book/stats", "/book/:id", "/prepare", "/arrivals",
  "/parts", "/parts/order/:id", "/parts/stock", "/parts/stock/:id", "/parts/purchasing", "/parts/counts", "/parts/counts/:id", "/parts/tools",
  "/cashier", "/cashier/:order", "/pass/:id", "/gate", "/delivery/:visit", "/faults", "/warranty-claims",
  "/customers/:id", "/assets", "/assets/:id", "/standards", "/sales", "/sales/:id",
  "/inspections", "/inspections/:id", "/templates",
  "/claims", "/claims/new", "/claims/:id", "/dock", "/bench", "/refunds",
  "/makeup", "/makeup/:id", "/claim-policy", "/platforms",
];
const QUEUE = "/queue";

export type Match = { pattern: Pattern; params: Record<string, string> };

/** The pattern a path fits, with its parameters; null when none does. */
export function match(path: string): Match | null {
  const parts = split(path);
  for (const pattern of PATTERNS) {
    const want = split(pattern);
    if (want.length !== parts.length) continue;
    const params: Record<string, string> = {};
    const fits = want.every((w, i) => {
      const part = parts[i] ?? "";
      if (!w.startsWith(":")) return w === part;
      params[w.slice(1)] = part;
      return true;
    });
    if (fits) return { pattern, params };
  }
  return null;
}

function split(path: string): string[] {
  return path.split("/").filter(Boolean).map(decode);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a stray % is no reason to fail
  }
}

/** Path and query of a hash such as "#/order/x/sign?kind=supplement". */
export function parseHash(hash: string): { path: string; query: URLSearchParams } {
  const text = hash.replace(/^#/, "") || "/";
  const mark = text.indexOf("?");
  return mark < 0
    ? { path: text, query: new URLSearchParams() }
    : { path: text.slice(0, mark), query: new URLSearchParams(text.slice(mark + 1)) };
}

type Place = { path: string; pattern: Pattern | null; params: Record<string, string>; query: URLSearchParams };

function place(hash: string): Place {
  const { path, query } = parseHash(hash);
  const found = match(path);
  return { path, pattern: found?.pattern ?? null, params: found?.params ?? {}, query };
}

const here = () => (typeof location === "undefined" ? "" : location.hash);
const isQueue = (hash: string) => parseHash(hash).path === QUEUE;

let current = $state.raw<Place>(place(isQueue(here()) ? "" : here()));
let queueOpen = $state(isQueue(here()));
let steps = 0; // how many places of ours lie behind this one in the browser's history

function read(): void {
  queueOpen = isQueue(here());
  if (queueOpen) return;
  const next = place(here());
  // The same place again (the queue closed above it): nothing may re-run.
  if (next.path !== current.path || next.query.toString() !== current.query.toString()) current = next;
}

if (typeof window !== "undefined") window.addEventListener("hashchange", read);

/** Where the app is. `pattern` is null for an address that leads nowhere. */
export const route = {
  get path(): string { return current.path; },
  get pattern(): Pattern | null { return current.pattern; },
  get params(): Record<string, string> { return current.params; },
  get query(): URLSearchParams { return current.query; },
  /** The queue sheet lies open above the screen. */
  get queue(): boolean { return queueOpen; },
};

/** Goes to a path such as "/visit/x/car"; `replace` leaves no step behind. */
export function go(path: string, opts: { replace?: boolean } = {}): void {
  const hash = `#${path}`;
  if (hash === here()) return;
  if (opts.replace) history.replaceState(null, "", hash);
  else {
    history.pushState(null, "", hash);
    steps++;
  }
  read();
}

/** Puts a screen below the queue sheet when the app was opened at the queue's own address. */
export function settle(path: string): void {
  if (queueOpen && current.pattern === "/") current = place(`#${path}`);
}

/** One step back, or to `fallback` when the app was opened at this very place. */
export function back(fallback: string): void {
  if (steps > 0) {
    steps--;
    history.back();
  } else {
    go(fallback, { replace: true });
  }
}

export const openQueue = (): void => go(QUEUE);
/** Closes the queue sheet; the screen below is as it was. */
export const closeQueue = (): void => back(current.path);
