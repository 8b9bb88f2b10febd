package changelog

import (
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const (
	metaEpoch = "epoch"
	metaKey   = "key"
	metaFloor = "floor" // every entry above this seq is kept
	metaPast  = "past"  // marks of former epochs and of those of lost lives, in hex with blanks between them
)

// metaCache is what every request needs of sync_meta and sync_boots.
type metaCache struct {
	renewing chan struct{} // full while an epoch begins
	mu       sync.RWMutex
	epoch    string
	past     string
	key      []byte
	boots    []boot // oldest first; the last one is this server's

	floor  *int64 // nil: to be read
	raised int    // times the floor was set
}

// boot is one start of the server: cursors name the boot that made them.
type boot struct {
	ID   string `db:"id"`
	Head int64  `db:"head"` // end of the log when it started
}

// Start records that a server begins to serve this database, and reads or makes its epoch and its key. Cursors can be
// made and read only after it.
func (l *Log) Start(app core.App) error {
	key, err := l.ensure(app, metaKey, 32)
	if err != nil {
		return err
	}
	if _, err = l.ensure(app, metaEpoch, 8); err != nil {
		return err
	}
	err = app.RunInTransaction(func(tx core.App) error {
		head, err := headOf(tx)
		if err != nil {
			return err
		}
		_, err = tx.DB().Insert("sync_boots", dbx.Params{"id": randomHex(4), "head": head, "at": Stamp(l.clock())}).Execute()
		return err
	})
	if err != nil {
		return err
	}
	var boots []boot
	if err := app.DB().NewQuery("SELECT [id], [head] FROM sync_boots ORDER BY [n]").All(&boots); err != nil {
		return err
	}
	secret, err := hex.DecodeString(key)
	if err != nil {
		return fmt.Errorf("key of the cursors: %w", err)
	}
	epoch, err := readMeta(app.DB(), metaEpoch)
	if err != nil {
		return err
	}
	past, err := readMeta(app.DB(), metaPast)
	if err != nil {
		return err
	}
	l.meta.mu.Lock()
	defer l.meta.mu.Unlock()
	l.meta.key, l.meta.boots, l.meta.epoch, l.meta.past = secret, boots, epoch, past
	return nil
}

// Epoch names this life of the database. It changes when the database turns out to have been restored.
func (l *Log) Epoch() string {
	l.meta.mu.RLock()
	defer l.meta.mu.RUnlock()
	return l.meta.epoch
}

// NewEpoch begins a new life: every device is given a snapshot and asked to offer its acknowledged edits again.
func (l *Log) NewEpoch(app core.App) error { return l.newEpoch(app, l.epochMark()) }

// newEpoch ends the present epoch upon a cursor of another life, whose epoch has the mark `told` (the present one's, or
// that of a life the database was taken back from). Both are past from then on: who comes with them later is given a
// snapshot and begins nothing. Of several who tell of the same restore at once, one begins an epoch.
func (l *Log) newEpoch(app core.App, told [4]byte) error {
	l.meta.renewing <- struct{}{} // not under mu: a writer that holds the database may be waiting for that
	defer func() { <-l.meta.renewing }()
	l.meta.mu.RLock()
	marks, own := l.meta.past, markOf(l.meta.epoch)
	l.meta.mu.RUnlock()
	if l.isPast(told) {
		return nil
	}
	epoch := randomHex(8)
	marks = withMark(withMark(marks, own), told)
	err := app.RunInTransaction(func(tx core.App) error {
		return errors.Join(writeMeta(tx.DB(), metaEpoch, epoch), writeMeta(tx.DB(), metaPast, marks))
	})
	if err != nil {
		return err
	}
	l.meta.mu.Lock()
	l.meta.epoch, l.meta.past = epoch, marks
	l.meta.mu.Unlock()
	app.Logger().Warn("the database was restored: a new epoch begins, every device takes a snapshot", "epoch", epoch)
	l.announce()
	return nil
}

// Renew gives a restored database that nobody serves yet a new epoch: what devices have heard of the life it is taken
// back from does not count any more. Its own epoch and the lost ones (see Lives) are noted as past, so that a device
// which comes from them does not give the same restore away once more.
func Renew(db dbx.Builder, lost []string) (epoch string, err error) {
	marks, err := readMeta(db, metaPast)
	if err != nil {
		return "", err
	}
	own, err := Lives(db)
	if err != nil {
		return "", err
	}
	for _, life := range append(own, lost...) {
		mark, err := hex.DecodeString(life)
		if err != nil || len(mark) != 4 {
			return "", fmt.Errorf("mark of an epoch: %q", life)
		}
		marks = withMark(marks, [4]byte(mark))
	}
	epoch = randomHex(8)
	return epoch, errors.Join(writeMeta(db, metaPast, marks), writeMeta(db, metaEpoch, epoch))
}

// Lives are the marks of a database's epochs: those that are over and the present one.
func Lives(db dbx.Builder) ([]string, error) {
	past, err := readMeta(db, metaPast)
	if err != nil {
		return nil, err
	}
	epoch, err := readMeta(db, metaEpoch)
	mark := markOf(epoch)
	return strings.Fields(withMark(past, mark)), err
}

// markOf is how cursors name an epoch.
func markOf(epoch string) [4]byte {
	sum := sha256.Sum256([]byte(epoch))
	return [4]byte(sum[:4])
}

func withMark(marks string, mark [4]byte) string {
	text := hex.EncodeToString(mark[:])
	if strings.Contains(marks, text) {
		return marks
	}
	return strings.TrimSpace(marks + " " + text)
}

// isPast reports whether an epoch is known to be over: this database's own, or a lost life's that was heard of.
func (l *Log) isPast(mark [4]byte) bool {
	l.meta.mu.RLock()
	defer l.meta.mu.RUnlock()
	return strings.Contains(l.meta.past, hex.EncodeToString(mark[:]))
}

// explains reports whether this database can have made a cursor of the boot at the seq: the boot is one of its own,
// and the log had not been cut back since.
func (l *Log) explains(app core.App, bootID string, seq int64) (bool, error) {
	l.meta.mu.RLock()
	boots := l.meta.boots
	l.meta.mu.RUnlock()
	for i, b := range boots {
		if b.ID != bootID {
			continue
		}
		if i+1 < len(boots) {
			return seq <= boots[i+1].Head, nil
		}
		if seq <= l.committed.Load() {
			return true, nil
		}
		head, err := headOf(app)
		return seq <= head, err
	}
	return false, nil
}

// Boot names the server's last start.
func (l *Log) Boot() string { return l.bootID() }

func (l *Log) bootID() string {
	l.meta.mu.RLock()
	defer l.meta.mu.RUnlock()
	if len(l.meta.boots) == 0 {
		return ""
	}
	return l.meta.boots[len(l.meta.boots)-1].ID
}

// ensure reads a value of sync_meta, making a random one of n bytes the first time.
func (l *Log) ensure(app core.App, name string, n int) (string, error) {
	_, err := app.DB().NewQuery("INSERT INTO sync_meta (key, value) VALUES ({:key}, {:value}) ON CONFLICT (key) DO NOTHING").
		Bind(dbx.Params{"key": name, "value": randomHex(n)}).Execute()
	if err != nil {
		return "", err
	}
	return readMeta(app.DB(), name)
}

func writeMeta(db dbx.Builder, name, value string) error {
	_, err := db.NewQuery("INSERT INTO sync_meta (key, value) VALUES ({:key}, {:value}) ON CONFLICT (key) DO UPDATE SET value = excluded.value").
		Bind(dbx.Params{"key": name, "value": value}).Execute()
	return err
}

func readMeta(db dbx.Builder, name string) (value string, err error) {
	err = db.Select("value").From("sync_meta").Where(dbx.HashExp{"key": name}).Row(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}
