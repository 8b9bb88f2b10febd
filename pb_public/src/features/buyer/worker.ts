// Keeps the customer's page on the phone, so that it opens without a network: a worker of its own, which looks at this page and
// nothing else and fetches this page's files alone.
export function keepThePage(): void {
  if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
  navigator.serviceWorker.register("/claim-sw.js", { scope: "/claim", updateViaCache: "none" }).then(
    (worker) => worker.waiting?.postMessage("take over"), // all that was written is kept: a new version may come at every start
    () => undefined, // without it the page works online
  );
}
