// The sentences of the refusals that a customer can meet, and the terms of claims; the staff's app learns all of them
// (rules/sentences.ts), a phone should not have to fetch what it never says.
import words from "../../../../internal/fault/words.json";
import { learn, type Sentence } from "../../rules/refused.ts";

const files = import.meta.glob<Record<string, Sentence>>("../../../../internal/fault/codes/{access,buyer,claim,device,field,flow,photo,repair,shipment,sync,upload}.json", { eager: true, import: "default" });

const sentences: Record<string, Sentence> = {};
for (const [path, part] of Object.entries(files)) {
  const area = path.slice(path.lastIndexOf("/") + 1, -".json".length);
  for (const [reason, sentence] of Object.entries(part)) sentences[`${area}.${reason}`] = sentence;
}
learn(sentences, words);
