package season

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"aftercare/internal/apptest"
)

var (
	days = flag.Int("days", 7, "days to play")
	seed = flag.Uint64("seed", 1, "which season")
	cars = flag.Int("cars", 60, "cars a day")
)

func TestSeason(t *testing.T) {
	_, s := house(t, t.TempDir(), *seed, *cars, apptest.Options{})
	for range *days {
		begun := time.Now()
		r, err := s.Play()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("%s in %d out %d here %d acts %d ops %d refused %d  %v\n", r.Day.Format("2006-01-02"), r.In, r.Out, r.House, r.Acts, r.Ops, r.Refused, time.Since(begun))
		for _, w := range r.Wrong {
			t.Error(w)
		}
	}
	fmt.Println(Codes(s.Refusals()))
}
