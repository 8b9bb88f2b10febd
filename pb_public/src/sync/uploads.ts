// Brings the photos to the server: resumably, two at a time, after the edits, and never done before the server says
// that it holds these very bytes. A photo's bytes leave the tablet only long after that.
import type { DetailedError, Upload as TusUpload } from "tus-js-client";
import type { Upload } from "../db/records.ts";
import type { Store } from "../db/store.ts";
import { backoff } from "./backoff.ts";
import { language } from "./http.ts";

/** How long the bytes of a verified photo stay here for looking at them offline, ms. */
export const keepVerifiedMs = 14 * 24 * 3600 * 1000;
const atOnce = 2;
/** One PATCH, bytes: what a cut may cost in progress shown; the server keeps what arrived of it. */
const chunkSize = 1024 * 1024;
const verifyTries = 6;
const presenceTries = 4;
const retryDelays = [300, 1_000, 2_000, 4_000];
/** How often progress is written down, ms. */
const progressMs = 300;
/** A connection on which nothing moves for so long is given up and taken up anew, ms. */
const stalledMs = 30_000;
const storedHash = /^[0-9a-f]{64}$/;

/** What the server has of a photo's bytes. */
export type Presence = "here" | "under_way" | "absent" | "sign_in" | "unknown";

/** The network side, so that tests can play it. */
export interface PhotoServer {
  presence(sha256: string): Promise<Presence>;
  send(upload: Upload, bytes: ArrayBuffer, on: { begun(url: string): void; progress(sent: number): void }, signal: AbortSignal): Promise<SendResult>;
}

export type SendResult = { kind: "sent" } | { kind: "refused"; code: string; message: string } | { kind: "restart" } | { kind: "sign_in" } | { kind: "later" };

/** Uploads that are still to be done, oldest first. */
export async function unfinished(store: Store): Promise<Upload[]> {
  return store.uploads.where("state").anyOf("local", "uploading", "stored").sortBy("at");
}

/**
 * Uploads all that wait. Resolves when nothing is left to do now: "done", or why not ("later" counts on being called
 * again). Aborting stops between and within photos; everything already taken by the server is kept there.
 */
