// Package database opens SQLite files with statements that are compiled once for each connection instead of once for
// each use: PocketBase asks the same few hundred questions over and over, and compiling one costs as much as answering
// it. It promises that a statement in use is never handed out a second time and that one which failed is not kept.
// What a statement means when the schema changes is SQLite's own business: it compiles it anew by itself. Where commits
// wait for the disk, nothing else does: the write-ahead log is moved into the file beside them, and its length is bounded.
package database

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	_ "modernc.org/sqlite" // registers "sqlite"
)

// Driver is the name under which database/sql knows SQLite with kept statements.
const Driver = "sqlite-kept"

// PocketBase's own pragmas but for the level of synchronisation, see Open.
var pragmas = []string{"busy_timeout(10000)", "journal_mode(WAL)", "journal_size_limit(200000000)", "foreign_keys(ON)",
	"temp_store(MEMORY)", "cache_size(-32000)"}

func init() {
	plain, err := sql.Open("sqlite", "") // opens no file yet
	if err != nil {
		panic(err) // the import above registers it
	}
	hold()
	kept = Wrap(plain.Driver())
	sql.Register(Driver, kept)
	dbx.BuilderFuncMap[Driver] = dbx.BuilderFuncMap["sqlite"]
}

var kept driver.Driver

// Open opens the file with PocketBase's pragmas. Synchronous is SQLite's level: FULL survives a power cut with every
// commit, NORMAL may lose the last ones, OFF waits for no disk. Where commits wait for the disk they do so for their own
// sake alone: the log's pages are moved into the file beside them.
func Open(path, synchronous string) (*dbx.DB, error) {
	all := append(pragmas[:len(pragmas):len(pragmas)], "synchronous("+synchronous+")")
	if synchronous == "OFF" {
		return dbx.Open(Driver, path+"?_pragma="+strings.Join(all, "&_pragma="))
	}
	all = append(all, fmt.Sprintf("wal_autocheckpoint(%d)", mostPages))
	return dbx.NewFromDB(sql.OpenDB(newPool(kept, path, path+"?_pragma="+strings.Join(all, "&_pragma="))), Driver), nil
}
