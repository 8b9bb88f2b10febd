package record

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Marks are single facts the server keeps about its own database.
const (
	MarkTest      = "test"       // since when this database has been a test's (RFC 3339): it never becomes a real shop's
	MarkMailEpoch = "mail_epoch" // the epoch in which the outbox last ran
)

// Mark reads a mark, "" when it is not there.
func Mark(app core.App, key string) (value string, err error) {
	err = app.DB().NewQuery("SELECT value FROM server_marks WHERE key = {:key}").Bind(dbx.Params{"key": key}).Row(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

// SetMark writes a mark.
func SetMark(app core.App, key, value string) error {
	_, err := app.NonconcurrentDB().NewQuery("INSERT INTO server_marks (key, value) VALUES ({:key}, {:value}) ON CONFLICT (key) DO UPDATE SET value = {:value}").
		Bind(dbx.Params{"key": key, "value": value}).Execute()
	return err
}

// IsTest says whether this database is a test's. Seals and screens say so, too.
func IsTest(app core.App) (bool, error) {
	since, err := Mark(app, MarkTest)
	return since != "", err
}
