package claim

import (
	"encoding/json"
	"flag"
	"math/rand"
	"reflect"
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // Berlin is known on machines that know no zone

	"pgregory.net/rapid"

	"aftercare/internal/vectortest"
)

var update = flag.Bool("update", false, "write testdata/vectors/generated.json anew")

var phases = []Phase{InReturn, InMonth, After}

func TestProperties(t *testing.T) {
	p, c := Shipped(), official(t)
	first := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	t.Run("L-03 L-05 L-06 the lane is monotone in time: later is never better", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			k := Case{Received: first.Add(time.Duration(rapid.IntRange(0, 1000*24*60).Draw(t, "received")) * time.Minute),
				Verdict: rapid.SampledFrom(Verdicts).Draw(t, "verdict"), Traits: rapid.SampledFrom([][]string{nil, {"worn"}}).Draw(t, "traits")}
			k.Filed = k.Received.Add(time.Duration(rapid.IntRange(0, 50*24*60).Draw(t, "filed")) * time.Minute)
			before, refused := p.Preview(k, c, shanghai)
			if refused != nil {
				t.Fatal(refused)
			}
			k.Filed = k.Filed.Add(time.Duration(rapid.IntRange(0, 20*24*60).Draw(t, "later")) * time.Minute)
			after, refused := p.Preview(k, c, shanghai)
			if refused != nil {
				t.Fatal(refused)
			}
			if slices.Index(phases, after.Phase) < slices.Index(phases, before.Phase) || after.Insist && !before.Insist || before.EvidenceLate && !after.EvidenceLate ||
				before.Freight == Customer && after.Freight == Company {
				t.Fatalf("first %+v, later %+v", before, after)
			}
			if !after.ReturnDue.Equal(before.ReturnDue) || !after.RepairDue.Equal(before.RepairDue) {
				t.Fatalf("due times moved with the filing")
			}
		})
	})
	t.Run("L-13 claims one after the other bring exactly what was paid, and never more", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			order := Paid{ShippingFen: rapid.Int64Range(0, 5000).Draw(t, "shipping")}
			total := order.ShippingFen
			for range rapid.IntRange(1, 4).Draw(t, "lines") {
				l := Line{PaidFen: rapid.Int64Range(0, 1_000_000).Draw(t, "paid"), Units: rapid.Int64Range(1, 7).Draw(t, "units")}
				order.Lines, total = append(order.Lines, l), total+l.PaidFen
			}
			for left := true; left; {
				left = false
				for i := range order.Lines {
					l := &order.Lines[i]
					l.Returned = rapid.Int64Range(0, l.Units-l.Before).Draw(t, "returned")
				}
				fen, refused := p.Refund(Quality, order)
				if refused != nil || fen < 0 {
					t.Fatal(fen, refused)
				}
				order.RefundedFen += fen
				for i := range order.Lines {
					l := &order.Lines[i]
					l.Before += l.Returned
					left = left || l.Before < l.Units
				}
			}
			if order.RefundedFen != total {
				t.Fatalf("%d of %d went back", order.RefundedFen, total)
			}
		})
	})
}

// generate draws cases near the edges of every window.
func generate(t testing.TB) []vector {
	random := rand.New(rand.NewSource(20261122))
	zones := []string{"Asia/Shanghai", "Europe/Berlin", "America/New_York"}
	sets := []map[string]json.RawMessage{nil, {"return": []byte(`{"count":7,"unit":"day"}`)}, {"late_evidence": []byte(`"agent"`), "repair": []byte(`{"count":3,"unit":"month"}`)},
		{"return": []byte(`{"count":30,"unit":"workday"}`)}}
	steps := []time.Duration{-time.Millisecond, 0, time.Millisecond, time.Hour}
	list := make([]vector, 0, 300)
	for range 300 {
		v := vector{Zone: zones[random.Intn(3)], Policy: sets[random.Intn(len(sets))]}
		zone, err := time.LoadLocation(v.Zone)
		if err != nil {
			t.Fatal(err)
		}
		p := policyOf(t, v.Policy)
		v.Case = Case{Received: time.Date(2024, 1, 1+random.Intn(1090), random.Intn(24), []int{0, 59}[random.Intn(2)], []int{0, 59}[random.Intn(2)], 0, time.UTC),
			Verdict: Verdicts[random.Intn(2)], Traits: [][]string{{}, {"worn"}, {"gift"}}[random.Intn(3)], StoreNear: random.Intn(2) == 0}
		v.Case.Filed = v.Case.Received
		first, refused := p.Preview(v.Case, official(t), zone)
		if refused != nil {
			t.Fatal(refused)
		}
		edge := []time.Time{first.ReturnDue, first.RepairDue, first.EvidenceDue}[random.Intn(3)]
		v.Case.Filed = edge.Add(steps[random.Intn(len(steps))])
		if v.Want, refused = p.Preview(v.Case, official(t), zone); refused != nil {
			t.Fatal(refused)
		}
		list = append(list, v)
	}
	return list
}

func TestGeneratedVectors(t *testing.T) {
	if *update {
		vectortest.Write(t, "testdata/vectors/generated.json", generate(t))
	}
	list := vectortest.Read[[]vector](t, "testdata/vectors/generated.json")
	if len(list) < 300 {
		t.Fatal(len(list))
	}
	for i, v := range list {
		zone, err := time.LoadLocation(v.Zone)
		if err != nil {
			t.Fatal(err)
		}
		if got, refused := policyOf(t, v.Policy).Preview(v.Case, official(t), zone); refused != nil || !reflect.DeepEqual(got, v.Want) {
			t.Errorf("L-03 %d: %v\n got %+v\nwant %+v", i, refused, got, v.Want)
		}
	}
}
