// What an advisor does during a reception. Every function is one act: its rows land together, offline too, and a rule's
// no leaves nothing behind (it throws Refused). Acts of one visit run one after the other, so that a quick second tap
// finds what the first one wrote.
import { act, keptOf, newId, serverTime, tables, type PreparedPhoto, type Rows, type Writer } from "../../db";
import type { ViewName } from "../../ui/car/drawing";
import { presentOrder as present } from "../order/actions.ts";
import { answers, goodLevel, type Finding, type Item, type Mark, type Result } from "./model";

const lines = new Map<string, Promise<unknown>>();

/** Runs `work` after everything that was begun before it for this visit, whether that went well or not. */
function inTurn<T>(visit: string, work: () => Promise<T>): Promise<T> {
  const turn = (lines.get(visit) ?? Promise.resolve()).then(work, work);
  lines.set(visit, turn.catch(() => undefined));
  return turn;
}

const now = (): string => serverTime(Date.now());

/** The visit and the template its inspection is, or will be, made with. */
export interface Place {
  visit: Rows["visits"];
  template: Rows["templates"];
}

async function inspectionOf(place: Place): Promise<{ id: string; make: boolean }> {
  const rows = await tables.inspections.where("visit").equals(place.visit.id).toArray();
  const own = rows.filter((r) => r.template === place.template.id).sort((a, b) => (a.captured_at || a.created).localeCompare(b.captured_at || b.created))[0];
  return own ? { id: own.id, make: false } : { id: newId(), make: true };
}

function makeInspection(w: Writer, place: Place, inspection: { id: string; make: boolean }): void {
  if (inspection.make) w.create("inspections", { visit: place.visit.id, template: place.template.id }, inspection.id);
}

async function foundNow(visit: string): Promise<Map<string, Finding>> {
  return answers(await tables.findings.where("visit").equals(visit).toArray());
}

function writeFinding(w: Writer, place: Place, inspection: string, before: Finding | undefined, item: string, data: Partial<Finding>): void {
  if (before) w.patch("findings", before.id, data);
  else w.create("findings", { visit: place.visit.id, inspection, item, level: 0, note: "", ...data });
}

export interface MarkSpot {
  view: ViewName;
  x: number;
  y: number;
  zone: string;
  area: string;
  code_version: number;
  kind?: string;
  severity?: string;
  note?: string;
  seen_before?: string;
}

/** Answers one item; `spot` puts the first mark of an attention or bad in the same act. Returns the mark's id. */
export function answer(place: Place, item: Item, result: Result, spot?: MarkSpot): Promise<string | null> {
  return inTurn(place.visit.id, async () => {
    const [inspection, found] = [await inspectionOf(place), await foundNow(place.visit.id)];
    const mark = spot ? newId() : null;
    const before = found.get(item.code);
    await act("finding.set", (w) => {
      makeInspection(w, place, inspection);
      writeFinding(w, place, inspection.id, before, item.code, before ? { result } : { result, level: goodLevel(item, "") });
      if (spot && mark) w.create("damage_marks", { visit: place.visit.id, inspection: inspection.id, vehicle: place.visit.vehicle, kind: "", severity: "", note: "", ...spot }, mark);
    });
    return mark;
  });
}

/** Records a figure: a fluid's level, the charge in percent, or the odometer in km (both also on the visit). */
export function record(place: Place, item: Item, level: number, result: Result): Promise<void> {
  return inTurn(place.visit.id, async () => {
    const [inspection, found] = [await inspectionOf(place), await foundNow(place.visit.id)];
    await act("finding.record", (w) => {
      makeInspection(w, place, inspection);
      writeFinding(w, place, inspection.id, found.get(item.code), item.code, { result, level });
      if (item.kind === "reading") w.patch("visits", place.visit.id, { odometer_km: level });
      else if (item.scale === "percent") w.patch("visits", place.visit.id, { energy_level: level });
    });
  });
}

/** "The rest is good": one act for everything of a group nobody has answered. Returns the findings it made. */
export function answerRest(place: Place, items: Item[], energy: string): Promise<string[]> {
  return inTurn(place.visit.id, async () => {
    const [inspection, found] = [await inspectionOf(place), await foundNow(place.visit.id)];
    const open = items.filter((item) => !found.has(item.code)).map((item) => ({ item, id: newId() }));
    if (open.length === 0) return [];
    await act("finding.rest_good", (w) => {
      makeInspection(w, place, inspection);
      for (const { item, id } of open) {
        w.create("findings", { visit: place.visit.id, inspection: inspection.id, item: item.code, result: "good", level: goodLevel(item, energy), note: "" }, id);
      }
    });
    return open.map((o) => o.id);
  });
}

