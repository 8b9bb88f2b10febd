package demo

import (
	"context"
	"fmt"
	"maps"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// values are a row's fields by name.
type values map[string]any

// hand is one person at work: every save goes through the hooks in this person's name.
type hand struct {
	app   core.App
	actor record.Actor
}

func handOf(app core.App, staff *core.Record) hand {
	actor, _ := record.FromAuth(staff, record.DoorServer)
	return hand{app: app, actor: actor}
}

func (h hand) ctx() context.Context { return record.WithActor(context.Background(), h.actor) }

func (h hand) create(collection string, data values) (*core.Record, error) {
	data = maps.Clone(data)
	data[record.FieldShop] = h.actor.Shop
	r, err := record.Create(h.app, h.actor, collection, data)
	if err != nil {
		return nil, fmt.Errorf("by %s: %w", h.actor.Name, err)
	}
	return r, nil
}

// patch reads the row anew, so that what others changed meanwhile stays.
func (h hand) patch(r *core.Record, data values) error {
	fresh, err := h.app.FindRecordById(r.Collection(), r.Id)
	if err != nil {
		return err
	}
	fresh.Load(data)
	if err := h.app.SaveWithContext(h.ctx(), fresh); err != nil {
		return fmt.Errorf("%s %v by %s: %w", r.Collection().Name, data, h.actor.Name, err)
	}
	return nil
}

// steps runs one step after the other and stops at the first that fails.
func steps(all ...func() error) error {
	for _, step := range all {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
