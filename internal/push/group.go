package push

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/changelog"
	"aftercare/internal/database"
	"aftercare/internal/fault"
	"aftercare/internal/wire"
)

// errAgain ends a transaction that must be run again without one member's effect.
var errAgain = errors.New("run the group again")

// transaction applies a first part of the items in one transaction and returns how many it dealt with. When a member
// fails after it has written, nothing of the group may stand and no hook may speak of it: the transaction is rolled
// back and run again up to that member, whose verdict is then known (step 8).
func (e *Engine) transaction(items []*item) int {
	limit := min(len(items), GroupSize)
	known := map[*item]*result{}
	for {
		failed := -1
		var b *batch
		err := e.app.RunInTransaction(func(tx core.App) error {
			b = &batch{engine: e, tx: tx, settled: map[string]int64{}, present: map[*job]bool{}}
			for i, it := range items[:limit] {
				if err := b.settle(it, known); err != nil {
					failed = i
					return err
				}
			}
			return b.finish()
		})
		if err != nil {
			clear(e.settled) // nobody can tell what of it stands
		}
		switch {
		case err == nil:
			maps.Copy(e.settled, b.settled)
			b.tell(items[:limit])
			return limit
		case failed >= 0:
			limit = failed + 1
			continue
		}
		e.app.Logger().Warn("a push could not be committed; the tablets send it again", "error", err)
		for _, it := range items[:limit] {
			it.result = retry("sync.busy")
		}
		return limit
	}
}

// tell notes how far the devices have come, once that is committed.
func (b *batch) tell(items []*item) {
	for _, it := range items {
		if settled, ok := b.settled[it.job.session.Device]; ok {
			it.job.settled, it.job.known = settled, true
		}
	}
}

// batch is one transaction under way.
type batch struct {
	engine  *Engine
	tx      core.App
	settled map[string]int64 // by device, as far as this transaction has come
	dirty   []string
	present map[*job]bool // admitted anew in this transaction
}

// admit holds the push to what has become of its device and person while it waited. An error is the database's.
func (b *batch) admit(it *item) error {
	j := it.job
	if b.present[j] {
		return nil
	}
	again, err := b.engine.devices.Again(b.tx, j.session)
	if _, refused := fault.From(err); err != nil && !refused {
		return err
	}
	if b.present[j] = true; err != nil {
		j.refusal = err
		return nil
	}
	j.session, j.refusal = again, nil
	return nil
}

// settle decides one mutation. An error means: roll back, its verdict is in known now.
func (b *batch) settle(it *item, known map[*item]*result) error {
	if r := known[it]; r != nil && r.Outcome == wire.Retry {
		it.result = r
		return nil
	}
	if err := b.admit(it); err != nil {
		return b.trouble(it, err, known)
	}
	if it.job.refusal != nil {
		it.result = retry("sync.busy")
		return nil
	}
	device := it.job.session.Device
	last, err := b.last(device)
	if err != nil {
		return b.trouble(it, err, known)
	}
	switch seq := it.mutation.Seq; {
	case seq <= last: // step 4: sent again
		if it.result, err = b.resent(it); err != nil {
			return b.trouble(it, err, known)
		}
		return nil
	case seq > last+1: // step 5: one before it is missing
		it.result = retry("sync.gap")
		return nil
	}
	return b.next(it, known)
}

// next takes the mutation whose turn it is. An id that the same person's mutation had before uses its seq up like any
// other: work that came in a file, too, would else end its push once for each.
func (b *batch) next(it *item, known map[*item]*result) error {
	taken, err := b.taken(&it.mutation)
	if err == nil && !taken {
		return b.fresh(it, known)
	}
	if err == nil {
		it.result, err = b.elsewhere(it)
	}
	if err == nil && it.result.first != nil {
		err = b.store(it, place(it), it.result)
	}
	if err != nil {
		return b.trouble(it, err, known)
	}
	return nil
}

// fresh is step 6: apply, and store the outcome under the device's next seq.
func (b *batch) fresh(it *item, known map[*item]*result) error {
	r := known[it]
	if r == nil {
		var err error
		if r, err = b.judge(it); err != nil {
			return b.fail(it, err, known)
		}
	}
	it.result = r
	if r.Outcome == wire.Retry {
		return nil
	}
	if r.Outcome == wire.Rejected || r.Outcome == wire.Merged {
		if err := b.server(it, r); err != nil {
			return b.trouble(it, err, known)
		}
	}
	if err := b.store(it, outcomeID(it), r); err != nil {
		return b.trouble(it, err, known)
	}
	delete(b.engine.failures, failureKey(it))
	return nil
}

