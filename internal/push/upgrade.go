package push

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"runtime/debug"

	"aftercare/internal/fault"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// Step carries what older apps did over to the form of a release. Upgrade changes a mutation made by an app before that
// release as that release would have made it: renames a field, splits an op, fills what has become required. It sees
// every such mutation, and leaves alone what it is not about. A fault refuses the mutation.
type Step struct {
	Before  string
	Upgrade func(*wire.Mutation) error
}

// released are the steps of our releases, oldest first. A mutation goes through all that its app was before, in order;
// its hash was taken before that, so that it is answered once however often the app is updated meanwhile. A step may go
// when its release is OldestApp or older. DESIGN.md says how to add one.
//
// 0.2.0 takes everything that 0.1.0 sends as it is, but for the advice of a passed order.
var released = []Step{{Before: "0.2.0", Upgrade: adviceLeftOut}}

// adviceLeftOut: 0.1.0 asked for the advice of a passed order and took none for an answer; since then that is said.
func adviceLeftOut(m *wire.Mutation) error {
	for i, op := range m.Ops {
		if op.Op != "patch" || op.Collection != record.WorkOrders || string(op.Data[record.FieldState]) != `"ready"` {
			continue
		}
		if advice := op.Data[record.FieldAdvice]; len(advice) == 0 || string(advice) == `""` {
			data := maps.Clone(op.Data)
			data[record.FieldAdviceNone] = json.RawMessage("true")
			m.Ops[i].Data = data
		}
	}
	return nil
}

// upgrade brings the mutation to the present form.
func (e *Engine) upgrade(m *wire.Mutation, app string) (err error) {
	if m.Broken {
		return nil
	}
	if e.Oldest != "" && wire.Older(app, e.Oldest) {
		return fault.New(fault.Refused, "sync.outdated").On("app")
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("upgrading a mutation of app %q: %v\n%s", app, p, debug.Stack())
		}
	}()
	for _, step := range e.steps {
		if !wire.Older(app, step.Before) {
			continue
		}
		if err := step.Upgrade(m); err != nil {
			return fmt.Errorf("before %s: %w", step.Before, err)
		}
	}
	return nil
}

// item is one mutation of a push on its way to the writer: made by the app it names, else by the one that sends it.
func (e *Engine) item(j *job, m wire.Mutation, seen int64) *item {
	it := &item{job: j, mutation: m, seen: seen}
	it.misfit = e.upgrade(&it.mutation, cmp.Or(m.App, j.session.App))
	return it
}
