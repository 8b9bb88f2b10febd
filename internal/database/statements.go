package database

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"
	"strings"
)

// keptStatements bounds the statements of one connection; the ones used longest ago go first. One takes 5 to 20 KB.
const keptStatements = 160

// Wrap is the driver with kept statements on each of its connections.
func Wrap(inner driver.Driver) driver.Driver { return keeper{inner} }

type keeper struct{ inner driver.Driver }

// Open implements driver.Driver.
func (k keeper) Open(name string) (driver.Conn, error) {
	c, err := k.inner.Open(name)
	if err != nil {
		return nil, err
	}
	whole, ok := c.(Connection)
	if !ok {
		return nil, errors.Join(errors.New("the SQLite driver lacks what this one builds on"), c.Close())
	}
	return &conn{Connection: whole, kept: map[string]*list.Element{}, recent: list.New()}, nil
}

// Connection is what the SQLite driver's connections can do.
type Connection interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// Statement is what the SQLite driver's statements can do.
type Statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// conn is used by one goroutine at a time: database/sql sees to it.
type conn struct {
	Connection
	kept   map[string]*list.Element // of spare, by its text
	recent *list.List               // of spare, last used first
	wrote  func()                   // is told when something may have been committed; nil: nobody is
}

type spare struct {
	text string
	stmt Statement
}

// Close closes the statements too.
func (c *conn) Close() error {
	var errs []error
	for e := c.recent.Front(); e != nil; e = e.Next() {
		errs = append(errs, e.Value.(spare).stmt.Close())
	}
	c.kept, c.recent = map[string]*list.Element{}, list.New()
	return errors.Join(append(errs, c.Connection.Close())...)
}

// keepable are the statements that come again; a PRAGMA or a change of the schema does not.
func keepable(text string) bool {
	text = strings.TrimLeft(text, " \t\r\n")
	if len(text) < 7 {
		return false
	}
	switch strings.ToUpper(text[:6]) {
	case "SELECT", "INSERT", "UPDATE", "DELETE":
		return true
	}
	return false
}

// take hands out a statement and forgets it until it is given back, so that nobody else can get it meanwhile.
func (c *conn) take(ctx context.Context, text string) (Statement, error) {
	if e := c.kept[text]; e != nil {
		delete(c.kept, text)
		c.recent.Remove(e)
		return e.Value.(spare).stmt, nil
	}
	made, err := c.Connection.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	return made.(Statement), nil
}

// give keeps a statement for the next time.
func (c *conn) give(text string, stmt Statement) error {
	if c.kept[text] != nil { // two were in use at once
		return stmt.Close()
	}
	c.kept[text] = c.recent.PushFront(spare{text, stmt})
	if len(c.kept) <= keptStatements {
		return nil
	}
	oldest := c.recent.Remove(c.recent.Back()).(spare)
	delete(c.kept, oldest.text)
	return oldest.stmt.Close()
}

// BeginTx implements driver.ConnBeginTx.
func (c *conn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	tx, err := c.Connection.BeginTx(ctx, options)
	if err != nil || c.wrote == nil {
		return tx, err
	}
	return transaction{tx, c.wrote}, nil
}

type transaction struct {
	driver.Tx
	wrote func()
}

// Commit implements driver.Tx.
func (t transaction) Commit() error {
	defer t.wrote()
	return t.Tx.Commit()
}

// ExecContext implements driver.ExecerContext.
func (c *conn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	if c.wrote != nil {
		defer c.wrote() // outside a transaction it commits
	}
	if !keepable(text) {
		return c.Connection.ExecContext(ctx, text, args)
	}
	stmt, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	result, err := stmt.ExecContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, quiet(stmt.Close()))
	}
	return result, c.give(text, stmt)
}

// QueryContext implements driver.QueryerContext. The statement is in use until its rows are closed.
func (c *conn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	if !keepable(text) {
		return c.Connection.QueryContext(ctx, text, args)
	}
	stmt, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	found, err := stmt.QueryContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, quiet(stmt.Close()))
	}
	typed, ok := found.(typedRows)
	if !ok {
		return nil, errors.Join(errors.New("the SQLite driver's rows lack their types"), found.Close(), stmt.Close())
	}
	return &rows{typedRows: typed, conn: c, text: text, stmt: stmt}, nil
}

// quiet is nil: closing a statement that failed reports the same failure once more (SQLite's sqlite3_finalize).
func quiet(error) error { return nil }

// typedRows is what the SQLite driver's rows can do.
type typedRows interface {
	driver.Rows
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeScanType
}

type rows struct {
	typedRows
	conn   *conn
	text   string
	stmt   Statement
	closed bool
}

// Close gives the statement back.
func (r *rows) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	if err := r.typedRows.Close(); err != nil {
		return errors.Join(err, quiet(r.stmt.Close()))
	}
	return r.conn.give(r.text, r.stmt)
}
