// Fetches what changed since this tablet's cursor. A page lands whole. A snapshot lands whole when its last page is
// here; until then the old rows stay, and its pages wait on disk so that a reload goes on where it was.
import type { Change, StagedPage } from "../db/records.ts";
import { ingest, replaceAll, settleBefore } from "../db/project.ts";
import type { Store } from "../db/store.ts";
import { noteContact } from "./reoffer.ts";
import { askAgain, askForPhotos, askUnconfirmed } from "./uploads.ts";
import { has, type Answer } from "./http.ts";
import { deviceRefused, endingOf, write, type Ending, type Link } from "./link.ts";

/** Rows per page: some hundred kB on the wire. On a link too slow for that, half as many with each page that did not arrive. */
const pageLimit = 5_000;
const leastRows = 100;

export interface PullPage {
  epoch: string;
  /** The server's last start. */
  boot: string;
  cursor: string;
  more: boolean;
  reset: boolean;
  letter?: string;
  ops: Change[];
}

/** Whole rows of one collection, column by column; what all have alike stands once. */
interface RowTable {
  collection: string;
  rows: number;
  same: Record<string, unknown>;
  columns: Record<string, unknown[]>;
}

export interface LiveOps {
  prev: string;
  cursor: string;
  ops: Change[];
}

/** A page in the form the rest works with; null for what is none. */
function pageIn(body: unknown): PullPage | null {
  const b = body as (Partial<PullPage> & { tables?: RowTable[] | null }) | null;
  const ops = b?.ops ?? [];
  if (typeof b?.epoch !== "string" || typeof b.cursor !== "string" || b.cursor === "" || !Array.isArray(ops)) return null;
  const tables = b.tables ?? [];
  if (!Array.isArray(tables) || !tables.every((t) => Object.values(t.columns).every((c) => c.length === t.rows))) return null;
  const { epoch, boot = "", cursor, more = false, reset = false, letter } = b;
  return { epoch, boot, cursor, more, reset, letter, ops: [...tables.flatMap(puts), ...ops] };
}

function puts({ collection, rows, same, columns }: RowTable): Change[] {
  const names = Object.entries(columns);
  return Array.from({ length: rows }, (_, i) => {
    const data: Record<string, unknown> = { ...same };
    for (const [name, cells] of names) data[name] = cells[i];
    return { op: "put", collection, id: String(data.id), version: Number(data.version), data };
  });
}

/** Rows asked for at once, by store. */
const limits = new WeakMap<Store, number>();

/** One pull from its first request to its last. */
interface Course {
  round: number;
  /** The pages of a snapshot that this very pull has staged: they need not be read from the disk again. */
  pages: StagedPage[];
  progress: (rows: number) => void;
}

/** Pulls until the server has no more. `progress` is told the rows of a snapshot that are here so far. */
export async function pull(link: Link, progress: (rows: number) => void = () => {}): Promise<Ending> {
  const { store } = link;
  const course: Course = { round: await nextRound(store), pages: [], progress };
  let ahead: { cursor: string; answer: Promise<Answer> } | null = null;
  for (;;) {
    const staged = (await store.get("staged")) ?? null;
    const cursor = staged?.cursor ?? (await store.get("cursor")) ?? "";
    const device = (await store.get("device")) ?? "";
    const limit = limits.get(store) ?? pageLimit;
    const answer: Answer = await (ahead?.cursor === cursor ? ahead.answer : ask(link, device, cursor, limit));
    ahead = null;
    if (answer.kind === "retry") {
      limits.set(store, Math.max(leastRows, Math.floor(limit / 2)));
      return { kind: "later", reason: answer.reason };
    }
    if (answer.kind === "fault") {
      if (cursor !== "" && (answer.status === 409 || (answer.status === 400 && has(answer, "sync.cursor")))) {
        await fromTheStart(link);
        continue;
      }
      if (deviceRefused(answer)) return askByPush(link);
      return endingOf(answer);
    }
    const page = pageIn(answer.body);
    if (!page) return { kind: "later", reason: "not a page" };
    limits.set(store, Math.min(pageLimit, limit * 2));
    // The server reads on while this page is written. Only within a snapshot: a follower's place may move by the socket meanwhile.
    if (page.more && (page.reset || staged)) ahead = { cursor: page.cursor, answer: ask(link, device, page.cursor, Math.min(pageLimit, limit * 2)) };
    const more = await takePage(link, page, cursor, course);
    if (!more) return { kind: "done" };
  }
}

