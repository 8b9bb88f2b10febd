// A link between one tablet and the server that can be cut, or made bad: requests dropped, answers lost after the
// server has acted, bodies cut in half, requests sent twice, a captive portal's page in place of an answer, sockets
// broken. Each fault is drawn from a seed, so that a bad day can be played again. Beside that, `meet` plays one fault on
// purpose, on the requests a test names.
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { gunzipSync } from "node:zlib";

const portal = "<!doctype html><title>Wi-Fi</title><h1>请先登录网络 Please sign in to the network</h1>";

function unpacked({ headers, body }) {
  return (headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString();
}

/** A small deterministic generator (mulberry32). */
function draw(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * What the link does to the requests that a test names, until `off`.
 * hold: keeps them before the server, until `off` lets them through. late: lets the server act and keeps its answer.
 * lose: lets the server act and breaks the connection. answer: answers in the server's place. half: gives the server
 * that share of the body, waits for `then`, and breaks the connection. rewrite: changes the server's answer.
 * @typedef {{kind: "hold"} | {kind: "late"} | {kind: "lose"} | {kind: "answer", status: number, type?: string, body: string}
 *   | {kind: "half", share: number, then: () => Promise<void>} | {kind: "rewrite", body: (text: string) => string}} Treatment
 */
class Meeting {
  /** @param {(method: string, path: string) => boolean} matches @param {Treatment} how @param {number} times */
  constructor(matches, how, times) {
    this.matches = matches;
    this.how = how;
    this.left = times;
    /** Requests it has treated so far. */
    this.met = 0;
    this.open = new Promise((resolve) => (this.release = resolve));
  }

  off() {
    this.left = 0;
    this.release();
  }

  takes(method, path) {
    if (this.left <= 0 || !this.matches(method, path)) return false;
    this.left--;
    return true;
  }
}

export class Link {
  /** @param {{port: number}} server @param {number} seed */
  constructor(server, seed = 1) {
    this.server = server;
    this.random = draw(seed);
    this.mode = "up"; // up | offline | lossy
    this.faults = { dropped: 0, lost: 0, cut: 0, repeated: 0, portal: 0, broken: 0, torn: 0 };
    this.sockets = new Set();
    /** Open live lines; while `blocked` none is let through. */
    this.lines = new Set();
    this.blocked = false;
    this.meetings = [];
    this.http = createServer((req, res) => this.#pass(req, res));
    this.http.on("upgrade", (req, socket, head) => this.#upgrade(req, socket, head));
    this.http.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
      if (this.mode === "offline") socket.destroy();
    });
  }

  async open() {
    await new Promise((resolve) => this.http.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${this.http.address().port}`;
    return this;
  }

  set(mode) {
    this.mode = mode;
    if (mode === "offline") for (const s of this.sockets) s.destroy();
  }

  /** Treats requests on purpose: those of `path` (its beginning, or "PATCH /api/uploads/"), the next `times` of them. */
  meet(path, how, times = Infinity) {
    const [method, prefix] = path.includes(" ") ? path.split(" ") : ["", path];
    const meeting = new Meeting((m, url) => (!method || m === method) && (prefix === "/" ? url === "/" : url.startsWith(prefix)), how, times);
    this.meetings.push(meeting);
    return meeting;
  }

  /** A network that knows no WebSockets, as some hotels have it. */
  blockSockets(blocked) {
    this.blocked = blocked;
    if (blocked) for (const s of this.lines) s.destroy();
  }

  /** Breaks what is open once, the way a lift door does. */
  breakSockets() {
    this.faults.broken += this.sockets.size;
    for (const s of this.sockets) s.destroy();
  }

  async close() {
    for (const s of this.sockets) s.destroy();
    await new Promise((resolve) => this.http.close(resolve));
  }

  async #pass(req, res) {
    const chunks = [];
    try {
      for await (const c of req) chunks.push(c);
    } catch {
      return res.destroy();
    }
    const body = Buffer.concat(chunks);
    const meeting = this.mode === "offline" ? undefined : this.meetings.find((m) => m.takes(req.method, req.url));
    if (meeting) return this.#treat(meeting, req, res, body).catch(() => res.destroy());
    const fault = this.mode === "lossy" && req.url.startsWith("/api/") ? this.#fault() : "none";
    if (this.mode === "offline" || fault === "dropped") return res.destroy();
    if (fault === "portal") return void res.writeHead(200, { "Content-Type": "text/html" }).end(portal);
    if (fault === "torn" && body.length > 1) {
      void this.#tear(req, body, body.length >> 1, () => new Promise((r) => setTimeout(r, 20)));
      return res.destroy();
    }
    try {
      let answer = await this.#forward(req, body);
      if (fault === "repeated") answer = await this.#forward(req, body);
      if (fault === "lost") return res.destroy();
      res.writeHead(answer.status, answer.headers);
      if (fault === "cut" && answer.body.length > 1) {
        res.write(answer.body.subarray(0, answer.body.length >> 1));
        return void setTimeout(() => res.destroy(), 5);
      }
      res.end(answer.body);
    } catch {
      res.destroy();
    }
  }

  async #treat(meeting, req, res, body) {
    const { how } = meeting;
    if (how.kind === "answer") {
      meeting.met++;
      return void res.writeHead(how.status, { "Content-Type": how.type ?? "text/html" }).end(how.body);
    }
    if (how.kind === "half") {
      meeting.met++;
      await this.#tear(req, body, Math.max(1, Math.floor(body.length * how.share)), how.then);
      return res.destroy();
    }
    if (how.kind === "hold") {
      meeting.met++;
      await meeting.open;
      if (this.mode === "offline") return res.destroy();
    }
    const answer = await this.#forward(req, body);
    if (how.kind === "late") {
      meeting.met++;
      await meeting.open;
    }
    if (how.kind === "lose") {
      meeting.met++;
      return res.destroy();
    }
    if (how.kind === "rewrite") {
      meeting.met++;
      const text = Buffer.from(how.body(unpacked(answer)));
      delete answer.headers["content-encoding"];
      return void res.writeHead(answer.status, { ...answer.headers, "content-length": text.length }).end(text);
    }
    res.writeHead(answer.status, answer.headers).end(answer.body);
  }

  #fault() {
    const r = this.random();
    const kinds = [["dropped", 0.08], ["lost", 0.08], ["cut", 0.08], ["repeated", 0.12], ["portal", 0.04], ["torn", 0.06]];
    let edge = 0;
    for (const [name, share] of kinds) {
      edge += share;
      if (r < edge) {
        this.faults[name]++;
        return name;
      }
    }
    return "none";
  }

  #forward(req, body) {
    return new Promise((resolve, reject) => {
      const headers = { ...req.headers };
      const out = request({ host: "127.0.0.1", port: this.server.port, method: req.method, path: req.url, headers }, (res) => {
        const chunks = [];
        res.on("data", (c) => chunks.push(c));
        res.on("error", reject);
        res.on("end", () => {
          const answer = { ...res.headers };
          delete answer["transfer-encoding"];
          resolve({ status: res.statusCode, headers: answer, body: Buffer.concat(chunks) });
        });
      });
      out.on("error", reject);
      out.end(body);
    });
  }

  /** Sends the beginning of the request and hangs up after `then`: the server sees a body that never ends. */
  #tear(req, body, length, then) {
    const headers = { ...req.headers, "content-length": body.length };
    delete headers["transfer-encoding"];
    const out = request({ host: "127.0.0.1", port: this.server.port, method: req.method, path: req.url, headers });
    out.on("error", () => {});
    return new Promise((resolve) => out.write(body.subarray(0, length), () => then().then(() => resolve(out.destroy()))));
  }

  #upgrade(req, socket, head) {
    if (this.mode === "offline" || this.blocked) return socket.destroy();
    this.lines.add(socket);
    socket.once("close", () => this.lines.delete(socket));
    const up = connect(this.server.port, "127.0.0.1", () => {
      const lines = Object.entries(req.headers).map(([k, v]) => `${k}: ${v}`);
      up.write(`${req.method} ${req.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      up.write(head);
      up.pipe(socket);
      socket.pipe(up);
    });
    for (const [a, b] of [[up, socket], [socket, up]]) {
      a.on("error", () => b.destroy());
      a.on("close", () => b.destroy());
    }
    if (this.mode === "lossy") {
      const life = 500 + this.random() * 3000;
      setTimeout(() => {
        if (!socket.destroyed) this.faults.broken++;
        socket.destroy();
      }, life);
    }
  }
}
