import { expect, test } from "vitest";
import { Refused, say, sentenceOf } from "./refused.ts";

test("a refusal says in both languages who has to do what", () => {
  const refused = new Refused("flow.role", "state", { roles: ["role.advisor", "role.nobody-knows"] });
  expect(refused.text("zh")).toBe("这一步要由服务顾问、nobody-knows来做。请找他们操作。");
  expect(refused.text("en-GB")).toBe("This step is for: advisor, nobody-knows. Ask one of them.");
});

test("titles come in the sentence's language, numbers and names as they are", () => {
  const params = { count: 2, first: { zh: "里程表", en: "odometer" } };
  expect(sentenceOf("visit.inspection_incomplete", "en", params)).toContain('2 items left, first "odometer"');
  expect(new Refused("consent.missing", "", { job: "换 $& 油" }).text("zh")).toContain("“换 $& 油”");
});

test("an unknown code or term is said as it is", () => {
  expect(new Refused("no.such").text("zh")).toBe("no.such");
  expect(say("job.exploded", "en")).toBe("exploded");
});
