package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"path/filepath"
	"sync"
	"time"
)

// SQLite moves what its log holds back into the file when the log has a thousand pages, and lets the commit that comes to a
// thousand wait for it: one edit in some hundred takes ten times as long as the others. Here somebody else does it.
const (
	// duePages is how many pages of the log wait until they are moved: 16 MB, which a start after a crash reads in a moment.
	duePages = 4000
	// mostPages is where SQLite moves them within the commit after all: it bounds the log when the other does not keep up.
	mostPages = 10_000
	// lookEvery is how long the log is not looked at after it was.
	lookEvery = 100 * time.Millisecond
	// rounds bounds the attempts of one look to leave nothing.
	rounds = 3
)

// log is the write-ahead log of one file, shared by all pools on it in this process.
type log struct {
	name    string // of the driver, for the file
	users   int
	written chan struct{}
	stop    chan struct{}
	stopped chan struct{}
}

var logs = struct {
	sync.Mutex
	of map[string]*log // by the file's path
}{of: map[string]*log{}}

// logOf joins those who use the file's log; leave is due when the pool closes.
func logOf(path, name string) *log {
	logs.Lock()
	defer logs.Unlock()
	l := logs.of[path]
	if l == nil {
		l = &log{name: name, written: make(chan struct{}, 1), stop: make(chan struct{}), stopped: make(chan struct{})}
		logs.of[path] = l
		go l.run()
	}
	l.users++
	return l
}

// leave returns when nobody touches the file for the log's sake any more, if this was the last user.
func (l *log) leave(path string) {
	logs.Lock()
	if l.users--; l.users > 0 {
		logs.Unlock()
		return
	}
	delete(logs.of, path)
	logs.Unlock()
	close(l.stop)
	<-l.stopped
}

// grew says that something may have been committed. It never waits.
func (l *log) grew() {
	select {
	case l.written <- struct{}{}:
	default:
	}
}

// run looks at the log after something was written, on a connection of its own, which is opened when it is first needed.
func (l *log) run() {
	defer close(l.stopped)
	var db *sql.DB
	defer func() {
		if db != nil {
			_ = db.Close() // nothing is under way on it
		}
	}()
	for left := false; ; {
		var quiet <-chan time.Time
		if left {
			quiet = time.After(lookEvery)
		}
		idle := false
		select {
		case <-l.stop:
			return
		case <-l.written:
		case <-quiet:
			idle = true
		}
		if db == nil {
			db, _ = sql.Open(Driver, l.name) // fails for an unknown driver only
			db.SetMaxOpenConns(1)
		}
		left = move(db, idle)
		select {
		case <-l.stop:
			return
		case <-time.After(lookEvery):
		}
	}
}

// move moves the log's pages into the file when enough of them wait, or when some are left and nobody writes: only when
// none is left the log begins anew, and what is committed meanwhile is left. Nobody waits for it: commits go on, and
// readers. An error changes nothing; the next look, or a commit that does the same, meets it again.
func move(db *sql.DB, idle bool) (left bool) {
	pages, moved, err := checkpoint(db, "NOOP")
	if err == nil && (idle || pages-moved >= duePages) {
		for round := 0; err == nil && pages > moved && round < rounds; round++ {
			pages, moved, err = checkpoint(db, "PASSIVE")
		}
	}
	return err == nil && moved > 0 && pages > moved
}

// checkpoint returns the pages in the log after it, and those of them that are in the file, too.
func checkpoint(db *sql.DB, mode string) (pages, moved int, err error) {
	var busy int
	err = db.QueryRow("PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &pages, &moved)
	return pages, moved, err
}

// pool connects to a file whose log is looked after.
type pool struct {
	driver driver.Driver
	name   string
	path   string
	log    *log
	closed sync.Once
}

func newPool(d driver.Driver, path, name string) *pool {
	if whole, err := filepath.Abs(path); err == nil {
		path = whole
	}
	return &pool{driver: d, name: name, path: path, log: logOf(path, name)}
}

// Connect implements driver.Connector.
func (p *pool) Connect(context.Context) (driver.Conn, error) {
	c, err := p.driver.Open(p.name)
	if err != nil {
		return nil, err
	}
	c.(*conn).wrote = p.log.grew
	return c, nil
}

// Driver implements driver.Connector.
func (p *pool) Driver() driver.Driver { return p.driver }

// Close implements io.Closer: database/sql calls it when the pool's connections are closed.
func (p *pool) Close() error {
	p.closed.Do(func() { p.log.leave(p.path) })
	return nil
}
