// The customer's page as a whole: what is kept on the phone, and the rounds that bring it to the server. Screens read it and call
// its methods; nothing waits for the network but what needs it by its nature (a code, a sign-in).
import { serverTime } from "../../db/ids.ts";
import { instant } from "../../rules/clock.ts";
import { Refused } from "../../rules/refused.ts";
import { request } from "../../sync/http.ts";
import { adopted, fileOps, lacks, needsOf, newDraft, orderOf, photoOp, type Bought, type Draft, type Order, type Shot } from "./draft.ts";
import { Keep, type Hand, type Op, type Picture, type Row, type ServerRow, type Waiting } from "./keep.ts";
import { sendPictures } from "./pictures.ts";
import { takenBy } from "./goods.ts";
import { bySlot, type Around } from "./rows.ts";
import { forgetOld } from "./restored.ts";
import { sessionIn, type Session } from "./session.ts";
import { begin, end, enqueue, onTopOf, shown, sync, waitingOf } from "./wire.ts";

export type Net = "idle" | "sending" | "offline";

/** How often the server is asked while the page is open, ms. */
const every = 20_000;

export class Buyer {
  ready = $state(false);
  net = $state<Net>("idle");
  session = $state.raw<Session | null>(null);
  bought = $state.raw<Bought | null>(null);
  drafts = $state.raw<Draft[]>([]);
  pictures = $state.raw<Map<string, Picture>>(new Map());
  private rows = $state.raw<ServerRow[]>([]);
  private outbox = $state.raw<Waiting[]>([]);
  /** How far the server's clock is ahead of this phone's, ms: deadlines are the server's. */
  private ahead = $state(0);
  private round: Promise<void> | null = null;
  private again = false;

  /** `seenIn` words what the customer sees in the language in use, for the description that staff read. */
  constructor(private readonly seenIn: (draft: Draft) => string, private readonly keep = new Keep()) {}

  /** The server's present instant, as far as this phone knows, ms. */
  now = (): number => Date.now() + this.ahead;

  /** What waits, is not refused, and is of who is signed in. */
  get waiting(): Waiting[] {
    return this.session ? waitingOf(this.outbox, this.session) : [];
  }

  get refused(): Waiting[] {
    return this.outbox.filter((w) => w.refused && w.customer === this.session?.customer.id);
  }

  /** What was refused and belongs to no draft and no claim that is shown: a claim that a restored server does not take again. */
  get adrift(): Waiting[] {
    const here = new Set([...this.drafts, ...this.claims].map((one) => one.id));
    return this.refused.filter((w) => !here.has(w.draft ?? "") && !w.ops.some((op) => [op.id, op.data.claim, op.data.subject_record].some((id) => here.has(String(id)))));
  }

  get signedIn(): boolean {
    return this.session !== null && this.session.token !== "";
  }

  private of(collection: string): (Row & { waits?: boolean })[] {
    return shown(this.rows, this.session ? onTopOf(this.outbox, this.session) : [], collection);
  }

  /** Own claims, newest first. */
  readonly claims = $derived.by(() => this.of("claims").filter((c) => c.customer === this.session?.customer.id).sort((a, b) => (String(a.filed_at || a.created) < String(b.filed_at || b.created) ? 1 : -1)));

  /** The claim that uses up the one return or exchange of an order, as far as this phone knows (L-11). */
  taken(order: string): Row | undefined {
    return takenBy(order, this.claims, this.of("shipments"));
  }

  around(claim: string): Around {
    const ofClaim = (name: string) => this.of(name).filter((r) => r.claim === claim).sort((a, b) => (String(a.created) < String(b.created) ? -1 : 1));
    return {
      claim: this.claims.find((c) => c.id === claim) ?? { id: claim }, shipments: ofClaim("shipments"), plans: ofClaim("repair_plans"), refunds: ofClaim("refunds"), items: ofClaim("claim_items"),
      photos: this.of("photos").filter((p) => p.subject_record === claim).sort(bySlot), messages: this.of("messages").filter((m) => m.subject_record === claim && (m.state === "sent" || m.state === "told")),
    };
  }

