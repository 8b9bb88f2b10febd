package main

// The tablet's suites, each one test file. The general ones are asked first: any course of events seen from the screen,
// any course seen from its end, death at every database operation, any course of backups and restores.
var (
	screen   = vitest("src/sync/screen.test.ts")
	courses  = vitest("src/sync/property.test.ts")
	deaths   = vitest("src/sync/crash.test.ts")
	restores = vitest("src/sync/restore.test.ts")
	cases    = vitest("src/sync/sync.test.ts")
	tabs     = vitest("src/sync/lead.test.ts")
	turns    = vitest("src/sync/leader.test.ts")
	room     = vitest("src/sync/room.test.ts")
	answers  = vitest("src/sync/http.test.ts")
	sending  = vitest("src/sync/uploads.test.ts")
	resuming = vitest("src/sync/tus.test.ts")
	people   = vitest("src/db/session.test.ts")
)

const (
	tabletPush    = "pb_public/src/sync/push.ts"
	tabletOutcome = "pb_public/src/sync/outcomes.ts"
	tabletLead    = "pb_public/src/sync/lead.ts"
	tabletPull    = "pb_public/src/sync/pull.ts"
	tabletReoffer = "pb_public/src/sync/reoffer.ts"
	tabletUploads = "pb_public/src/sync/uploads.ts"
	tabletAct     = "pb_public/src/db/act.ts"
	tabletProject = "pb_public/src/db/project.ts"
	tabletStore   = "pb_public/src/db/store.ts"
	tabletSession = "pb_public/src/db/session.svelte.ts"
)

func tablet() []bug {
	return append(append(outbox(), rows()...), device()...)
}

func outbox() []bug {
	suites := []suite{screen, courses, restores, deaths, cases}
	return []bug{
		{"refusal-dropped", "2, pain: a denied write silently dropped: a refused edit leaves the queue without a word",
			one(tabletOutcome, `await store.outbox.update(entry.id, { status: "rejected", refusal: { code,`, `await store.outbox.delete(entry.id);
      await store.outbox.update("", { status: "rejected", refusal: { code,`), suites},
		{"refusal-taken-as-success", "2, pain: 200 with rejections taken as success",
			[]edit{
				{tabletOutcome, `    case "rejected": {`, `    case "refused" as "rejected": {`},
				{tabletOutcome, `    case "merged": {`, `    case "merged":
    case "rejected": {`},
			}, suites},
		{"undone-without-a-sign", "1, pain: no sign that the server undid a write: a refused edit stays on the screen",
			one(tabletOutcome, `    for (const key of this.keys) await rebase(this.store, key, await serverRow(this.store, key));
`, ``), suites},
		{"wait-taken-as-no", "2: an answer that asks to come again puts the edit among the refused",
			[]edit{
				{tabletOutcome, `    case "rejected": {`, `    case "retry":
    case "rejected": {`},
				{tabletOutcome, `if (outcome.outcome === "retry")`, `if (outcome.outcome === "retry" && outcome.code === "sync.gap")`},
			}, suites},
		{"sent-is-done", "2: an edit counts as delivered once it was sent, before any answer",
			one(tabletPush, `  sending(batch.entries.map((e) => e.id));`, `  sending(batch.entries.map((e) => e.id));
  for (const e of batch.entries) await link.store.outbox.update(e.id, { status: "acked", versions: {}, round: 0 });`), suites},
		{"stranger-taken-as-done", "10, pain: captive portal: an answer that is not ours empties the queue",
			one(tabletPush, `  if (!isPushAnswer(answer.body)) return`, `  if (!isPushAnswer(answer.body) && batch.entries.length > 0) return takeIn(link, batch, batch.entries.at(-1)!.seq, batch.entries.map((e) => ({ seq: e.seq, outcome: "applied" })));
  if (!isPushAnswer(answer.body)) return`), suites},
		{"portal-page-taken-as-answer", "10, pain: captive portal: a page of HTML counts as our server's answer",
			one("pb_public/src/sync/http.ts", `.includes("json")) return { kind: "retry", reason:`, `.includes("json")) return answer.ok ? { kind: "ok", body: {} } : { kind: "retry", reason:`), []suite{answers}},
		{"dead-login-wipes", "12, pain: a dead login wiping unsent work: 401 empties the queue",
			one(tabletPush, `  return noteAttempt(link, batch, endingOf(fault));`, `  if (fault.status === 401) await link.store.outbox.clear();
  return noteAttempt(link, batch, endingOf(fault));`), suites},
		{"offered-again-in-disorder", "8: what a restored server lost is offered again newest first",
			one(tabletPush, `  const pending = await store.outbox.where("status").equals("pending").sortBy("seq");`, `  const pending = (await store.outbox.where("status").equals("pending").sortBy("seq")).sort((a, b) => (b.commit ?? 0) - (a.commit ?? 0));`), suites},
		{"offered-again-as-new", "3: what a restored server lost is offered again under new ids: what it has after all happens twice",
			one(tabletReoffer, `  await store.outbox.put({ seq, id, intent,`, `  await store.outbox.put({ seq, id: newId(), intent,`), suites},
		{"offered-to-nobody", "8: what a restored server lost is not offered again",
			one(tabletReoffer, `s.outcome !== "applied" && s.outcome !== "merged"`, `s.outcome !== "merged"`), suites},
		{"just-acknowledged-lost", "8: an edit acknowledged just before the restore, whose row had not come back yet, is not offered again",
			one(tabletReoffer, `      if (entry.status !== "acked" || entry.elsewhere) continue;`, `      if (entry.status !== "acked" || entry.seq > settled) continue;`), suites},
		{"elsewhere-forgotten", "8: work that came by a file and was sent from both tablets is not offered again: its seq is another's by now",
			one(tabletReoffer, `await offerElsewhere(store, keys);`, `keys.delete("");`), []suite{restores}},
		{"lower-seq-believed", "8: a busy server names a seq below one heard before: what it lost is filled up instead of offered again",
			one(tabletOutcome, `if (this.settled < heard)`, `if (heard < 0)`), []suite{restores}},
		{"forgotten-in-the-drawer", "8: a tablet that was away for weeks forgets what it had sent before it hears of a restore",
			one(tabletReoffer, `day - (s.day ?? 0) >= keepSentDays ||`, `day >= 0 ||`), []suite{restores}},
		{"photos-lost-with-edits", "11: acknowledged edits were lost in the same epoch, and the photos lost with them are not asked about",
			one(tabletReoffer, `await askAgain(store); // photos`, `// photos`), []suite{sending}},
	}
}

