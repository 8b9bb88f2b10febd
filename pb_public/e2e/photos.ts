import type { Browser } from "@playwright/test";

/** A place nobody's photo may tell: it must be gone from every byte that leaves the tablet. */
export const GPS = { latitude: [31, 14, 5], longitude: [121, 28, 9], tag: "GPS-31-14-5" } as const;

/**
 * Real-size photos: 4000 × 3000 JPEGs of about the weight a camera makes, drawn by the browser with noise that does not
 * compress away. Each is different. The second carries EXIF with orientation 6, a GPS position and a serial number.
 */
export async function cameraPhotos(browser: Browser, count: number): Promise<{ name: string; mimeType: string; buffer: Buffer }[]> {
  const page = await browser.newPage();
  const files = [];
  for (let i = 0; i < count; i++) {
    const base64 = await page.evaluate(async (n) => {
      const canvas = new OffscreenCanvas(4000, 3000);
      const g = canvas.getContext("2d")!;
      const sky = g.createLinearGradient(0, 0, 4000, 3000);
      sky.addColorStop(0, `hsl(${n * 47} 30% 70%)`);
      sky.addColorStop(1, `hsl(${n * 47 + 120} 40% 30%)`);
      g.fillStyle = sky;
      g.fillRect(0, 0, 4000, 3000);
      let a = 1 + n;
      const rnd = () => ((a = (a * 1664525 + 1013904223) >>> 0) / 4294967296);
      const grain = new ImageData(500, 375);
      for (let p = 0; p < grain.data.length; p += 4) {
        const v = rnd() * 255;
        grain.data.set([v, v, v, 22], p);
      }
      const tile = new OffscreenCanvas(500, 375);
      tile.getContext("2d")!.putImageData(grain, 0, 0);
      for (let x = 0; x < 4000; x += 500) for (let y = 0; y < 3000; y += 375) g.drawImage(tile, x, y);
      for (let k = 0; k < 160; k++) {
        g.fillStyle = `hsl(${rnd() * 360} 50% ${20 + rnd() * 60}%)`;
        g.fillRect(rnd() * 4000, rnd() * 3000, rnd() * 500, rnd() * 300);
      }
      g.fillStyle = "#fff";
      g.font = "bold 260px sans-serif";
      g.fillText(`PHOTO ${n + 1}`, 300, 500);
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 })).arrayBuffer());
      let s = "";
      for (let p = 0; p < bytes.length; p += 8192) s += String.fromCharCode(...bytes.subarray(p, p + 8192));
      return btoa(s);
    }, i);
    const plain = Buffer.from(base64, "base64");
    files.push({ name: `IMG_${1000 + i}.jpg`, mimeType: "image/jpeg", buffer: i === 1 ? withExif(plain) : plain });
  }
  await page.close();
  return files;
}

/** Puts an Exif APP1 segment (little-endian TIFF) after the start of the image: orientation 6, GPS, a description. */
function withExif(jpeg: Buffer): Buffer {
  const entry = (tag: number, type: number, count: number, value: Buffer | number) => {
    const b = Buffer.alloc(12);
    b.writeUInt16LE(tag, 0);
    b.writeUInt16LE(type, 2);
    b.writeUInt32LE(count, 4);
    if (typeof value === "number") b.writeUInt32LE(value, 8);
    else value.copy(b, 8);
    return b;
  };
  const rationals = (values: readonly number[]) => Buffer.concat(values.map((v) => {
    const b = Buffer.alloc(8);
    b.writeUInt32LE(v, 0);
    b.writeUInt32LE(1, 4);
    return b;
  }));
  const text = Buffer.from(`${GPS.tag}\0`);
  const ifd0At = 8, ifd0Length = 2 + 3 * 12 + 4, textAt = ifd0At + ifd0Length, gpsAt = textAt + text.length + (text.length % 2);
  const gpsLength = 2 + 4 * 12 + 4, latAt = gpsAt + gpsLength, lonAt = latAt + 24;
  const count = (n: number) => {
    const b = Buffer.alloc(2);
    b.writeUInt16LE(n);
    return b;
  };
  const tiff = Buffer.concat([
    Buffer.from("II*\0"), (() => { const b = Buffer.alloc(4); b.writeUInt32LE(ifd0At); return b; })(),
    count(3), entry(0x010e, 2, text.length, textAt), entry(0x0112, 3, 1, 6), entry(0x8825, 4, 1, gpsAt), Buffer.alloc(4),
    text, Buffer.alloc(text.length % 2),
    count(4), entry(1, 2, 2, Buffer.from("N\0\0\0")), entry(2, 5, 3, latAt), entry(3, 2, 2, Buffer.from("E\0\0\0")), entry(4, 5, 3, lonAt), Buffer.alloc(4),
    rationals(GPS.latitude), rationals(GPS.longitude),
  ]);
  const body = Buffer.concat([Buffer.from("Exif\0\0"), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

let drawn = 0;

/** Photos of about 300 kB, each different from every other: where it is the way that counts, not the picture. */
export async function smallPhotos(browser: Browser, count: number): Promise<{ name: string; mimeType: string; buffer: Buffer }[]> {
  const page = await browser.newPage();
  const files = [];
  for (let i = 0; i < count; i++) {
    const base64 = await page.evaluate(async (n) => {
      const canvas = new OffscreenCanvas(800, 600);
      const g = canvas.getContext("2d")!;
      const grain = new ImageData(800, 600);
      let a = 7919 * (n + 1);
      for (let p = 0; p < grain.data.length; p++) grain.data[p] = p % 4 === 3 ? 255 : (a = (a * 1664525 + 1013904223) >>> 0) >>> 24;
      g.putImageData(grain, 0, 0);
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 })).arrayBuffer());
      let s = "";
      for (let p = 0; p < bytes.length; p += 8192) s += String.fromCharCode(...bytes.subarray(p, p + 8192));
      return btoa(s);
    }, drawn++);
    files.push({ name: `IMG_${5000 + i}.jpg`, mimeType: "image/jpeg", buffer: Buffer.from(base64, "base64") });
  }
  await page.close();
  return files;
}
