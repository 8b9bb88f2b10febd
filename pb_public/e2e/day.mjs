// One day through plain HTTP: every step and every refusal is printed, and each is held against what must happen.
// usage: node e2e/day.mjs path/to/aftercare
import { createHash, randomBytes } from "node:crypto";
import { Server } from "./server.mjs";

const server = new Server(process.argv[2] ?? "../build/aftercare");
const id = () => [...randomBytes(15)].map((b) => "abcdefghijklmnopqrstuvwxyz0123456789"[b % 36]).join("");
const now = (minutes = 0) => new Date(Date.now() + minutes * 60_000).toISOString().replace("T", " ");
let failures = 0;

function say(ok, who, what, detail = "") {
  if (!ok) failures++;
  console.log(`${ok ? "  ok  " : "WRONG "} ${who.padEnd(12)} ${what}${detail ? ` — ${detail}` : ""}`);
}

async function call(method, path, token, body, headers = {}) {
  const res = await fetch(server.url + path, {
    method,
    headers: { ...(token ? { Authorization: token } : {}), ...(body ? { "Content-Type": "application/json" } : {}), "Accept-Language": "en", ...headers },
    body: body && JSON.stringify(body),
  });
  const text = await res.text();
  let json = null;
  try {
    json = JSON.parse(text);
  } catch {
    /* the caller sees null */
  }
  return { status: res.status, json, text };
}

/** A device in one user's hands: pushes mutations in order and keeps the rows it has pulled. */
class Device {
  constructor(who) {
    this.who = who;
    this.id = id();
    this.seq = 0;
    this.rows = new Map();
    this.cursor = "";
  }

  async signIn(login, password) {
    const { status, json } = await call("POST", "/api/collections/staff/auth-with-password", "", { identity: login, password });
    if (status !== 200) throw new Error(`${login} cannot sign in: ${status} ${JSON.stringify(json)}`);
    this.token = json.token;
    this.user = json.record;
    await this.pull();
    return this;
  }

  async pull() {
    for (let more = true; more; ) {
      const { status, json } = await call("GET", `/api/sync/pull?device=${this.id}&cursor=${encodeURIComponent(this.cursor)}`, this.token);
      if (status !== 200) throw new Error(`pull ${status} ${JSON.stringify(json)}`);
      if (json.reset) this.rows.clear();
      for (const op of json.ops) {
        const key = `${op.collection}/${op.id}`;
        if (op.op === "put") this.rows.set(key, { ...op.data, id: op.id, version: op.version });
        else if (op.op === "patch") this.rows.set(key, { ...this.rows.get(key), ...op.data, version: op.version });
        else this.rows.delete(key);
      }
      ({ cursor: this.cursor, more } = json);
      this.epoch = json.epoch;
    }
  }

  row(collection, rowId) {
    return this.rows.get(`${collection}/${rowId}`);
  }

  all(collection) {
    return [...this.rows.entries()].filter(([k]) => k.startsWith(`${collection}/`)).map(([, v]) => v);
  }

  create(collection, data, rowId = id()) {
    return { op: "create", collection, id: rowId, data: { shop: this.user.shop, ...data } };
  }

  patch(collection, rowId, data) {
    return { op: "patch", collection, id: rowId, base: this.row(collection, rowId)?.version ?? 0, data };
  }

  async push(intent, ops) {
    const mutation = { seq: this.seq + 1, id: id(), intent, at: new Date().toISOString(), seen: this.cursor, ops };
    const { status, json } = await call("POST", "/api/sync/push", this.token, { device: this.id, epoch: this.epoch, app: "1.0.0", mutations: [mutation] });
    if (status !== 200) return { outcome: `http ${status}`, message: JSON.stringify(json) };
    this.seq = json.seq;
    await this.pull();
    return json.outcomes[0];
  }

