package main

// The server's suites. The simulation and the property tests know no bug of this list; the packages' own tests hold
// each rule of the protocol by itself.
var (
	simulation = gotest("sim", "./internal/sim", "-run", "TestSim", "-args", "-seeds=12", "-ops=600", "-from=1", "-stop")
	pushTests  = gotest("push", "./internal/push")
	pullTests  = gotest("pull", "./internal/pull")
	logTests   = gotest("changelog", "./internal/changelog")
	liveTests  = gotest("live", "./internal/live")
	photoTests = gotest("upload", "./internal/upload")
)

func server() []bug {
	all := [][]bug{onceAndInOrder(), merging(), following(), scopes(), lives(), talking(), photos(), onDisk()}
	var bugs []bug
	for _, some := range all {
		bugs = append(bugs, some...)
	}
	return bugs
}

// one is the edit of a bug that needs one.
func one(file, old, new string) []edit { return []edit{{file, old, new}} }

const (
	group    = "internal/push/group.go"
	outcomes = "internal/push/outcomes.go"
	actFile  = "internal/push/act.go"
	merge    = "internal/push/merge.go"
	engine   = "internal/push/engine.go"
	pulling  = "internal/pull/pull.go"
	logRead  = "internal/changelog/read.go"
	logOps   = "internal/changelog/ops.go"
	hub      = "internal/live/hub.go"
	verifier = "internal/upload/verify.go"
	sweeper  = "internal/upload/sweep.go"
)

func onceAndInOrder() []bug {
	suites := []suite{simulation, pushTests}
	return []bug{
		{"stuck-queue", "10, pain: a refused edit uses no seq, so everything after it waits for ever",
			one(group, `	if r.Outcome == wire.Retry {`, `	if r.Outcome == wire.Retry || r.Outcome == wire.Rejected {`), suites},
		{"gap-accepted", "4: an edit is applied although one before it has not arrived",
			one(group, `case seq > last+1:`, `case seq > last+1000:`), suites},
		{"reused-seq-accepted", "2: other content under a known seq is answered with the first one's outcome and lost",
			one(outcomes, `	if stored.Hash != m.Hash {`, `	if false {`), suites},
		{"resend-told-no", "3: an edit sent again after its answer was lost is told no although it was applied",
			one(group, `case seq <= last:`, `case seq < last:`), suites},
		{"outcome-after-commit", "3: outcome and effect are two transactions; a crash between them applies twice",
			one(group, `	if err := b.store(it, outcomeID(it), r); err != nil {
		return b.trouble(it, err, known)
	}`, `	b.settled[it.job.session.Device] = it.mutation.Seq
	b.tx.TxInfo().OnComplete(func(txErr error) error {
		if txErr != nil {
			return nil
		}
		after := &batch{engine: b.engine, tx: b.engine.app, settled: map[string]int64{}}
		if err := after.store(it, outcomeID(it), r); err != nil {
			return err
		}
		return after.finish()
	})`), []suite{powerTests, commandTests}},
		{"half-a-group", "5: of a refused act the ops before the refused one stay",
			one(group, `positionErr == nil && after == before {`, `positionErr == nil && after >= before {`), suites},
		{"undone-by-savepoint", "5: a refused act is taken back by a savepoint; after-hooks and the log speak of what was undone",
			[]edit{
				{group, `	a := &act{batch: b, item: it, result: &result{Outcome: wire.Applied}}
`, `	a := &act{batch: b, item: it, result: &result{Outcome: wire.Applied}}
	if _, err := b.tx.DB().NewQuery("SAVEPOINT member").Execute(); err != nil {
		return nil, err
	}
`},
				{group, `positionErr == nil && after == before {
`, `positionErr == nil && after >= before {
		if _, err := b.tx.DB().NewQuery("ROLLBACK TO member").Execute(); err != nil {
			return nil, err
		}
`},
			}, suites},
		{"trouble-taken-as-no", "2: a database that is busy for a moment counts as a refusal",
			[]edit{
				{group, `	if isPassing(err) {`, `	if isPassing(err) && it == nil {`},
				{group, `>= patience {`, `>= 1 {`},
			}, suites},
		{"reoffered-out-of-order", "8: what a restored server is offered again comes in the order of arrival",
			one(engine, `	return a.mutation.Commit > 0 &&`, `	return a == nil &&`), suites},
		{"old-epoch-accepted", "8: a restored server takes edits numbered in its former life",
			one(engine, `(epoch != "" || pulled) && epoch != present {`, `epoch == present && !pulled && present == "" {`), suites},
	}
}

