// Keeps the app's files on the tablet so that it starts without a network. It holds no data: what the server answers
// under /api never comes from or goes into a cache.

export interface Shell {
  version: string;
  urls: string[];
  /** Of the customer's page alone: the one page that its worker answers with, and a cache of its own. */
  only?: { path: string; page: string };
}

function prefixOf(shell: Shell): string {
  return shell.only ? `aftercare-page${shell.only.path.replaceAll("/", "-")}-` : "aftercare-shell-";
}

function cacheName(shell: Shell): string {
  return prefixOf(shell) + shell.version;
}

/** Fetches every file of this build, past the browser's own cache. All or nothing: half an app does not start. */
export async function install(caches: CacheStorage, shell: Shell): Promise<void> {
  const cache = await caches.open(cacheName(shell));
  const kept = new Set((await cache.keys()).map((r) => new URL(r.url).pathname));
  const missing = shell.urls.filter((url) => url === "/" || !kept.has(url));
  await cache.addAll(missing.map((url) => new Request(url, { cache: "reload" })));
}

/** Removes old versions' files, except the last one's: a page of it may still be open in another tab. */
export async function tidy(caches: CacheStorage, shell: Shell): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(prefixOf(shell)) && name !== cacheName(shell));
  await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
}

/** The answer to a request of the page from the kept files; null where the network is to answer. */
export function answer(caches: CacheStorage, shell: Shell, request: Request, origin: string): Promise<Response> | null {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== origin) return null;
  if (request.mode === "navigate") {
    const page = pageOf(shell, url.pathname);
    return page ? kept(caches, [cacheName(shell)], page, request) : null;
  }
  if (url.pathname.startsWith("/assets/")) return asset(caches, shell, url.pathname, request);
  return url.pathname !== "/" && shell.urls.includes(url.pathname) ? kept(caches, [cacheName(shell)], url.pathname, request) : null;
}

/** The kept page of an address: the app, or the public page that verifies, which must open without a network (S-03). */
function pageOf({ only }: Shell, path: string): string | null {
  if (only) return path === only.path ? only.page : null;
  if (path === "/" || path === "/index.html") return "/";
  return path === "/verify" || path.startsWith("/verify/") ? "/verify.html" : null;
}

/** A file of this build, else of another that is still kept: a page of the version before may ask. */
async function asset(caches: CacheStorage, shell: Shell, path: string, request: Request): Promise<Response> {
  const own = cacheName(shell);
  const found = await inCache(caches, own, path);
  if (found) return found;
  return kept(caches, (await caches.keys()).filter((name) => name.startsWith(prefixOf(shell)) && name !== own).reverse(), path, request);
}

/** Caches opened so far: a start asks for twenty files at once. */
const opened = new WeakMap<CacheStorage, Map<string, Promise<Cache>>>();

async function inCache(caches: CacheStorage, name: string, path: string): Promise<Response | undefined> {
  const known = opened.get(caches) ?? new Map<string, Promise<Cache>>();
  opened.set(caches, known);
  const cache = known.get(name) ?? caches.open(name);
  known.set(name, cache);
  return (await cache).match(path, { ignoreVary: true, ignoreSearch: true });
}

/**
 * From the first cache that has it, else from the network. The server's `Vary: Origin` must not hide what is kept:
 * module scripts are asked for with an Origin, pages without.
 */
async function kept(caches: CacheStorage, names: string[], path: string, request: Request): Promise<Response> {
  for (const name of names) {
    const found = await inCache(caches, name, path);
    if (found) return found;
  }
  return fetch(request);
}
