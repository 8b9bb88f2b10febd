// Turns what a camera gave into what is kept: upright, at most 2560 px, JPEG, nothing but the picture in it. The hash
// is taken over exactly those bytes; they are the evidence. Runs in a worker, or in the page where workers cannot draw.

/** Longest side of the kept picture, px (photos: about 1 MB). */
const longestSide = 2560;
/** Longest side of the small picture for lists, px. */
const thumbSide = 320;
const jpegQuality = 0.85;
const thumbQuality = 0.8;

export interface Pictures {
  bytes: ArrayBuffer;
  thumb: ArrayBuffer;
  sha256: string;
  width: number;
  height: number;
}

/** A surface to draw on, of the worker's or the page's kind. */
interface Surface {
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
  encode(quality: number): Promise<Blob>;
}

type Source = (ImageBitmap | HTMLImageElement) & { width: number; height: number };

/** Size of a picture fitted into a square, never enlarged. */
export function fitted(width: number, height: number, side: number): { width: number; height: number } {
  const scale = Math.min(1, side / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function offscreen(width: number, height: number): Surface {
  const canvas = new OffscreenCanvas(width, height);
  return { context: canvas.getContext("2d")!, encode: (quality) => canvas.convertToBlob({ type: "image/jpeg", quality }) };
}

function onPage(width: number, height: number): Surface {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const encode = (quality: number) =>
    new Promise<Blob>((done, fail) => canvas.toBlob((b) => (b ? done(b) : fail(new Error("no picture"))), "image/jpeg", quality));
  return { context: canvas.getContext("2d")!, encode };
}

async function draw(source: Source, side: number, quality: number): Promise<{ bytes: ArrayBuffer; width: number; height: number }> {
  const { width, height } = fitted(source.width, source.height, side);
  const surface = (typeof OffscreenCanvas === "undefined" ? onPage : offscreen)(width, height);
  surface.context.imageSmoothingEnabled = true;
  surface.context.imageSmoothingQuality = "high";
  surface.context.drawImage(source, 0, 0, width, height);
  const bytes = stripJPEG(await (await surface.encode(quality)).arrayBuffer());
  return { bytes, width, height };
}

/** Decodes upright. An <img> turns by itself; a bitmap has to be asked to. */
async function decode(file: Blob): Promise<Source> {
  if (typeof OffscreenCanvas !== "undefined") return createImageBitmap(file, { imageOrientation: "from-image" });
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
  } finally {
    URL.revokeObjectURL(image.src);
  }
  return image;
}

export async function makePictures(file: Blob): Promise<Pictures> {
  const source = await decode(file);
  try {
    const { bytes, width, height } = await draw(source, longestSide, jpegQuality);
    const thumb = await draw(source, thumbSide, thumbQuality);
    return { bytes, thumb: thumb.bytes, sha256: await sha256(bytes), width, height };
  } finally {
    if ("close" in source) source.close();
  }
}

/** SHA-256 as 64 lower-case hex digits. */
export async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (b) => b.toString(16).padStart(2, "0")).join("");
}

/** A JPEG without its application and comment segments (EXIF, GPS, profiles, notes); JFIF's own header stays. */
export function stripJPEG(file: ArrayBuffer): ArrayBuffer {
  const bytes = new Uint8Array(file);
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw new Error("not a JPEG");
  const kept: Uint8Array[] = [bytes.subarray(0, 2)];
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1];
    if (marker === 0xda) break; // the picture itself begins
    const end = at + 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
    const drop = (marker >= 0xe1 && marker <= 0xef) || marker === 0xfe;
    if (!drop) kept.push(bytes.subarray(at, end));
    at = end;
  }
  kept.push(bytes.subarray(at));
  const out = new Uint8Array(kept.reduce((n, part) => n + part.length, 0));
  let to = 0;
  for (const part of kept) {
    out.set(part, to);
    to += part.length;
  }
  return out.buffer;
}
