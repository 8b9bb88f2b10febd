package push

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/changelog"
	"aftercare/internal/database"
	"aftercare/internal/fault"
	"aftercare/internal/wire"
)

func (b *batch) last(device string) (int64, error) {
	if n, ok := b.settled[device]; ok {
		return n, nil
	}
	n, known := b.engine.settled[device]
	var err error
	if !known {
		n, err = settledOf(b.tx, device)
	}
	if err == nil {
		b.settled[device] = n
	}
	return n, err
}

func settledOf(app core.App, device string) (n int64, err error) {
	err = app.DB().Select("settled").From("sync_devices").Where(dbx.HashExp{"device": device}).Row(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, err
}

func reused() *result { return rejected(fault.New(fault.Conflict, "sync.reused").On("seq")) }

// elsewhere refuses an id that is another mutation's, and says what became of that one if it was the same person's.
func (b *batch) elsewhere(it *item) (r *result, err error) {
	r = reused()
	r.first, err = b.first(it)
	return r, err
}

// resent answers a seq that is settled: the stored outcome for the same content, else a refusal that uses no seq.
func (b *batch) resent(it *item) (*result, error) {
	device, m := it.job.session.Device, &it.mutation
	var stored struct {
		ID      string `db:"id"`
		Hash    string `db:"hash"`
		Outcome string `db:"outcome"`
	}
	err := b.tx.DB().Select("id", "hash", "outcome").From("sync_outcomes").
		Where(dbx.HashExp{"device": device, "seq": m.Seq}).One(&stored)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	if err != nil || stored.ID != outcomeID(it) {
		return b.elsewhere(it)
	}
	if stored.Hash != m.Hash {
		return reused(), nil
	}
	r := &result{}
	return r, json.Unmarshal([]byte(stored.Outcome), r)
}

// taken reports whether the mutation's id belongs to another one.
func (b *batch) taken(m *wire.Mutation) (bool, error) {
	var one int
	err := database.On(b.tx.ConcurrentDB(), "SELECT 1 FROM sync_outcomes WHERE [id] = {:id}").Bind(dbx.Params{"id": m.ID}).Row(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// first is what became of the mutation that had the id first, for the person it was of: work that was carried to another
// tablet of theirs in a file, and sent from both. It is nobody else's business: nil.
func (b *batch) first(it *item) (*result, error) {
	var outcome string
	err := database.On(b.tx.ConcurrentDB(), `SELECT o.outcome FROM sync_outcomes o JOIN devices d ON d.id = o.device
		WHERE o.id = {:id} AND d.user = {:user}`).Bind(dbx.Params{"id": it.mutation.ID, "user": it.job.session.Actor.ID}).Row(&outcome)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r := &result{}
	return r, json.Unmarshal([]byte(outcome), r)
}

// outcomeID is the mutation's id; one whose id is no id gets its place instead.
func outcomeID(it *item) string {
	if isID(it.mutation.ID) {
		return it.mutation.ID
	}
	return place(it)
}

func place(it *item) string { return fmt.Sprintf("%s/%d", it.job.session.Device, it.mutation.Seq) }

func (b *batch) store(it *item, id string, r *result) error {
	device := it.job.session.Device
	outcome, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = database.On(b.tx.ConcurrentDB(), `INSERT INTO sync_outcomes (device, seq, id, hash, outcome, at)
		VALUES ({:device}, {:seq}, {:id}, {:hash}, {:outcome}, {:at})`).Bind(dbx.Params{"device": device, "seq": it.mutation.Seq, "id": id,
		"hash": it.mutation.Hash, "outcome": string(outcome), "at": changelog.Stamp(b.engine.clock())}).Execute()
	if err != nil {
		return err
	}
	b.settled[device] = it.mutation.Seq
	b.dirty = append(b.dirty, device)
	return nil
}