func merging() []bug {
	suites := []suite{simulation, pushTests}
	return []bug{
		{"base-above-version", "6: an edit on a version from the future is taken",
			one(actFile, ` || *op.Base > version(row) {`, ` {`), suites},
		{"overwritten-unseen", "6: where the server's value stands by rule, the tablet's later one overwrites it without a trace",
			one(merge, `		if others.changed(name) {`, `		if others.changed(name) && merge != mergeFirst {`), suites},
		{"conflict-row-missing", "2: of two values that met, the one that lost is kept nowhere",
			one(merge, `		if known {
			continue`, `		if known || c.merge == mergeLast {
			continue`), suites},
		{"own-edits-clash", "6: a device's own earlier edit counts as somebody else's",
			one(merge, `ok && change.Device != o.device`, `ok && change.Version > 0`), suites},
		{"clock-decides", "13, pain: clock skew: of two edits the one with the earlier tablet clock loses",
			one(merge, `		merge := entity.Fields[name].Merge
`, `		merge := entity.Fields[name].Merge
		if at := a.actor.At; !at.IsZero() && at.Before(record.Time(row.Original().GetString(record.FieldUpdated))) {
			continue
		}
`), suites},
		{"pruned-history-is-peace", "6: where the log no longer reaches back to the base, others' changes are overwritten unseen",
			one(merge, `o.fields, o.all = fields, !known`, `o.fields = fields
	_ = known`), suites},
		{"deleted-unseen", "6: a row others have changed since is deleted without a look at it",
			one(actFile, `	if others.any() {`, `	if others.any() && row.Id == "" {`), suites},
		{"risen-from-the-dead", "9, pain: a deleted row's id can be created again",
			one(actFile, `	case gone:
		return refuse("sync.deleted", "id")`, `	case gone && op.ID == "":
		return refuse("sync.deleted", "id")`), suites},
		{"seen-believed", "Merge: a cursor counts as seen although the server never delivered it to this device",
			one(engine, ` || c.Seq > delivered {`, ` {`), suites},
	}
}

func following() []bug {
	suites := []suite{simulation, pullTests, logTests}
	return []bug{
		{"page-cuts-an-act", "5: a page ends inside an act: half of it is on the tablet",
			one(logRead, `	for cut > 0 && entries[cut-1].Unit == unit {`, `	for cut > limit && entries[cut-1].Unit == unit {`), suites},
		{"cursor-past-half-an-act", "1: the cursor stands behind an act of which a part was not on the page",
			one(logRead, `		return entries[:cut], nil`, `		return append(entries[:cut:cut], entries[limit]), nil`), suites},
		{"snapshot-of-two-moments", "1: a row changed while a snapshot is read is shown as it is now, not as of the snapshot",
			one("internal/changelog/snapshot.go", `Bind(dbx.Params{"seq": p.Seq,`, `Bind(dbx.Params{"seq": int64(1 << 62),`), suites},
		{"snapshot-without-what-went", "1: a row that went while a snapshot is read is missing in it: a server restored to a moment in between never sends it",
			one("internal/changelog/snapshot.go", `		if went && id > after`, `		if went && id == "" && id > after`), suites},
		{"snapshot-forgets-meanwhile", "1: after a snapshot the tablet goes on from the log's end, not from the snapshot's",
			one(pulling, `	end, err := r.log.LastSeen(r.app, s, at.Snapshot)`, `	end, err := r.log.LastSeen(r.app, s, 1<<62)`), suites},
		{"tombstone-forgotten", "9: a cursor from before what was pruned is followed: deleted rows stay on the tablet",
			one(pulling, `	if seq >= floor {`, `	if seq >= floor || seq > 0 {`), suites},
		{"patch-loses-a-field", "1: of two changes of a row on one page only the last is sent",
			one(logOps, `		f.merged[name] = value`, `		f.merged = map[string]json.RawMessage{name: value}`), suites},
	}
}

