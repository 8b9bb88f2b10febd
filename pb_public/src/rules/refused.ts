// The tablet's twin of the server's fault: a stable code, the field it is about, parameters for its sentence. The
// sentences come with sentences.ts, which every screen waits for (app/screens.ts): no code is ever shown bare.

export type Sentence = { zh: string; en: string };

/** A parameter: text and numbers as they are, a list of terms of words.json, or a text in both languages. */
export type Param = string | number | string[] | Sentence;
export type Params = Record<string, Param>;

let sentences: Record<string, Sentence> = {};
let words: Record<string, Sentence> = {};

/** Takes in all sentences and terms. */
export function learn(codes: Record<string, Sentence>, terms: Record<string, Sentence>): void {
  sentences = codes;
  words = terms;
}

/** A rule's no. Shown to the person by <Refusal>, never swallowed. */
export class Refused extends Error {
  readonly code: string;
  readonly field: string;
  readonly params: Params;

  constructor(code: string, field = "", params: Params = {}) {
    super(field === "" ? code : `${code} on ${field}`);
    this.name = "Refused";
    this.code = code;
    this.field = field;
    this.params = params;
  }

  /** The same refusal on another field. */
  on(field: string): Refused {
    return new Refused(this.code, field, this.params);
  }

  /** The sentence in zh or en; the bare code when no sentence is known (an older app meeting a newer server). */
  text(lang: string): string {
    return sentenceOf(this.code, lang, this.params);
  }
}

/** The sentence of a code in zh or en with its parameters; the bare code when there is none. Flags have sentences, too. */
export function sentenceOf(code: string, lang: string, params: Params = {}): string {
  const sentence = sentences[code];
  if (!sentence) return code;
  let text = inLanguage(sentence, lang);
  for (const [name, value] of Object.entries(params)) text = text.replaceAll(`{${name}}`, () => said(value, lang));
  return text;
}

/** A term of words.json in zh or en ("role.advisor", "job.paused"); without a name, the term without its area. */
export function say(term: string, lang: string): string {
  const word = words[term];
  return word ? inLanguage(word, lang) : term.slice(term.lastIndexOf(".") + 1);
}

function said(value: Param, lang: string): string {
  if (Array.isArray(value)) return value.map((term) => say(term, lang)).join(lang.startsWith("en") ? ", " : "、");
  return typeof value === "object" ? inLanguage(value, lang) : String(value);
}

function inLanguage(sentence: Sentence, lang: string): string {
  return lang.startsWith("en") ? sentence.en : sentence.zh;
}
