package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Photo files: which bytes are on disk, and who sent them. They are tables and no collections, because no
// API may list hashes: a hash is shown only to those who sent the bytes or see a row that holds them.
//   - photo_files: one row per SHA-256 of bytes as sent; stored_sha256 is of the bytes as kept; state verified or
//     refused, refusal its code; referenced is when a row of photos or a consent was last seen to hold it.
//   - photo_senders: who has sent those bytes; sender is collection and id, shop theirs ("" for a superuser).
//
// Times are UTC text as PocketBase stores them.
func init() {
	m.Register(func(app core.App) error {
		_, err := app.DB().NewQuery(`
			CREATE TABLE photo_files (
				sha256 TEXT PRIMARY KEY NOT NULL,
				stored_sha256 TEXT NOT NULL DEFAULT '',
				state TEXT NOT NULL,
				refusal TEXT NOT NULL DEFAULT '',
				bytes INTEGER NOT NULL DEFAULT 0,
				media TEXT NOT NULL DEFAULT '',
				created TEXT NOT NULL,
				referenced TEXT NOT NULL
			) WITHOUT ROWID;
			CREATE INDEX idx_photo_files_referenced ON photo_files (referenced);
			CREATE TABLE photo_senders (
				sha256 TEXT NOT NULL,
				sender TEXT NOT NULL,
				shop TEXT NOT NULL,
				bytes INTEGER NOT NULL DEFAULT 0,
				sent TEXT NOT NULL,
				PRIMARY KEY (sha256, sender)
			) WITHOUT ROWID;
			CREATE INDEX idx_photo_senders_sender ON photo_senders (sender, sent);
		`).Execute()
		return err
	}, func(app core.App) error {
		_, err := app.DB().NewQuery(`DROP TABLE photo_senders; DROP TABLE photo_files;`).Execute()
		return err
	})
}
