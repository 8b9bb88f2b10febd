package demo

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/photo"
	"aftercare/internal/record"
	"aftercare/internal/season"
	"aftercare/internal/upload"
)

// album is the pictures of the demo, by what they show. Goods are named by their product line: whole, and the fault from near.
var album = map[string]picture{
	"scratch.near": scratched(panel(blue)), "scratch.far": side(blue, 2.5, 1.85),
	"dent.near": dented(panel(silver)), "dent.far": side(silver, 1.6, 1.9),
	"brake": brake, "tyre": tread,
	"leather.whole": bag, "leather.close": openSeam, "furniture.whole": cabinet, "furniture.close": cracked,
	"electronics.whole": gadget, "electronics.close": scraped, "label": tagged, "packaging": carton,
}

// roll is the pictures as they lie in the store of photos.
type roll map[string]season.Shot

// develop draws the album and puts it into the store of photos, sent by the person: before the rows that name them, so that
// each row is complete at once.
func develop(app core.App, by hand, now time.Time) (roll, error) {
	store, err := upload.New(upload.Config{App: app, Dir: filepath.Join(app.DataDir(), "photos"), Clock: func() time.Time { return now }})
	if err != nil {
		return nil, err
	}
	shots := roll{}
	for name, b := range draw() {
		if b.err != nil {
			return nil, fmt.Errorf("picture %s: %w", name, b.err)
		}
		p, err := store.Put(context.Background(), upload.Caller{Collection: record.Staff, ID: by.actor.ID, Shop: by.actor.Shop}, b.jpeg)
		if err != nil {
			return nil, fmt.Errorf("picture %s: %w", name, err)
		}
		shots[name] = season.Shot{SHA256: photo.Hash(b.jpeg), Bytes: len(b.jpeg), Width: p.Width, Height: p.Height}
	}
	return shots, nil
}

type drawing struct {
	jpeg []byte
	err  error
}

// draw makes all of the album at once: somebody waits for the first screen.
func draw() map[string]drawing {
	var lock sync.Mutex
	var all sync.WaitGroup
	out := map[string]drawing{}
	for name, p := range album {
		all.Go(func() {
			b, err := p.drawn()
			lock.Lock()
			defer lock.Unlock()
			out[name] = drawing{b, err}
		})
	}
	all.Wait()
	return out
}

// shoot is a photo of the row, as the person's tablet would have sent it; more says when it was taken, and of which visit.
func (r roll) shoot(by hand, shot, slot string, of *core.Record, more values) error {
	s, known := r[shot]
	if !known {
		return fmt.Errorf("no picture %s", shot)
	}
	data := values{"subject_collection": of.Collection().Name, "subject_record": of.Id, "slot": slot,
		"sha256": s.SHA256, "bytes": s.Bytes, "width": s.Width, "height": s.Height, "media": "image/jpeg"}
	for name, value := range more {
		data[name] = value
	}
	_, err := by.create(record.Photos, data)
	return err
}

// photograph is a photo of something of this visit, taken so long before now.
func (v *visit) photograph(by hand, shot, slot string, of *core.Record, before time.Duration) error {
	return v.shots.shoot(by, shot, slot, of, values{"visit": v.row.Id, "taken_at": v.at(before)})
}

// damages are what the walk-around found on some of the morning's cars, each with a picture from near and far.
var damages = map[int]values{
	0: {"view": "left", "x": 0.4, "y": 0.68, "zone": "left.front_door", "area": "10", "kind": "scratch", "severity": "to_15", "code_version": 1, "note": "到底漆"},
	1: {"view": "left", "x": 0.62, "y": 0.7, "zone": "left.rear_door", "area": "11", "kind": "dent", "severity": "to_15", "code_version": 1},
}

// damaged marks and photographs what is wrong with the car's outside.
func (v *visit) damaged() error {
	kind, data := v.serial%2, values{}
	for name, value := range damages[kind] {
		data[name] = value
	}
	data["visit"], data["inspection"], data["vehicle"] = v.row.Id, v.inspection.Id, v.row.GetString(record.FieldVehicle)
	mark, err := v.team["chen"].create(record.DamageMarks, data)
	if err != nil {
		return err
	}
	shot := []string{"scratch", "dent"}[kind]
	return steps(
		func() error {
			return v.photograph(v.team["chen"], shot+".near", "near", mark, v.signedAt+5*time.Minute)
		},
		func() error { return v.photograph(v.team["chen"], shot+".far", "far", mark, v.signedAt+5*time.Minute) },
	)
}
