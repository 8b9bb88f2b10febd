import fc from "fast-check";
import { describe, expect, test } from "vitest";
import canonicals from "../../../internal/consent/testdata/vectors/canonical.json";
import documents from "../../../internal/consent/testdata/vectors/documents.json";
import generated from "../../../internal/consent/testdata/vectors/jobs_generated.json";
import jobs from "../../../internal/consent/testdata/vectors/jobs.json";
import {
  canonical, estimateDocument, hash, jobContent, jobHash, deliveryDocument, precheckDocument, supplementDocument,
  type JobContent, type JobLike, type Offer, type Handover, type Precheck,
} from "./consent.ts";

describe("canonical bytes are those of RFC 8785, as on the server", () => {
  for (const v of canonicals) {
    test(`S-02 ${v.name}`, () => {
      expect(canonical(JSON.parse(v.json))).toBe(v.canonical);
      expect(canonical(JSON.parse(v.canonical))).toBe(v.canonical);
    });
  }

  test("S-02 what JSON cannot say is refused", () => {
    for (const bad of [undefined, Number.NaN, Infinity, 1n, "\ud800", "\udc00\ud800", { a: undefined }, [undefined], { "\ud800": 1 }, () => 0]) {
      expect(() => canonical(bad)).toThrow(TypeError);
    }
  });

  test("S-02 what is signed holds whole numbers that every side holds exactly", () => {
    for (const bad of [0.5, 2 ** 53, -(2 ** 53), [{ x: 1e300 }]]) expect(() => hash(bad)).toThrow(TypeError);
    expect(hash(2 ** 53 - 1)).toHaveLength(64);
  });
});

describe("job hashes are the server's", () => {
  for (const v of jobs) {
    test(v.name, () => {
      const row = v.row as unknown as JobLike;
      expect(canonical(jobContent(row))).toBe(v.canonical);
      expect(jobHash(row)).toBe(v.sha256);
    });
  }

  test("S-02 generated contents hash as on the server", () => {
    for (const v of generated) expect(jobHash(v.row as unknown as JobLike), v.name).toBe(v.sha256);
    expect(generated.length).toBeGreaterThanOrEqual(300);
  });
});

describe("documents are the server's, byte for byte", () => {
  for (const v of documents) {
    test(v.name, () => {
      const material = v.material as unknown;
      const built =
        v.kind === "precheck" ? precheckDocument(material as Precheck)
        : v.kind === "delivery" ? deliveryDocument(material as Handover)
        : v.kind === "estimate" ? estimateDocument(material as Offer)
        : supplementDocument(material as Offer);
      expect(canonical(built.document)).toBe(v.canonical);
      expect(built.sha256).toBe(v.sha256);
      expect(built.jobs).toEqual(v.jobs);
    });
  }
});

const words = fc.string({ unit: "grapheme" });
const count = fc.integer({ min: 0, max: 1_000_000 });
const part = fc.record({ name: words, number: words, quantity_milli: count, unit: words, unit_fen: count, origin: words, grade: words });
const content: fc.Arbitrary<JobContent> = fc.record({
  id: words, work: words, detail: words, diagnosis_only: fc.boolean(), labour_minutes: count, labour_fen: count, parts: fc.array(part, { maxLength: 3 }),
  labour_range_percent: count, parts_range_percent: count, payer: words, not_guaranteed: fc.boolean(),
});

test("S-02 any change of agreed content changes the hash, and nothing else does", () => {
  fc.assert(
    fc.property(content, content, (a, b) => {
      expect(jobHash(a)).toBe(jobHash({ ...a, state: "done", actual_labour_fen: 7 } as JobLike));
      for (const name of Object.keys(a) as (keyof JobContent)[]) {
        const mixed = { ...a, [name]: b[name] };
        expect(jobHash(mixed) === jobHash(a)).toBe(canonical(b[name]) === canonical(a[name]));
      }
    }),
  );
});

test("S-02 the order of names does not matter", () => {
  fc.assert(
    fc.property(fc.dictionary(words, fc.oneof(words, count, fc.boolean(), fc.array(words))), (object) => {
      expect(canonical(Object.fromEntries(Object.entries(object).reverse()))).toBe(canonical(object));
      expect(JSON.parse(canonical(object))).toEqual(JSON.parse(JSON.stringify(object)));
    }),
  );
});
