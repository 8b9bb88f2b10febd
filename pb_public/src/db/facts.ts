// Loads what the guards look at from the tablet's own rows; twin of hooks/facts.go on the server. The rows carry the
// names the facts want, so that a row is a fact as it is.
import type { Check, Concern, Consent, Entry, Facts, Finding, Job, KeyTag, Order, Person, Visit } from "../rules/facts.ts";
import type { Actor, Row, Store } from "./store.ts";
import { moneyFacts } from "./facts-money.ts";
import { entityName, fieldsOf } from "./row.ts";
import { bookFacts } from "./facts-book.ts";
import { comebackFacts } from "./facts-comeback.ts";
import { claimFacts } from "./facts-claims.ts";
import { fileFacts } from "./facts-files.ts";
import { saleFacts } from "./facts-sales.ts";
import { policyOf } from "./policy.ts";
import { stockFacts } from "./stock.ts";

export interface Saving {
  collection: string;
  /** The row as it stands; null when it is being created. */
  before: Row | null;
  /** The row as it would become. */
  after: Row;
  /** The instant of the act, as the server writes it. */
  now: string;
  /** Fields the person changes; a new row needs none. */
  changed?: string[];
}

type Text = { zh: string; en: string };
type TemplateItem = { code: string; label?: Text; title?: Text; optional?: boolean };

/** The facts of one save, as they stand in this transaction with the row as it would become. */
export async function factsOf(store: Store, actor: Actor, saving: Saving): Promise<Facts> {
  const { collection, before, after, now } = saving;
  const load = new Loader(store, actor, saving);
  const visit = await load.visit();
  const policy = await policyOf(store, visit, String(after.shop ?? ""));
  return {
    entity: entityName(collection),
    now,
    actor: { id: actor.id, name: actor.name, roles: actor.roles, skill: actor.skill },
    before,
    after,
    changed: (saving.changed ?? []).filter((name) => name !== "state").sort(),
    policy,
    visit: as<Visit | null>(visit),
    order: as<Order | null>(await load.order()),
    orders: as<Order[]>(await load.ofVisit("work_orders")),
    job: as<Job | null>(await load.job()),
    jobs: as<Job[]>(await load.jobs()),
    consents: as<Consent[]>(await load.consents()),
    concerns: as<Concern[]>(await load.ofVisit("concerns")),
    ...(await load.template()),
    findings: as<Finding[]>(await load.findings()),
    key_tags: as<KeyTag[]>(await load.ofVisit("key_tags")),
    entries: as<Entry[]>(await load.entries()),
    checks: as<Check[]>((await load.ofOrder("quality_checks")).map(recorded)),
    people: as<Person[]>(await load.people()),
    ...(await bookFacts(store, collection, after)),
    ...(await comebackFacts(store, collection, after, visit)),
    stock: await stockFacts(store, saving, policy),
    files: await fileFacts(store, collection, after),
    sale: await saleFacts(store, collection, after),
    claim: await claimFacts(store, collection, after),
    ...(await moneyFacts(collection, after, (name, field, value) => load.all(name, field, value))),
  };
}

/** Rows have the facts' names and more. */
function as<T>(rows: unknown): T {
  return rows as T;
}

/** Reads rows with the one being saved in its new form. */
class Loader {
  private readonly store: Store;
  private readonly actor: Actor;
  private readonly saving: Saving;

  constructor(store: Store, actor: Actor, saving: Saving) {
    this.store = store;
    this.actor = actor;
    this.saving = saving;
  }

  private get row(): Row {
    return this.saving.after;
  }

  private is(collection: string): boolean {
    return this.saving.collection === collection;
  }

  private get visitId(): string {
    return this.is("visits") ? this.row.id : String(this.row.visit ?? "");
  }

  private get orderId(): string {
    return this.is("work_orders") ? this.row.id : String(this.row.work_order ?? "");
  }

  private async one(collection: string, id: string): Promise<Row | null> {
    if (id === "") return null;
    if (this.is(collection) && id === this.row.id) return this.row;
    return (await this.store.rows(collection).get(id)) ?? null;
  }