  async does(what, intent, ops) {
    await this.pull();
    const o = await this.push(intent, typeof ops === "function" ? ops() : ops);
    say(o.outcome === "applied" || o.outcome === "merged", this.who, what, o.outcome === "applied" ? "" : `${o.outcome} ${o.code ?? ""} ${o.message ?? ""} ${JSON.stringify(o.fields ?? "")}`);
    return o;
  }

  async refused(what, code, intent, ops) {
    await this.pull();
    const o = await this.push(intent, typeof ops === "function" ? ops() : ops);
    say(o.outcome === "rejected" && o.code === code, this.who, `${what} → refused`, `${o.code ?? o.outcome}: ${o.message ?? ""}`);
  }
}

async function refusedByHand(who, token, what, code, method, path, body) {
  const { status, json } = await call(method, path, token, body);
  const codes = Object.values(json?.data ?? {}).map((f) => f.code);
  say(status === 400 && codes.includes(code), who, `${what} → refused`, `${status} ${codes.join(",")} ${json?.message ?? ""}`);
}

async function upload(device, bytes, type = "image/jpeg", sha = createHash("sha256").update(bytes).digest("hex")) {
  const meta = Object.entries({ sha256: sha, type }).map(([k, v]) => `${k} ${Buffer.from(v).toString("base64")}`).join(",");
  const made = await fetch(`${server.url}/api/uploads/`, { method: "POST", headers: { Authorization: device.token, "Tus-Resumable": "1.0.0", "Upload-Length": `${bytes.length}`, "Upload-Metadata": meta } });
  if (made.status !== 201) return { status: made.status, text: await made.text(), sha };
  const at = new URL(made.headers.get("Location"), server.url);
  const sent = await fetch(at, { method: "PATCH", headers: { Authorization: device.token, "Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream" }, body: bytes });
  return { status: sent.status, text: await sent.text(), sha };
}

async function document(device, kind, recordId) {
  const { status, json } = await call("GET", `/api/documents/${kind}/${recordId}`, device.token);
  if (status !== 200) throw new Error(`document ${kind}: ${status} ${JSON.stringify(json)}`);
  return json;
}

const strokes = [[{ x: 0.1, y: 0.5, t: 0 }, { x: 0.4, y: 0.4, t: 80 }, { x: 0.9, y: 0.6, t: 190 }]];

function consent(device, kind, doc, visit, order, extra = {}) {
  return device.create("consents", {
    visit, ...(order ? { work_order: order } : {}), kind: "signature", state: "given", document_kind: kind, document: doc.document, sha256: doc.sha256,
    jobs: (doc.document.jobs ?? []).map((j) => ({ id: j.id, sha256: j.sha256, decision: "approved" })),
    signer_name: "李思远", signer_relation: "self", strokes, place: "接待区", signed_at: now(), countersigned_by: device.user.id, countersigned_at: now(), ...extra,
  });
}

const checkItems = (bad) => ["jobs_done", "fasteners", "nothing_left_inside", "road_test", "outside_compared", "papers"].map((code) => ({ code, ok: code !== bad, note: "" }));

// A 1×1 JPEG, the smallest honest photo.
const pixel = Buffer.from("/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAABAAEDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD9U6KKKAP/2Q==", "base64");

