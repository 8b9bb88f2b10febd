import { Refused } from "../rules/refused.ts";
import { serverTime } from "./ids.ts";
import { makePictures, type Pictures } from "./prepare-core.ts";

/** A photo as it will be kept and sent. `bytes` is a JPEG without metadata, `thumb` the same at 320 px. */
export interface PreparedPhoto extends Pictures {
  media: string;
  /** When it was taken, UTC as the server writes it. */
  taken_at: string;
}

let worker: Worker | null = null;
let count = 0;
const waiting = new Map<number, { done: (p: Pictures) => void; fail: (e: Error) => void }>();
let line: Promise<unknown> = Promise.resolve();

function inWorker(file: Blob): Promise<Pictures> {
  worker ??= startWorker();
  const id = ++count;
  return new Promise((done, fail) => {
    waiting.set(id, { done, fail });
    worker!.postMessage({ id, file });
  });
}

function startWorker(): Worker {
  const started = new Worker(new URL("./prepare.worker.ts", import.meta.url), { type: "module" });
  started.onmessage = (event: MessageEvent<{ id: number; pictures?: Pictures; error?: string }>) => {
    const { id, pictures, error } = event.data;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (pictures) asked?.done(pictures);
    else asked?.fail(new Error(error));
  };
  started.onerror = () => {
    for (const { fail } of waiting.values()) fail(new Error("worker"));
    waiting.clear();
    worker = null;
  };
  return started;
}

async function pictures(file: Blob): Promise<Pictures> {
  if (typeof Worker !== "undefined" && typeof OffscreenCanvas !== "undefined") {
    try {
      return await inWorker(file);
    } catch {
      // The worker could not be started or could not draw: the page can.
    }
  }
  return makePictures(file);
}

/**
 * Makes a taken or chosen picture ready to be kept: upright, at most 2560 px, JPEG, without metadata, hashed. One at
 * a time, so that six of 12 megapixels do not meet in memory. Throws Refused `photo.broken` when it is no picture.
 */
export function preparePhoto(file: Blob): Promise<PreparedPhoto> {
  const taken = file instanceof File && file.lastModified > 0 ? file.lastModified : Date.now();
  const made = line.then(async () => {
    try {
      return { ...(await pictures(file)), media: "image/jpeg", taken_at: serverTime(Math.min(taken, Date.now())) };
    } catch {
      throw new Refused("photo.broken");
    }
  });
  line = made.catch(() => undefined);
  return made;
}
