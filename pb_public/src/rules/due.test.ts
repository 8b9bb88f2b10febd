import { describe, expect, test } from "vitest";
import basesJSON from "../../../internal/flow/testdata/vectors/bases.json";
import rules from "../../../internal/flow/testdata/vectors/due.json";
import { judge, type Bases, type Vector } from "./vectors.ts";

describe("messages and due items: the tablet's rules answer as the server's", () => {
  for (const v of rules as unknown as Vector[]) {
    test(v.name, () => {
      expect(judge(basesJSON as unknown as Bases, v)).toMatchObject({ code: "", flags: [], kept: false, ...v.want });
    });
  }
});
