// The sentences of every refusal and the terms they speak of, in zh and en. They stand in internal/fault/codes/*.json
// and internal/fault/words.json, and nowhere else. A module of its own, so that the app starts without them.
import words from "../../../internal/fault/words.json";
import { learn, type Sentence } from "./refused.ts";

const files = import.meta.glob<Record<string, Sentence>>("../../../internal/fault/codes/*.json", { eager: true, import: "default" });

const sentences: Record<string, Sentence> = {};
for (const [path, part] of Object.entries(files)) {
  const area = path.slice(path.lastIndexOf("/") + 1, -".json".length);
  for (const [reason, sentence] of Object.entries(part)) sentences[`${area}.${reason}`] = sentence;
}
learn(sentences, words);
