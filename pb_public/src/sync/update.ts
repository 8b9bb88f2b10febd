// A new version of the app: it is fetched in the background, waits, and takes over only when somebody says so or the
// tablet rests. A page in the middle of an inspection is never replaced under a person's hands, and what waits to be sent outlives the change.
import { setUpdateReady } from "./status.svelte.ts";

let waiting: ServiceWorker | null = null;

function offer(worker: ServiceWorker | null): void {
  if (!worker) return;
  waiting = worker;
  setUpdateReady();
}

/** On the first day the files are kept after so long at the latest, ms: where nobody signs in, no rows come. */
const firstDayMs = 20_000;
const lookEveryMs = 30 * 60_000;

/**
 * Installs the service worker that keeps the app's files on the tablet, and looks for new versions now and then. The first time
 * it waits for the rows: it fetches some hundred files, and without rows they are of no use.
 */
export async function keepApp(rowsHere: Promise<void>): Promise<void> {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  try {
    if (!navigator.serviceWorker.controller) await Promise.race([rowsHere, new Promise((resolve) => setTimeout(resolve, firstDayMs))]);
    const registration = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
    if (navigator.serviceWorker.controller) {
      offer(registration.waiting);
      navigator.serviceWorker.addEventListener("controllerchange", setUpdateReady);
    }
    registration.addEventListener("updatefound", () => {
      const fresh = registration.installing;
      fresh?.addEventListener("statechange", () => {
        if (fresh.state === "installed" && navigator.serviceWorker.controller) offer(fresh);
      });
    });
    setInterval(() => void registration.update().catch(() => undefined), lookEveryMs);
  } catch (error) {
    console.warn("the app's files are not kept on this tablet", error);
  }
}

/** Lets the waiting version take over and loads the page anew with it. Nothing unsaved is lost: there is nothing unsaved. */
export function applyUpdate(): void {
  if (!waiting) return location.reload(); // another tab has let it take over already
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  waiting.postMessage("take over");
}