func rows() []bug {
	suites := []suite{screen, courses, deaths, cases}
	return []bug{
		{"echo-lost", "1, pain: a server echo lost during a push: an acknowledged edit goes from the screen before its row is back",
			one(tabletProject, `  const version = entry.versions?.[key];`, `  const version = entry.versions?.[key] && 0;`), suites},
		{"pull-begun-before", "1, pain: a server echo lost during a push: a pull begun before the answer counts as holding it",
			one(tabletProject, `if (entry.known || (entry.round ?? 0) >= round)`, `if (entry.known || (entry.round ?? 0) > round)`), suites},
		{"old-page-wins", "9, pain: deletes resurrected: a page older than what the live line brought undoes it",
			one(tabletPull, `    if (((await store.get("cursor")) ?? "") !== asked) return true;
`, ``), suites},
		{"live-from-anywhere", "8: live changes are taken in wherever the tablet stands; what lies between is lost",
			one(tabletPull, `    if (here === "" || fresh.some((f, i) => f.prev !== (fresh[i - 1]?.cursor ?? here)) ||`, `    if (here === "" ||`), suites},
		{"reset-wipes-outbox", "2: a snapshot wipes the queue with the rows",
			one(tabletProject, `  await store.shadow.clear();`, `  await store.shadow.clear();
  await store.outbox.clear();`), suites},
		{"snapshot-lands-in-parts", "5: the first page of a snapshot takes the place of all rows before the others are here",
			one(tabletPull, `      await store.staging.put(staged);`, `      await replaceAll(store, page.ops, at.round);
      await store.staging.put(staged);`), suites},
	}
}

