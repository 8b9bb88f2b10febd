package database_test

import (
	"database/sql"
	"errors"
	"testing"

	"github.com/pocketbase/dbx"

	"aftercare/internal/database"
)

func TestQuery(t *testing.T) {
	find := "SELECT [name] FROM parts WHERE [id] = {:id} OR [name] = {:name} AND [id] = {:id}"
	t.Run("parameters go to their places, as often as they are named", func(t *testing.T) {
		db := open(t)
		for id, want := range map[int]string{1: "part 1", 4: "part 4"} {
			var got string
			if err := database.On(db, find).Bind(dbx.Params{"id": id, "name": "x"}).Row(&got); err != nil || got != want {
				t.Errorf("%d is %q: %v", id, got, err)
			}
		}
	})
	t.Run("it runs in the transaction it is given, and goes with it", func(t *testing.T) {
		db := open(t)
		err := db.Transactional(func(tx *dbx.Tx) error {
			done, err := database.On(tx, "DELETE FROM parts WHERE [id] > {:id}").Bind(dbx.Params{"id": 1}).Execute()
			if err != nil {
				return err
			}
			var left int
			if n, _ := done.RowsAffected(); n != 3 || database.On(tx, "SELECT COUNT(*) FROM parts").Row(&left) != nil || left != 2 {
				t.Errorf("%d were deleted, %d are left", n, left)
			}
			return errors.New("no")
		})
		if err == nil || name(t, db, 4) != "part 4" {
			t.Errorf("what was taken back is gone: %v", err)
		}
	})
	t.Run("no row, a parameter without a value, and no database are told", func(t *testing.T) {
		db := open(t)
		var got string
		if err := database.On(db, find).Bind(dbx.Params{"id": 9, "name": ""}).Row(&got); !errors.Is(err, sql.ErrNoRows) {
			t.Error(err)
		}
		if err := database.On(db, find).Bind(dbx.Params{"id": 1}).Row(&got); err == nil {
			t.Error("a missing value was not told")
		}
		if _, err := database.On(nil, find).Bind(dbx.Params{"id": 1, "name": ""}).Rows(); err == nil {
			t.Error("no database was not told")
		}
	})
}
