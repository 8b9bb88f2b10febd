import { session } from "./session.svelte.ts";
import { storeInUse, type Store } from "./store.ts";
import type { Rows } from "./types.gen.ts";

export type PhotoSize = 320 | 1600 | "original";

/** Pictures of others kept for looking at them offline; the oldest go first. */
const keptDerivatives = 600;
const firstRetryMs = 1_500;
const lastRetryMs = 30_000;

/** The picture from this tablet's own disk: its own bytes, or a size looked at before. */
async function fromDisk(store: Store, sha256: string, size: PhotoSize): Promise<Blob | null> {
  const derived = size === "original" ? undefined : await store.derivatives.get(`${sha256}/${size}`);
  const found = derived ?? (await store.photo_bytes.get(sha256));
  return found ? new Blob([found.bytes], { type: found.media }) : null;
}

async function fromServer(store: Store, sha256: string, size: PhotoSize, signal: AbortSignal): Promise<Blob | null> {
  const answer = await fetch(`/api/photos/${sha256}?size=${size}`, { headers: { Authorization: session.token }, signal });
  const media = answer.headers.get("content-type") ?? "";
  if (!answer.ok || !media.startsWith("image/")) return null;
  const bytes = await answer.arrayBuffer();
  if (size !== "original") await keep(store, `${sha256}/${size}`, media, bytes);
  return new Blob([bytes], { type: media });
}

/** Room may be short, and a picture that can be fetched again is not worth an error. */
async function keep(store: Store, key: string, media: string, bytes: ArrayBuffer): Promise<void> {
  try {
    await store.derivatives.put({ key, media, bytes, at: Date.now() });
    const surplus = (await store.derivatives.count()) - keptDerivatives;
    if (surplus > 0) await store.derivatives.orderBy("at").limit(surplus).delete();
  } catch (error) {
    console.warn("picture not kept", error);
  }
}

/**
 * An address for showing a photo: from this tablet while it has the bytes, else from the server. Call it while a
 * component starts; the address is freed with the component. `failed` is true while the photo cannot be had (not
 * uploaded by its maker yet, or no network); it goes on trying.
 */
export function photoUrl(photo: Rows["photos"], size: PhotoSize): { readonly url: string | null; readonly failed: boolean } {
  let url = $state<string | null>(null);
  let failed = $state(false);

  $effect(() => {
    const { sha256 } = photo;
    const store = storeInUse();
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let made: string | null = null;

    async function load(wait: number): Promise<void> {
      if (!store) return;
      const blob = await fromDisk(store, sha256, size)
        .then((own) => own ?? fromServer(store, sha256, size, stop.signal))
        .catch(() => null);
      if (stop.signal.aborted) return;
      failed = blob === null;
      if (blob) url = made = URL.createObjectURL(blob);
      else timer = setTimeout(() => void load(Math.min(wait * 2, lastRetryMs)), wait);
    }
    void load(firstRetryMs);

    return () => {
      stop.abort();
      clearTimeout(timer);
      if (made) URL.revokeObjectURL(made);
      url = null;
    };
  });

  return {
    get url() {
      return url;
    },
    get failed() {
      return failed;
    },
  };
}
