package demo

import (
	"fmt"
	"time"

	"aftercare/internal/record"
	"aftercare/internal/season"
)

// What the demo's past is made of: always the same season, of so many cars a day.
const (
	weekDays = 7
	weekCars = 6
	weekSeed = 7
)

// carsOfToday are the first cars of the list, which the morning and its book are about; the others came during the week.
const carsOfToday = 32

// playWeek plays the days before the morning; nil: there were none. Cars that were not finished then still stand in the workshop.
func (m *morning) playWeek(before *Before) error {
	if before == nil {
		return nil
	}
	first := m.now.In(shopTime).AddDate(0, 0, -weekDays)
	clock := season.NewClock(first.Add(-24 * time.Hour))
	defer before.Follow(clock.Now)()
	known := []season.Known{}
	for i, c := range season.Cars(carsInDemo)[carsOfToday:] {
		row := m.vehicles[carsOfToday+i]
		known = append(known, season.Known{Car: c, ID: row.Id, Customer: row.GetString(record.FieldCustomer)})
	}
	s, err := season.New(m.app, season.Direct{App: m.app}, clock, m.team["chen"].actor.Shop,
		season.Options{Seed: weekSeed, PerDay: weekCars, First: first, Code: "SH", Known: known, Shots: []season.Shot{m.shots["dent.near"], m.shots["dent.far"]}})
	if err != nil {
		return err
	}
	for day := range weekDays {
		if day == weekDays-1 {
			s.CloseBook()
		}
		report, err := s.Play()
		if err != nil {
			return err
		}
		if len(report.Wrong) > 0 {
			return fmt.Errorf("the week before: %s", report.Wrong[0])
		}
		before.Played(day+1, weekDays)
	}
	return s.Restock()
}
