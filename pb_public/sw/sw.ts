/// <reference lib="webworker" />
import { answer, install, tidy, type Shell } from "./shell.ts";

declare const self: ServiceWorkerGlobalScope;
/** The files of this build, filled in by scripts/service-worker.mjs. */
declare const __SHELL__: Shell;

self.addEventListener("install", (event) => event.waitUntil(install(caches, __SHELL__)));

self.addEventListener("activate", (event) => event.waitUntil(tidy(caches, __SHELL__).then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  const found = answer(caches, __SHELL__, event.request, self.location.origin);
  if (found) event.respondWith(found);
});

// The page says when nobody is in the middle of something.
self.addEventListener("message", (event) => {
  if (event.data === "take over") void self.skipWaiting();
});
