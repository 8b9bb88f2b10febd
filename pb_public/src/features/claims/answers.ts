// The canned answers 常用答复 by where they are given; their sentences stand in the dictionary, so that each goes out whole in the
// customer's language.
export const answers = {
  quality: ["seam", "colour", "broken", "missing"],
  none: ["wear", "taste", "use"],
  door: ["differs", "matches"],
  evidence: ["close", "label", "video"],
  rejection: ["used", "late", "again"],
  agreement: ["return", "discount", "part"],
} as const;

export type Answer = keyof typeof answers;
