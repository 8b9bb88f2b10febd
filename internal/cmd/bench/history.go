package main

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"aftercare/internal/wire"

	_ "modernc.org/sqlite" // registers "sqlite"
)

const (
	shortLog = 5000 // entries of the short change log
	tail     = 500  // changes to be pulled
)

// history is a pull of the last 500 changes with a long change log against the same with a short one: both sides are ours.
func (b *bench) history() error {
	short := &ours{binary: b.binary, dir: b.dir + "/short"}
	if err := short.grow(generate(shortLog)); err != nil {
		return err
	}
	long := &ours{binary: b.binary, dir: b.dir + "/long", devices: short.devices}
	if out, err := exec.Command("cp", "-r", short.dir, long.dir).CombinedOutput(); err != nil {
		return fmt.Errorf("copying: %w: %s", err, out)
	}
	began := time.Now()
	if err := lengthen(long.dir+"/data.db", b.rows); err != nil {
		return fmt.Errorf("a log of %d: %w", b.rows, err)
	}
	b.note("pull_500_of_5m", "ours with %d entries against ours with %d; writing the long log took %.0f s", b.rows, shortLog, time.Since(began).Seconds())
	for _, o := range []*ours{short, long} {
		if err := o.serve(); err != nil {
			return err
		}
		defer o.server.stop()
	}
	few, err := short.late()
	if err != nil {
		return err
	}
	many, err := long.late()
	if err != nil {
		return err
	}
	var took, other []float64
	for range b.runs + 5 { // of some ms each
		mine, err := many()
		if err != nil {
			return err
		}
		theirs, err := few()
		if err != nil {
			return err
		}
		took, other = append(took, mine), append(other, theirs)
	}
	b.compare("pull_500_of_5m", "ms", took, other)
	return os.RemoveAll(long.dir)
}

// grow makes a shop of its own with the records and stops the server.
func (o *ours) grow(records []one) error {
	fresh, err := openOurs(o.binary, o.dir)
	if err != nil {
		return err
	}
	defer fresh.server.stop()
	*o = *fresh
	return o.fill(records)
}

// late is a tablet that has everything but the last 500 changes, and pulls them again and again.
func (o *ours) late() (func() (float64, error), error) {
	reader, err := o.tablet()
	if err != nil {
		return nil, err
	}
	rows, cursor, err := reader.pull("")
	if err != nil {
		return nil, err
	}
	writer, err := o.tablet()
	if err != nil {
		return nil, err
	}
	mutations := []wire.Mutation{}
	for id, row := range rows {
		if len(mutations) == tail {
			break
		}
		version, _ := row["version"].(float64)
		writer.version[id] = int64(version)
		mutations = append(mutations, writer.edit(id, "odometer_km", 800_000+len(mutations)))
	}
	if _, err := writer.push(mutations); err != nil {
		return nil, err
	}
	return func() (float64, error) {
		began := time.Now()
		changed, _, err := reader.pull(cursor)
		if err == nil && len(changed) != tail {
			err = fmt.Errorf("%d changes of %d", len(changed), tail)
		}
		return ms(began), err
	}, nil
}

// lengthen writes entries into a change log until it has so many: edits of the rows there are, one after the other.
func lengthen(path string, rows int) (err error) {
	db, err := sql.Open("sqlite", path+"?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=cache_size(-400000)&_pragma=temp_store(MEMORY)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	indexes, err := db.Query("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'sync_changes' AND sql IS NOT NULL")
	if err != nil {
		return err
	}
	var steps, again []string
	for indexes.Next() {
		var name, definition string
		if err := indexes.Scan(&name, &definition); err != nil {
			return errors.Join(err, indexes.Close())
		}
		steps, again = append(steps, "DROP INDEX "+name), append(again, definition)
	}
	if err := indexes.Close(); err != nil {
		return err
	}
	steps = append(steps, "CREATE TEMP TABLE ids (n INTEGER PRIMARY KEY, id TEXT, shop TEXT)",
		"INSERT INTO ids SELECT row_number() OVER () - 1, id, shop FROM vehicles",
		fmt.Sprintf(`INSERT INTO sync_changes (seq, unit, at, shop, customer, collection, record, version, op, data, prev, actor, device, mutation)
			WITH RECURSIVE numbers(n) AS (SELECT MAX(seq) + 1 FROM sync_changes UNION ALL SELECT n + 1 FROM numbers WHERE n < %d)
			SELECT numbers.n, numbers.n, strftime('%%Y-%%m-%%d %%H:%%M:%%fZ', 'now'), shop, '', 'vehicles', id, 2, 'update',
				'{"odometer_km":' || numbers.n || '}', '{"odometer_km":1}', 'actor0000000000', 'device000000000', 'mutation0000000'
			FROM numbers JOIN ids ON ids.n = numbers.n %% (SELECT COUNT(*) FROM ids)`, rows))
	for _, step := range append(steps, again...) {
		if _, err := db.Exec(step); err != nil {
			return fmt.Errorf("%.40s: %w", step, err)
		}
	}
	return nil
}
