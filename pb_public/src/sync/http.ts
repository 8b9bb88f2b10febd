// One way to ask the server. It tells apart three things and nothing else: an answer of ours, a refusal of ours, and
// everything else, which means "later": no network, a timeout, a cut body, HTML from a captive portal, a proxy's 502.

export interface Fault {
  kind: "fault";
  status: number;
  /** PocketBase's error shape: field → {code, message}. */
  data: Record<string, FaultField>;
  message: string;
}

export interface FaultField {
  code: string;
  message: string;
  /** With sync.epoch: the server's present epoch, and how many of this device's seqs are settled in it. */
  epoch?: string;
  seq?: number;
}

export type Answer = { kind: "ok"; body: unknown } | Fault | { kind: "retry"; reason: string };

/** Statuses with which our server says no; others are passing trouble. */
const refusals = new Set([400, 401, 403, 404, 409, 413, 422, 426, 429]);

const timeoutMs = 45_000;
/** Bodies from here on are sent gzipped, bytes. */
const gzipFrom = 2_048;

async function encode(body: unknown): Promise<{ payload: BodyInit; headers: Record<string, string> }> {
  const text = JSON.stringify(body);
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  if (text.length < gzipFrom || typeof CompressionStream === "undefined") return { payload: text, headers };
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  headers["Content-Encoding"] = "gzip";
  return { payload: await new Response(packed).arrayBuffer(), headers };
}

function isFaultBody(body: unknown): body is { data?: unknown; message?: unknown } {
  return typeof body === "object" && body !== null && "message" in body;
}

function faultOf(status: number, body: { data?: unknown; message?: unknown }): Fault {
  const data: Fault["data"] = {};
  if (typeof body.data === "object" && body.data !== null) {
    for (const [field, value] of Object.entries(body.data)) {
      const { code, message, epoch, seq } = (value ?? {}) as Record<string, unknown>;
      if (typeof code !== "string") continue;
      data[field] = { code, message: typeof message === "string" ? message : "" };
      if (typeof epoch === "string" && typeof seq === "number") Object.assign(data[field], { epoch, seq });
    }
  }
  return { kind: "fault", status, data, message: typeof body.message === "string" ? body.message : "" };
}

/** Whether a refusal carries a code. */
export function has(fault: Fault, code: string): boolean {
  return Object.values(fault.data).some((f) => f.code === code);
}

interface Options {
  body?: unknown;
  token?: string;
}

/** Language for the server's sentences; the app sets it when the person changes theirs. */
export const language = { code: "zh" };

/** Asks the server. Never throws. */
export async function request(method: "GET" | "POST" | "DELETE", path: string, { body, token }: Options = {}): Promise<Answer> {
  try {
    const encoded = body === undefined ? null : await encode(body);
    const answer = await fetch(path, {
      method,
      headers: { "Accept-Language": language.code, ...(token ? { Authorization: token } : {}), ...encoded?.headers },
      body: encoded?.payload,
      signal: AbortSignal.timeout(timeoutMs),
      redirect: "error",
      cache: "no-store",
    });
    return await read(answer);
  } catch (error) {
    return { kind: "retry", reason: String(error) };
  }
}

async function read(answer: Response): Promise<Answer> {
  if (!(answer.headers.get("content-type") ?? "").includes("json")) return { kind: "retry", reason: `status ${answer.status}, not JSON` };
  const body: unknown = await answer.json();
  if (answer.ok) return { kind: "ok", body };
  if (refusals.has(answer.status) && isFaultBody(body)) return faultOf(answer.status, body);
  return { kind: "retry", reason: `status ${answer.status}` };
}
