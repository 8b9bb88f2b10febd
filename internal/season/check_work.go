package season

import (
	"fmt"
	"slices"
	"time"
)

// work: every moment that a clock ran lies under a customer's yes to the job as it was at that moment (S-01, S-02). Coverage only
// changes where a content, a signature or its end falls, so those moments and the start are looked at.
func (a *audit) work() (found []string) {
	for _, e := range a.entries {
		end := e.Ended
		if end == "" {
			end = a.now
		}
		moments := []string{e.Started}
		for _, c := range a.content[e.Job] {
			moments = append(moments, c.at)
		}
		for _, y := range a.approvals[e.Job] {
			moments = append(moments, y.from, y.until)
		}
		for _, at := range moments {
			if at >= e.Started && (at < end || at == e.Started) && !a.covered(e.Job, at) {
				found = append(found, fmt.Sprintf("entry %s on job %s at %s", e.ID, e.Job, at))
				break
			}
		}
	}
	return found
}

// issued: every part left the store for a job under a yes to it, too (S-01).
func (a *audit) issued() (found []string) {
	var moves []struct {
		ID      string `db:"id"`
		Job     string `db:"job"`
		Created string `db:"created"`
	}
	a.query(&moves, "SELECT id, job, created FROM stock_moves WHERE shop = {:shop} AND kind = 'out'")
	for _, m := range moves {
		if !a.covered(m.Job, m.Created) {
			found = append(found, fmt.Sprintf("move %s for job %q at %s", m.ID, m.Job, m.Created))
		}
	}
	return found
}

// clocks: no two stretches of one technician overlap (W-03). Entries come in the order of their starts.
func (a *audit) clocks() (found []string) {
	until := map[string]string{}
	for _, e := range a.entries {
		if last, known := until[e.Technician]; known && e.Started < last {
			found = append(found, fmt.Sprintf("technician %s: entry %s starts at %s, before %s", e.Technician, e.ID, e.Started, last))
		}
		end := e.Ended
		if end == "" {
			end = "9999"
		}
		until[e.Technician] = max(until[e.Technician], end)
	}
	return found
}

// hours: an entry's minutes are those between its ends, and a job's are those it was worked on without the pauses, as they were played (W-03).
func (a *audit) hours() (found []string) {
	sums := map[string]int64{}
	for _, e := range a.entries {
		sums[e.Job] += e.Minutes
		if e.Ended == "" {
			if e.Minutes != 0 {
				found = append(found, fmt.Sprintf("entry %s runs and counts %d minutes", e.ID, e.Minutes))
			}
			continue
		}
		from, err1 := time.Parse(stored, e.Started)
		to, err2 := time.Parse(stored, e.Ended)
		if err1 != nil || err2 != nil || int64(to.Sub(from)/time.Minute) != e.Minutes {
			found = append(found, fmt.Sprintf("entry %s from %s to %s counts %d minutes", e.ID, e.Started, e.Ended, e.Minutes))
		}
	}
	if a.scope.Worked == nil {
		return found
	}
	for job, played := range a.scope.Worked {
		if minutes := int64(played / time.Minute); sums[job] != minutes {
			found = append(found, fmt.Sprintf("job %s: %d minutes in its clocks, %d were worked", job, sums[job], minutes))
		}
		delete(sums, job)
	}
	for job, minutes := range sums {
		if minutes != 0 {
			found = append(found, fmt.Sprintf("job %s: %d minutes in its clocks that nobody worked", job, minutes))
		}
	}
	slices.Sort(found)
	return found
}

// stored is how the database writes a time.
const stored = "2006-01-02 15:04:05.000Z"

// stock: no place ever held less than nothing, move after move, and what it holds is the sum of them (P-01).
func (a *audit) stock() (found []string) {
	var moves []struct {
		ID    string `db:"id"`
		Part  string `db:"part"`
		Milli int64  `db:"quantity_milli"`
		From  string `db:"from_place"`
		To    string `db:"to_place"`
	}
	a.query(&moves, "SELECT id, part, quantity_milli, from_place, to_place FROM stock_moves WHERE shop = {:shop} ORDER BY rowid")
	levels := map[[2]string]int64{}
	for _, m := range moves {
		if m.To != "" {
			levels[[2]string{m.Part, m.To}] += m.Milli
		}
		if m.From == "" {
			continue
		}
		if levels[[2]string{m.Part, m.From}] -= m.Milli; levels[[2]string{m.Part, m.From}] < 0 {
			found = append(found, fmt.Sprintf("move %s takes part %s in the %s below nothing", m.ID, m.Part, m.From))
		}
	}
	var parts []struct {
		ID       string `db:"id"`
		Number   string `db:"number"`
		Store    int64  `db:"store_milli"`
		Workshop int64  `db:"workshop_milli"`
	}
	a.query(&parts, "SELECT id, number, store_milli, workshop_milli FROM parts WHERE shop = {:shop}")
	for _, p := range parts {
		if store, workshop := levels[[2]string{p.ID, "store"}], levels[[2]string{p.ID, "workshop"}]; p.Store != store || p.Workshop != workshop {
			found = append(found, fmt.Sprintf("part %s: %d and %d there, %d and %d by its moves", p.Number, p.Store, p.Workshop, store, workshop))
		}
	}
	return found
}
