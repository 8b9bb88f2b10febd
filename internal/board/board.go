// Package board says what a screen in the customers' lounge 客休区 may show: plates with their middle hidden, how far each
// car is, and by when it is promised. It promises that nothing else leaves the server through such a screen: no name, no
// order, no job.
package board

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// Stages of a car as its owner understands them, in the order a visit goes through them.
const (
	Reception = "reception" // 接待中
	Waiting   = "waiting"   // 等待维修
	Working   = "working"   // 维修中
	Quality   = "quality"   // 质检中
	Ready     = "ready"     // 可取车
)

// Car is one line of the lounge's board. PromisedAt is a stored UTC text, "" when nothing was promised.
type Car struct {
	Plate      string `json:"plate"`
	Stage      string `json:"stage"`
	PromisedAt string `json:"promised_at"`
	Late       bool   `json:"late"`
}

// Lounge is every car in the shop, by promised time, those without one last.
func Lounge(app core.App, shop string, now time.Time) ([]Car, error) {
	visits, err := app.FindAllRecords(record.Visits, dbx.HashExp{record.FieldShop: shop},
		dbx.In(record.FieldState, "open", "inspected", "handed_over", "working", "ready"))
	if err != nil {
		return nil, err
	}
	orders, err := rowsOf(app, record.WorkOrders, visits)
	if err != nil {
		return nil, err
	}
	jobs, err := rowsOf(app, record.Jobs, visits)
	if err != nil {
		return nil, err
	}
	cars := make([]Car, 0, len(visits))
	for _, row := range visits {
		v := record.AsVisit(row)
		vehicle, err := app.FindRecordById(record.Vehicles, v.Vehicle())
		if err != nil {
			return nil, err
		}
		cars = append(cars, carOf(v, orders[v.Id], jobs[v.Id], MaskPlate(record.AsVehicle(vehicle).Plate()), now))
	}
	slices.SortStableFunc(cars, func(a, b Car) int {
		return cmp.Or(cmp.Compare(last(a.PromisedAt), last(b.PromisedAt)), cmp.Compare(a.Plate, b.Plate))
	})
	return cars, nil
}

// last puts what has no time behind what has.
func last(at string) string { return cmp.Or(at, "~") }

// rowsOf are the visits' rows of a collection, by visit.
func rowsOf(app core.App, collection string, visits []*core.Record) (map[string][]*core.Record, error) {
	found := map[string][]*core.Record{}
	for part := range slices.Chunk(visits, 400) {
		ids := make([]any, len(part))
		for i, v := range part {
			ids[i] = v.Id
		}
		rows, err := app.FindAllRecords(collection, dbx.In(record.FieldVisit, ids...))
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			visit := row.GetString(record.FieldVisit)
			found[visit] = append(found[visit], row)
		}
	}
	return found, nil
}

func carOf(v *record.Visit, orders, jobs []*core.Record, plate string, now time.Time) Car {
	c := Car{Plate: plate, Stage: stageOf(v.State(), orders, jobs)}
	for _, row := range orders {
		o := record.AsWorkOrder(row)
		if at := o.PromisedAt(); at > c.PromisedAt && !slices.Contains([]string{"cancelled", "declined"}, o.State()) {
			c.PromisedAt = at // stored texts sort as their times
		}
	}
	c.Late = c.Stage != Ready && c.PromisedAt != "" && now.After(record.Time(c.PromisedAt))
	return c
}

// stageOf a visit: as far as its slowest order has come.
func stageOf(visit string, orders, jobs []*core.Record) string {
	switch visit {
	case "open", "inspected":
		return Reception
	case "ready":
		return Ready
	}
	stages := map[string]bool{}
	for _, row := range orders {
		switch record.AsWorkOrder(row).State() {
		case "in_progress":
			stages[Working] = true
		case "qc":
			stages[Quality] = true
		case "draft", "presented", "authorised":
			stages[Waiting] = true
		}
	}
	moving := slices.ContainsFunc(jobs, func(row *core.Record) bool {
		return slices.Contains([]string{"in_progress", "rework"}, record.AsJob(row).State())
	})
	switch {
	case stages[Working] && moving:
		return Working
	case stages[Working], stages[Waiting], len(stages) == 0:
		return Waiting
	}
	return Quality
}

// MaskPlate hides the middle of a plate: 浙A12345 is 浙A·1**45. What has no known form keeps its first and last letter.
func MaskPlate(plate string) string {
	letters := []rune(strings.NewReplacer(" ", "", "·", "", "-", "").Replace(plate))
	head := 0
	if len(letters) > 3 && letters[0] > 0x2E80 { // a province's character and the office's letter
		head = 2
	}
	tail := letters[head:]
	front, back := 1, 2
	if len(tail) < 4 {
		front, back = min(1, len(tail)), 0
	}
	hidden := string(tail[:front]) + strings.Repeat("*", len(tail)-front-back) + string(tail[len(tail)-back:])
	if head == 0 {
		return hidden
	}
	return string(letters[:head]) + "·" + hidden
}
