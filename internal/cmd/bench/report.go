package main

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"
)

// figure is one line of the report: the medians, and ours of every run. Peer and Ratio are null where there is nobody to
// compare with.
type figure struct {
	Name  string    `json:"name"`
	Ours  float64   `json:"ours"`
	Peer  *float64  `json:"peer"`
	Ratio *float64  `json:"ratio"`
	Unit  string    `json:"unit"`
	Runs  []float64 `json:"runs"`
}

// target is what a figure has to reach: a ratio to the peer, or an absolute value in the figure's unit.
type target struct {
	ratio, absolute float64
}

var targets = map[string]target{
	"pull": {ratio: 0.5}, "pull_bytes": {ratio: 0.3}, "push": {ratio: 0.7}, "push_create": {ratio: 0.7},
	"latency_p50": {ratio: 1}, "latency_p99": {ratio: 1}, "fanout_p50": {ratio: 0.25},
	"wire_up": {absolute: 300}, "wire_down": {absolute: 150}, "wire_to_b": {absolute: 250},
	"pull_500_of_5m": {ratio: 1.1}, "open_100k": {absolute: 1000}, "first_pull_10k": {absolute: 2500},
	"screens_cpu4": {absolute: 100}, "board_200": {absolute: 1000}, "board_200_worst": {absolute: 1000},
	"claims_10k": {absolute: 1000}, "claims_10k_cpu4": {absolute: 1000},
}

// report collects the figures and what is known of where the time went.
type report struct {
	figures []figure
	notes   map[string]string
	missing []string // what could not be measured, and why
}

// compare prints the medians of both sides as a figure.
func (r *report) compare(name, unit string, ours, peer []float64) {
	f := figure{Name: name, Ours: round(median(ours)), Unit: unit, Runs: make([]float64, len(ours))}
	for i, v := range ours {
		f.Runs[i] = round(v)
	}
	if len(peer) > 0 {
		p := round(median(peer))
		f.Peer = &p
		if p > 0 {
			ratio := math.Round(1000*f.Ours/p) / 1000
			f.Ratio = &ratio
		}
	}
	r.add(f)
}

func (r *report) add(f figure) {
	r.figures = append(r.figures, f)
	b, err := json.Marshal(f)
	if err != nil {
		panic(err) // numbers and texts
	}
	fmt.Println(string(b))
}

// note says where a figure's time goes.
func (r *report) note(name, format string, args ...any) {
	if r.notes == nil {
		r.notes = map[string]string{}
	}
	r.notes[name] = fmt.Sprintf(format, args...)
}

// table prints every figure against its target.
func (r *report) table() {
	fmt.Printf("\n%-16s %12s %12s %8s %-6s %-10s\n", "figure", "ours", "PocketBase", "ratio", "unit", "target")
	for _, f := range r.figures {
		peer, ratio := "-", "-"
		if f.Peer != nil {
			peer = number(*f.Peer)
		}
		if f.Ratio != nil {
			ratio = fmt.Sprintf("%.2f", *f.Ratio)
		}
		goal, verdict := f.judged()
		fmt.Printf("%-16s %12s %12s %8s %-6s %-10s %s\n", f.Name, number(f.Ours), peer, ratio, f.Unit, goal, verdict)
		if note := r.notes[f.Name]; note != "" {
			fmt.Printf("%-16s   %s\n", "", note)
		}
	}
	for _, why := range r.missing {
		fmt.Println(why)
	}
}

func (f figure) judged() (goal, verdict string) {
	t, ok := targets[f.Name]
	switch {
	case !ok:
		return "", ""
	case t.ratio > 0 && f.Ratio == nil:
		return fmt.Sprintf("≤ %g ×", t.ratio), "not compared"
	case t.ratio > 0:
		return fmt.Sprintf("≤ %g ×", t.ratio), hit(*f.Ratio <= t.ratio)
	}
	return fmt.Sprintf("≤ %g", t.absolute), hit(f.Ours <= t.absolute)
}

func hit(yes bool) string {
	if yes {
		return "hit"
	}
	return "MISS"
}

func number(v float64) string {
	if v >= 100 || v == math.Trunc(v) {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

func round(v float64) float64 { return math.Round(v*100) / 100 }

func median(values []float64) float64 { return percentile(values, 50) }

// percentile of the values by nearest rank; the median of an even number is the mean of the middle two.
func percentile(values []float64, p float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	if n := len(sorted); p == 50 && n%2 == 0 {
		return (sorted[n/2-1] + sorted[n/2]) / 2
	}
	return sorted[max(0, int(math.Ceil(p/100*float64(len(sorted))))-1)]
}

// delays are the typical and the slow case of every run, ours and the other's, in ms.
type delays struct{ p50, p99, their50, their99 []float64 }

func (d *delays) add(ours, theirs []float64) {
	d.p50, d.p99 = append(d.p50, percentile(ours, 50)), append(d.p99, percentile(ours, 99))
	d.their50, d.their99 = append(d.their50, percentile(theirs, 50)), append(d.their99, percentile(theirs, 99))
}

// delays reports both cases, as name_p50 and name_p99.
func (r *report) delays(name string, d delays) {
	r.compare(name+"_p50", "ms", d.p50, d.their50)
	r.compare(name+"_p99", "ms", d.p99, d.their99)
}

// ms is the time since, in milliseconds.
func ms(since time.Time) float64 { return float64(time.Since(since).Microseconds()) / 1000 }
