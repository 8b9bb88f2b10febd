// What the screens of inspections read, by index. Inspections name a vehicle or a device's or goods' file (R-15).
import { groupOf, lastRows, rowsAt, tables, type Rows } from "../../db";
import { foundOf, inForce, pointsOf, wrong, type Found, type Inspection, type Kind, type Subject, type Template } from "./model";

export interface Case {
  inspection: Inspection | null;
  template: Template | null;
  found: Found;
  photos: Rows["photos"][];
  vehicle: Rows["vehicles"] | null;
  asset: Rows["assets"] | null;
  by: string;
  /** The vehicle's stay in the shop, and its order that is alive: where a finding can be proposed. */
  visit: Rows["visits"] | null;
  order: Rows["work_orders"] | null;
  /** What is on the order or among the concerns already. */
  said: string[];
  lines: number;
}

export const noCase: Case = { inspection: null, template: null, found: new Map(), photos: [], vehicle: null, asset: null, by: "", visit: null, order: null, said: [], lines: 0 };

const gone = ["released", "left"];
const closed = ["settled", "released", "declined", "cancelled"];

export async function loadCase(id: string): Promise<Case> {
  const inspection = await tables.inspections.get(id);
  if (!inspection) return noCase;
  const [template, findings, vehicle, asset, by] = await Promise.all([
    tables.templates.get(inspection.template),
    tables.findings.where("inspection").equals(id).toArray(),
    inspection.vehicle ? tables.vehicles.get(inspection.vehicle) : undefined,
    inspection.asset ? tables.assets.get(inspection.asset) : undefined,
    inspection.created_by ? tables.staff.get(inspection.created_by) : undefined,
  ]);
  const photos = await tables.photos.where("subject_record").anyOf([id, ...findings.map((f) => f.id)]).toArray();
  photos.sort((a, b) => (a.captured_at || a.created).localeCompare(b.captured_at || b.created));
  return { ...noCase, inspection, template: template ?? null, found: foundOf(findings), photos, vehicle: vehicle ?? null, asset: asset ?? null, by: by?.name ?? "", ...(vehicle ? await stay(vehicle.id) : {}) };
}

async function stay(vehicle: string): Promise<Pick<Case, "visit" | "order" | "said" | "lines">> {
  const visits = await tables.visits.where("vehicle").anyOf((await groupOf("vehicles", vehicle)).ids).toArray();
  const visit = visits.find((v) => !gone.includes(v.state)) ?? null;
  if (!visit) return { visit: null, order: null, said: [], lines: 0 };
  const [orders, jobs, concerns] = await Promise.all([
    tables.work_orders.where("visit").equals(visit.id).toArray(), tables.jobs.where("visit").equals(visit.id).toArray(), tables.concerns.where("visit").equals(visit.id).toArray(),
  ]);
  const order = orders.find((o) => !closed.includes(o.state)) ?? null;
  return { visit, order, said: [...jobs.map((j) => j.work), ...concerns.map((c) => c.words)], lines: order ? jobs.length : concerns.length };
}

/** One line of a list of inspections. */
export interface Listed {
  inspection: Inspection;
  template: Template;
  total: number;
  answered: number;
  wrong: number;
  vehicle: Rows["vehicles"] | null;
  asset: Rows["assets"] | null;
}

const newestFirst = (a: Inspection, b: Inspection): number => (b.captured_at || b.created).localeCompare(a.captured_at || a.created);

async function listed(rows: Inspection[]): Promise<Listed[]> {
  const [templates, findings, vehicles, assets] = await Promise.all([
    tables.templates.bulkGet(rows.map((r) => r.template)), tables.findings.where("inspection").anyOf(rows.map((r) => r.id)).toArray(),
    tables.vehicles.bulkGet(rows.map((r) => r.vehicle)), tables.assets.bulkGet(rows.map((r) => r.asset)),
  ]);
  return rows.flatMap((inspection, i) => {
    const template = templates[i];
    if (!template || template.kind === "walkaround") return [];
    const points = pointsOf(template), found = foundOf(findings.filter((f) => f.inspection === inspection.id));
    return [{ inspection, template, total: points.length, answered: found.size, wrong: wrong(points, found).length, vehicle: vehicles[i] ?? null, asset: assets[i] ?? null }];
  });
}

/** The inspections of a vehicle or a thing and of every file that is read as one with it, newest first. */
export async function ofFile(subject: Subject): Promise<Listed[]> {
  const [field, collection, id] = "vehicle" in subject ? (["vehicle", "vehicles", subject.vehicle] as const) : (["asset", "assets", subject.asset] as const);
  const { ids } = await groupOf(collection, id);
  return listed((await tables.inspections.where(field).anyOf(ids).toArray()).sort(newestFirst));
}

/** Those of the shop that are under way, all of them, and the last that were completed. */
export async function ofShop(most: number): Promise<{ running: Listed[]; done: Listed[] }> {
  const lists = await tables.templates.where("kind").anyOf(fromFiles).primaryKeys();
  const [open, over] = await Promise.all([
    Promise.all(lists.map((list) => rowsAt(tables.inspections, byEnd, [list, ""]))),
    Promise.all(lists.map((list) => lastRows(tables.inspections, byEnd, list, most, "0"))), // a time begins with its year
  ]);
  const last = over.flat().sort((a, b) => b.completed_at.localeCompare(a.completed_at)).slice(0, most);
  const [running, done] = await Promise.all([listed(open.flat().sort(newestFirst)), listed(last)]);
  return { running, done };
}

const byEnd = "[template+completed_at]";
/** Kinds of lists that begin from a file, not at a reception. */
const fromFiles: Kind[] = ["device_check", "new_vehicle", "goods_receiving"];

/** The shop's lists of the kinds that begin from a file. */
export async function listsInForce(): Promise<Template[]> {
  return (await tables.templates.where("kind").anyOf(fromFiles).toArray()).filter((t) => t.active);
}

export async function templateFor(kind: Kind): Promise<Template | undefined> {
  return inForce(await tables.templates.where("kind").equals(kind).toArray(), kind);
}
