// Code 128 (ISO/IEC 15417), code set B, as bars: what labels carry and every scanner reads. ASCII 32–126 only.

const patterns =
  "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232".split(" ");
const startB = 104, stop = "2331112";

/** The symbol values of a text with start and check digit, without the stop; null when it holds what set B cannot say. */
export function codes128(text: string): number[] | null {
  if (text === "" || !/^[\x20-\x7e]+$/.test(text)) return null;
  const values = [...text].map((c) => c.charCodeAt(0) - 32);
  const check = values.reduce((sum, v, i) => sum + v * (i + 1), startB) % 103;
  return [startB, ...values, check];
}

export interface Bars {
  /** x and width of each bar, in modules. */
  bars: [x: number, width: number][];
  width: number;
}

/** The bars of a text with the quiet zone of ten modules on both sides; null when it cannot be coded. */
export function bars128(text: string): Bars | null {
  const codes = codes128(text);
  if (!codes) return null;
  const widths = codes.map((c) => patterns[c]).join("") + stop;
  const bars: Bars["bars"] = [];
  let x = 10;
  [...widths].forEach((w, i) => {
    if (i % 2 === 0) bars.push([x, Number(w)]);
    x += Number(w);
  });
  return { bars, width: x + 10 };
}
