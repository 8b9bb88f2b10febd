// One reception as the screens of the walk-around see it: every row of the visit, kept up to date, and what follows
// from them. Made during component init (it opens live queries).
import { groupOf, live, tables, type Rows } from "../../db";
import { session } from "../../db/session.svelte";
import { loadDrawing, type Drawing } from "../../ui/car/drawing";
import * as model from "./model";
import type { Progress } from "./steps";

const byTime = (a: { captured_at: string; created: string; id: string }, b: typeof a): number =>
  `${a.captured_at || a.created} ${a.id}`.localeCompare(`${b.captured_at || b.created} ${b.id}`);

/** Milliseconds in which the live query has surely brought what was written. */
export const settling = 2000;

export class Walk {
  readonly id: string;
  #expected = $state.raw<ReadonlyMap<string, { result: model.Result }>>(new Map());
  #visit; #vehicle; #customer; #concerns; #inspection; #templates; #findings; #marks; #vehicleMarks; #vehicleVisits; #photos; #belongings; #keys;
  #orders; #jobs; #consents; #staff; #shop;

  constructor(id: string) {
    this.id = id;
    this.#visit = live(() => tables.visits.get(id), undefined);
    const vehicle = () => this.#visit.value?.vehicle ?? "";
    this.#vehicle = live(() => found(vehicle(), (v) => tables.vehicles.get(v)), undefined);
    const customer = () => this.#visit.value?.customer ?? "";
    this.#customer = live(() => found(customer(), (c) => tables.customers.get(c)), undefined);
    this.#concerns = live(() => tables.concerns.where("visit").equals(id).toArray(), []);
    this.#inspection = live(() => tables.inspections.where("visit").equals(id).toArray(), []);
    this.#templates = live(() => tables.templates.where("kind").equals("walkaround").toArray(), []);
    this.#findings = live(() => tables.findings.where("visit").equals(id).toArray(), []);
    this.#marks = live(() => tables.damage_marks.where("visit").equals(id).toArray(), []);
    this.#vehicleMarks = live(() => all(vehicle(), async (v) => tables.damage_marks.where("vehicle").anyOf((await groupOf("vehicles", v)).ids).toArray()), []);
    this.#vehicleVisits = live(() => all(vehicle(), async (v) => tables.visits.where("vehicle").anyOf((await groupOf("vehicles", v)).ids).toArray()), []);
    this.#photos = live(() => tables.photos.where("visit").equals(id).toArray(), []);
    this.#belongings = live(() => tables.belongings.where("visit").equals(id).toArray(), []);
    this.#keys = live(() => tables.key_tags.where("visit").equals(id).toArray(), []);
    this.#orders = live(() => tables.work_orders.where("visit").equals(id).toArray(), []);
    this.#jobs = live(() => tables.jobs.where("visit").equals(id).toArray(), []);
    this.#consents = live(() => tables.consents.where("visit").equals(id).toArray(), []);
    this.#staff = live(() => tables.staff.toArray(), []);
    this.#shop = live(() => found(session.user?.shop ?? "", (s) => tables.shops.get(s)), undefined);
  }

