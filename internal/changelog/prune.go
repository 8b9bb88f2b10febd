package changelog

import (
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// portion is how many entries one transaction forgets: a push that comes meanwhile waits for some tens of milliseconds,
// not for the whole of it.
const portion = 250

// Prune forgets entries older than Keep, whole acts at a time, and never the newest one. The last entry of each shop
// and of each customer stays: without it nobody could tell a device that missed it from one that has everything. The
// floor is raised first, so that nobody follows over entries that are going.
func (l *Log) Prune(app core.App, log *slog.Logger) {
	forgotten, err := l.prune(app)
	if err != nil {
		log.Warn("pruning the change log failed; it is tried again tomorrow", "error", err)
	}
	if forgotten > 0 {
		log.Info("pruned the change log", "entries", forgotten)
	}
}

func (l *Log) prune(app core.App) (forgotten int64, err error) {
	cut, err := l.cut(app)
	if err != nil || cut == 0 {
		return 0, err
	}
	if err := l.raise(app, cut-1); err != nil {
		return 0, err
	}
	kept, err := lasts(app)
	if err != nil {
		return 0, err
	}
	for from := int64(0); ; {
		var seqs []int64
		err := app.DB().NewQuery("SELECT seq FROM sync_changes WHERE seq > {:from} AND seq < {:cut} ORDER BY seq LIMIT {:portion}").
			Bind(dbx.Params{"from": from, "cut": cut, "portion": portion}).Column(&seqs)
		if err != nil || len(seqs) == 0 {
			return forgotten, err
		}
		last := seqs[len(seqs)-1]
		n, err := forget(app, from, last, kept)
		if err != nil {
			return forgotten, err
		}
		forgotten, from = forgotten+n, last
	}
}

// cut is the first seq of the last act older than Keep, 0 when there is none: what lies before it may go. The log is in
// the order of the clock but for its corrections, so it is found by halving.
func (l *Log) cut(app core.App) (int64, error) {
	oldest := l.clock().UTC().Add(-Keep).Format(timeLayout)
	low, err := l.Floor(app)
	if err != nil {
		return 0, err
	}
	head, err := headOf(app)
	if err != nil {
		return 0, err
	}
	var found int64
	for high := head; low < high; {
		middle := low + (high-low+1)/2
		var e struct {
			Seq  int64  `db:"seq"`
			Unit int64  `db:"unit"`
			At   string `db:"at"`
		}
		err := app.DB().NewQuery("SELECT seq, unit, at FROM sync_changes WHERE seq <= {:middle} ORDER BY seq DESC LIMIT 1").
			Bind(dbx.Params{"middle": middle}).One(&e)
		if errors.Is(err, sql.ErrNoRows) {
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
		if e.At < oldest {
			found, low = e.Unit, middle
		} else {
			high = min(middle, e.Seq) - 1
		}
	}
	return found, nil
}

// lasts are the last seqs of each shop and each customer, in order. Each is found through the index, without reading
// what lies between.
func lasts(app core.App) (seqs []int64, err error) {
	for _, owner := range []struct{ column, where string }{{"shop", "1"}, {"customer", "customer != ''"}} {
		var some []int64
		err := app.DB().NewQuery(strings.NewReplacer("OWNER", owner.column, "WHERE1", owner.where).Replace(`WITH RECURSIVE owners (name) AS (
			SELECT MIN(OWNER) FROM sync_changes WHERE WHERE1
			UNION ALL SELECT (SELECT MIN(OWNER) FROM sync_changes WHERE WHERE1 AND OWNER > owners.name) FROM owners WHERE owners.name IS NOT NULL)
			SELECT (SELECT MAX(seq) FROM sync_changes WHERE WHERE1 AND OWNER = owners.name) FROM owners WHERE name IS NOT NULL`)).Column(&some)
		if err != nil {
			return nil, err
		}
		seqs = append(seqs, some...)
	}
	slices.Sort(seqs)
	return seqs, nil
}

// forget deletes the entries after from up to last, but for the kept ones.
func forget(app core.App, from, last int64, kept []int64) (int64, error) {
	first, _ := slices.BinarySearch(kept, from+1)
	end, _ := slices.BinarySearch(kept, last+1)
	stay := []string{"0"}
	for _, seq := range kept[first:end] {
		stay = append(stay, fmt.Sprint(seq))
	}
	result, err := app.NonconcurrentDB().NewQuery("DELETE FROM sync_changes WHERE seq > {:from} AND seq <= {:last} AND seq NOT IN (" + strings.Join(stay, ",") + ")").
		Bind(dbx.Params{"from": from, "last": last}).Execute()
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}
