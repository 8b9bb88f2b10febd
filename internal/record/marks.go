package record

import (
	"database/sql"
	"errors"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Marks are single facts the server keeps about its own database.
const (
	MarkTest      = "test"        // since when this database has been a test's (RFC 3339): it never becomes a real shop's
	MarkMailEpoch = "mail_epoch"  // the epoch in which the outbox last ran
	MarkClaimNews = "claim_news:" // with a shop's id: up to which change of the log its claims were looked at for what customers must know
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

// PublicURL is where this server is for people, by the settings' application URL, without a slash at its end; "" where nobody has
// set it: a server alone cannot know by which name it is reached.
func PublicURL(app core.App) string {
	url := strings.TrimRight(app.Settings().Meta.AppURL, "/")
	if strings.Contains(url, "//localhost") {
		return ""
	}
	return url
}

// IsTest says whether this database is a test's. Seals and screens say so, too.
func IsTest(app core.App) (bool, error) {
	since, err := Mark(app, MarkTest)
	return since != "", err
}