// judge applies the mutation as one act. A refusal that wrote nothing is a result; any other error asks for a rollback.
func (b *batch) judge(it *item) (r *result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	before, err := b.engine.log.Position(b.tx)
	if err != nil {
		return nil, err
	}
	a := &act{batch: b, item: it, result: &result{Outcome: wire.Applied}}
	commit, err := b.engine.log.Write(b.tx, func(core.App) error { return a.run() })
	if err == nil {
		a.result.Commit = commit
		return a.result, nil
	}
	after, positionErr := b.engine.log.Position(b.tx)
	if faults := refusals(err); len(faults) > 0 && positionErr == nil && after == before {
		return rejected(faults...), nil
	}
	return nil, err
}

// fail notes the verdict on a member that failed: a refusal, or trouble that passes or has lasted too long.
func (b *batch) fail(it *item, err error, known map[*item]*result) error {
	if faults := refusals(err); len(faults) > 0 {
		known[it] = rejected(faults...)
		return errAgain
	}
	if isPassing(err) {
		return b.trouble(it, err, known)
	}
	key := failureKey(it)
	b.engine.failures[key]++
	b.engine.app.Logger().Error("applying a mutation failed", "mutation", it.mutation.ID, "device", it.job.session.Device,
		"times", b.engine.failures[key], "error", err)
	known[it] = retry("sync.busy")
	if b.engine.failures[key] >= patience {
		known[it] = rejected(fault.New(fault.Refused, "sync.unexpected"))
	}
	return errAgain
}

// trouble is the database's, not the mutation's: it is sent again, and so is all that the device did after it.
func (b *batch) trouble(it *item, err error, known map[*item]*result) error {
	b.engine.app.Logger().Warn("a mutation has to wait", "mutation", it.mutation.ID, "device", it.job.session.Device, "error", err)
	known[it] = retry("sync.busy")
	return errAgain
}

func failureKey(it *item) string { return it.job.session.Device + "/" + it.mutation.ID }

// finish writes each device's last settled seq, in the transaction of the effects.
func (b *batch) finish() error {
	written := map[string]bool{}
	for _, device := range b.dirty {
		if written[device] {
			continue
		}
		written[device] = true
		_, err := database.On(b.tx.ConcurrentDB(), `INSERT INTO sync_devices (device, settled) VALUES ({:device}, {:settled})
			ON CONFLICT (device) DO UPDATE SET settled = excluded.settled`).
			Bind(dbx.Params{"device": device, "settled": b.settled[device]}).Execute()
		if err != nil {
			return err
		}
	}
	return nil
}

// server adds the rows as they stand to an outcome that the person has to look at, as far as the device may see them.
func (b *batch) server(it *item, r *result) error {
	for _, op := range it.mutation.Ops {
		if op.Op == wire.Create || !changelog.Synced(op.Collection) || !isID(op.ID) {
			continue
		}
		if err := b.since(it, r, &op); err != nil {
			return err
		}
		row, err := b.tx.FindRecordById(op.Collection, op.ID)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return err
		}
		if shown, err := it.job.session.Scope.Holds(b.tx, row); err != nil || !shown {
			return err
		}
		object, err := b.engine.log.Object(b.tx, op.Collection, op.ID)
		if err != nil {
			return err
		}
		if r.Server == nil {
			r.Server = map[string]json.RawMessage{}
		}
		r.Server[op.Collection+"/"+op.ID] = object
	}
	return nil
}

// since adds to a refusal what others did to the row meanwhile: who, when and what, in the device's sight.
func (b *batch) since(it *item, r *result, op *wire.Op) error {
	session := it.job.session
	if r.Outcome != wire.Rejected || op.Base == nil || !session.Scope.Sees(op.Collection) {
		return nil
	}
	touches, err := b.engine.log.Since(b.tx, session.Scope, op.Collection, op.ID, *op.Base, session.Device)
	if err != nil || len(touches) == 0 {
		return err
	}
	if r.Since == nil {
		r.Since = map[string][]wire.Touch{}
	}
	r.Since[op.Collection+"/"+op.ID] = touches
	return nil
}