  /** False until the visit's own rows have been read once. */
  get ready(): boolean {
    return this.#visit.ready && this.#findings.ready && this.#templates.ready && this.#concerns.ready && this.#orders.ready;
  }
  get visit(): Rows["visits"] | undefined { return this.#visit.value; }
  get vehicle(): Rows["vehicles"] | undefined { return this.#vehicle.value; }
  get customer(): Rows["customers"] | undefined { return this.#customer.value; }
  get shop(): Rows["shops"] | undefined { return this.#shop.value; }
  get staff(): Rows["staff"][] { return this.#staff.value; }

  concerns = $derived.by(() => [...this.#concerns.value].sort((a, b) => a.position - b.position || byTime(a, b)));
  /** The first inspection made with a walk-around template; two tablets may have made one each. */
  inspection = $derived.by(() => {
    const kinds = new Set(this.#templates.value.map((t) => t.id));
    return [...this.#inspection.value].filter((i) => kinds.has(i.template)).sort(byTime)[0];
  });
  /** The template this inspection was begun with, else the newest one in force. */
  template = $derived.by(() => {
    const made = this.#templates.value.find((t) => t.id === this.inspection?.template);
    const templates = this.#templates.value.filter((t) => t.shop === this.visit?.shop).sort((a, b) => b.revision - a.revision);
    return made ?? templates.find((t) => t.active) ?? templates[0];
  });
  items = $derived(model.itemsOf(this.template));
  codes = $derived(model.codesOf(this.template));
  groups = $derived(model.groupsOf(this.items));
  found = $derived.by(() => model.answers(this.#findings.value));
  /** Every answer, also where two tablets gave one each: the sheet that is signed shows both. */
  get findings(): Rows["findings"][] { return this.#findings.value; }
  /** Results as the screen shows them: a tap is seen at once, its record follows within the act. */
  shown = $derived.by((): model.Results => new Map([...this.found, ...this.#expected]));
  unseen = $derived(model.unseen(this.items, this.shown));
  marks = $derived.by(() => model.numbered(this.#marks.value));
  earlier = $derived.by(() =>
    this.visit ? model.earlierMarks(this.#vehicleMarks.value, this.#vehicleVisits.value, this.visit) : { marks: [], at: "" });
  photos = $derived.by(() => [...this.#photos.value].sort((a, b) => byTime(a, b)));
  belongings = $derived.by(() => [...this.#belongings.value].sort(byTime));
  keys = $derived.by(() => [...this.#keys.value].sort(byTime));
  /** The order of this visit that is alive; a declined or cancelled one only when there is no other. */
  order = $derived.by(() => {
    const orders = [...this.#orders.value].sort(byTime);
    return orders.find((o) => o.state !== "cancelled" && o.state !== "declined") ?? orders.at(-1) ?? null;
  });
  jobs = $derived.by(() =>
    this.#jobs.value.filter((j) => j.work_order === this.order?.id).sort((a, b) => a.position - b.position || byTime(a, b)));
  consents = $derived.by(() => [...this.#consents.value].sort((a, b) => a.signed_at.localeCompare(b.signed_at)));

  progress = $derived.by((): Progress | null => this.visit
    ? { visit: this.visit, concerns: this.concerns, items: this.items.length, unseen: this.unseen.length, keys: this.keys, order: this.order, consents: this.consents }
    : null);

  /** Shows a result from the tap on; when the act is refused, what was there comes back. */
  async expect<T>(codes: string[], result: model.Result, work: () => Promise<T>): Promise<T> {
    const mine = codes.map((code): [string, { result: model.Result }] => [code, { result }]);
    const forget = (): void => {
      this.#expected = new Map([...this.#expected].filter(([code, e]) => !mine.some((m) => m[0] === code && m[1] === e)));
    };
    this.#expected = new Map([...this.#expected, ...mine]);
    try {
      const made = await work();
      setTimeout(forget, settling);
      return made;
    } catch (error) {
      forget();
      throw error;
    }
  }

  /** Shows the records again, nothing else: what was expected has been taken back. */
  unexpect(): void {
    this.#expected = new Map();
  }

  person(id: string): string {
    return this.#staff.value.find((s) => s.id === id)?.name ?? "";
  }
}

function found<T>(id: string, get: (id: string) => Promise<T | undefined>): Promise<T | undefined> | undefined {
  return id ? get(id) : undefined;
}

function all<T>(id: string, get: (id: string) => Promise<T[]>): Promise<T[]> | T[] {
  return id ? get(id) : [];
}

/** The drawing of the visit's car, loaded when its body is known. Null until then. */
export function carDrawing(body: () => string): { readonly value: Drawing | null; readonly failed: boolean } {
  let value = $state.raw<Drawing | null>(null);
  let failed = $state(false);
  $effect(() => {
    const want = body();
    loadDrawing(want).then(
      (drawing) => { if (want === body()) value = drawing; },
      () => { failed = true; },
    );
  });
  return { get value() { return value; }, get failed() { return failed; } };
}
