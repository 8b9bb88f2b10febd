package season

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"

	"aftercare/internal/wire"
)

// values are a row's fields by name.
type values = map[string]any

// act is what one person does at once: one mutation, whole or not at all.
type act struct {
	s    *Season
	by   *Person
	ops  []wire.Op
	made map[string]int64 // versions of the rows this act makes or changes
}

// create adds a new row and returns its id.
func (a *act) create(collection string, data values) string {
	id := a.s.newID()
	a.made[collection+"/"+id] = 1
	a.ops = append(a.ops, wire.Op{Op: wire.Create, Collection: collection, ID: id, Data: raw(data)})
	return id
}

// patch changes a row as it stands: these tablets are online.
func (a *act) patch(collection, id string, data values) {
	key := collection + "/" + id
	if a.made[key] == 0 {
		a.made[key] = a.s.version(collection, id)
	}
	base := a.made[key]
	a.made[key]++
	a.ops = append(a.ops, wire.Op{Op: wire.Patch, Collection: collection, ID: id, Base: &base, Data: raw(data)})
}

// do sends the act. It must be taken; else what was going on ends here.
func (a *act) do(intent string) {
	o := a.send(intent)
	if o.Outcome != wire.Applied && o.Outcome != wire.Merged {
		panic(stuck{fmt.Sprintf("%s by %s: %s %s %s", intent, a.by.Name, o.Outcome, o.Code, o.Message)})
	}
}

// mustFail sends an act that must be refused with one of the codes.
func (a *act) mustFail(intent string, codes ...string) {
	o := a.send(intent)
	if o.Outcome == wire.Rejected && slices.Contains(codes, o.Code) {
		a.s.report.Refused++
		a.s.refused[o.Code]++
		return
	}
	a.s.report.Wrong = append(a.s.report.Wrong, fmt.Sprintf("%s by %s: %s %s %s, expected to be refused with %v", intent, a.by.Name, o.Outcome, o.Code, o.Message, codes))
}

// try sends an act that may be refused with one of the codes; it says whether it was taken.
func (a *act) try(intent string, codes ...string) bool {
	o := a.send(intent)
	switch {
	case o.Outcome == wire.Applied || o.Outcome == wire.Merged:
		return true
	case slices.Contains(codes, o.Code):
		a.s.report.Refused++
		a.s.refused[o.Code]++
		return false
	}
	panic(stuck{fmt.Sprintf("%s by %s: %s %s %s", intent, a.by.Name, o.Outcome, o.Code, o.Message)})
}

// tick is the least time between two acts of the shop: no two of them happen in the same millisecond.
const tick = 50 * time.Millisecond

func (a *act) send(intent string) wire.Outcome {
	s := a.s
	s.clock.Move(s.now().Add(tick))
	s.report.Acts++
	s.report.Ops += len(a.ops)
	begun := time.Now()
	o, err := s.door.Act(a.by, s.now(), intent, a.ops)
	if err != nil {
		panic(fmt.Errorf("%s by %s: %w", intent, a.by.Name, err))
	}
	s.report.Took[intent] = append(s.report.Took[intent], time.Since(begun))
	return o
}

// version is what a tablet that has heard everything holds of the row.
func (s *Season) version(collection, id string) (version int64) {
	err := s.app.DB().Select("version").From(collection).Where(dbx.HashExp{"id": id}).Row(&version)
	if err != nil {
		panic(fmt.Errorf("%s/%s: %w", collection, id, err))
	}
	return version
}

func raw(data values) map[string]json.RawMessage {
	out := make(map[string]json.RawMessage, len(data))
	for name, value := range data {
		b, err := json.Marshal(value)
		if err != nil {
			panic(fmt.Errorf("%s: %w", name, err))
		}
		out[name] = b
	}
	return out
}

// strokes are a signature of two lines.
var strokes = []any{[]any{values{"x": 12, "y": 42, "t": 0}, values{"x": 34, "y": 38, "t": 90}}, []any{values{"x": 50, "y": 36, "t": 420}, values{"x": 82, "y": 58, "t": 640}}}
