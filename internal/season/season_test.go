package season

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

var (
	days    = flag.Int("days", 7, "days to play")
	seed    = flag.Uint64("seed", 1, "which season")
	cars    = flag.Int("cars", 60, "cars a day")
	durable = flag.Bool("durable", false, "wait for the disk as a shop's server does")
	first   = flag.String("first", apptest.Morning.AddDate(0, 0, 1).Format(time.DateOnly), "the first day")
	keep    = flag.String("keep", "", "an empty folder to leave the shop's data in; all its people can sign in to that one")
)

// TestSeason: S-01, W-03, P-01, D-06, D-07, S-03 the shop's promises hold in the evening of every day.
func TestSeason(t *testing.T) {
	options := apptest.Options{}
	if *durable {
		options.Connect = asServed
	}
	shop, s := house(t, folder(t), *seed, *cars, options)
	violations, ops, in := 0, 0, 0
	took, read := map[string][]time.Duration{}, &Read{}
	for day := range *days {
		begun, since := time.Now(), record.Text(s.now())
		r, err := s.Play()
		if err != nil {
			t.Fatal(err)
		}
		played := time.Since(begun)
		if day == *days-1 {
			since, read = "", nil // all there ever was
		}
		found, err := Check(shop.App, Scope{Shop: s.shop, Worked: s.Worked(), Since: since, Read: read})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range found {
			t.Error(v)
		}
		for _, w := range r.Wrong {
			t.Error(w)
		}
		for intent, all := range r.Took {
			took[intent] = append(took[intent], all...)
		}
		violations, ops, in = violations+len(found)+len(r.Wrong), ops+r.Ops, in+r.In
		fmt.Printf("%s in %d out %d here %d  acts %d ops %d refused %d  no-shows %d late parts %d declined %d rework %d comebacks %d  %d ms, reckoned in %d ms, violations %d\n",
			r.Day.Format("2006-01-02"), r.In, r.Out, r.House, r.Acts, r.Ops, r.Refused, r.NoShows, r.Late, r.Declined, r.Rework, r.Comebacks,
			played.Milliseconds(), (time.Since(begun) - played).Milliseconds(), len(found)+len(r.Wrong))
	}
	fmt.Println("refused:", Codes(s.Refusals()))
	for _, intent := range []string{"settlement.issue", "settlement.settle", "order.settle", "pass.issue", "job.start", "finding.rest_good"} {
		fmt.Printf("%-18s %6d pushes  p50 %.1f ms  p95 %.1f ms\n", intent, len(took[intent]), ms(took[intent], 50), ms(took[intent], 95))
	}
	settled := slices.Concat(took["settlement.issue"], took["settlement.settle"], took["order.settle"])
	last = fmt.Sprintf("season days %d cars %d ops %d violations %d, settlement pushes p50 %.1f ms p95 %.1f ms", *days, in, ops, violations, ms(settled, 50), ms(settled, 95))
	if *days >= 7 && in != *days**cars {
		t.Errorf("%d cars came in %d days", in, *days)
	}
	if *keep != "" {
		admit(t, shop.App, s.shop)
	}
}

// folder is where the shop's data lies while it is played.
func folder(t *testing.T) string {
	t.Helper()
	if *keep == "" {
		return scratch(t, *durable)
	}
	if err := os.MkdirAll(*keep, 0o700); err != nil {
		t.Fatal(err)
	}
	return *keep
}

// admit gives everybody of the shop the password of the demo's people.
func admit(t *testing.T, app core.App, shop string) {
	t.Helper()
	staff, err := app.FindRecordsByFilter(record.Staff, "shop = {:shop}", "", 0, 0, dbx.Params{"shop": shop})
	if err != nil {
		t.Fatal(err)
	}
	for _, person := range staff {
		person.SetPassword("aftercare-demo")
		if err := app.SaveWithContext(record.WithActor(t.Context(), record.System(shop)), person); err != nil {
			t.Fatal(err)
		}
	}
}

// last says what a season came to, when all tests are through.
var last string

// ms is the percentile in milliseconds.
func ms(all []time.Duration, percent int) float64 {
	if len(all) == 0 {
		return 0
	}
	all = slices.Sorted(slices.Values(all))
	return float64(all[(len(all)-1)*percent/100].Microseconds()) / 1000
}

// TestSameSeed: a seed is a course of days, the same whenever it is played.
func TestSameSeed(t *testing.T) {
	var courses [2]string
	for i := range courses {
		_, s := house(t, t.TempDir(), 5, 6, apptest.Options{})
		r, err := s.Play()
		if err != nil {
			t.Fatal(err)
		}
		r.Took = nil
		courses[i] = fmt.Sprint(r, Codes(s.Refusals()))
	}
	if courses[0] != courses[1] {
		t.Fatalf("%s and %s", courses[0], courses[1])
	}
}