  async load(): Promise<void> {
    const kept = await this.keep.act(async (hand) => ({
      session: await sessionIn(hand), bought: (await hand.get("meta", "bought")) as Bought | undefined, drafts: (await hand.all("drafts")) as Draft[],
      pictures: await hand.all("pictures"), rows: await hand.all("rows"), outbox: await hand.all("outbox"),
    }));
    this.session = kept.session;
    this.bought = kept.session ? (kept.bought ?? null) : null;
    this.drafts = newest(kept.drafts);
    this.pictures = new Map(kept.pictures.map((p) => [p.sha256, p]));
    this.rows = kept.rows;
    this.outbox = kept.outbox;
    this.ready = true;
  }

  /** Keeps up with the server while the page is open. */
  start(): () => void {
    // A browser that keeps nothing (a private window) still shows the door; what cannot be kept is said where it is written.
    void this.load().then(this.poke, () => (this.ready = true)).then(() => this.keep.act((hand) => forgetOld(hand))).catch(() => undefined);
    const heard = this.keep.heed(() => void this.load()); // another tab of this page
    const timer = setInterval(this.poke, every);
    const back = (): void => {
      if (document.visibilityState === "visible") this.poke();
    };
    addEventListener("online", this.poke);
    document.addEventListener("visibilitychange", back);
    return () => {
      clearInterval(timer);
      heard();
      removeEventListener("online", this.poke);
      document.removeEventListener("visibilitychange", back);
    };
  }

  /** Begins a round, or another one after the present. */
  poke = (): void => {
    void this.settled();
  };

  /** Resolves when a round that began after the call is over. */
  async settled(): Promise<void> {
    if (this.round) {
      this.again = true;
      return this.round;
    }
    this.round = (async () => {
      do {
        this.again = false;
        await this.oneRound();
      } while (this.again);
    })().finally(() => (this.round = null));
    return this.round;
  }

  private async oneRound(): Promise<void> {
    if (!this.signedIn) return;
    const round = async (): Promise<boolean> => {
      if (!(await this.ask())) return false;
      await this.adopt();
      if ((await sync(this.keep)) !== "done") return false;
      await this.load();
      return this.showPictures();
    };
    if (this.waiting.length > 0) this.net = "sending";
    try {
      const done = await (navigator.locks ? navigator.locks.request("aftercare-buyer", round) : round());
      this.net = done || !this.signedIn ? "idle" : "offline";
    } catch {
      this.net = "offline";
    }
    await this.load();
  }

  /** What was bought; false when the server could not be asked. */
  private async ask(): Promise<boolean> {
    const session = this.session!;
    const answer = await request("GET", "/api/claims/orders", { token: session.token });
    if (answer.kind === "fault" && answer.status === 401) {
      await this.keep.act(async (hand) => {
        const now = await sessionIn(hand);
        if (now?.token === session.token) hand.put("meta", { ...now, token: "", over: true }, `session ${now.customer.id}`);
      });
      return false;
    }
    if (answer.kind !== "ok") return false;
    const bought = answer.body as Bought;
    this.ahead = instant(bought.now) - Date.now();
    await this.keep.act(async (hand) => hand.put("meta", bought, "bought"));
    this.bought = bought;
    return true;
  }

  /** Takes over the drafts that are this customer's, and puts those into the line that were sent before (L-02). */
  private async adopt(): Promise<void> {
    const bought = this.bought!;
    await this.load();
    for (const { id } of this.drafts) {
      await this.keep.act(async (hand) => {
        const now = (await hand.get("drafts", id)) as Draft | undefined; // as it is now: somebody may be writing it
        const mine = now ? adopted(now, bought) : null;
        if (mine) await this.intoLine(hand, mine);
      });
    }
    await this.load();
  }

