// A server of the sync protocol in memory, for tests of the tablet's side. It keeps the promises of the real one that
// the tablet relies on (order, exactly once, stored outcomes, merge by field, epochs, scopes) and knows no trade rules
// beyond the one a test gives it. `network` plays the faults of a shop's WLAN.
import { emptyRow, sameValue } from "../../db/row.ts";
import { keyOf, type Change, type Mutation, type Op } from "../../db/records.ts";
import type { Row } from "../../db/store.ts";
import type { Answer } from "../http.ts";
import type { Outcome } from "../push.ts";

interface LogEntry {
  seq: number;
  op: "put" | "patch" | "delete" | "leave";
  collection: string;
  id: string;
  version: number;
  data: Record<string, unknown>;
  device: string;
}

interface Device {
  user: string;
  settled: number;
  revoked: boolean;
  tablet: string;
  outcomes: Map<number, { id: string; content: string; outcome: Outcome }>;
}

interface PushBody {
  device: string;
  epoch: string;
  app?: string;
  tablet?: string;
  mutations: Mutation[];
  credential?: boolean;
}

interface State {
  rows: Map<string, Row>;
  log: LogEntry[];
  devices: Map<string, Device>;
  ids: Map<string, string>;
  applied: string[];
}

/** What happens to one request. lost: never arrives; cut: arrives, the answer does not; html and bad: a stranger answers. */
export type Weather = "fine" | "lost" | "cut" | "html" | "bad" | "twice";

export class TestServer {
  epoch = "e1";
  boot = "b1";
  state: State = { rows: new Map(), log: [], devices: new Map(), ids: new Map(), applied: [] };
  /** A rule of the trade: the code of its refusal, null to allow. */
  rule: (op: Op, row: Row | null) => string | null = () => null;
  network: () => Weather = () => "fine";
  /** Whether a row is in the sight of a user. */
  sees: (user: string, row: Row) => boolean = () => true;
  requests = 0;
  /** Push frames that came over a line. */
  frames = 0;
  /** Tokens are user ids; those in here are refused. */
  expired = new Set<string>();
  credentials = new Map<string, string>();
  /** The app of each push and mutation, as it was named. */
  apps: string[] = [];
  /** Apps that are too old for this server. */
  oldApps = new Set<string>();
  /** Requests for the data of one person that came with another's name on them. */
  strangers = 0;
  /** Whether it says what became of a mutation whose id it knows already. */
  tellsFirst = true;
  /** Every request is refused with this, or the next one. */
  refuse: { status: number; code: string } | null = null;
  refuseOnce: { status: number; code: string } | null = null;
  /** Its database is: each mutation has to come again. */
  busy = false;
  private issued = 0;

  get rows(): Map<string, Row> {
    return this.state.rows;
  }

  /** Everything as it is, for a restore later. */
  backup(): State {
    return structuredClone(this.state);
  }

  /** The server as it was at the backup, under a new epoch. */
  restore(backup: State): void {
    this.state = structuredClone(backup);
    this.epoch = `e${Number(this.epoch.slice(1)) + 1}`;
  }

  /** Somebody else's edit, made at the server itself. */
  edit(collection: string, id: string, data: Record<string, unknown>): void {
    const row = this.rows.get(keyOf(collection, id));
    if (row) this.save(collection, { ...row, ...data, version: row.version + 1 }, "patch", data, "");
    else this.save(collection, { ...emptyRow(collection, id), ...data, id, version: 1 }, "put", {}, "");
  }

  remove(collection: string, id: string, op: "delete" | "leave" = "delete"): void {
    if (op === "delete") this.rows.delete(keyOf(collection, id));
    this.log({ op, collection, id, version: 0, data: {}, device: "" });
  }

  /** A tablet is given up as lost: every device on it, and with them their people's tokens (O-03). */
  revoke(device: string): void {
    const known = this.state.devices.get(device);
    if (!known) return;
    for (const one of this.state.devices.values()) {
      if (one !== known && (known.tablet === "" || one.tablet !== known.tablet)) continue;
      one.revoked = true;
      this.expired.add(one.user);
    }
  }

  private save(collection: string, row: Row, op: "put" | "patch", data: Record<string, unknown>, device: string): number {
    this.rows.set(keyOf(collection, row.id), row);
    return this.log({ op, collection, id: row.id, version: row.version, data: op === "put" ? row : data, device });
  }

  private log(entry: Omit<LogEntry, "seq">): number {
    const seq = this.state.log.length + 1;
    this.state.log.push({ seq, ...structuredClone(entry) });
    return seq;
  }

  /** What the tablet's `request` meets. */
  request = async (method: "GET" | "POST", path: string, { body, token = "" }: { body?: unknown; token?: string }): Promise<Answer> => {
    this.requests++;
    const weather = this.network();
    if (weather === "lost") return { kind: "retry", reason: "no network" };
    if (weather === "html" || weather === "bad") return { kind: "retry", reason: `a stranger: ${weather}` };
    const ask = () => structuredClone(this.answer(method, path, structuredClone(body), token));
    if (weather === "twice") ask();
    const answer = ask();
    return weather === "cut" ? { kind: "retry", reason: "cut" } : answer;
  };

