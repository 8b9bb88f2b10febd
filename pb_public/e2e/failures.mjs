// What failed and why, once more and last of all, as briefly as can be: the log of a long run is read from its end. It is kept in
// build/e2e.failed as well, for whoever prints something after it.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

const folder = join(import.meta.dirname, "../../build"), file = join(folder, "e2e.failed");
/** So many lines of a reason are told. */
const most = 14;

/** An error's own words and its place in the test, without the code around it. */
function reason(error) {
  const lines = stripVTControlCharacters(error.message ?? error.value ?? "no reason told").split("\n").filter((line) => line.trim());
  const place = error.location ? [`at ${relative(process.cwd(), error.location.file)}:${error.location.line}`] : [];
  return [...lines.slice(0, most), ...place].map((line) => `    ${line.slice(0, 240)}`);
}

export default class Failures {
  said = [];

  onBegin(_config, suite) {
    this.suite = suite;
    rmSync(file, { force: true });
  }

  onError(error) {
    this.said.push("outside of any test", ...reason(error));
  }

  onEnd() {
    for (const test of this.suite?.allTests() ?? []) {
      if (test.outcome() !== "unexpected") continue;
      const last = test.results.at(-1);
      this.said.push(`${relative(process.cwd(), test.location.file)}:${test.location.line} ${test.title} (${last?.status ?? "not begun"} after ${Math.round((last?.duration ?? 0) / 1000)} s)`, ...(last?.errors ?? []).flatMap(reason));
    }
    if (this.said.length === 0) return;
    const text = `\nfailed in the browser:\n${this.said.join("\n")}\n`;
    process.stdout.write(text);
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  }

  printsToStdio() {
    return false;
  }
}
