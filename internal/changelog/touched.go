package changelog

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Row names a row of a collection.
type Row struct {
	Seq        int64  `db:"seq"` // of the change
	Collection string `db:"collection"`
	Record     string `db:"record"`
}

// Touched reads on in the log after a seq, at most limit changes of a shop, and returns those of the collections. End is the
// seq up to which it has read, after where the log says nothing more. For work of the server that looks at what has changed.
func Touched(app core.App, shop string, after int64, limit int, collections ...string) (rows []Row, end int64, err error) {
	err = app.DB().NewQuery("SELECT [seq], [collection], [record] FROM sync_changes WHERE [shop] = {:shop} AND [seq] > {:after} ORDER BY [seq] LIMIT {:limit}").
		Bind(dbx.Params{"shop": shop, "after": after, "limit": limit}).All(&rows)
	if err != nil || len(rows) == 0 {
		return nil, after, err
	}
	end = rows[len(rows)-1].Seq
	return slices.DeleteFunc(rows, func(r Row) bool { return !slices.Contains(collections, r.Collection) }), end, nil
}
