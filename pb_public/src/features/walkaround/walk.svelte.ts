// One reception as the screens of the walk-around see it: every row of the visit, kept up to date, and what follows
// from them. Made during component init (it opens live queries).
import { groupOf, live, rowsOf, tables, type CollectionName, type Rows } from "../../db";
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
  #read;

  constructor(id: string) {
    this.id = id;
    this.#read = live(() => load(id), nothing);
  }

  get #rows(): WalkRows { return this.#read.value; }
  /** False until the visit's rows have been read once. */
  get ready(): boolean { return this.#read.ready; }
  get visit(): Rows["visits"] | undefined { return this.#rows.visit; }
  get vehicle(): Rows["vehicles"] | undefined { return this.#rows.vehicle; }
  get customer(): Rows["customers"] | undefined { return this.#rows.customer; }
  get shop(): Rows["shops"] | undefined { return this.#rows.shop; }
  get staff(): Rows["staff"][] { return this.#rows.staff; }

  concerns = $derived.by(() => [...this.#rows.concerns].sort((a, b) => a.position - b.position || byTime(a, b)));
  /** The first inspection made with a walk-around template; two tablets may have made one each. */
  inspection = $derived.by(() => {
    const kinds = new Set(this.#rows.templates.map((t) => t.id));
    return [...this.#rows.inspections].filter((i) => kinds.has(i.template)).sort(byTime)[0];
  });
  /** The template this inspection was begun with, else the newest one in force. */
  template = $derived.by(() => {
    const made = this.#rows.templates.find((t) => t.id === this.inspection?.template);
    const templates = this.#rows.templates.filter((t) => t.shop === this.visit?.shop).sort((a, b) => b.revision - a.revision);
    return made ?? templates.find((t) => t.active) ?? templates[0];
  });
  items = $derived(model.itemsOf(this.template));
  codes = $derived(model.codesOf(this.template));
  groups = $derived(model.groupsOf(this.items));
  found = $derived.by(() => model.answers(this.#rows.findings));
  /** Every answer, also where two tablets gave one each: the sheet that is signed shows both. */
  get findings(): Rows["findings"][] { return this.#rows.findings; }
  /** Results as the screen shows them: a tap is seen at once, its record follows within the act. */
  shown = $derived.by((): model.Results => new Map([...this.found, ...this.#expected]));
  unseen = $derived(model.unseen(this.items, this.shown));
  marks = $derived.by(() => model.numbered(this.#rows.marks));
  earlier = $derived.by(() =>
    this.visit ? model.earlierMarks(this.#rows.vehicleMarks, this.#rows.vehicleVisits, this.visit) : { marks: [], at: "" });
  photos = $derived.by(() => [...this.#rows.photos].sort((a, b) => byTime(a, b)));
  belongings = $derived.by(() => [...this.#rows.belongings].sort(byTime));
  keys = $derived.by(() => [...this.#rows.keys].sort(byTime));
  /** The order of this visit that is alive; a declined or cancelled one only when there is no other. */
  order = $derived.by(() => {
    const orders = [...this.#rows.orders].sort(byTime);
    return orders.find((o) => o.state !== "cancelled" && o.state !== "declined") ?? orders.at(-1) ?? null;
  });
  jobs = $derived.by(() =>
    this.#rows.jobs.filter((j) => j.work_order === this.order?.id).sort((a, b) => a.position - b.position || byTime(a, b)));
  consents = $derived.by(() => [...this.#rows.consents].sort((a, b) => a.signed_at.localeCompare(b.signed_at)));

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
    return this.#rows.staff.find((s) => s.id === id)?.name ?? "";
  }
}

type Of<C extends CollectionName> = Rows[C][];

interface WalkRows {
  visit: Rows["visits"] | undefined;
  vehicle: Rows["vehicles"] | undefined;
  customer: Rows["customers"] | undefined;
  shop: Rows["shops"] | undefined;
  concerns: Of<"concerns">;
  inspections: Of<"inspections">;
  templates: Of<"templates">;
  findings: Of<"findings">;
  marks: Of<"damage_marks">;
  /** Of the car, whenever they were made: what was there before. */
  vehicleMarks: Of<"damage_marks">;
  vehicleVisits: Of<"visits">;
  photos: Of<"photos">;
  belongings: Of<"belongings">;
  keys: Of<"key_tags">;
  orders: Of<"work_orders">;
  jobs: Of<"jobs">;
  consents: Of<"consents">;
  staff: Of<"staff">;
}

const nothing: WalkRows = {
  visit: undefined, vehicle: undefined, customer: undefined, shop: undefined, concerns: [], inspections: [], templates: [], findings: [], marks: [], vehicleMarks: [], vehicleVisits: [],
  photos: [], belongings: [], keys: [], orders: [], jobs: [], consents: [], staff: [],
};

/** Everything of a visit in one go, so that the screen is drawn once and not with every part that comes. */
async function load(id: string): Promise<WalkRows> {
  const [visit, shop, concerns, inspections, templates, findings, marks, photos, belongings, keys, orders, jobs, consents, staff] = await Promise.all([
    tables.visits.get(id), tables.shops.get(session.user?.shop ?? ""), rowsOf(tables.concerns, "visit", [id]), rowsOf(tables.inspections, "visit", [id]), rowsOf(tables.templates, "kind", ["walkaround"]),
    rowsOf(tables.findings, "visit", [id]), rowsOf(tables.damage_marks, "visit", [id]), rowsOf(tables.photos, "visit", [id]), rowsOf(tables.belongings, "visit", [id]), rowsOf(tables.key_tags, "visit", [id]),
    rowsOf(tables.work_orders, "visit", [id]), rowsOf(tables.jobs, "visit", [id]), rowsOf(tables.consents, "visit", [id]), tables.staff.toArray(),
  ]);
  const file = visit?.vehicle ? await groupOf("vehicles", visit.vehicle) : null;
  const [vehicle, customer, vehicleMarks, vehicleVisits] = await Promise.all([
    visit?.vehicle ? tables.vehicles.get(visit.vehicle) : undefined, visit?.customer ? tables.customers.get(visit.customer) : undefined,
    rowsOf(tables.damage_marks, "vehicle", file?.ids ?? []), rowsOf(tables.visits, "vehicle", file?.ids ?? []),
  ]);
  return { visit, vehicle, customer, shop, concerns, inspections, templates, findings, marks, vehicleMarks, vehicleVisits, photos, belongings, keys, orders, jobs, consents, staff };
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
