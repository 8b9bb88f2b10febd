// Starts and kills the real binary for browser tests and the day script. Data lives in a folder of its own.
import { execFile, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:net";
import { promisify } from "node:util";

const run = promisify(execFile);

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

export class Server {
  /** @param {string} binary @param {{demo?: boolean, args?: string[]}} options */
  constructor(binary, options = {}) {
    this.binary = binary;
    this.options = { demo: true, args: [], ...options };
    this.port = 0;
    this.folder = "";
    this.log = "";
  }

  /** Everything it has on the disk; made when first asked for, from the empty house where the run has one (empty.mjs). */
  get dir() {
    if (!this.folder) {
      this.folder = mkdtempSync(join(tmpdir(), "aftercare-"));
      if (process.env.AFTERCARE_EMPTY) cpSync(process.env.AFTERCARE_EMPTY, join(this.folder, "pb_data"), { recursive: true });
    }
    return this.folder;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  async start() {
    this.port ||= await freePort();
    const args = ["serve", `--http=127.0.0.1:${this.port}`, `--dir=${this.dir}/pb_data`, ...this.options.args];
    if (this.options.demo) args.push("--demo");
    this.process = spawn(this.binary, args, { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on("data", (b) => (this.log += b));
    await this.ready();
    return this;
  }

  async ready(limit = 60_000) {
    for (const end = Date.now() + limit; Date.now() < end; ) {
      if (this.process.exitCode !== null) throw new Error(`server ended with ${this.process.exitCode}\n${this.log}`);
      try {
        if ((await fetch(`${this.url}/api/health`)).ok) return;
      } catch {
        /* not listening yet */
      }
      await new Promise((r) => setTimeout(r, 50));
    }
    throw new Error(`server not ready in ${limit} ms\n${this.log}`);
  }

  /** kill -9: nothing is flushed, nothing is told. */
  kill(signal = "SIGKILL") {
    return new Promise((resolve) => {
      if (this.process.exitCode !== null || this.process.signalCode !== null) return resolve();
      this.process.once("exit", () => resolve());
      this.process.kill(signal);
    });
  }

  get data() {
    return `${this.dir}/pb_data`;
  }

  /** A copy of the data folder, taken while the server stands: what a careful person does before an update. */
  async copy(name) {
    await this.kill("SIGTERM");
    cpSync(this.data, `${this.dir}/${name}`, { recursive: true });
    await this.start();
  }

  /** The data folder as it was then; what came after is gone. */
  async putBack(name) {
    await this.kill();
    rmSync(this.data, { recursive: true });
    cpSync(`${this.dir}/${name}`, this.data, { recursive: true });
    await this.start();
  }

  /** `aftercare backup` and `restore`, beside the running server. */
  async backup(name) {
    await run(this.binary, ["backup", `${this.dir}/${name}`, "--dir", this.data]);
  }

  async restore(name) {
    await run(this.binary, ["restore", `${this.dir}/${name}`, "--dir", this.data]);
    await this.ready();
  }

  /** Ends it and forgets its data: started again, it is another one. */
  async stop() {
    await this.kill("SIGTERM");
    rmSync(this.dir, { recursive: true, force: true });
    this.folder = "";
  }
}
