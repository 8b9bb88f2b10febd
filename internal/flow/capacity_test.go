package flow

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"aftercare/internal/vectortest"
)

type capacityCases struct {
	Capacities []Capacity `json:"capacities"`
	Cases      []struct {
		Name    string    `json:"name"`
		Booking Booking   `json:"booking"`
		Others  []Booking `json:"others"`
		Pieces  []Piece   `json:"pieces"`
		Over    *SlotLoad `json:"over"`
	} `json:"cases"`
}

func TestCapacity(t *testing.T) {
	all := vectortest.Read[capacityCases](t, "testdata/vectors/capacity.json")
	for _, c := range all.Cases {
		t.Run(c.Name, func(t *testing.T) {
			if got := Occupies(all.Capacities, c.Booking); len(got) != len(c.Pieces) || len(got) > 0 && !reflect.DeepEqual(got, c.Pieces) {
				t.Errorf("takes %+v, want %+v", got, c.Pieces)
			}
			got, over := Overfull(all.Capacities, c.Others, c.Booking)
			if over != (c.Over != nil) || over && got != *c.Over {
				t.Errorf("over: %v %+v, want %+v", over, got, c.Over)
			}
		})
	}
}

func drawBooking(t *rapid.T, id string) Booking {
	return Booking{ID: id, Day: rapid.SampledFrom([]string{"2026-11-23", "2026-11-24", "2026-11-28"}).Draw(t, "day"),
		Minute: rapid.IntRange(480, 1080).Draw(t, "minute"), Minutes: rapid.IntRange(15, 600).Draw(t, "minutes"), Hands: rapid.IntRange(1, 3).Draw(t, "hands")}
}

// Whoever asks in whatever order, moves and goes away again: a slot never holds more than its room (B-02).
func TestNoInterleavingOverbooks(t *testing.T) {
	capacities := vectortest.Read[capacityCases](t, "testdata/vectors/capacity.json").Capacities
	t.Run("B-02 no order of bookings, moves and cancellations overbooks a slot", rapid.MakeCheck(func(t *rapid.T) {
		held := map[string]Booking{}
		for i := range rapid.IntRange(1, 40).Draw(t, "acts") {
			id := fmt.Sprintf("b%d", rapid.IntRange(0, 20).Draw(t, "id"))
			if rapid.IntRange(0, 5).Draw(t, "what") == 0 {
				delete(held, id)
				continue
			}
			b := drawBooking(t, id)
			others := []Booking{}
			for _, o := range held {
				others = append(others, o)
			}
			f := &Facts{Booking: &b, Bookings: others, Capacities: capacities, After: Values{}}
			if slotFree(f) == nil {
				held[id] = b
			}
			bookings := []Booking{}
			for _, o := range held {
				bookings = append(bookings, o)
			}
			for key, l := range Loads(capacities, bookings) {
				if l.Over() {
					t.Fatalf("after act %d slot %s holds %+v", i, key, l)
				}
			}
		}
	}))
	t.Run("B-02 a booking takes its minutes, no more and no less, wherever it reaches", rapid.MakeCheck(func(t *rapid.T) {
		b, sum := drawBooking(t, "b"), 0
		pieces := Occupies(capacities, b)
		for i, p := range pieces {
			sum += p.Minutes
			if i > 0 && slotKey(p.Day, p.Slot) <= slotKey(pieces[i-1].Day, pieces[i-1].Slot) {
				t.Fatalf("%+v: piece %d does not come after the one before: %+v", b, i, pieces)
			}
		}
		if len(pieces) > 0 && sum != b.Minutes {
			t.Fatalf("%+v takes %d minutes: %+v", b, sum, pieces)
		}
	}))
}
