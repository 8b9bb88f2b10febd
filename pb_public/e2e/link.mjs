// A link between one tablet and the server that can be cut, or made bad: requests dropped, answers lost after the
// server has acted, bodies cut in half, requests sent twice, a captive portal's page in place of an answer, sockets
// broken. Each fault is drawn from a seed, so that a bad day can be played again.
import { createServer, request } from "node:http";
import { connect } from "node:net";

const portal = "<!doctype html><title>Wi-Fi</title><h1>请先登录网络 Please sign in to the network</h1>";

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

export class Link {
  /** @param {{port: number}} server @param {number} seed */
  constructor(server, seed = 1) {
    this.server = server;
    this.random = draw(seed);
    this.mode = "up"; // up | offline | lossy
    this.faults = { dropped: 0, lost: 0, cut: 0, repeated: 0, portal: 0, broken: 0, torn: 0 };
    this.sockets = new Set();
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
    const fault = this.mode === "lossy" && req.url.startsWith("/api/") ? this.#fault() : "none";
    if (this.mode === "offline" || fault === "dropped") return res.destroy();
    if (fault === "portal") return void res.writeHead(200, { "Content-Type": "text/html" }).end(portal);
    if (fault === "torn" && body.length > 1) {
      this.#tear(req, body);
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

  /** Sends half of the request and hangs up: the server sees a body that never ends. */
  #tear(req, body) {
    const headers = { ...req.headers, "content-length": body.length };
    delete headers["transfer-encoding"];
    const out = request({ host: "127.0.0.1", port: this.server.port, method: req.method, path: req.url, headers });
    out.on("error", () => {});
    out.write(body.subarray(0, body.length >> 1), () => setTimeout(() => out.destroy(), 20));
  }

  #upgrade(req, socket, head) {
    if (this.mode === "offline") return socket.destroy();
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