/** Takes back findings made a moment ago, before anybody has seen them as an answer. */
export function takeBack(visit: string, findings: string[]): Promise<void> {
  return inTurn(visit, () => act("finding.take_back", (w) => {
    for (const id of findings) w.remove("findings", id);
  }));
}

export function noteFinding(visit: string, finding: Finding, note: string): Promise<void> {
  return inTurn(visit, () => act("finding.note", (w) => w.patch("findings", finding.id, { note })));
}

export function addMark(place: Place, spot: MarkSpot): Promise<string> {
  return inTurn(place.visit.id, async () => {
    const inspection = await inspectionOf(place), id = newId();
    await act("mark.add", (w) => {
      makeInspection(w, place, inspection);
      w.create("damage_marks", { visit: place.visit.id, inspection: inspection.id, vehicle: place.visit.vehicle, kind: "", severity: "", note: "", ...spot }, id);
    });
    return id;
  });
}

export function changeMark(mark: Mark, data: Partial<Pick<Mark, "kind" | "severity" | "note" | "x" | "y" | "zone" | "area">>): Promise<void> {
  return inTurn(mark.visit, () => act("mark.change", (w) => w.patch("damage_marks", mark.id, data)));
}

/** Removes marks; with `finding` the item is good again in the same act. */
export function removeMarks(visit: string, marks: Mark[], finding?: Finding): Promise<void> {
  return inTurn(visit, () => act("mark.remove", (w) => {
    for (const mark of marks) w.remove("damage_marks", mark.id);
    if (finding) w.patch("findings", finding.id, { result: "good" });
  }));
}

/** A mark of the last visit is still there: the same mark for this visit, tied to the old one. */
export function stillThere(place: Place, item: Item, old: Mark): Promise<string | null> {
  const spot: MarkSpot = {
    view: old.view, x: old.x, y: old.y, zone: old.zone, area: old.area, kind: old.kind, severity: old.severity, note: old.note,
    code_version: old.code_version, seen_before: old.id,
  };
  return inTurn(place.visit.id, async () => {
    const [inspection, found] = [await inspectionOf(place), await foundNow(place.visit.id)];
    const id = newId(), before = found.get(item.code);
    await act("mark.still_there", (w) => {
      makeInspection(w, place, inspection);
      if (!before || before.result === "good") writeFinding(w, place, inspection.id, before, item.code, { result: "attention" });
      w.create("damage_marks", { visit: place.visit.id, inspection: inspection.id, vehicle: place.visit.vehicle, ...spot }, id);
    });
    return id;
  });
}

export interface PhotoSubject {
  subject_collection: "damage_marks" | "findings" | "visits" | "concerns" | "belongings";
  subject_record: string;
  slot: string;
}

export function addPhoto(visit: string, photo: PreparedPhoto, subject: PhotoSubject): Promise<string> {
  return inTurn(visit, async () => {
    let id = "";
    await act("photo.take", (w) => {
      id = w.photo(photo, { ...subject, visit });
    });
    return id;
  });
}

export function changeVisit(visit: string, data: Partial<Rows["visits"]>, intent = "visit.change"): Promise<void> {
  return inTurn(visit, () => act(intent, (w) => w.patch("visits", visit, data)));
}

export function addConcern(visit: string, words: string, position: number): Promise<string> {
  return inTurn(visit, async () => {
    const id = newId();
    await act("concern.add", (w) => {
      w.create("concerns", { visit, position, words, confirmed_at: "", is_fault: false }, id);
    });
    return id;
  });
}

/** Changed words have to be repeated back again. */
export function rewordConcern(concern: Rows["concerns"], words: string): Promise<void> {
  return inTurn(concern.visit, () => act("concern.reword", (w) => w.patch("concerns", concern.id, { words, confirmed_at: "" })));
}

export function changeConcern(concern: Rows["concerns"], data: Partial<Rows["concerns"]>, intent = "concern.change"): Promise<void> {
  return inTurn(concern.visit, () => act(intent, (w) => w.patch("concerns", concern.id, data)));
}

export function removeConcern(concern: Rows["concerns"]): Promise<void> {
  return inTurn(concern.visit, () => act("concern.remove", (w) => w.remove("concerns", concern.id)));
}