function ask(link: Link, device: string, cursor: string, limit: number): Promise<Answer> {
  const query = new URLSearchParams({ device, cursor, limit: String(limit), tables: "1" });
  return link.request("GET", `/api/sync/pull?${query}`, { token: link.token() });
}

async function nextRound(store: Store): Promise<number> {
  return store.transaction("rw", store.meta, async () => {
    const round = ((await store.get("round")) ?? 0) + 1;
    await store.set("round", round);
    return round;
  });
}

/** Forgets the cursor: the next pull brings a snapshot. Rows stay until it is here. */
async function fromTheStart(link: Link): Promise<void> {
  const { store } = link;
  await write(link, async () => {
    await store.staging.clear();
    await store.set("staged", null);
    await store.set("cursor", "");
  });
}

/** Whether this device was revoked or is another's is for a push to find out: its answer is acted upon. */
export async function askByPush(link: Link): Promise<Ending> {
  await link.store.set("reconcile", true);
  return { kind: "again" };
}

/** Takes in one page. True when there is more to fetch. */
async function takePage(link: Link, page: PullPage, asked: string, course: Course): Promise<boolean> {
  const { store } = link;
  if (page.letter) await store.set("letter", page.letter);
  const staged = (await store.get("staged")) ?? null;
  if (page.reset || staged) return stage(link, page, asked, course);
  return write(link, async () => {
    // The socket was faster: its ops are newer than this page, which would undo them.
    if (((await store.get("cursor")) ?? "") !== asked) return true;
    const { lost } = await ingest(store, page.ops);
    await arrive(store, page);
    if (lost) await store.set("cursor", "");
    if (lost || page.more) return true;
    await settleBefore(store, course.round);
    await askForPhotos(store, false);
    return false;
  });
}

async function stage(link: Link, page: PullPage, asked: string, { round, pages, progress }: Course): Promise<boolean> {
  const { store } = link;
  return write(link, async () => {
    let at = (await store.get("staged")) ?? null;
    if (!page.reset && at?.cursor !== asked) return true; // its first pages had to make room meanwhile
    if (page.reset || !at) {
      await store.staging.clear();
      at = { cursor: "", next: 0, rows: 0, epoch: page.epoch, round };
      pages.length = 0;
    }
    progress(at.rows + page.ops.length);
    if (page.more) {
      const staged = { page: at.next, ops: page.ops };
      await store.staging.put(staged);
      pages.push(staged);
      await store.set("staged", { ...at, cursor: page.cursor, next: at.next + 1, rows: at.rows + page.ops.length });
      return true;
    }
    const before = pages.length === at.next ? pages : await store.staging.orderBy("page").toArray();
    await replaceAll(store, [...before, page].flatMap((p) => p.ops), at.round);
    await store.staging.clear();
    await store.set("staged", null);
    await arrive(store, page);
    await askForPhotos(store, true);
    return false;
  });
}

/** Notes how far the rows are. Another epoch means that the server may lack what it once acknowledged, another boot that it may: it was started anew, perhaps from a copy. */
async function arrive(store: Store, page: PullPage): Promise<void> {
  const before = await store.get("epoch");
  if (before && before !== page.epoch) {
    await store.set("reconcile", true);
    await askAgain(store);
  }
  if (page.boot !== (await store.get("boot"))) {
    await store.set("reconcile", true);
    await askUnconfirmed(store);
    await store.set("boot", page.boot);
  }
  const known = await store.get("elsewhere_in");
  if (known && known !== page.epoch) await store.set("reconcile", true);
  await noteContact(store);
  await store.set("epoch", page.epoch);
  await store.set("cursor", page.cursor);
  await store.set("last_sync", Date.now());
}

/**
 * Takes in frames that the live socket has brought, in their order and at once: a burst of hundreds costs one writing, and the screen
 * is drawn once. False: this tablet is not where they go on from, or one is missing among them; it has to pull.
 */
export async function takeLive(link: Link, frames: readonly LiveOps[]): Promise<boolean> {
  const { store } = link;
  return write(link, async () => {
    const here = (await store.get("cursor")) ?? "";
    const fresh = frames.slice(frames.findLastIndex((f) => f.cursor === here) + 1); // a pull may have been faster
    if (fresh.length === 0) return true;
    if (here === "" || fresh.some((f, i) => f.prev !== (fresh[i - 1]?.cursor ?? here)) || (await store.get("staged"))) return false;
    const { lost } = await ingest(store, fresh.flatMap((f) => f.ops));
    await store.set("cursor", lost ? "" : fresh.at(-1)!.cursor);
    await store.set("last_sync", Date.now());
    return !lost;
  });
}