  private answer(method: string, path: string, body: unknown, token: string): Answer {
    const refused = this.refuseOnce ?? this.refuse;
    this.refuseOnce = null;
    if (refused) return fault(refused.status, refused.code);
    const url = new URL(path, "http://shop");
    if (method === "POST" && url.pathname === "/api/sync/push") return this.push(body as PushBody, token);
    if (method === "GET" && url.pathname === "/api/sync/pull") return this.pull(url.searchParams, token);
    return { kind: "fault", status: 404, data: {}, message: "" };
  }

  private push(body: PushBody, token: string): Answer {
    const credential = token.startsWith("Device ") ? token.slice(7) : "";
    const user = credential ? (this.credentials.get(`${body.device} ${credential}`) ?? "") : token;
    if (user === "" || (!credential && this.expired.has(user))) return fault(401, "device.signed_out");
    const device = this.device(body.device, user);
    if (!device) return fault(403, "device.foreign");
    if (device.revoked) return fault(403, "device.revoked");
    if (this.oldApps.has(body.app ?? "")) return fault(426, "sync.upgrade");
    device.tablet ||= body.tablet ?? "";
    if (body.epoch !== "" && body.epoch !== this.epoch) return fault(409, "sync.epoch", { epoch: this.epoch, seq: device.settled });
    const answer = this.taken(device, body);
    if (!body.credential) return ok(answer);
    const secret = `secret-${++this.issued}`;
    for (const key of this.credentials.keys()) if (key.startsWith(body.device)) this.credentials.delete(key);
    this.credentials.set(`${body.device} ${secret}`, user);
    return ok({ ...answer, credential: secret });
  }

  private taken(device: Device, body: PushBody) {
    for (const m of body.mutations) this.apps.push(m.app ?? body.app ?? "");
    const outcomes = body.mutations.map((m): Outcome => (this.busy ? { seq: m.seq, outcome: "retry", code: "sync.busy" } : this.mutate(device, body.device, m)));
    return { epoch: this.epoch, seq: device.settled, outcomes, letter: "A" };
  }

  /** A push frame of a socket that said hello as this device in this epoch. */
  frame(hello: { token: string; device: string; epoch: string }, mutations: Mutation[]): Record<string, unknown> {
    const answer = structuredClone(this.push({ device: hello.device, epoch: hello.epoch, mutations: structuredClone(mutations) }, hello.token));
    if (answer.kind === "ok") return { type: "outcomes", ...(answer.body as object) };
    const code = answer.kind === "fault" ? Object.values(answer.data)[0].code : "sync.busy";
    return { type: "outcomes", epoch: this.epoch, seq: 0, outcomes: [], code, message: code };
  }

  private device(id: string, user: string): Device | null {
    const known = this.state.devices.get(id) ?? { user, settled: 0, revoked: false, tablet: "", outcomes: new Map() };
    this.state.devices.set(id, known);
    if (known.user !== user) this.strangers++;
    return known.user === user ? known : null;
  }

  private mutate(device: Device, name: string, m: Mutation): Outcome {
    const content = JSON.stringify({ ...m, commit: undefined, app: undefined });
    const stored = device.outcomes.get(m.seq);
    if (stored?.id === m.id) return stored.content === content ? stored.outcome : { seq: m.seq, outcome: "rejected", code: "sync.reused" };
    if (m.seq > device.settled + 1) return { seq: m.seq, outcome: "retry", code: "sync.gap" };
    if (m.seq <= device.settled || this.state.ids.has(m.id)) return this.reused(device, m);
    const outcome = this.apply(name, m);
    device.settled = m.seq;
    device.outcomes.set(m.seq, { id: m.id, content, outcome });
    if (m.id !== "") this.state.ids.set(m.id, name);
    return outcome;
  }

  /** An id known under another seq or device: its person is told what became of it, and the seq is used up. */
  private reused(device: Device, m: Mutation): Outcome {
    const of = this.state.devices.get(this.state.ids.get(m.id)!);
    const stored = of && [...of.outcomes.values()].find((o) => o.id === m.id);
    const first = stored && of.user === device.user && this.tellsFirst ? { ...stored.outcome, seq: m.seq } : undefined;
    if (first) device.settled = Math.max(device.settled, m.seq);
    return { seq: m.seq, outcome: "rejected", code: "sync.reused", first };
  }

  private apply(device: string, m: Mutation): Outcome {
    if (m.id === "" || m.ops.length === 0) return { seq: m.seq, outcome: "rejected", code: "sync.malformed" };
    const before = { rows: new Map(this.rows), log: this.state.log.length };
    const outcome: Outcome = { seq: m.seq, outcome: "applied", version: {} };
    for (const op of m.ops) {
      const code = this.applyOp(device, op, outcome);
      if (!code) continue;
      this.state.rows = before.rows;
      this.state.log.length = before.log;
      const key = keyOf(op.collection, op.id);
      const row = this.rows.get(key);
      return { seq: m.seq, outcome: "rejected", code, message: code, fields: {}, server: row ? { [key]: row } : {} };
    }
    outcome.commit = this.state.log.length;
    this.state.applied.push(m.id);
    return outcome;
  }