  /** Rows of a collection, oldest first. */
  async all(collection: string, field: string, value: string): Promise<Row[]> {
    if (value === "") return [];
    const rows = await this.store.rows(collection).where(field).equals(value).toArray();
    rows.sort((a, b) => compare(String(a.created), String(b.created)) || compare(a.id, b.id));
    return this.is(collection) ? rows.map((r) => (r.id === this.row.id ? this.row : r)) : rows;
  }

  visit(): Promise<Row | null> {
    return this.one("visits", this.visitId);
  }

  order(): Promise<Row | null> {
    return this.one("work_orders", this.orderId);
  }

  job(): Promise<Row | null> {
    return this.one("jobs", this.is("jobs") ? this.row.id : String(this.row.job ?? ""));
  }

  ofVisit(collection: string): Promise<Row[]> {
    return this.all(collection, "visit", this.visitId);
  }

  ofOrder(collection: string): Promise<Row[]> {
    return this.all(collection, "work_order", this.orderId);
  }

  /** Jobs of the order, or of the visit when the row has no order. */
  jobs(): Promise<Row[]> {
    return this.orderId === "" ? this.ofVisit("jobs") : this.ofOrder("jobs");
  }

  /** Consents with what each signed job read when it was signed, so that a refusal can say what has changed. */
  async consents(): Promise<Row[]> {
    return (await this.ofVisit("consents")).map((consent) => {
      const shown = (consent.document as { jobs?: { id: string }[] } | null)?.jobs ?? [];
      const jobs = (consent.jobs as { id: string }[] | null) ?? [];
      return { ...recorded(consent), jobs: jobs.map((j) => ({ ...j, agreed: shown.find((s) => s.id === j.id) })) };
    });
  }

  /** What the visit's walk-around had to look at, by its own revision; of an inspection what it has to look at itself. */
  async template() {
    const made = this.is("inspections") ? [this.row] : (await this.ofVisit("inspections")).reverse();
    for (const inspection of made) {
      const template = await this.one("templates", String(inspection.template));
      if (!template || (template.kind !== "walkaround" && !this.is("inspections"))) continue;
      const items = (template.items as TemplateItem[] | null) ?? [];
      return {
        checklist: this.is("inspections") ? String(template.kind) : "",
        items: items.filter((i) => !i.optional).map((i) => i.code),
        item_names: Object.fromEntries(items.map((i) => [i.code, i.label ?? i.title ?? { zh: i.code, en: i.code }])),
      };
    }
    return { checklist: "", items: null, item_names: null };
  }

  /** What was found at the visit; of an inspection, what was found by itself. */
  findings(): Promise<Row[]> {
    return this.is("inspections") ? this.all("findings", "inspection", this.row.id) : this.ofVisit("findings");
  }

  /** Time booked on the order, every clock of the technician concerned that still runs, and for an entry what else of theirs had not ended when it starts. */
  async entries() {
    const start = this.is("time_entries") ? String(this.row.started_at) : "";
    const technician = this.is("time_entries") ? String(this.row.technician) : this.actor.id;
    const others = (await this.all("time_entries", "technician", technician)).filter((e) => !e.ended_at || (start !== "" && String(e.ended_at) > start));
    const booked = await this.ofOrder("time_entries");
    const known = new Set(booked.map((e) => e.id));
    const elsewhere = others.filter((e) => !known.has(e.id));
    const jobs = await this.store.rows("jobs").bulkGet(elsewhere.map((e) => String(e.job)));
    return [...booked, ...elsewhere.map((e, i) => ({ ...e, job_work: jobs[i]?.work }))].map(recorded);
  }

  /** Staff the row names. */
  async people(): Promise<Row[]> {
    const named = Object.entries(fieldsOf(this.saving.collection))
      .filter(([, field]) => field.to === "staff")
      .flatMap(([name]) => this.row[name] as string | string[]);
    return (await this.store.rows("staff").bulkGet([...new Set(named)].filter((id) => id))).filter((p) => p !== undefined);
  }
}

/** A row with the time the server stored it; empty while only this tablet has it. */
function recorded(row: Row) {
  return { ...row, recorded_at: row.version > 0 ? row.created : "" };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
