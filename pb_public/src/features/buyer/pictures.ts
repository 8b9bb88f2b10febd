// Brings the photos of filed claims to the server, resumably, by the house's own uploader, which comes when it is needed.
import type { Keep, Picture } from "./keep.ts";

/** Sends them one after the other; false when something has to be tried again later. */
export async function sendPictures(keep: Keep, token: string, pictures: Picture[]): Promise<boolean> {
  const { photoServer } = await import("../../sync/uploads.ts");
  const server = photoServer(async () => token);
  let all = true;
  for (const p of pictures) {
    const note = (more: Partial<Picture>) => keep.act(async (hand) => {
      const now = await hand.get("pictures", p.sha256);
      if (now) hand.put("pictures", { ...now, ...more });
    });
    if ((await server.presence(p.sha256)) === "here") {
      await note({ state: "sent", had: Date.now() });
      continue;
    }
    const upload = { sha256: p.sha256, photo: "", visit: "", media: p.media, size: p.bytes.byteLength, sent: 0, state: "local" as const, at: 0, attempts: 0, url: p.url };
    const result = await server.send(upload, p.bytes, { begun: (url) => void note({ url }), progress: () => undefined }, AbortSignal.timeout(10 * 60_000));
    if (result.kind === "sent") await note({ state: "sent", had: Date.now() });
    else if (result.kind === "refused") await note({ state: "refused", code: result.code });
    else {
      all = false;
      if (result.kind === "restart") await note({ url: undefined });
    }
  }
  return all;
}
