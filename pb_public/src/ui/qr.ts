// QR codes (ISO/IEC 18004) of short texts: bytes, error correction M, versions 1–40, the best of the eight masks. What a
// gate pass or a link needs, and nothing else.

/** Codewords of a version in all, and for level M: of error correction in each block, and blocks (ISO/IEC 18004, table 9). */
const eccPerBlock = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28];
const blocksOf = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49];

/** The modules of the code, row by row; true is dark. Null when the text is too long for any code. */
export function qr(text: string): boolean[][] | null {
  let best: { modules: boolean[][]; penalty: number } | null = null;
  for (const modules of masked(text)) {
    const penalty = penaltyOf(modules);
    if (!best || penalty < best.penalty) best = { modules, penalty };
  }
  return best?.modules ?? null;
}

/** The same code under each of the eight masks; each of them reads alike. None when the text is too long. */
export function masked(text: string): boolean[][][] {
  const bytes = new TextEncoder().encode(text);
  const version = versionFor(bytes.length);
  if (version === 0) return [];
  const words = interleaved(version, dataWords(version, bytes));
  return maskAt.map((_, mask) => drawn(version, words, mask));
}

/** The dark modules as one SVG path in units of modules. */
export function qrPath(modules: boolean[][]): string {
  return modules.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
}

/** Modules that carry data, of all modules of a version. */
function rawModules(version: number): number {
  let n = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const align = Math.floor(version / 7) + 2;
    n -= (25 * align - 10) * align - 55;
    if (version >= 7) n -= 36;
  }
  return n;
}

const dataLength = (version: number): number => Math.floor(rawModules(version) / 8) - eccPerBlock[version - 1]! * blocksOf[version - 1]!;

function versionFor(bytes: number): number {
  for (let v = 1; v <= 40; v++) if (4 + (v < 10 ? 8 : 16) + bytes * 8 <= dataLength(v) * 8) return v;
  return 0;
}

/** Mode, length, the bytes, and padding up to the version's size. */
function dataWords(version: number, bytes: Uint8Array): number[] {
  const bits: number[] = [];
  const put = (value: number, length: number): void => { for (let i = length - 1; i >= 0; i--) bits.push((value >>> i) & 1); };
  const room = dataLength(version) * 8;
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const b of bytes) put(b, 8);
  put(0, Math.min(4, room - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) put(pad, 8);
  return Array.from({ length: bits.length / 8 }, (_, i) => bits.slice(i * 8, i * 8 + 8).reduce((byte, bit) => (byte << 1) | bit, 0));
}

/** Splits the data into blocks, adds each block's error correction, and reads them column by column. */
function interleaved(version: number, data: number[]): number[] {
  const ecc = eccPerBlock[version - 1]!, blocks = blocksOf[version - 1]!, all = Math.floor(rawModules(version) / 8);
  const short = Math.floor(all / blocks) - ecc, long = all % blocks;
  const divisor = generator(ecc);
  const parts: { data: number[]; ecc: number[] }[] = [];
  for (let i = 0, at = 0; i < blocks; i++) {
    const part = data.slice(at, (at += short + (i < blocks - long ? 0 : 1)));
    parts.push({ data: part, ecc: remainder(part, divisor) });
  }
  const out: number[] = [];
  for (let i = 0; i <= short; i++) for (const p of parts) if (i < p.data.length) out.push(p.data[i]!);
  for (let i = 0; i < ecc; i++) for (const p of parts) out.push(p.ecc[i]!);
  return out;
}

/** Multiplication in the field of 256 elements, modulo x⁸+x⁴+x³+x²+1. */
function times(x: number, y: number): number {
  let z = 0;
  for (let i = 7; i >= 0; i--) z = ((z << 1) ^ ((z >>> 7) * 0x11d)) ^ (((y >>> i) & 1) * x);
  return z & 0xff;
}

function generator(degree: number): number[] {
  const out = Array<number>(degree).fill(0);
  out[degree - 1] = 1;
  let root = 1;
  for (let i = 0; i < degree; i++) {
    for (let j = 0; j < degree; j++) out[j] = times(out[j]!, root) ^ (out[j + 1] ?? 0);
    root = times(root, 2);
  }
  return out;
}

function remainder(data: number[], divisor: number[]): number[] {
  const out = Array<number>(divisor.length).fill(0);
  for (const b of data) {
    const factor = b ^ out.shift()!;
    out.push(0);
    divisor.forEach((d, i) => (out[i]! ^= times(d, factor)));
  }
  return out;
}

