// What is done during an inspection. Every function is one act: its rows land together, offline too; acts of one inspection
// run one after the other, so that a quick second tap finds what the first one wrote.
import { act, newId, Refused, serverTime, tables, type PreparedPhoto, type Writer } from "../../db";
import { templateFor, type Case } from "./load";
import { foundOf, proposal, type Finding, type Inspection, type Kind, type Point, type Result, type Subject } from "./model";

const lines = new Map<string, Promise<unknown>>();

function inTurn<T>(inspection: string, work: () => Promise<T>): Promise<T> {
  const turn = (lines.get(inspection) ?? Promise.resolve()).then(work, work);
  lines.set(inspection, turn.catch(() => undefined));
  return turn;
}

/** Begins an inspection by the list in force, which it keeps. Returns its id. */
export async function begin(kind: Kind, subject: Subject): Promise<string> {
  const template = await templateFor(kind);
  if (!template) throw new Refused("receipt.no_template");
  const id = newId();
  await act("inspection.begin", (w) => void w.create("inspections", { ...subject, template: template.id }, id));
  return id;
}

const foundNow = async (inspection: string) => foundOf(await tables.findings.where("inspection").equals(inspection).toArray());

function write(w: Writer, inspection: string, before: Finding | undefined, item: string, data: Partial<Finding>): string {
  if (before) {
    w.patch("findings", before.id, data);
    return before.id;
  }
  const id = newId();
  w.create("findings", { inspection, item, result: "good", level: 0, note: "", ...data }, id);
  return id;
}

export function answer(inspection: string, point: Point, result: Result): Promise<void> {
  return inTurn(inspection, async () => {
    const before = (await foundNow(inspection)).get(point.code);
    await act("inspection.answer", (w) => void write(w, inspection, before, point.code, { result }));
  });
}

/** "The rest is in order": one act for every point of a section that nobody has answered. */
export function answerRest(inspection: string, points: Point[]): Promise<number> {
  return inTurn(inspection, async () => {
    const found = await foundNow(inspection);
    const left = points.filter((p) => !found.has(p.code));
    if (left.length) await act("inspection.rest_good", (w) => left.forEach((p) => write(w, inspection, undefined, p.code, { result: "good" })));
    return left.length;
  });
}

export function note(inspection: string, point: Point, text: string): Promise<void> {
  return inTurn(inspection, async () => {
    const before = (await foundNow(inspection)).get(point.code);
    if (before && before.note !== text.trim()) await act("inspection.note", (w) => w.patch("findings", before.id, { note: text.trim() }));
  });
}

/** A photo of a point; a point that nobody has answered needs a look, or nobody would have taken one. */
export function photograph(inspection: string, point: Point, photo: PreparedPhoto): Promise<void> {
  return inTurn(inspection, async () => {
    const before = (await foundNow(inspection)).get(point.code);
    await act("inspection.photo", (w) => {
      const finding = before?.id ?? write(w, inspection, undefined, point.code, { result: "attention" });
      w.photo(photo, { subject_collection: "findings", subject_record: finding, slot: "near" });
    });
  });
}

export function complete(inspection: Inspection): Promise<void> {
  return inTurn(inspection.id, () => act("inspection.complete", (w) => w.patch("inspections", inspection.id, { completed_at: serverTime(Date.now()) })));
}

/** Takes back an inspection that was begun by mistake: nothing was found yet. */
export function discard(inspection: string): Promise<void> {
  return inTurn(inspection, () => act("inspection.discard", (w) => w.remove("inspections", inspection)));
}

/** Where a finding of this inspection can go: onto the order, or among the concerns of a reception that has no order yet. */
export function placeOf(c: Case, roles: readonly string[]): "job" | "concern" | null {
  const is = (...some: string[]) => roles.some((r) => some.includes(r));
  if (c.order && is("advisor", "technician", "leader", "expert", "manager")) return "job";
  return c.visit?.state === "open" && !c.order && is("advisor", "manager") ? "concern" : null;
}

/** Proposes what is not in order: a job without a price on the order (S-05), or a concern to be confirmed with the customer. */
export function propose(c: Case, place: "job" | "concern", point: Point, finding: Finding, lang: "zh" | "en"): Promise<void> {
  const words = proposal(point, finding, lang), visit = c.visit!;
  return inTurn(finding.inspection, () => act("inspection.propose", (w) => {
    if (place === "concern") w.create("concerns", { visit: visit.id, position: c.lines + 1, words, confirmed_at: "", is_fault: finding.result === "bad" });
    else w.create("jobs", {
      visit: visit.id, work_order: c.order!.id, position: c.lines + 1, state: "proposed", origin: c.order!.state === "draft" || c.order!.state === "presented" ? "estimate" : "supplement",
      work: words, found_note: finding.note, safety: finding.result === "bad", payer: "customer",
    });
  }));
}

