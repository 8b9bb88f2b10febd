package changelog

import (
	"encoding/json"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/wire"
)

const (
	mostTouches  = 20  // newest changes of one row that a person is told of
	longestTouch = 200 // bytes of JSON up to which a value is told with its field's name
)

// Since tells who changed the row above the version, on another device than the given one and in the view's sight:
// the newest changes, oldest first, each with the fields it changed. A long value is told as null.
func (l *Log) Since(app core.App, view View, collection, id string, version int64, device string) ([]wire.Touch, error) {
	where := "[record] = {:record} AND [collection] = {:collection} AND [version] > {:version} AND [device] != {:device} AND [op] IN ('create', 'update', 'delete')"
	params := dbx.Params{"record": id, "collection": collection, "version": version, "device": device, "most": mostTouches}
	if column, owner := view.Owner(); column != "" {
		where += " AND +[" + column + "] = {:owner}" // + has the row's few changes read, not all of the shop's
		params["owner"] = owner
	}
	var found []struct {
		Entry
		At string `db:"at"`
	}
	err := app.DB().NewQuery("SELECT [op], [data], [actor], [device], [at] FROM sync_changes WHERE " + where + " ORDER BY [seq] DESC LIMIT {:most}").
		Bind(params).All(&found)
	if err != nil {
		return nil, err
	}
	touches := make([]wire.Touch, 0, len(found))
	for i := len(found) - 1; i >= 0; i-- {
		e := &found[i]
		touch := wire.Touch{By: e.Actor, Device: e.Device, At: e.At, Op: e.Op}
		if e.Op == opUpdate {
			if err := json.Unmarshal([]byte(e.Data), &touch.Data); err != nil {
				return nil, err
			}
		}
		for name, value := range touch.Data {
			switch {
			case bookkeeping[name]:
				delete(touch.Data, name)
			case len(value) > longestTouch:
				touch.Data[name] = json.RawMessage("null")
			}
		}
		touches = append(touches, touch)
	}
	return touches, nil
}
