package record

import (
	"context"
	"fmt"

	"github.com/pocketbase/pocketbase/core"
)

// Create saves a new row with these values in the actor's name, through every hook. Errors carry the collection's name
// before whatever refused.
func Create(app core.App, actor Actor, collection string, values map[string]any) (*core.Record, error) {
	c, err := app.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, err
	}
	r := core.NewRecord(c)
	r.Load(values)
	if err := app.SaveWithContext(WithActor(context.Background(), actor), r); err != nil {
		return nil, fmt.Errorf("%s: %w", collection, err)
	}
	return r, nil
}
