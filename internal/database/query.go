package database

import (
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"sync"

	"github.com/pocketbase/dbx"
)

// Query is one use of an SQL statement with named parameters, {:name}, as dbx's is; but its text is looked through once for
// the process, not once for each use, which costs as much as running it. Names are quoted as SQLite does, [name].
type Query struct {
	executor dbx.Executor
	text     *text
	params   dbx.Params
}

// text is a statement as SQLite gets it, and the names of its parameters in order.
type text struct {
	sql   string
	names []string
}

var (
	texts     sync.Map // statement → *text: those of the program, which are few
	parameter = regexp.MustCompile(`\{:(\w+)\}`)
)

// On is the statement for a database or a transaction. The statement is one of the program's, never made of data.
func On(db dbx.Builder, statement string) *Query {
	return &Query{executor: executorOf(db), text: textOf(statement)}
}

func textOf(statement string) *text {
	if known, ok := texts.Load(statement); ok {
		return known.(*text)
	}
	t := &text{sql: parameter.ReplaceAllString(statement, "?")}
	for _, found := range parameter.FindAllStringSubmatch(statement, -1) {
		t.names = append(t.names, found[1])
	}
	texts.Store(statement, t)
	return t
}

// executorOf is what the database or transaction runs statements with, nil for a builder that has none.
func executorOf(db dbx.Builder) dbx.Executor {
	switch whole := db.(type) {
	case *dbx.Tx:
		db = whole.Builder
	case *dbx.DB:
		db = whole.Builder
	}
	if b, ok := db.(interface{ Executor() dbx.Executor }); ok {
		return b.Executor()
	}
	return nil
}

// Bind gives the parameters their values.
func (q *Query) Bind(params dbx.Params) *Query {
	q.params = params
	return q
}

// Execute runs a statement that returns no rows.
func (q *Query) Execute() (sql.Result, error) {
	values, err := q.values()
	if err != nil {
		return nil, err
	}
	return q.executor.Exec(q.text.sql, values...)
}

// Rows runs a statement that returns rows.
func (q *Query) Rows() (*sql.Rows, error) {
	values, err := q.values()
	if err != nil {
		return nil, err
	}
	return q.executor.Query(q.text.sql, values...)
}

// Row reads the first row. There is none: sql.ErrNoRows.
func (q *Query) Row(into ...any) error {
	rows, err := q.Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	if err := rows.Scan(into...); err != nil {
		return err
	}
	return rows.Close()
}

func (q *Query) values() ([]any, error) {
	if q.executor == nil {
		return nil, errors.New("statements run on a database or in a transaction")
	}
	values := make([]any, len(q.text.names))
	for i, name := range q.text.names {
		value, ok := q.params[name]
		if !ok {
			return nil, fmt.Errorf("no value for %s in %q", name, q.text.sql)
		}
		values[i] = value
	}
	return values, nil
}
