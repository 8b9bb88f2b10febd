import { afterEach, describe, expect, test, vi } from "vitest";
import { Refused } from "../../db";
import { ImportRun, lines } from "./import.svelte";

const stream = (...chunks: string[]) => new ReadableStream<Uint8Array>({
  start(c) {
    for (const chunk of chunks) c.enqueue(new TextEncoder().encode(chunk));
    c.close();
  },
});
const file = new File(["name\n李"], "c.csv");
afterEach(() => vi.unstubAllGlobals());

describe("import of customers and vehicles", () => {
  test("lines are read wherever the network cuts them, also inside a character", async () => {
    const bytes = new TextEncoder().encode('{"done":1}\n{"line":2,"message":"手机"}\n{"created":1}');
    const parts: Uint8Array[] = [];
    for (let i = 0; i < bytes.length; i += 5) parts.push(bytes.slice(i, i + 5));
    const body = new ReadableStream<Uint8Array>({ start(c) { for (const p of parts) c.enqueue(p); c.close(); } });
    const got: unknown[] = [];
    for await (const line of lines(body)) got.push(line);
    expect(got).toEqual([{ done: 1 }, { line: 2, message: "手机" }, { created: 1 }]);
  });
  test("progress, bad rows by line and reason, and the result", async () => {
    vi.stubGlobal("fetch", async () => new Response(stream('{"done":500,"total":5000}\n', '{"line":7,"column":"vin","code":"import.vin","message":"17"}\n{"created":4999,"updated":0,"unchanged":0,"refused":1,"warnings":0}\n')));
    const run = new ImportRun();
    await run.start("vehicles", file);
    expect(run.state).toBe("done");
    expect([run.done, run.total]).toEqual([500, 5000]);
    expect(run.issues).toEqual([{ line: 7, column: "vin", code: "import.vin", message: "17" }]);
    expect(run.result?.created).toBe(4999);
  });
  test("an answer cut before its result is a failure, never a success", async () => {
    vi.stubGlobal("fetch", async () => new Response(stream('{"done":500,"total":5000}\n')));
    const run = new ImportRun();
    await run.start("vehicles", file);
    expect(run.state).toBe("failed");
    expect(run.error).toBeInstanceOf(Error);
  });
  test("a refusal carries its code", async () => {
    vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ status: 400, message: "", data: { file: { code: "import.format", message: "" } } }), { status: 400 }));
    const run = new ImportRun();
    await run.start("customers", file);
    expect((run.error as Refused).code).toBe("import.format");
  });
});
