import { password } from "./tablet";

export interface Row {
  id: string;
  [field: string]: unknown;
}

/** The shop as its server knows it, asked and changed over HTTP: what somebody elsewhere does meanwhile. */
export class Office {
  private readonly tokens = new Map<string, string>();
  private readonly server: { readonly url: string };

  /** Asks the server at that address, or the one that has it when it is asked. */
  constructor(server: string | { readonly url: string }) {
    this.server = typeof server === "string" ? { url: server } : server;
  }

  /** The next question signs everybody in anew. */
  forget(): void {
    this.tokens.clear();
  }

  async token(login: string): Promise<string> {
    const known = this.tokens.get(login);
    if (known) return known;
    const { token } = await this.ask<{ token: string }>("POST", "/api/collections/staff/auth-with-password", "", { identity: login, password });
    this.tokens.set(login, token);
    return token;
  }

  async rows(collection: string, filter = "", as = "gao"): Promise<Row[]> {
    const query = new URLSearchParams({ perPage: "500", skipTotal: "1", filter });
    return (await this.ask<{ items: Row[] }>("GET", `/api/collections/${collection}/records?${query}`, await this.token(as))).items;
  }

  async one(collection: string, filter: string): Promise<Row> {
    const [row] = await this.rows(collection, filter);
    if (!row) throw new Error(`no ${collection} with ${filter}`);
    return row;
  }

  /** How many concerns with these words the server holds: a thing noted once is there once. */
  async noted(words: string): Promise<number> {
    return (await this.rows("concerns", `words = "${words}"`)).length;
  }

  /** The id of a member of staff. */
  async staff(login: string): Promise<string> {
    return (await this.one("staff", `username = "${login}"`)).id;
  }

  async count(collection: string): Promise<number> {
    return (await this.ask<{ totalItems: number }>("GET", `/api/collections/${collection}/records?perPage=1`, await this.token("gao"))).totalItems;
  }

  async patch(as: string, collection: string, id: string, data: Record<string, unknown>): Promise<Row> {
    return this.ask("PATCH", `/api/collections/${collection}/records/${id}`, await this.token(as), data);
  }

  async create(as: string, collection: string, data: Record<string, unknown>): Promise<Row> {
    return this.ask("POST", `/api/collections/${collection}/records`, await this.token(as), data);
  }

  /** The newest text that went out to a customer (to this number) and fits, or the part of it that does; the demo keeps what it would send. */
  async sms(fits: RegExp, as = "gao", to = ""): Promise<string> {
    for (const end = Date.now() + 30_000; Date.now() < end; await new Promise((r) => setTimeout(r, 200))) {
      const { messages } = await this.ask<{ messages: { text: string; to: string }[] }>("GET", "/api/notify/sink", await this.token(as));
      const found = messages.filter((m) => !to || m.to === to).map((m) => fits.exec(m.text)?.[0]).find(Boolean);
      if (found) return found;
    }
    throw new Error(`no message ${to && `to ${to} `}with ${fits}`);
  }

  /** A file of the server's, as the browser would download it. */
  async bytes(as: string, path: string): Promise<Buffer> {
    const res = await fetch(this.server.url + path, { headers: { Authorization: await this.token(as) } });
    if (!res.ok) throw new Error(`${path}: ${res.status} ${await res.text()}`);
    return Buffer.from(await res.arrayBuffer());
  }

  private async ask<T>(method: string, path: string, token: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = { "Content-Type": "application/json", "Accept-Language": "en" };
    if (token) headers.Authorization = token;
    const res = await fetch(this.server.url + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await res.text();
    if (!res.ok) throw new Error(`${method} ${path}: ${res.status} ${text}`);
    return (text ? JSON.parse(text) : null) as T;
  }
}
