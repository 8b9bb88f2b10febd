package database_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/pocketbase/dbx"

	"aftercare/internal/database"
)

func open(t *testing.T) *dbx.DB {
	t.Helper()
	db, err := database.Open(filepath.Join(t.TempDir(), "data.db"), "OFF")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.DB().SetMaxOpenConns(1)
	do(t, db, "CREATE TABLE parts (id INTEGER PRIMARY KEY, name TEXT UNIQUE)")
	for i := range 5 {
		do(t, db, fmt.Sprintf("INSERT INTO parts VALUES (%d, 'part %d')", i, i))
	}
	return db
}

func do(t *testing.T, db *dbx.DB, text string) {
	t.Helper()
	if _, err := db.NewQuery(text).Execute(); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

func name(t *testing.T, db dbx.Builder, id int) string {
	t.Helper()
	var name string
	if err := db.NewQuery("SELECT name FROM parts WHERE id = {:id}").Bind(dbx.Params{"id": id}).Row(&name); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestKeptStatements(t *testing.T) {
	t.Run("a statement that is used again answers for its new parameters", func(t *testing.T) {
		db := open(t)
		for _, id := range []int{3, 1, 3, 4} {
			if got := name(t, db, id); got != fmt.Sprintf("part %d", id) {
				t.Errorf("%d is %q", id, got)
			}
		}
	})
	t.Run("two uses of one text at the same time do not disturb each other", func(t *testing.T) {
		db := open(t)
		err := db.Transactional(func(tx *dbx.Tx) error {
			rows, err := tx.NewQuery("SELECT id FROM parts ORDER BY id").Rows()
			if err != nil {
				return err
			}
			defer rows.Close()
			for seen := 0; rows.Next(); seen++ {
				var outer int
				if err := rows.Scan(&outer); err != nil {
					return err
				}
				var inner []int
				if err := tx.NewQuery("SELECT id FROM parts ORDER BY id").Column(&inner); err != nil {
					return err
				}
				if outer != seen || len(inner) != 5 {
					t.Errorf("row %d: %d, %v", seen, outer, inner)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	t.Run("a statement that failed does no harm to the next use of its text", func(t *testing.T) {
		db := open(t)
		insert := func(id int, name string) error {
			_, err := db.NewQuery("INSERT INTO parts VALUES ({:id}, {:name})").Bind(dbx.Params{"id": id, "name": name}).Execute()
			return err
		}
		if err := insert(9, "part 1"); err == nil {
			t.Fatal("a name twice")
		}
		if err := insert(9, "part 9"); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("a change of the schema is seen by statements kept from before", func(t *testing.T) {
		db := open(t)
		all := func() int {
			rows, err := db.NewQuery("SELECT * FROM parts").Rows()
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			columns, err := rows.Columns()
			if err != nil {
				t.Fatal(err)
			}
			return len(columns)
		}
		before := all()
		do(t, db, "ALTER TABLE parts ADD COLUMN place TEXT")
		if got := all(); got != before+1 {
			t.Fatalf("%d columns after %d", got, before)
		}
		do(t, db, "DROP TABLE parts")
	})
	t.Run("more texts than are kept still answer", func(t *testing.T) {
		db := open(t)
		for range 2 {
			for i := range 400 {
				var n int
				if err := db.NewQuery(fmt.Sprintf("SELECT %d + COUNT(*) FROM parts", i)).Row(&n); err != nil || n != i+5 {
					t.Fatalf("%d: %d %v", i, n, err)
				}
			}
		}
	})
}
