package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"reflect"
	"runtime"
	"time"

	"aftercare/internal/wire"
)

// pulls is the first pull of everything against the list of everything: wall clock until every row is read, and bytes.
func (b *bench) pulls() error {
	reader, err := b.ours.tablet()
	if err != nil {
		return err
	}
	var took, theirs, bytes, theirBytes []float64
	var worked, theirWork, read, theirRead time.Duration
	for run := range b.runs + 1 {
		runtime.GC() // what the other side's answer left behind is not this side's
		began, before, cpu, own := time.Now(), reader.client.down.Load(), b.ours.server.worked(), ownWork()
		rows, _, err := reader.pull("")
		if err != nil {
			return err
		}
		mine, mineBytes := ms(began), float64(reader.client.down.Load()-before)
		worked, read = worked+b.ours.server.worked()-cpu, read+ownWork()-own

		runtime.GC()
		began, before, cpu, own = time.Now(), b.peer.client.down.Load(), b.peer.server.worked(), ownWork()
		listed, err := b.peer.list()
		if err != nil {
			return err
		}
		other, otherBytes := ms(began), float64(b.peer.client.down.Load()-before)
		theirWork, theirRead = theirWork+b.peer.server.worked()-cpu, theirRead+ownWork()-own
		if err := agree(rows, listed); err != nil {
			return err
		}
		if run == 0 {
			continue // warms both
		}
		took, theirs = append(took, mine), append(theirs, other)
		bytes, theirBytes = append(bytes, mineBytes), append(theirBytes, otherBytes)
	}
	b.compare("pull", "ms", took, theirs)
	b.compare("pull_bytes", "B", bytes, theirBytes)
	n := time.Duration(b.runs + 1)
	b.note("pull", "processor time: our server %d ms and its client %d ms, the other server %d ms and its client %d ms",
		(worked / n).Milliseconds(), (read / n).Milliseconds(), (theirWork / n).Milliseconds(), (theirRead / n).Milliseconds())
	return nil
}

// agree holds both answers to the same twelve values.
func agree(ours, theirs map[string]map[string]any) error {
	if len(ours) < total || len(theirs) < total {
		return fmt.Errorf("%d and %d rows of %d", len(ours), len(theirs), total)
	}
	for id, row := range theirs {
		for _, name := range fields {
			if !reflect.DeepEqual(row[name], ours[id][name]) {
				return fmt.Errorf("%s of %s: %v and %v", name, id, ours[id][name], row[name])
			}
		}
	}
	return nil
}

// edits is how many changes a tablet comes back with.
const edits = 1000

// pushes is 1,000 changes of one field each, made offline, and 1,000 new records, against the batch API with the same.
func (b *bench) pushes() (err error) {
	if _, b.ours.writer.cursor, err = b.ours.writer.pull(""); err != nil {
		return err
	}
	records := generate(total + (b.runs+1)*edits)
	chance := rand.New(rand.NewPCG(7, 7))
	var took, theirs, made, theirsMade []float64
	var worked, theirWork, makes, theirMakes time.Duration
	for run := range b.runs + 1 {
		changed := records[:total][chance.IntN(total-edits):][:edits]
		values := make([]int, edits)
		for i := range values {
			values[i] = 400_000 + run*1000 + i
		}
		cpu := b.ours.server.worked()
		mine, err := b.pushEdits(changed, values)
		if err != nil {
			return err
		}
		worked += b.ours.server.worked() - cpu
		cpu = b.peer.server.worked()
		other, err := b.batchEdits(changed, values)
		if err != nil {
			return err
		}
		theirWork += b.peer.server.worked() - cpu
		fresh := records[total+run*edits:][:edits]
		cpu = b.ours.server.worked()
		began := time.Now()
		if err := b.ours.writer.create(fresh); err != nil {
			return err
		}
		mineMade := ms(began)
		makes += b.ours.server.worked() - cpu
		cpu = b.peer.server.worked()
		began = time.Now()
		if err := b.peer.create(fresh); err != nil {
			return err
		}
		otherMade := ms(began)
		theirMakes += b.peer.server.worked() - cpu
		if run == 0 {
			continue // warms both
		}
		took, theirs, made, theirsMade = append(took, mine), append(theirs, other), append(made, mineMade), append(theirsMade, otherMade)
	}
	b.compare("push", "ms", took, theirs)
	b.compare("push_create", "ms", made, theirsMade)
	n := time.Duration(b.runs + 1)
	b.note("push", "the server's processor time: ours %d ms, the other's %d ms; ours waits for the disk with every transaction",
		(worked / n).Milliseconds(), (theirWork / n).Milliseconds())
	b.note("push_create", "the server's processor time: ours %d ms, the other's %d ms", (makes / n).Milliseconds(), (theirMakes / n).Milliseconds())
	return nil
}

func (b *bench) pushEdits(changed []one, values []int) (float64, error) {
	t := b.ours.writer
	mutations := make([]wire.Mutation, len(changed))
	for i, r := range changed {
		mutations[i] = t.edit(r.id, "odometer_km", values[i])
	}
	began := time.Now()
	_, err := t.push(mutations)
	return ms(began), err
}

func (b *bench) batchEdits(changed []one, values []int) (float64, error) {
	requests := make([]request, len(changed))
	for i, r := range changed {
		requests[i] = request{http.MethodPatch, "/api/collections/" + items + "/records/" + r.id, map[string]any{"odometer_km": values[i]}}
	}
	began := time.Now()
	err := b.peer.batch(requests)
	return ms(began), err
}

// size is the length of a record as JSON.
func size(r one) int {
	b, err := json.Marshal(r.values)
	if err != nil {
		panic(err) // numbers and texts
	}
	return len(b)
}
