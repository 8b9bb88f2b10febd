// Package demo fills an empty database with a shop on an ordinary morning: people, cars, and visits at every stage,
// each written through the real hooks in the name of the person who would have done it. It refuses a database that
// already holds a shop.
package demo

import (
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/crypto/bcrypt"

	"aftercare/internal/record"
	"aftercare/internal/setup"
)

// ErrNotEmpty says that there are shops already; nothing was changed.
var ErrNotEmpty = errors.New("this database already holds a shop: the demo goes into an empty one only")

const carsInDemo = 120

// Empty reports whether no shop exists yet.
func Empty(app core.App) (bool, error) {
	n, err := app.CountRecords(record.Shops)
	return n == 0, err
}

// Load writes the demo. now is the instant the demo's morning ends at (UTC). All or nothing.
func Load(app core.App, now time.Time) error { return load(app, now, nil) }

// Before is how the days before the morning are played.
type Before struct {
	// Follow has the server's clock show another one's time, so that each row of the past is of its own; what it returns ends that.
	Follow func(clock func() time.Time) (back func())
	// Played is told after each of the days that it is over: the first, the second, … of so many.
	Played func(day, of int)
}

// LoadWeek writes the demo with the seven days before it, in which the same people at the same store served a few cars a day.
func LoadWeek(app core.App, now time.Time, before Before) error { return load(app, now, &before) }

func load(app core.App, now time.Time, before *Before) error {
	if empty, err := Empty(app); err != nil {
		return err
	} else if !empty {
		return ErrNotEmpty
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(Password), bcrypt.DefaultCost)
	if err != nil {
		return err
	}
	// Thousands of rows in one go, with somebody waiting for the first screen: memory is at hand, time is not.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	return app.RunInTransaction(func(tx core.App) error {
		for _, s := range shops {
			shop, err := setup.OpenShop(tx, s)
			if err != nil {
				return err
			}
			team := map[string]hand{}
			for _, p := range staff[s.Code] {
				p.Hash = string(hash) // somebody waits for the first screen
				r, err := setup.AddStaff(tx, shop, p)
				if err != nil {
					return fmt.Errorf("%s: %w", p.Username, err)
				}
				team[strings.TrimPrefix(p.Username, "hz-")] = handOf(tx, r)
			}
			if s.Code == "SH" {
				shots, err := develop(tx, team["chen"], now)
				if err != nil {
					return err
				}
				err = steps(func() error { return openMorning(tx, team, shots, now, before) }, func() error { return sellOnline(tx, team["gao"], now) },
					func() error { return makeUp(tx, team, now) }, func() error { return claimOnline(tx, team, shots, now, before) })
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// PrintLogins lists who can sign in, for the person who started the demo.
func PrintLogins(w io.Writer) {
	for _, s := range shops {
		_, _ = fmt.Fprintf(w, "%s %s\n", s.Code, s.Name)
		for _, p := range staff[s.Code] {
			roles := make([]string, len(p.Roles))
			for i, r := range p.Roles {
				roles[i] = r + " " + roleNames[r]
			}
			_, _ = fmt.Fprintf(w, "  %-9s %s  %s\n", p.Username, p.Name, strings.Join(roles, ", "))
		}
	}
	_, _ = fmt.Fprintf(w, "password of all: %s\n", Password)
}