func scopes() []bug {
	suites := []suite{simulation, pullTests, pushTests}
	return []bug{
		{"snapshot-of-every-shop", "7: a snapshot shows one collection's rows of all shops",
			one(pulling, `		where, params := s.Where(name)
`, `		where, params := s.Where(name)
		if name == "vehicles" {
			where, params = "", nil
		}
`), suites},
		{"never-told-to-leave", "7: a row that moves to another shop stays on the former shop's tablets",
			one("internal/changelog/moved.go", `if err := l.sight(e.App, done, opLeave, from, ""); err != nil {`, `if err := error(nil); err != nil {`), suites},
		{"moved-person-keeps-cursor", "7: who moves to another shop goes on with the old cursor and keeps the old shop's rows",
			one(pulling, ` || at.Scope != s.Mark() { // step 2`, ` { // step 2`), suites},
		{"write-outside-the-scope", "7: a row of another shop can be changed by whoever knows its id",
			one(actFile, `	if err == nil && !shown {`, `	if err == nil && !shown && row.Id == "" {`), suites},
		{"foreign-device", "12, pain: the queue replayed as the next user: another's token may push with this device",
			one("internal/scope/devices.go", `.User() != auth.Id || `, `.User() == "" || `), suites},
	}
}

func lives() []bug {
	suites := []suite{simulation, logTests, pushTests}
	return []bug{
		{"restore-unnoticed", "8: a database restored from a backup goes on in the same epoch",
			one("internal/changelog/cursor.go", `		return c, l.newEpoch(app, c.Epoch) // made`, `		return c, nil // made`), suites},
		{"restored-copy-unnoticed", "8: a restored copy of the files whose boots are known is not told from the life it lost",
			one("internal/changelog/meta.go", `			return seq <= boots[i+1].Head, nil`, `			return true, nil`), suites},
	}
}

func talking() []bug {
	suites := []suite{simulation, liveTests}
	return []bug{
		{"frames-dropped-silently", "1: a full queue of a slow socket drops frames and lets it believe that all is well",
			one("internal/live/writer.go", `	default:
		s.end(closeTooSlow)
	}`, `	default:
	}`), suites},
		{"long-frame-told-as-empty", "1: changes too long for a frame are told as if there were none: nobody pulls them",
			one(hub, `wire.OpsFrame(f.cursor, f.cursor, nil)`, `wire.OpsFrame(f.prev, f.cursor, nil)`), suites},
		{"joined-too-late", "1: who is told ready joins a moment later: a change in between is told to the others only",
			one(hub, `	g.members[s] = true`, `	h.mu.Unlock()
	time.Sleep(300 * time.Millisecond)
	h.mu.Lock()
	g.members[s] = true`), suites},
		{"moved-person-still-told", "7: a person moved to another shop goes on hearing the old one",
			one("internal/live/recheck.go", `	for _, s := range h.concerned(concerned) {
		s.recheck()
	}`, `	h.concerned(concerned)`), suites},
	}
}

func photos() []bug {
	suites := []suite{photoTests}
	return []bug{
		{"hash-unchecked", "11: a photo counts as complete whatever bytes arrived",
			one(verifier, `	if photo.Hash(b) != info.MetaData[metaSHA] {`, `	if photo.Hash(b) == "" {`), suites},
		{"signed-photo-collected", "11: a photo that only a signed document names is thrown away after a week",
			one(sweeper, `			OR EXISTS (SELECT 1 FROM consents WHERE instr(document, {:sha}) > 0)`, ``), suites},
		{"referenced-photo-collected", "11: a photo that a row names is thrown away a week after it came",
			[]edit{
				{sweeper, ` AND EXISTS (SELECT 1 FROM photos p WHERE p.sha256 = photo_files.sha256)`, ` AND photo_files.sha256 = ''`},
				{sweeper, `		if named {`, `		if named && s == nil {`},
			}, suites},
		{"shelf-is-an-oracle", "11: asking by hash tells whether another shop has the photo",
			one("internal/upload/ledger.go", `		if !entitled(keys[i], from[i]) {`, `		if !entitled(keys[i], from[i]) && who.ID == "" {`), suites},
	}
}