  /** A draft that is complete and sent becomes a mutation, once. */
  private async intoLine(hand: Hand, draft: Draft): Promise<void> {
    hand.put("drafts", $state.snapshot(draft));
    const bought = this.bought, order = orderOf(draft, bought);
    if (draft.state !== "waiting" || !bought || !order || (await hand.all("outbox")).some((w) => w.draft === draft.id)) return;
    const pictures = new Map<string, Picture>(); // as they are kept: another tab may have taken some
    for (const { sha256 } of draft.shots) {
      const one = await hand.get("pictures", sha256);
      if (one) pictures.set(sha256, one);
    }
    const { ops } = fileOps(draft, order, bought, pictures, this.seenIn(draft));
    await enqueue(hand, "claim.file", ops, new Date(instant(draft.sent_at)).toISOString(), draft.id);
  }

  /** Begins a draft; who is signed in writes it for an order of theirs. */
  async draft(order: string, phone: string): Promise<string> {
    const known = this.drafts.find((d) => d.order === order.trim() && d.state === "open");
    if (known) return known.id;
    const fresh = newDraft(order, phone, Date.now()), draft = (this.bought && adopted(fresh, this.bought)) || fresh;
    await this.keep.act(async (hand) => hand.put("drafts", $state.snapshot(draft)));
    await this.load();
    void navigator.storage?.persist?.().catch(() => false); // asked once there is something to lose
    return draft.id;
  }

  /**
   * Keeps what was changed of a draft, and nothing else: another tab may be writing it, too. What was sent or deleted there meanwhile
   * stays so.
   */
  async change(id: string, more: Partial<Draft> | ((now: Draft) => Partial<Draft>)): Promise<void> {
    await this.keep.act(async (hand) => {
      const now = (await hand.get("drafts", id)) as Draft | undefined;
      if (now?.state === "open") hand.put("drafts", $state.snapshot({ ...now, ...(typeof more === "function" ? more(now) : more), updated: Date.now() }));
    });
    this.drafts = newest((await this.keep.act((hand) => hand.all("drafts"))) as Draft[]); // typing reads no photos
  }

  /** A draft under a number that is none of this customer's orders: it was about that one. What waited goes out now, if it is complete. */
  async isAbout(draft: Draft, order: Order): Promise<void> {
    const phone = this.session!.customer.phone;
    await this.keep.act(async (hand) => {
      const now = (await hand.get("drafts", draft.id)) as Draft | undefined;
      if (now) hand.put("drafts", $state.snapshot({ ...now, order: order.number, phone, lines: {}, door: now.door && !order.received_at, updated: Date.now() }));
    });
    await this.adopt();
    this.poke();
  }

  async discard(draft: Draft): Promise<void> {
    await this.keep.act(async (hand) => {
      hand.drop("drafts", draft.id);
      for (const one of await hand.all("outbox")) if (one.draft === draft.id && one.refused) hand.drop("outbox", one.id);
      await forgetOld(hand); // its photos, but for those that something else shows, too
    });
    await this.load();
  }

  /** A photo for a place of the draft; what stood there before goes, but for the defect, which may have several. */
  async shoot(draft: Draft, slot: string, file: Blob, note = ""): Promise<void> {
    const { take } = await import("./camera.ts");
    const { shot, picture } = await take(slot, file, note);
    await this.keep.act(async (hand) => {
      const now = (await hand.get("drafts", draft.id)) as Draft | undefined; // as it is now: another photo may have come meanwhile
      if (now?.state !== "open") return;
      const others = slot === "close" ? now.shots : now.shots.filter((s) => s.slot !== slot);
      hand.put("pictures", picture);
      hand.put("drafts", $state.snapshot({ ...now, shots: [...others, shot], updated: Date.now() }));
    });
    await this.load();
  }

  /** Sends the draft: into the line where the order is known, else it waits for the sign-in that matches. Throws Refused what is lacking. */
  async send(draft: Draft): Promise<void> {
    const order = orderOf(draft, this.bought), guest = order === null;
    if (lacks(draft, order, needsOf(draft, this.bought, this.now()), guest, !!order && !!this.taken(order.id))) throw new Refused("buyer.incomplete");
    await this.keep.act(async (hand) => {
      const now = (await hand.get("drafts", draft.id)) as Draft | undefined;
      if (now?.state === "open") await this.intoLine(hand, { ...now, state: "waiting", sent_at: serverTime(Date.now()), updated: Date.now() }); // else it was sent or deleted in another tab
    });
    await this.load();
    this.poke();
  }

