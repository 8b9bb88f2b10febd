package hooks_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"pgregory.net/rapid"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// store is a shop with a part, three signed jobs that each list one of it, and tablets that act without knowing of each other.
type store struct {
	*shop
	part    *core.Record
	jobs    []*core.Record
	tablets []*apptest.Device
}

func newStore(t *testing.T) *store {
	t.Helper()
	s := &store{shop: newShop(t)}
	for range 3 {
		s.jobs = append(s.jobs, s.JobDispatched().Job)
	}
	s.part = s.Part(apptest.BrakePads, 0)
	for _, role := range []string{"parts", "parts", "warehouse", "manager"} {
		tablet := s.house.Device(apptest.SH, role)
		tablet.Push()
		s.tablets = append(s.tablets, tablet)
	}
	return s
}

// act draws one thing a person does at the counter; reservations and moves of every kind that changes a level.
func (s *store) act(r *rapid.T) wire.Op {
	milli := rapid.Int64Range(1, 3).Draw(r, "quantity") * 500
	job := rapid.SampledFrom(s.jobs).Draw(r, "job")
	place := rapid.SampledFrom([]string{"store", "workshop"}).Draw(r, "place")
	move := func(kind string, more map[string]any) wire.Op {
		return apptest.Create(record.StockMoves, apptest.NewID(), s.withShop(s.MoveData(kind, s.part, milli, more)))
	}
	switch rapid.SampledFrom([]string{"more", "more", "less", "transfer", "retail", "out", "out", "return", "reserve"}).Draw(r, "act") {
	case "more":
		return move("adjust", map[string]any{record.FieldToPlace: place, record.FieldReason: "点多"})
	case "less":
		return move("adjust", map[string]any{record.FieldFromPlace: place, record.FieldReason: "报废"})
	case "transfer":
		to := map[string]string{"store": "workshop", "workshop": "store"}[place]
		return move("transfer", map[string]any{record.FieldFromPlace: place, record.FieldToPlace: to})
	case "retail":
		return move("retail", map[string]any{record.FieldFromPlace: place, record.FieldUnitFen: 38000})
	case "return":
		return move("return", map[string]any{record.FieldToPlace: place, record.FieldJob: job.Id})
	case "reserve":
		return apptest.Create(record.Reservations, apptest.NewID(), s.withShop(s.ReserveData(s.part, job, milli)))
	}
	return apptest.Create(record.StockMoves, apptest.NewID(), s.withShop(s.IssueData(s.part, job, milli, place)))
}

// ledger is what the moves add up to, by place, with the lowest level each place ever had in the order of the log.
func (s *store) ledger() (sum, lowest map[string]int64, issued map[string]int64) {
	s.t.Helper()
	rows := []*core.Record{}
	if err := s.App.RecordQuery(record.StockMoves).OrderBy("rowid").All(&rows); err != nil {
		s.t.Fatal(err)
	}
	sum, lowest, issued = map[string]int64{}, map[string]int64{}, map[string]int64{}
	for _, row := range rows {
		m := record.AsStockMove(row)
		if m.Part() != s.part.Id {
			continue
		}
		sum[m.ToPlace()] += m.QuantityMilli()
		sum[m.FromPlace()] -= m.QuantityMilli()
		for _, place := range []string{"store", "workshop"} {
			lowest[place] = min(lowest[place], sum[place])
		}
		issued[m.Job()] += map[string]int64{"out": m.QuantityMilli(), "return": -m.QuantityMilli()}[m.Kind()]
	}
	return sum, lowest, issued
}

var refusals = []string{"", "stock.short", "stock.gone", "stock.frozen", "stock.reserve_short", "stock.more_than_agreed", "stock.more_than_issued"}

func TestStockUnderAnyInterleaving(t *testing.T) {
	s := newStore(t)
	rapid.Check(t, func(r *rapid.T) {
		queues := make([][]wire.Op, len(s.tablets))
		for range rapid.IntRange(4, 24).Draw(r, "acts") {
			tablet := rapid.IntRange(0, len(queues)-1).Draw(r, "tablet")
			queues[tablet] = append(queues[tablet], s.act(r))
		}
		outcomes := make([][]wire.Outcome, len(queues))
		var all sync.WaitGroup
		for i, queue := range queues { // at once: the server puts them into some order
			all.Go(func() {
				for _, op := range queue {
					outcomes[i] = append(outcomes[i], s.tablets[i].Push(s.tablets[i].Mutation(op)).Outcomes...)
				}
			})
		}
		all.Wait()
		for _, o := range slices.Concat(outcomes...) {
			if !slices.Contains(refusals, o.Code) || o.Code == "" && o.Outcome != wire.Applied {
				r.Fatalf("P-01 %s %s", o.Outcome, o.Code)
			}
		}
		sum, lowest, issued := s.ledger()
		if lowest["store"] < 0 || lowest["workshop"] < 0 {
			r.Fatalf("P-01 stock was below zero: %v", lowest)
		}
		if got := levels(s.shop, s.part); got != [2]int64{sum["store"], sum["workshop"]} {
			r.Fatalf("P-01 the part says %v, its ledger %v", got, sum)
		}
		for _, job := range s.jobs {
			if issued[job.Id] < 0 || issued[job.Id] > 1000 {
				r.Fatalf("W-04 a job that lists 1 has %d", issued[job.Id])
			}
		}
	})
}
