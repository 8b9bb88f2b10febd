// Sends a file of customers, vehicles or sales orders and follows the server's answer line by line while it works.
import { Refused } from "../../db";
import { session } from "../../db/session.svelte";
import { lang } from "../../i18n/index.svelte";

export type ImportKind = "customers" | "vehicles" | "sales_orders";

/** A row the server would not take, or took with a warning. */
export interface RowIssue {
  line: number;
  column: string;
  code: string;
  message: string;
  level?: "refused" | "warning";
}

export interface ImportResult {
  created: number;
  updated: number;
  unchanged: number;
  refused: number;
  warnings: number;
}

type Line = Partial<{ done: number; total: number }> & Partial<RowIssue> & Partial<ImportResult>;

/** One import from the choice of the file to its result. */
export class ImportRun {
  state = $state<"idle" | "running" | "done" | "failed">("idle");
  done = $state(0);
  total = $state<number | null>(null);
  issues = $state.raw<RowIssue[]>([]);
  result = $state.raw<ImportResult | null>(null);
  error = $state.raw<unknown>(null);
  #abort: AbortController | null = null;

  async start(kind: ImportKind, file: File): Promise<void> {
    this.stop();
    this.#abort = new AbortController();
    Object.assign(this, { state: "running", done: 0, total: null, issues: [], result: null, error: null });
    try {
      await this.#send(kind, file, this.#abort.signal);
      if (!this.result) throw new Refused("import.cut_short");
      this.state = "done";
    } catch (error) {
      this.error = error;
      this.state = "failed";
    }
  }

  stop(): void {
    this.#abort?.abort();
    this.#abort = null;
  }

  async #send(kind: ImportKind, file: File, signal: AbortSignal): Promise<void> {
    const body = new FormData();
    body.append("file", file, file.name);
    const answer = await fetch(`/api/import/${kind}`, { method: "POST", body, signal, headers: { Authorization: session.token, "Accept-Language": lang.code } });
    if (!answer.ok || !answer.body) throw await refusal(answer);
    for await (const line of lines(answer.body)) this.take(line);
  }

  /** Takes in one line of the answer. */
  take(line: Line): void {
    if (line.created !== undefined) this.result = line as ImportResult;
    else if (line.code !== undefined) this.issues = [...this.issues, line as RowIssue];
    else if (line.done !== undefined) {
      this.done = line.done;
      this.total = line.total ?? this.total;
    }
  }
}

async function refusal(answer: Response): Promise<Error> {
  const body = (await answer.json().catch(() => null)) as { message?: string; data?: Record<string, { code: string; message: string }> } | null;
  const first = Object.values(body?.data ?? {})[0];
  if (first) return new Refused(first.code);
  return new Error(body?.message || `HTTP ${answer.status}`);
}

/** The JSON lines of a streamed body, as they arrive; a cut last line is left out. */
export async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<Line> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    rest += decoder.decode(value, { stream: !done });
    const parts = rest.split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) if (part.trim()) yield JSON.parse(part) as Line;
    if (done) break;
  }
  if (rest.trim()) yield JSON.parse(rest) as Line;
}