async function day() {
  const password = "aftercare-demo";
  const chen = await new Device("advisor 陈").signIn("chen", password);
  const guo = await new Device("tech 郭").signIn("guo", password);
  const wu = await new Device("leader 吴").signIn("wu", password);
  const qian = await new Device("inspector 钱").signIn("qian", password);
  const template = chen.all("templates").find((t) => t.kind === "walkaround" && t.active);

  console.log("\n到店 Arrival");
  const [customer, vehicle, visit, inspection, concern] = [id(), id(), id(), id(), id()];
  await chen.does("receives a car: customer, vehicle, visit, walk-around in one act", "visit.arrive", [
    chen.create("customers", { name: "李思远", title: "先生", phone: "13800006021" }, customer),
    chen.create("vehicles", { plate: "沪A8K359", energy: "fuel", vin: "LSVAA49J132047371", make: "大众", model: "帕萨特 330TSI", customer, body: "car", odometer_km: 48260 }, vehicle),
    chen.create("visits", { number: "Z07", vehicle, customer, advisor: chen.user.id, purpose: "repair", state: "open", arrived_at: now(), odometer_km: 48260, energy_level: 60 }, visit),
    chen.create("inspections", { visit, template: template.id }, inspection),
  ]);
  await chen.does("writes the concern in the customer's own words", "concern.add", [chen.create("concerns", { visit, position: 1, words: "过减速带的时候，右前有咯噔一声。", is_fault: true }, concern)]);

  console.log("\n环车检查 Walk-around");
  await chen.refused("R-05 completes the walk-around with nothing looked at", "visit.inspection_incomplete", "visit.inspected", () => [chen.patch("visits", visit, { state: "inspected" })]);
  const items = template.items.map((i) => i.code);
  await chen.does(`answers all ${items.length} items`, "inspection.answer", items.map((item, n) => chen.create("findings", { visit, inspection, item, result: n === 3 ? "attention" : "good" })));
  const mark = id();
  await chen.does("marks a scratch on the left front door", "mark.add", [chen.create("damage_marks", { visit, inspection, vehicle, view: "left", x: 0.37, y: 0.55, zone: "left.front_door", area: "10", kind: "scratch", severity: "3-15", code_version: 1 }, mark)]);
  await chen.refused("R-06 a mark outside the drawing", "field.range", "mark.add", [chen.create("damage_marks", { visit, inspection, vehicle, view: "left", x: 1.4, y: 0.5, zone: "left.front_door" })]);
  await chen.refused("R-03 completes with the concern not repeated back", "visit.concern_unconfirmed", "visit.inspected", () => [chen.patch("visits", visit, { state: "inspected" })]);
  await chen.does("repeats the concern back, asks for anything else", "concern.confirm", () => [chen.patch("concerns", concern, { confirmed_at: now() }), chen.patch("visits", visit, { anything_else: "没有了。", anything_else_at: now() })]);
  await chen.refused("R-08 completes without the valuables reminders", "visit.valuables_unasked", "visit.inspected", () => [chen.patch("visits", visit, { state: "inspected" })]);
  await chen.does("reminds of valuables three times, lists belongings, fits covers, tags the key", "belongings.list", () => [
    chen.patch("visits", visit, { valuables_exit_at: now(), valuables_boot_at: now(), valuables_end_at: now(), storage: "none", belongings_at: now(), covers_pieces: 5, covers_fitted_at: now() }),
    chen.create("belongings", { visit, kind: "item", name: "行车记录仪", quantity: 1, place: "in_car" }),
    chen.create("key_tags", { visit, tag: "27", hook: "B3", keys: 1, holder_kind: "cabinet", held_at: now() }),
  ]);
  await chen.does("completes the walk-around", "visit.inspected", () => [chen.patch("visits", visit, { state: "inspected" })]);

  console.log("\n照片 Photos");
  const sent = await upload(chen, pixel);
  say(sent.status === 204, chen.who, "uploads a photo", `${sent.status}`);
  await chen.does("files the photo with the mark", "photo.add", [chen.create("photos", { visit, subject_collection: "damage_marks", subject_record: mark, slot: "near", sha256: sent.sha, bytes: pixel.length, media: "image/jpeg", taken_at: now() })]);
  await chen.pull();
  say(chen.all("photos").some((p) => p.sha256 === sent.sha && p.state === "verified"), "server", "R-07 the photo is verified against its hash");
  const html = Buffer.from("<html><script>alert(1)</script></html>");
  const hostile = await upload(chen, html);
  say(hostile.status === 422 || hostile.status === 415 || hostile.status === 400, "server", "a page in a photo's clothes → refused", `${hostile.status} ${hostile.text.slice(0, 120)}`);

  console.log("\n估价与签字 Estimate and signature");
  const [order, service, brakes] = [id(), id(), id()];
  await chen.does("writes the order with one job", "order.draft", [
    chen.create("work_orders", { visit, number: "SH-261121-Z01", state: "draft", promised_at: now() }, order),
    chen.create("jobs", { visit, work_order: order, position: 1, state: "proposed", origin: "estimate", work: "48,000 km 保养", detail: "", labour_minutes: 72, labour_fen: 21600, payer: "customer", priced_at: now(),
      parts: [{ name: "机油 5W-30", number: "G055", quantity_milli: 4500, unit: "L", unit_fen: 9800, origin: "shop", grade: "genuine" }] }, service),
  ]);
  await chen.refused("R-11 presents the order before the expert has listened", "order.fault_undiagnosed", "order.present", () => [chen.patch("work_orders", order, { state: "presented" })]);
  const li = await new Device("expert 李").signIn("li", password);
  await li.does("signs off the concern 听诊", "concern.expert", () => [li.patch("concerns", concern, { expert: li.user.id, expert_at: now(), expert_note: "先诊断，修理另报价" })]);
  await chen.refused("E-09 presents the order before old parts, wash and payment were asked", "visit.wishes_unasked", "order.present", () => [chen.patch("work_orders", order, { state: "presented" })]);
  await chen.does("asks about old parts, wash and payment", "visit.change", () => [chen.patch("visits", visit, { old_parts: "show", wash: "yes", payment_method: "wechat" })]);
  await chen.does("presents the order", "order.present", () => [chen.patch("work_orders", order, { state: "presented" })]);
  await guo.refused("S-01 starts work nobody signed for", "consent.missing", "job.start", () => [guo.patch("jobs", service, { state: "in_progress" })]);
  await guo.refused("S-01 books time on work nobody signed for", "consent.missing", "time.book", () => [guo.create("time_entries", { visit, work_order: order, job: service, technician: guo.user.id, started_at: now() })]);
  await chen.refused("S-01 approves without a signature", "consent.missing", "job.approve", () => [chen.patch("jobs", service, { state: "approved" })]);
  await refusedByHand("by hand", chen.token, "S-01 the same through PocketBase's REST", "consent.missing", "PATCH", `/api/collections/jobs/records/${service}`, { state: "approved" });
  await chen.refused("R-12 hands the car over without a signed sheet", "visit.precheck_unsigned", "visit.hand_over", () => [chen.patch("visits", visit, { state: "handed_over", received_by: wu.user.id, received_at: now() })]);
  const estimate = await document(chen, "estimate", order);
  const precheck = await document(chen, "precheck", visit);
  await chen.refused("S-02 a signature whose hash is not that of what was shown", "consent.hash", "order.sign", [consent(chen, "estimate", { ...estimate, sha256: "0".repeat(64) }, visit, order)]);
  await chen.does("takes the customer's signature: pre-check sheet and estimate", "order.sign", [consent(chen, "precheck", precheck, visit), consent(chen, "estimate", estimate, visit, order)]);
  await chen.does("approves the job, authorises the order", "order.authorise", () => [chen.patch("jobs", service, { state: "approved" }), chen.patch("work_orders", order, { state: "authorised" })]);
  await chen.does("S-02 raises the price after the signature", "job.reprice", () => [chen.patch("jobs", service, { labour_fen: 30000 })]);
  await wu.refused("S-02 dispatches the changed job", "consent.changed", "job.dispatch", () => [wu.patch("jobs", service, { state: "dispatched", technicians: [guo.user.id] })]);
  await chen.does("puts the price back", "job.reprice", () => [chen.patch("jobs", service, { labour_fen: 21600 })]);
  await chen.does("R-13 hands the car to the workshop", "visit.hand_over", () => [chen.patch("visits", visit, { state: "handed_over", received_by: wu.user.id, received_at: now() })]);

  console.log("\n维修 Work");
  await wu.refused("W-01 dispatches to nobody", "dispatch.no_technician", "job.dispatch", () => [wu.patch("jobs", service, { state: "dispatched" })]);
  await wu.does("dispatches to 郭涛", "job.dispatch", () => [wu.patch("jobs", service, { state: "dispatched", technicians: [guo.user.id] })]);
  const start = (device, job, from = {}) => () => [
    device.patch("jobs", job, { state: "in_progress", ...from }),
    ...(device.row("work_orders", order).state === "authorised" ? [device.patch("work_orders", order, { state: "in_progress" })] : []),
    ...(device.row("visits", visit).state === "handed_over" ? [device.patch("visits", visit, { state: "working" })] : []),
    device.create("time_entries", { visit, work_order: order, job, technician: device.user.id, started_at: now() }),
  ];
  const entry = (device, job) => device.all("time_entries").find((e) => e.job === job && !e.ended_at && e.technician === device.user.id).id;
  await guo.refused("W-02 starts before checking the car against the sheet", "job.sheet_unchecked", "job.start", start(guo, service));
  await guo.does("checks the car against the pre-check sheet", "job.check_sheet", () => [guo.patch("jobs", service, { sheet_checked_at: now(), sheet_checked_by: guo.user.id, fault_confirmed: "confirmed" })]);
  // after his work of the morning: before its end the clock could not have run twice
  const beforeSigned = new Date(Math.max(...guo.all("time_entries").filter((e) => e.technician === guo.user.id && e.ended_at).map((e) => Date.parse(e.ended_at))) + 60_000).toISOString().replace("T", " ");
  await guo.refused("S-01 dates the start before the signature", "clock.before_signature", "job.start", () => [guo.patch("jobs", service, { state: "in_progress" }), guo.create("time_entries", { visit, work_order: order, job: service, technician: guo.user.id, started_at: beforeSigned })]);
  await guo.does("starts", "job.start", start(guo, service));
  await guo.does("pauses: waiting for a part", "job.pause", () => [guo.patch("jobs", service, { state: "paused", pause_reason: "part" }), guo.patch("time_entries", entry(guo, service), { ended_at: now(), end_reason: "part" })]);
  await guo.does("finds worn brake pads", "job.found", () => [guo.create("jobs", { visit, work_order: order, position: 2, state: "proposed", origin: "supplement", work: "更换前刹车片", found_note: "前片余 2 mm", safety: true, payer: "customer" }, brakes)]);
  await chen.does("prices and explains it", "job.price", () => [chen.patch("jobs", brakes, { labour_minutes: 48, labour_fen: 30000, parts: [{ name: "前刹车片", number: "5Q0698151", quantity_milli: 1000, unit: "套", unit_fen: 98000, origin: "shop", grade: "genuine" }], priced_at: now(), delay_minutes: 50 })]);
  await wu.refused("S-05 dispatches the supplement before consent", "consent.missing", "job.dispatch", () => [wu.patch("jobs", brakes, { state: "dispatched", technicians: [guo.user.id] })]);
  const supplement = await document(chen, "supplement", order);
  await chen.refused("S-05 a call without the customer's words", "consent.call_incomplete", "order.call", [consent(chen, "supplement", supplement, visit, order, { kind: "phone", strokes: null, call_number: "13800006021" })]);
  await chen.does("calls the customer, who agrees", "order.call", [consent(chen, "supplement", supplement, visit, order, { kind: "phone", strokes: null, call_number: "13800006021", call_at: now(), call_words: "换吧，安全要紧。", caller: chen.user.id })]);
  await chen.does("approves the supplement", "job.approve", () => [chen.patch("jobs", brakes, { state: "approved" })]);
  await wu.does("dispatches it", "job.dispatch", () => [wu.patch("jobs", brakes, { state: "dispatched", technicians: [guo.user.id] })]);
  await guo.does("resumes the service", "job.resume", () => [guo.patch("jobs", service, { state: "in_progress" }), guo.create("time_entries", { visit, work_order: order, job: service, technician: guo.user.id, started_at: now() })]);
  await guo.does("checks the sheet for the brakes", "job.check_sheet", () => [guo.patch("jobs", brakes, { sheet_checked_at: now(), sheet_checked_by: guo.user.id, fault_confirmed: "confirmed" })]);
  await guo.refused("W-03 starts a second clock", "clock.running", "job.start", start(guo, brakes));
  const finish = (job) => () => [guo.patch("jobs", job, { state: "done" }), guo.patch("time_entries", entry(guo, job), { ended_at: now(), end_reason: "finished" })];
  await guo.does("finishes the service", "job.finish", finish(service));
  await guo.refused("Q-02 sends the order to quality with work open", "order.jobs_unfinished", "order.to_quality", () => [guo.patch("work_orders", order, { state: "qc" })]);
  await guo.does("starts the brakes", "job.start", start(guo, brakes));
  await guo.does("finishes the brakes", "job.finish", finish(brakes));

  console.log("\nkill -9");
  await server.kill();
  await server.start();
  await guo.pull();
  say(guo.row("jobs", brakes).state === "done", "server", "killed with -9 and started again: what was acknowledged is there");

  console.log("\n质检 Quality");
  await guo.does("sends the order to quality", "order.to_quality", () => [guo.patch("work_orders", order, { state: "qc" })]);
  const check = (device, stage, result, extra = {}) => device.create("quality_checks", { visit, work_order: order, stage, result, items: checkItems(result === "fail" ? "fasteners" : ""), checked_at: now(), ...extra });
  await wu.refused("Q-01 team leader checks before the self-check", "quality.stage_order", "quality.check", [check(wu, "leader", "pass")]);
  await guo.does("self-check passes", "quality.check", [check(guo, "self", "pass")]);
  await guo.refused("Q-01 the same person as team leader", "quality.stage_role", "quality.check", [check(guo, "leader", "pass")]);
  await wu.does("team leader passes", "quality.check", [check(wu, "leader", "pass")]);
  await qian.refused("Q-02 passes with an item not in order", "quality.items_failed", "quality.check", [qian.create("quality_checks", { visit, work_order: order, stage: "final", result: "pass", items: checkItems("road_test"), checked_at: now() })]);
  await qian.does("Q-03 final check fails: rework", "quality.fail", () => [check(qian, "final", "fail", { failed_jobs: [brakes], cause: "卡钳螺栓未打扭矩" }), qian.patch("jobs", brakes, { state: "rework", rework_cause: "卡钳螺栓未打扭矩" }), qian.patch("work_orders", order, { state: "in_progress" })]);
  await guo.does("starts the rework", "job.start_rework", () => [guo.patch("jobs", brakes, { state: "in_progress" }), guo.create("time_entries", { visit, work_order: order, job: brakes, technician: guo.user.id, started_at: now() })]);
  await guo.does("finishes the rework", "job.finish", finish(brakes));
  await guo.does("back to quality", "order.to_quality", () => [guo.patch("work_orders", order, { state: "qc" })]);
  await qian.refused("Q-03 final check without the other stages after rework", "quality.stage_order", "quality.check", [check(qian, "final", "pass")]);
  await guo.does("self-check passes", "quality.check", [check(guo, "self", "pass")]);
  await wu.does("team leader passes", "quality.check", [check(wu, "leader", "pass")]);
  await qian.does("final check passes: ready", "quality.pass", () => [
    check(qian, "final", "pass"), qian.patch("jobs", service, { state: "passed" }), qian.patch("jobs", brakes, { state: "passed" }),
    qian.patch("work_orders", order, { state: "ready", advice: "下次保养 58,000 km" }), qian.patch("visits", visit, { state: "ready" }),
  ]);
  await chen.pull();
  say(chen.row("visits", visit).state === "ready" && chen.row("work_orders", order).state === "ready", "server", "the car is ready");
}

try {
  await server.start();
  await day();
} catch (err) {
  failures++;
  console.error(err, server.log.slice(-3000));
} finally {
  await server.stop();
}
console.log(`\n${failures === 0 ? "the day went as it must" : `${failures} steps went wrong`}`);
process.exit(failures ? 1 : 0);