export async function uploadAll(store: Store, server: PhotoServer, signal: AbortSignal): Promise<"done" | "later" | "sign_in"> {
  const waiting = await unfinished(store);
  const endings = new Set<"done" | "later" | "sign_in">();
  const next = async (): Promise<void> => {
    for (let upload = waiting.shift(); upload && !signal.aborted && !endings.has("sign_in"); upload = waiting.shift()) {
      endings.add(await uploadOne(store, server, upload, signal));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  return endings.has("sign_in") ? "sign_in" : endings.has("later") ? "later" : "done";
}

async function uploadOne(store: Store, server: PhotoServer, upload: Upload, signal: AbortSignal): Promise<"done" | "later" | "sign_in"> {
  const { sha256 } = upload;
  const presence = await ask(server, sha256, signal);
  if (presence === "sign_in") return "sign_in";
  if (presence === "unknown") return "later";
  if (presence === "here") return verified(store, sha256);
  if (upload.state === "stored" && presence === "under_way") return verify(store, server, sha256, signal);
  const bytes = await store.photo_bytes.get(sha256);
  if (!bytes) return refused(store, sha256, "photo.broken", "");
  await store.uploads.update(sha256, { state: "uploading" });
  const result = await server.send(
    upload,
    bytes.bytes,
    { begun: (url) => void store.uploads.update(sha256, { url }), progress: (sent) => void store.uploads.update(sha256, { sent }) },
    signal,
  );
  return conclude(store, server, upload, result, signal);
}

async function conclude(store: Store, server: PhotoServer, upload: Upload, result: SendResult, signal: AbortSignal): Promise<"done" | "later" | "sign_in"> {
  const { sha256 } = upload;
  switch (result.kind) {
    case "sent":
      await store.uploads.update(sha256, { state: "stored", sent: upload.size });
      return verify(store, server, sha256, signal);
    case "refused":
      return refused(store, sha256, result.code, result.message);
    case "restart":
      await store.uploads.update(sha256, { url: undefined, sent: 0, state: "local" });
      return "later";
    case "sign_in":
      return "sign_in";
    case "later":
      await store.uploads.update(sha256, { attempts: upload.attempts + 1 });
      return "later";
  }
}

/** What the server has; a lost question is asked again a few times, so that a bad link does not cost a whole round. */
async function ask(server: PhotoServer, sha256: string, signal: AbortSignal): Promise<Presence> {
  for (let i = 1; i < presenceTries && !signal.aborted; i++) {
    const presence = await server.presence(sha256);
    if (presence !== "unknown") return presence;
    await new Promise((wake) => setTimeout(wake, retryDelays[i - 1]));
  }
  return server.presence(sha256);
}

/** Sent is not enough: the server says that it has the bytes with this hash, or the photo stays unverified here. */
async function verify(store: Store, server: PhotoServer, sha256: string, signal: AbortSignal): Promise<"done" | "later" | "sign_in"> {
  for (let i = 0; i < verifyTries && !signal.aborted; i++) {
    const presence = await server.presence(sha256);
    if (presence === "here") return verified(store, sha256);
    if (presence === "sign_in") return "sign_in";
    if (presence === "absent") {
      await store.uploads.update(sha256, { state: "local", url: undefined, sent: 0 });
      return "later";
    }
    await new Promise((wake) => setTimeout(wake, backoff(i) / 4));
  }
  return "later";
}

async function verified(store: Store, sha256: string): Promise<"done"> {
  await store.transaction("rw", store.uploads, store.meta, async () => {
    await store.uploads.where("sha256").equals(sha256).modify((u) => {
      u.state = "verified";
      u.sent = u.size;
      u.verified_at = Date.now();
    });
    await store.set("unconfirmed", [...new Set([...((await store.get("unconfirmed")) ?? []), sha256])]);
  });
  return "done";
}

/** The bytes stay: a photo once refused can be sent again, or its picture taken anew. */
async function refused(store: Store, sha256: string, code: string, message: string): Promise<"done"> {
  await store.uploads.update(sha256, { state: "refused", refusal: { code, message } });
  return "done";
}

/** The server may have been restored: whether it still holds what it once verified is asked anew. */
export async function askAgain(store: Store, which: (upload: Upload) => boolean = () => true): Promise<void> {
  await store.uploads.where("state").equals("verified").filter(which).modify({ state: "stored", url: undefined });
}

/** The server was started anew, and may have been restored: what no row has confirmed, perhaps because it is out of sight, is asked about. */
export async function askUnconfirmed(store: Store): Promise<void> {
  const awaited = new Set(await store.get("unconfirmed"));
  if (awaited.size > 0) await askAgain(store, (u) => awaited.has(u.sha256));
}

/** How long a row may still say that its photo is on the way after the server has said that it is there, ms. */
const rowFollowsMs = 60_000;

/**
 * After a complete pull, of the photos whose row has not confirmed them yet: one that still waits for bytes which the
 * server had shows that it lost them in a restore, and a snapshot without the row (it is out of sight) shows nothing.
 * These are asked about again; most pulls find no such photo and read nothing.
 */
export async function askForPhotos(store: Store, snapshot: boolean, now = Date.now()): Promise<void> {
  const awaited = (await store.get("unconfirmed")) ?? [];
  if (awaited.length === 0) return;
  const uploads = await store.uploads.bulkGet(awaited);
  const rows = await store.rows("photos").bulkGet(uploads.map((u) => u?.photo ?? ""));
  const lost = new Set<string>();
  const still: string[] = [];
  uploads.forEach((u, i) => {
    const state = rows[i]?.state;
    if (u?.state !== "verified" || state === "verified" || state === "refused") return;
    const overdue = rows[i] ? Math.abs(now - (u.verified_at ?? 0)) > rowFollowsMs : snapshot;
    if (overdue) lost.add(u.sha256);
    else still.push(u.sha256);
  });
  if (lost.size > 0) await askAgain(store, (u) => lost.has(u.sha256));
  if (still.length < awaited.length) await store.set("unconfirmed", still);
}

/** Frees the room of photos that the server has held for long. */
export async function forgetVerified(store: Store, now = Date.now()): Promise<void> {
  const old = await store.uploads.where("state").equals("verified").filter((u) => (u.verified_at ?? now) < now - keepVerifiedMs).primaryKeys();
  await store.transaction("rw", store.uploads, store.photo_bytes, async () => {
    await store.photo_bytes.bulkDelete(old);
    await store.uploads.bulkDelete(old);
  });
}

/** The real server: HEAD for what it has, tus 1.0 for sending. The Authorization header is asked for before each request. */
export function photoServer(authorization: () => Promise<string>): PhotoServer {
  return {
    async presence(sha256) {
      try {
        const answer = await fetch(`/api/photos/${sha256}`, { method: "HEAD", headers: { Authorization: await authorization() }, cache: "no-store", redirect: "error", signal: AbortSignal.timeout(stalledMs) });
        return presenceIn(answer);
      } catch {
        return "unknown";
      }
    },
    send: (upload, bytes, on, signal) => sendByTus(authorization, upload, bytes, on, signal),
  };
}

/** Only our server's own words count: a captive portal says 200 to everything. */
function presenceIn({ status, headers }: Response): Presence {
  if (status === 200 && storedHash.test(headers.get("X-Stored-Sha256") ?? "")) return "here";
  if (status === 202) return "under_way";
  if (!(headers.get("content-type") ?? "").includes("json")) return "unknown";
  if (status === 404) return "absent";
  return status === 401 || status === 403 ? "sign_in" : "unknown";
}

async function sendByTus(
  authorization: () => Promise<string>,
  upload: Upload,
  bytes: ArrayBuffer,
  on: { begun(url: string): void; progress(sent: number): void },
  signal: AbortSignal,
): Promise<SendResult> {
  const tus = await import("tus-js-client");
  return new Promise((resolve) => {
    let watchdog: ReturnType<typeof setTimeout>;
    const done = (result: SendResult) => {
      clearTimeout(watchdog);
      resolve(result);
    };
    const giveUp = () => void sending.abort().then(() => done({ kind: "later" }), () => done({ kind: "later" }));
    let told = 0;
    const moving = (sent = 0) => {
      clearTimeout(watchdog);
      watchdog = setTimeout(giveUp, stalledMs);
      if (sent === 0 || Date.now() - told < progressMs) return;
      told = Date.now();
      on.progress(sent);
    };
    const sending: TusUpload = new tus.Upload(new Blob([bytes]), {
      // With both, tus would begin anew at any 4xx, also a stranger's, and send again what is there.
      ...(upload.url ? { uploadUrl: upload.url } : { endpoint: "/api/uploads/" }),
      metadata: { sha256: upload.sha256, type: upload.media },
      chunkSize,
      retryDelays, // within one go; counted anew whenever bytes get through
      storeFingerprintForResuming: false,
      onBeforeRequest: async (request) => {
        request.setHeader("Authorization", await authorization());
        request.setHeader("Accept-Language", language.code);
      },
      onUploadUrlAvailable: () => sending.url && on.begun(sending.url),
      onProgress: (sent) => moving(sent),
      onChunkComplete: (_size, accepted) => on.progress(accepted),
      onSuccess: () => done({ kind: "sent" }),
      onError: (error) => done(meaning(error)),
    });
    signal.addEventListener("abort", giveUp, { once: true });
    moving();
    sending.start();
  });
}

/** Only a clear word of our server on this photo counts as a refusal. */
function meaning(error: Error | DetailedError): SendResult {
  const answer = "originalResponse" in error ? error.originalResponse : null;
  const status = answer?.getStatus() ?? 0;
  const { code, message } = codeIn(answer?.getBody() ?? "");
  if (status === 401) return { kind: "sign_in" };
  if (status >= 400 && status < 500 && code.startsWith("photo.")) return { kind: "refused", code, message };
  const ours = code.startsWith("upload.") || answer?.getHeader("Tus-Resumable") !== undefined;
  if ((status === 404 || status === 410) && ours) return { kind: "restart" };
  return { kind: "later" };
}

function codeIn(body: string): { code: string; message: string } {
  try {
    const parsed = JSON.parse(body) as { data?: Record<string, { code?: string; message?: string }> };
    const first = Object.values(parsed.data ?? {})[0];
    return { code: first?.code ?? "", message: first?.message ?? "" };
  } catch {
    return { code: "", message: "" };
  }
}
