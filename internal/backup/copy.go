package backup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pocketbase/dbx"

	"aftercare/internal/database"
	"aftercare/internal/upload"
)

// copyDatabase writes one moment of a database that others are using to a file of its own: SQLite's VACUUM INTO, which
// reads in one transaction and keeps nobody from writing. The copy is checked page by page.
func copyDatabase(from, to string) error {
	source, err := database.Open(from, "NORMAL")
	if err != nil {
		return err
	}
	_, err = source.NewQuery("VACUUM INTO {:to}").Bind(dbx.Params{"to": to}).Execute()
	if err := errors.Join(err, source.Close()); err != nil {
		return err
	}
	return whole(to)
}

// whole checks a database's pages and indexes.
func whole(path string) error {
	db, err := database.Open(path, "OFF")
	if err != nil {
		return err
	}
	var verdict string
	err = db.NewQuery("PRAGMA integrity_check").Row(&verdict)
	if err == nil && verdict != "ok" {
		err = errors.New(verdict)
	}
	return errors.Join(err, db.Close())
}

// photo is a verified one of photo_files.
type photo struct {
	SHA256 string `db:"sha256"`
	Stored string `db:"stored_sha256"`
}

// named lists the photos of the copied database that are on the shelf. One that is not and that nothing names was
// being collected while the copy was made: the copy forgets it, too. One that is named is told.
func (b *maker) named(db *dbx.DB) ([]photo, error) {
	if err := b.state(db); err != nil {
		return nil, err
	}
	var all []photo
	err := db.NewQuery("SELECT sha256, stored_sha256 FROM photo_files WHERE state = 'verified' ORDER BY sha256").All(&all)
	if err != nil {
		return nil, err
	}
	var here []photo
	for _, p := range all {
		_, err := os.Stat(filepath.Join(upload.Place(filepath.Join(b.dir, photos), p.SHA256), upload.Original))
		if err == nil {
			here = append(here, p)
		} else if err := b.missing(db, p.SHA256); err != nil {
			return nil, err
		}
	}
	return here, nil
}

func (b *maker) missing(db *dbx.DB, sha string) error {
	var named bool
	err := db.NewQuery(`SELECT EXISTS (SELECT 1 FROM photos WHERE sha256 = {:sha})
		OR EXISTS (SELECT 1 FROM consents WHERE instr(document, {:sha}) > 0)`).Bind(dbx.Params{"sha": sha}).Row(&named)
	if err != nil {
		return err
	}
	if named {
		b.made.Missing = append(b.made.Missing, sha)
		return nil
	}
	for _, table := range []string{"photo_files", "photo_senders"} {
		if _, err := db.Delete(table, dbx.HashExp{"sha256": sha}).Execute(); err != nil {
			return err
		}
	}
	return nil
}

// state notes which life of the database the copy is of, and how far.
func (b *maker) state(db *dbx.DB) error {
	err := db.NewQuery("SELECT COALESCE((SELECT value FROM sync_meta WHERE key = 'epoch'), '')").Row(&b.head.Epoch)
	if err == nil {
		err = db.NewQuery("SELECT COALESCE(MAX(seq), 0) FROM sync_changes").Row(&b.head.Log)
	}
	if err != nil {
		return fmt.Errorf("not a database of this program 不是本程序的数据库: %w", err)
	}
	return nil
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