func device() []bug {
	return []bug{
		{"two-transactions", "5: rows and queue are written in two transactions: dying between them shows what is never sent",
			one(tabletAct, `    store.atomically(async () => {
      await keep(`, `    (async (work: () => Promise<void>) => work())(async () => {
      await keep(`), []suite{screen, courses, deaths, cases}},
		{"two-leaders", "10, pain: two leader tabs: every tab speaks with the server at once",
			one(tabletLead, `await locks.request(this.o.name, steal ? { steal: true } : { signal: wait.signal }, granted);`, `await granted();`), []suite{screen, tabs}},
		{"deposed-leader-writes", "4, pain: two leader tabs: a tab that was frozen thaws and writes down an old answer",
			one("pb_public/src/sync/link.ts", `(await store.get("lead")) !== lead) throw`, `(await store.get("lead")) === undefined) throw`), []suite{screen, tabs}},
		{"stuck-leader", "10, pain: a frozen leader tab keeps the lead for ever",
			one(tabletLead, `if (++this.silent > most) return true;`, `if (++this.silent > most * 1000) return true;`), []suite{tabs}},
		{"tabs-count-alone", "4, pain: two leader tabs: each tab gives seqs from a count of its own",
			[]edit{
				{tabletAct, `  const seq = last + 1;`, `  const seq = (counted.get(store) ?? last) + 1;
  counted.set(store, seq);`},
				{tabletAct, `/** Writes the rows and the mutation, inside the transaction. */`, `const counted = new WeakMap<Store, number>();
/** Writes the rows and the mutation, inside the transaction. */`},
			}, []suite{screen, turns}},
		{"one-queue-for-all", "12, pain: the queue replayed as the next user: two people share a store",
			one(tabletStore, "  return `aftercare-${user}`;", "  return `aftercare-${user.length}`;"), []suite{screen, people}},
		{"sign-out-wipes", "12, pain: signing out throws unsent work away",
			one(tabletSession, `  await people.people.update(user.id, { token: "", pin: undefined });`, `  await people.people.update(user.id, { token: "", pin: undefined });
  await storeInUse()?.delete();`), []suite{screen, people}},
		{"quota-swallowed", "2, pain: quota full: the screen says saved although the tablet had no room",
			one("pb_public/src/db/room.ts", `  throw new Refused("device.storage_full");`, `  return undefined as T;`), []suite{deaths, room}},
		{"eviction-unnoticed", "2, pain: Safari evicting storage: the store is gone and nobody is told",
			one("pb_public/src/db/canary.ts", `    if (mark) await store.set("eviction",`, `    if (mark && mark.canary === "") await store.set("eviction",`), []suite{screen, room}},
		{"photos-as-blobs", "11, pain: Blobs unreadable: photos are kept as Blobs, which WebKit loses",
			one(tabletAct, `    await store.photo_bytes.put({ sha256, media, bytes });`, `    await store.photo_bytes.put({ sha256, media, bytes: new Blob([bytes]) as never });`), []suite{sending}},
		{"portal-verifies-photos", "11, pain: a captive portal's 200 to everything counts as: the server has the photo",
			one(tabletUploads, `  if (status === 200 && storedHash.test(headers.get("X-Stored-Sha256") ?? "")) return "here";`, `  if (status === 200) return "here";`), []suite{sending}},
		{"upload-from-zero", "11, pain: the whole submission re-sent for one photo: a cut upload begins anew",
			one(tabletUploads, `{ begun: (url) => void store.uploads.update(sha256, { url }),`, `{ begun: () => undefined,`), []suite{sending}},
		{"offset-ignored", "11, pain: the whole submission re-sent for one photo: the address of a begun upload is not used",
			one(tabletUploads, `      ...(upload.url ? { uploadUrl: upload.url } : { endpoint: "/api/uploads/" }),`, `      endpoint: "/api/uploads/",`), []suite{sending, resuming}},
		{"sent-is-verified", "11: a photo counts as verified once its last byte was sent",
			one(tabletUploads, `      return verify(store, server, sha256, signal);
    case "refused"`, `      return verified(store, sha256);
    case "refused"`), []suite{sending}},
		{"bytes-freed-too-early", "11: a photo's bytes are freed before the server has verified them",
			one(tabletUploads, `.equals("verified").filter((u) => (u.verified_at ?? now)`, `.anyOf("verified", "uploading", "stored").filter((u) => (u.verified_at ?? u.at)`), []suite{sending}},
		{"restart-unheard", "11: a restored server that no cursor gives away is not asked again for photos whose row is out of sight",
			one(tabletPull, `    await askUnconfirmed(store);
`, ``), []suite{sending}},
	}
}