  private applyOp(device: string, op: Op, outcome: Outcome): string | null {
    const key = keyOf(op.collection, op.id);
    const row = this.rows.get(key) ?? null;
    const no = this.rule(op, row);
    if (no) return no;
    if (op.op === "create") {
      if (row || this.state.log.some((l) => l.id === op.id)) return "sync.exists";
      this.save(op.collection, { ...emptyRow(op.collection, op.id), ...op.data, id: op.id, version: 1 }, "put", {}, device);
      outcome.version![key] = 1;
      return null;
    }
    if (!row) return "sync.not_found";
    if (!op.base || op.base > row.version) return "sync.base";
    if (op.op === "delete") {
      if (op.base < row.version && this.othersSince(key, op.base, device).size > 0) return "sync.stale";
      this.rows.delete(key);
      this.log({ op: "delete", collection: op.collection, id: op.id, version: row.version, data: {}, device });
      return null;
    }
    return this.patch(device, op, row, outcome);
  }

  private patch(device: string, op: Op, row: Row, outcome: Outcome): null {
    const changed = Object.fromEntries(Object.entries(op.data ?? {}).filter(([name, value]) => !sameValue(row[name], value)));
    if (this.othersSince(keyOf(op.collection, op.id), op.base!, device).size > 0) outcome.outcome = "merged";
    let version = row.version;
    if (Object.keys(changed).length > 0) {
      version++;
      this.save(op.collection, { ...row, ...changed, version }, "patch", changed, device);
    }
    outcome.version![keyOf(op.collection, op.id)] = version;
    return null;
  }

  private othersSince(key: string, base: number, device: string): Set<string> {
    const since = this.state.log.filter((l) => keyOf(l.collection, l.id) === key && l.version > base && l.device !== device);
    return new Set(since.flatMap((l) => Object.keys(l.data)));
  }

  private pull(query: URLSearchParams, user: string): Answer {
    if (this.expired.has(user)) return fault(401, "device.signed_out");
    const device = this.device(query.get("device") ?? "", user);
    if (!device) return fault(403, "device.foreign");
    if (device.revoked) return fault(403, "device.revoked");
    const limit = Math.min(Number(query.get("limit")), this.pageSize);
    const [epoch, kind, at, offset] = (query.get("cursor") ?? "").split(":");
    if (epoch !== this.epoch) return this.snapshot(user, this.state.log.length, 0, limit, true);
    if (kind === "s") return this.snapshot(user, Number(at), Number(offset), limit, false);
    const since = this.state.log.filter((l) => l.seq > Number(at));
    const page = since.slice(0, limit);
    const end = page.at(-1)?.seq ?? Number(at);
    return ok({ epoch: this.epoch, boot: this.boot, cursor: this.cursor(end), more: since.length > page.length, reset: false, ops: page.flatMap((l) => this.seen(l, user)) });
  }

  /** Rows per page at most; tests make it small. */
  pageSize = 1_000;

  cursor(seq = this.state.log.length): string {
    return `${this.epoch}:f:${seq}`;
  }

  /** One entry of the log as the user may see it. */
  seen(l: LogEntry, user: string): Change[] {
    const row = this.rows.get(keyOf(l.collection, l.id));
    if (row && !this.sees(user, row)) return [{ op: "leave", collection: l.collection, id: l.id, version: l.version }];
    const { op, collection, id, version, data } = l;
    return [{ op, collection, id, version, data }];
  }

  /** The rows of each snapshot, as they were when its first page was asked for. */
  private readonly moments = new Map<string, [string, Row][]>();

  private snapshot(user: string, seq: number, offset: number, limit: number, reset: boolean): Answer {
    const moment = `${this.epoch} ${seq} ${user}`;
    if (reset) this.moments.set(moment, structuredClone([...this.rows].filter(([, row]) => this.sees(user, row)).sort(([a], [b]) => (a < b ? -1 : 1))));
    const all = this.moments.get(moment) ?? [];
    const page = all.slice(offset, offset + limit);
    const more = offset + page.length < all.length;
    const ops = page.map(([key, row]) => ({ op: "put", collection: key.split("/")[0], id: row.id, version: row.version, data: row }));
    return ok({ epoch: this.epoch, boot: this.boot, cursor: more ? `${this.epoch}:s:${seq}:${offset + page.length}` : this.cursor(seq), more, reset, ops });
  }
}

function ok(body: unknown): Answer {
  return { kind: "ok", body };
}

function fault(status: number, code: string, more: { epoch?: string; seq?: number } = {}): Answer {
  return { kind: "fault", status, data: { id: { code, message: code, ...more } }, message: code };
}