const maskAt: ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0, (_, y) => y % 2 === 0, (x) => x % 3 === 0, (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0, (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** The whole drawing: patterns, format and version, then the words in their zigzag under the mask. */
function drawn(version: number, words: number[], mask: number): boolean[][] {
  const size = version * 4 + 17;
  const dark = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  const fixed = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  const set = (x: number, y: number, on: boolean): void => { dark[y]![x] = on; fixed[y]![x] = true; };
  patterns(version, size, set);
  format(mask, size, set);
  let i = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let vertical = 0; vertical < size; vertical++) {
      for (let j = 0; j < 2; j++) {
        const x = right - j, y = ((right + 1) & 2) === 0 ? size - 1 - vertical : vertical;
        if (fixed[y]![x]) continue;
        const bit = i < words.length * 8 && ((words[i >>> 3]! >>> (7 - (i & 7))) & 1) === 1;
        i++;
        dark[y]![x] = bit !== maskAt[mask]!(x, y);
      }
    }
  }
  return dark;
}

type Set = (x: number, y: number, on: boolean) => void;

function patterns(version: number, size: number, set: Set): void {
  for (let i = 0; i < size; i++) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]] as const) {
    for (let dy = -4; dy <= 4; dy++) for (let dx = -4; dx <= 4; dx++) {
      const far = Math.max(Math.abs(dx), Math.abs(dy)), x = cx + dx, y = cy + dy;
      if (x >= 0 && x < size && y >= 0 && y < size) set(x, y, far !== 2 && far !== 4);
    }
  }
  const centres = aligned(version, size), last = centres.length - 1;
  centres.forEach((cx, i) => centres.forEach((cy, j) => {
    if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return;
    for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
  }));
  if (version < 7) return;
  let rest = version;
  for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let i = 0; i < 18; i++) {
    const on = ((bits >>> i) & 1) === 1, a = size - 11 + (i % 3), b = Math.floor(i / 3);
    set(a, b, on);
    set(b, a, on);
  }
}

/** Where the alignment patterns have their centres. */
function aligned(version: number, size: number): number[] {
  if (version === 1) return [];
  const n = Math.floor(version / 7) + 2;
  const step = version === 32 ? 26 : Math.ceil((version * 4 + 4) / (n * 2 - 2)) * 2;
  return [6, ...Array.from({ length: n - 1 }, (_, i) => size - 7 - (n - 2 - i) * step)];
}

/** Level M and the mask, twice, with the module that is always dark. */
function format(mask: number, size: number, set: Set): void {
  let rest = mask; // level M is 00
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
  const bits = ((mask << 10) | rest) ^ 0x5412;
  const bit = (i: number): boolean => ((bits >>> i) & 1) === 1;
  for (let i = 0; i <= 5; i++) set(8, i, bit(i));
  set(8, 7, bit(6));
  set(8, 8, bit(7));
  set(7, 8, bit(8));
  for (let i = 9; i < 15; i++) set(14 - i, 8, bit(i));
  for (let i = 0; i < 8; i++) set(size - 1 - i, 8, bit(i));
  for (let i = 8; i < 15; i++) set(8, size - 15 + i, bit(i));
  set(8, size - 8, true);
}

/** The lower, the better it reads: runs, squares, shapes like the finder's, and too much of one colour. */
function penaltyOf(m: boolean[][]): number {
  const size = m.length;
  let sum = 0, darks = 0;
  for (let a = 0; a < size; a++) {
    for (const line of [m[a]!, m.map((row) => row[a]!)]) {
      for (let i = 0, run = 1; i < size; i++, run++) {
        if (i + 1 < size && line[i] === line[i + 1]) continue;
        if (run >= 5) sum += run - 2;
        run = 0;
      }
      const text = line.map((d) => (d ? "1" : "0")).join("");
      for (const shape of ["10111010000", "00001011101"]) for (let at = text.indexOf(shape); at >= 0; at = text.indexOf(shape, at + 1)) sum += 40;
    }
    for (let b = 0; b < size; b++) {
      if (m[a]![b]) darks++;
      if (a > 0 && b > 0 && m[a]![b] === m[a - 1]![b] && m[a]![b] === m[a]![b - 1] && m[a]![b] === m[a - 1]![b - 1]) sum += 3;
    }
  }
  return sum + Math.floor(Math.abs((darks * 20) / (size * size) - 10)) * 10;
}