  /** A draft that the server refused, or that still waits for a sign-in, is open to be written again. */
  async reopen(draft: Draft): Promise<void> {
    await this.keep.act(async (hand) => {
      for (const one of await hand.all("outbox")) if (one.draft === draft.id && one.refused) hand.drop("outbox", one.id);
      hand.put("drafts", $state.snapshot({ ...draft, state: "open", sent_at: "" }));
    });
    await this.load();
  }

  /** One act of the customer on a claim, with photos that go with it. */
  async act(intent: string, ops: Op[]): Promise<void> {
    await this.keep.act((hand) => enqueue(hand, intent, ops, new Date().toISOString()));
    await this.load();
    this.poke();
  }

  /** A further photo of a claim that was filed. */
  async addPhoto(claim: Row, slot: string, file: Blob, note = ""): Promise<void> {
    const { take } = await import("./camera.ts");
    const { shot, picture } = await take(slot, file, note);
    await this.keep.act(async (hand) => {
      hand.put("pictures", picture);
      await enqueue(hand, "claim.photo", [photoOp(String(claim.shop), claim.id, shot satisfies Shot, picture)], new Date().toISOString());
    });
    await this.load();
    this.poke();
  }

  /** What is being typed beside a draft, kept over a reload; null: it was sent or given up. */
  async remember(name: string, typed: Record<string, string> | null): Promise<void> {
    await this.keep.act(async (hand) => (typed ? hand.put("meta", typed, `typed ${name}`) : hand.drop("meta", `typed ${name}`)));
  }

  async remembered(name: string): Promise<Record<string, string> | undefined> {
    return (await this.keep.act((hand) => hand.get("meta", `typed ${name}`))) as Record<string, string> | undefined;
  }

  /** Sees that a refusal was read: the act it was about is given up. */
  async forget(one: Waiting): Promise<void> {
    await this.keep.act(async (hand) => hand.drop("outbox", one.id));
    await this.load();
  }

  private async showPictures(): Promise<boolean> {
    const named = this.of("photos").filter((p) => p.state === "uploading" && !p.waits).map((p) => String(p.sha256));
    const wanted = named.map((sha) => this.pictures.get(sha)).filter((p): p is Picture => p?.state === "local");
    return wanted.length === 0 || sendPictures(this.keep, this.session!.token, wanted);
  }

  /** Asks for a one-time code. Throws Refused. */
  async askCode(order: string, phone: string, lang: string): Promise<void> {
    const answer = await request("POST", "/api/claims/code", { body: { order, phone, lang, shop: shopAsked() } });
    if (answer.kind === "retry" && answer.reason.startsWith("status 204")) return;
    throw refusal(answer);
  }

  /** Signs in with the code. Throws Refused. */
  async signIn(order: string, phone: string, code: string): Promise<void> {
    const answer = await request("POST", "/api/claims/sign-in", { body: { order, phone, code, shop: shopAsked() } });
    if (answer.kind !== "ok") throw refusal(answer);
    const { token, customer } = answer.body as { token: string; customer: Session["customer"] };
    await begin(this.keep, token, customer);
    await this.load();
    await this.settled();
  }

  async signOut(): Promise<void> {
    await end(this.keep);
    await this.load();
  }
}

const newest = (drafts: Draft[]): Draft[] => drafts.sort((a, b) => b.updated - a.updated);

/** The shop that the page's address names, "" for any. */
function shopAsked(): string {
  return new URLSearchParams(location.search).get("shop") ?? "";
}

function refusal(answer: Awaited<ReturnType<typeof request>>): Refused {
  if (answer.kind !== "fault") return new Refused("buyer.offline");
  const [field, fault] = Object.entries(answer.data)[0] ?? ["", { code: "access.unreadable" }];
  return new Refused(fault.code, field);
}
