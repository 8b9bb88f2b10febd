import { beforeEach, describe, expect, test, vi } from "vitest";
import { answer, install, tidy, type Shell } from "./shell.ts";

const origin = "https://shop.local";
const shell: Shell = { version: "v2", urls: ["/", "/assets/app-1.js", "/icon.svg"] };

/** Cache storage of a browser, as far as the worker needs it; `Vary` counts unless it is told to ignore it. */
function cacheStorage() {
  const stores = new Map<string, Map<string, { response: Response; vary: boolean }>>();
  const open = async (name: string) => {
    const store = stores.get(name) ?? new Map();
    stores.set(name, store);
    return {
      keys: async () => [...store.keys()].map((path) => new Request(origin + path)),
      addAll: async (requests: Request[]) => {
        const answers = await Promise.all(requests.map((r) => fetch(r)));
        if (answers.some((a) => !a.ok)) throw new TypeError("addAll failed");
        requests.forEach((r, i) => store.set(new URL(r.url, origin).pathname, { response: answers[i], vary: true }));
      },
      match: async (path: string, options: { ignoreVary?: boolean }) => {
        const found = store.get(path);
        return found && (!found.vary || options.ignoreVary) ? found.response.clone() : undefined;
      },
    };
  };
  return { stores, caches: { open, keys: async () => [...stores.keys()], delete: async (name: string) => stores.delete(name) } as unknown as CacheStorage };
}

function get(path: string, mode = "cors"): Request {
  const request = new Request(origin + path);
  Object.defineProperty(request, "mode", { value: mode });
  return request;
}

let served: string[];

beforeEach(() => {
  served = [];
  vi.stubGlobal("fetch", async (r: Request) => {
    served.push(new URL(r.url, origin).pathname);
    return new Response(`file ${new URL(r.url, origin).pathname}`);
  });
  vi.stubGlobal("location", new URL(origin));
});

describe("the app's files", () => {
  test("X-01 once installed, page and scripts come from the tablet, whatever Vary says", async () => {
    const { caches } = cacheStorage();
    await install(caches, shell);
    served = [];
    expect(await (await answer(caches, shell, get("/", "navigate"), origin))!.text()).toBe("file /");
    expect(await (await answer(caches, shell, get("/assets/app-1.js"), origin))!.text()).toBe("file /assets/app-1.js");
    expect(served).toEqual([]);
  });

  test("nothing under /api, no other host, no other method", async () => {
    const { caches } = cacheStorage();
    await install(caches, shell);
    for (const path of ["/api/sync/pull", "/api/photos/abc", "/_/", "/other.js"]) expect(answer(caches, shell, get(path), origin), path).toBeNull();
    expect(answer(caches, shell, get("/_/", "navigate"), origin)).toBeNull();
    expect(answer(caches, shell, get("/api/photos/abc", "navigate"), origin)).toBeNull();
    expect(answer(caches, shell, new Request("https://elsewhere.example/assets/app-1.js"), origin)).toBeNull();
    expect(answer(caches, shell, new Request(`${origin}/`, { method: "POST" }), origin)).toBeNull();
  });

  test("L-02 the worker of the customer's page answers for that page alone, from a cache of its own", async () => {
    const { caches, stores } = cacheStorage();
    const page: Shell = { version: "p1", urls: ["/claim.html", "/assets/claim-1.js"], only: { path: "/claim", page: "/claim.html" } };
    await install(caches, shell);
    await install(caches, page);
    await tidy(caches, page);
    served = [];
    expect(await (await answer(caches, page, get("/claim", "navigate"), origin))!.text()).toBe("file /claim.html");
    expect(await (await answer(caches, page, get("/assets/claim-1.js"), origin))!.text()).toBe("file /assets/claim-1.js");
    expect(served).toEqual([]);
    for (const path of ["/", "/verify", "/portal"]) expect(answer(caches, page, get(path, "navigate"), origin), path).toBeNull();
    expect(answer(caches, shell, get("/claim", "navigate"), origin), "the staff's worker leaves it alone").toBeNull();
    expect([...stores.keys()].sort()).toEqual(["aftercare-page-claim-p1", "aftercare-shell-v2"]);
  });

  test("half an app is not installed", async () => {
    const { caches } = cacheStorage();
    vi.stubGlobal("fetch", async (r: Request) => new Response("", { status: r.url.endsWith(".js") ? 502 : 200 }));
    await expect(install(caches, shell)).rejects.toThrow();
  });

  test("X-10 a page of the version before, still open in a tab, finds its own files", async () => {
    const { caches } = cacheStorage();
    await install(caches, { version: "v1", urls: ["/", "/assets/app-0.js"] });
    await install(caches, shell);
    await tidy(caches, shell);
    served = [];
    expect(await (await answer(caches, shell, get("/assets/app-0.js"), origin))!.text()).toBe("file /assets/app-0.js");
    expect(served).toEqual([]);
  });

  test("older versions go when the new one takes over, other caches stay", async () => {
    const { caches, stores } = cacheStorage();
    await caches.open("aftercare-shell-v0");
    await caches.open("aftercare-shell-v1");
    await caches.open("somebody-else");
    await install(caches, shell);
    await tidy(caches, shell);
    expect([...stores.keys()].sort()).toEqual(["aftercare-shell-v1", "aftercare-shell-v2", "somebody-else"]);
  });
});