/** the technical expert has listened and says what it takes. */
export function signOffConcern(concern: Rows["concerns"], expert: string, note: string): Promise<void> {
  return changeConcern(concern, { expert, expert_at: now(), expert_note: note }, "concern.sign_off");
}

/** Whether the customer had anything else to say: the answer, and that it was asked. */
export function anythingElse(visit: string, words: string): Promise<void> {
  return changeVisit(visit, { anything_else: words, anything_else_at: now() }, "visit.anything_else");
}

export function addBelonging(visit: string, data: Pick<Rows["belongings"], "kind" | "name"> & Partial<Rows["belongings"]>): Promise<string> {
  return inTurn(visit, async () => {
    const id = newId();
    await act("belonging.add", (w) => {
      w.create("belongings", { visit, quantity: 1, place: "in_car", valid_until: "", note: "", ...data }, id);
    });
    return id;
  });
}

export function changeBelonging(row: Rows["belongings"], data: Partial<Rows["belongings"]>): Promise<void> {
  return inTurn(row.visit, () => act("belonging.change", (w) => w.patch("belongings", row.id, data)));
}

export function removeBelonging(row: Rows["belongings"]): Promise<void> {
  return inTurn(row.visit, () => act("belonging.remove", (w) => w.remove("belongings", row.id)));
}

/** the key as it is now; a new one is in the hands of `me` until it is given on. */
export function setKey(visit: string, present: Rows["key_tags"] | undefined, me: string, data: Partial<Rows["key_tags"]>): Promise<void> {
  return inTurn(visit, () => act("key.set", (w) => {
    if (present) w.patch("key_tags", present.id, data);
    else w.create("key_tags", { visit, tag: "", hook: "", keys: 1, holder_kind: "staff", holder: me, held_at: now(), ...data });
  }));
}

/** The inspection is complete; what the odometer read goes to the vehicle's file, where the next visit and reminders look (V-01). */
export function completeInspection(visit: Rows["visits"], inspection: Rows["inspections"] | undefined): Promise<void> {
  return inTurn(visit.id, async () => {
    const kept = (await keptOf("vehicles", [visit.vehicle])).get(visit.vehicle) ?? visit.vehicle; // the file may have been merged meanwhile (V-05)
    const [read, vehicle] = await Promise.all([tables.visits.get(visit.id), tables.vehicles.get(kept)]);
    await act("visit.complete_inspection", (w) => {
      w.patch("visits", visit.id, { state: "inspected" });
      if (inspection && !inspection.completed_at) w.patch("inspections", inspection.id, { completed_at: now() });
      if (read && vehicle && read.odometer_km > (vehicle.odometer_km || 0)) w.patch("vehicles", vehicle.id, { odometer_km: read.odometer_km });
    });
  });
}

export function reopenInspection(visit: string): Promise<void> {
  return changeVisit(visit, { state: "open" }, "visit.reopen_inspection");
}

export function presentOrder(visit: string, order: string): Promise<void> {
  return inTurn(visit, async () => {
    const row = await tables.work_orders.get(order);
    if (row) await present(row);
  });
}

/** the car passes to the workshop, and with it the key. */
export function handOver(visit: string, receiver: string, key: Rows["key_tags"] | undefined, holder: Partial<Rows["key_tags"]>): Promise<void> {
  const at = now();
  return inTurn(visit, () => act("visit.hand_over", (w) => {
    if (key) w.patch("key_tags", key.id, { ...holder, held_at: at });
    w.patch("visits", visit, { received_by: receiver, received_at: at, state: "handed_over" });
  }));
}

/** The order of a visit, still empty; its number is unique without a network (O-04). */
export function makeOrder(visit: string, number: string): Promise<string> {
  return inTurn(visit, async () => {
    const present = (await tables.work_orders.where("visit").equals(visit).toArray()).find((o) => o.state !== "cancelled" && o.state !== "declined");
    if (present) return present.id;
    const id = newId();
    await act("order.open", (w) => {
      w.create("work_orders", { visit, number, state: "draft", promised_at: "", note: "" }, id);
    });
    return id;
  });
}

export function changeOrder(visit: string, order: string, data: Partial<Rows["work_orders"]>): Promise<void> {
  return inTurn(visit, () => act("order.change", (w) => w.patch("work_orders", order, data)));
}

export function reviseOrder(visit: string, order: string): Promise<void> {
  return changeOrder(visit, order, { state: "draft" });
}
