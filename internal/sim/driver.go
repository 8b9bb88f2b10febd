package sim

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync"

	"github.com/pocketbase/dbx"
	_ "modernc.org/sqlite" // registers "sqlite"

	"aftercare/internal/database"
)

// Troubles of a database that can be planted at its n-th writing statement.
const (
	troubleBusy  = "busy"  // another process holds the lock
	troubleFull  = "full"  // the disk has no room
	troubleCrash = "crash" // the process dies
)

var (
	errBusy = errors.New("database is locked (5) (SQLITE_BUSY)")
	errFull = errors.New("database or disk is full (13)")
	errDead = errors.New("disk I/O error (10): the process is dead")
)

// disk is what lies under the database of one house: it can fail at a chosen statement, and it can die.
type disk struct {
	mu      sync.Mutex
	kind    string // as planted
	trouble string // as long as it lasts
	in      int    // writing statements until the trouble begins
	lasts   int    // statements it lasts
	struck  bool
	dead    bool
	die     func() // called once, at the moment of death, with the files as they lie
	plain   driver.Driver
}

func newDisk(die func()) (*disk, error) {
	db, err := sql.Open("sqlite", "") // opens no file yet
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return &disk{plain: db.Driver(), die: die}, nil
}

// plant arms one trouble: it begins after so many writing statements and lasts for some.
func (d *disk) plant(trouble string, in, lasts int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kind, d.trouble, d.in, d.lasts, d.struck = trouble, trouble, in, lasts, false
}

// clear disarms and tells whether the trouble came.
func (d *disk) clear() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	struck := d.struck
	d.kind, d.trouble, d.struck = "", "", false
	return struck
}

// planted is the trouble that was planted last and has not been cleared.
func (d *disk) planted() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.kind
}

// kill ends the process at this moment.
func (d *disk) kill() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.end()
}

func (d *disk) end() {
	if !d.dead {
		d.dead, d.struck = true, true
		d.die()
	}
}

// isDead reports whether the process has died.
func (d *disk) isDead() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.dead
}

// writing is asked before every statement that may write, commits included; reading before the others.
func (d *disk) writing() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead {
		return errDead
	}
	if d.trouble == "" {
		return nil
	}
	if d.in--; d.in >= 0 {
		return nil
	}
	d.struck = true
	trouble := d.trouble
	if d.lasts--; d.lasts <= 0 {
		d.trouble = ""
	}
	switch trouble {
	case troubleBusy:
		return errBusy
	case troubleFull:
		return errFull
	}
	d.end()
	return errDead
}

func (d *disk) reading() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead {
		return errDead
	}
	return nil
}

// connect opens a file of the house through this disk, as the server does, without waiting for the real disk.
func (d *disk) connect(path string) (*dbx.DB, error) {
	dsn := path + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)" +
		"&_pragma=cache_size(-4000)&_pragma=synchronous(OFF)"
	kept := database.Wrap(opener{d})
	return dbx.NewFromDB(sql.OpenDB(connector{driver: kept, dsn: dsn}), "sqlite"), nil
}

type connector struct {
	driver driver.Driver
	dsn    string
}

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }
func (c connector) Driver() driver.Driver                        { return c.driver }

type opener struct{ disk *disk }

func (o opener) Open(name string) (driver.Conn, error) {
	inner, err := o.disk.plain.Open(name)
	if err != nil {
		return nil, err
	}
	return &conn{Connection: inner.(database.Connection), disk: o.disk}, nil
}

type conn struct {
	database.Connection
	disk *disk
}

func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	s, err := c.Connection.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return &stmt{Statement: s.(database.Statement), disk: c.disk}, nil
}

func (c *conn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	if err := c.disk.writing(); err != nil {
		return nil, err
	}
	inner, err := c.Connection.BeginTx(ctx, options)
	if err != nil {
		return nil, err
	}
	return &tx{Tx: inner, disk: c.disk}, nil
}

func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.disk.writing(); err != nil {
		return nil, err
	}
	return c.Connection.ExecContext(ctx, query, args)
}

func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.disk.reading(); err != nil {
		return nil, err
	}
	return c.Connection.QueryContext(ctx, query, args)
}

type stmt struct {
	database.Statement
	disk *disk
}

func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if err := s.disk.writing(); err != nil {
		return nil, err
	}
	return s.Statement.ExecContext(ctx, args)
}

func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if err := s.disk.reading(); err != nil {
		return nil, err
	}
	return s.Statement.QueryContext(ctx, args)
}

type tx struct {
	driver.Tx
	disk *disk
}

// Commit fails as SQLite's does: nothing of the transaction stands, and the connection is free again.
func (t *tx) Commit() error {
	if err := t.disk.writing(); err != nil {
		_ = t.Rollback()
		return err
	}
	return t.Tx.Commit()
}
