// Fetches what changed since this tablet's cursor. A page lands whole. A snapshot lands whole when its last page is
// here; until then the old rows stay, and its pages wait on disk so that a reload goes on where it was.
import type { Change } from "../db/records.ts";
import { ingest, replaceAll, settleBefore } from "../db/project.ts";
import type { Store } from "../db/store.ts";
import { has } from "./http.ts";
import { endingOf, type Ending, type Link } from "./link.ts";

/** Rows per page: some hundred kB on the wire. */
export const pageLimit = 2_000;

export interface PullPage {
  epoch: string;
  cursor: string;
  more: boolean;
  reset: boolean;
  letter?: string;
  ops: Change[];
}

export interface LiveOps {
  prev: string;
  cursor: string;
  ops: Change[];
}

function isPullPage(body: unknown): body is PullPage {
  const b = body as Partial<PullPage> | null;
  return typeof b?.epoch === "string" && typeof b.cursor === "string" && b.cursor !== "" && Array.isArray(b.ops ?? []);
}

/** Pulls until the server has no more. `progress` is told the rows of a snapshot that are here so far. */
export async function pull(link: Link, progress: (rows: number) => void = () => {}): Promise<Ending> {
  const { store } = link;
  const round = await nextRound(store);
  for (;;) {
    const staged = (await store.get("staged")) ?? null;
    const cursor = staged?.cursor ?? (await store.get("cursor")) ?? "";
    const device = (await store.get("device")) ?? "";
    const query = new URLSearchParams({ device, cursor, limit: String(pageLimit) });
    const answer = await link.request("GET", `/api/sync/pull?${query}`, { token: link.token() });
    if (answer.kind === "retry") return { kind: "later", reason: answer.reason };
    if (answer.kind === "fault") {
      if (cursor !== "" && (answer.status === 409 || (answer.status === 400 && has(answer, "sync.cursor")))) {
        await fromTheStart(store);
        continue;
      }
      return endingOf(answer);
    }
    if (!isPullPage(answer.body)) return { kind: "later", reason: "not a page" };
    const more = await takePage(store, { ...answer.body, ops: answer.body.ops ?? [] }, cursor, round, progress);
    if (!more) return { kind: "done" };
  }
}

async function nextRound(store: Store): Promise<number> {
  return store.transaction("rw", store.meta, async () => {
    const round = ((await store.get("round")) ?? 0) + 1;
    await store.set("round", round);
    return round;
  });
}

/** Forgets the cursor: the next pull brings a snapshot. Rows stay until it is here. */
export async function fromTheStart(store: Store): Promise<void> {
  await store.transaction("rw", store.meta, store.staging, async () => {
    await store.staging.clear();
    await store.set("staged", null);
    await store.set("cursor", "");
  });
}

/** Takes in one page. True when there is more to fetch. */
async function takePage(store: Store, page: PullPage, asked: string, round: number, progress: (rows: number) => void): Promise<boolean> {
  if (page.letter) await store.set("letter", page.letter);
  const staged = (await store.get("staged")) ?? null;
  if (page.reset || staged) return stage(store, page, round, progress);
  return store.atomically(async () => {
    // The socket was faster: its ops are newer than this page, which would undo them.
    if (((await store.get("cursor")) ?? "") !== asked) return true;
    const { lost } = await ingest(store, page.ops);
    await arrive(store, page);
    if (lost) await store.set("cursor", "");
    if (lost || page.more) return true;
    await settleBefore(store, round);
    return false;
  });
}

async function stage(store: Store, page: PullPage, round: number, progress: (rows: number) => void): Promise<boolean> {
  return store.atomically(async () => {
    let at = (await store.get("staged")) ?? null;
    if (page.reset || !at) {
      await store.staging.clear();
      at = { cursor: "", next: 0, rows: 0, epoch: page.epoch, round };
    }
    await store.staging.put({ page: at.next, ops: page.ops });
    at = { ...at, cursor: page.cursor, next: at.next + 1, rows: at.rows + page.ops.length };
    await store.set("staged", at);
    progress(at.rows);
    if (page.more) return true;
    const pages = await store.staging.orderBy("page").toArray();
    await replaceAll(store, pages.flatMap((p) => p.ops), at.round);
    await store.staging.clear();
    await store.set("staged", null);
    await arrive(store, page);
    return false;
  });
}

/** Notes how far the rows are. Another epoch means that the server may lack what it once acknowledged. */
async function arrive(store: Store, page: { epoch: string; cursor: string }): Promise<void> {
  const before = await store.get("epoch");
  if (before && before !== page.epoch) await store.set("reconcile", true);
  await store.set("epoch", page.epoch);
  await store.set("cursor", page.cursor);
  await store.set("last_sync", Date.now());
}

/** Takes in what the live socket brings. False: this tablet is not where the ops go on from, it has to pull. */
export async function takeLive(store: Store, { prev, cursor, ops }: LiveOps): Promise<boolean> {
  return store.atomically(async () => {
    const here = (await store.get("cursor")) ?? "";
    if (here === cursor) return true;
    if (here !== prev || here === "" || (await store.get("staged"))) return false;
    const { lost } = await ingest(store, ops);
    await store.set("cursor", lost ? "" : cursor);
    await store.set("last_sync", Date.now());
    return !lost;
  });
}
