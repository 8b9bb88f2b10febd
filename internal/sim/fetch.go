package sim

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"time"
)

type pullPage struct {
	Epoch  *string  `json:"epoch"`
	Boot   string   `json:"boot"`
	Cursor string   `json:"cursor"`
	More   bool     `json:"more"`
	Reset  bool     `json:"reset"`
	Letter string   `json:"letter"`
	Tables []table  `json:"tables"`
	Ops    []change `json:"ops"`
}

// table is whole rows of one collection, column by column; what all have alike stands once.
type table struct {
	Collection string                       `json:"collection"`
	Rows       int                          `json:"rows"`
	Same       map[string]json.RawMessage   `json:"same"`
	Columns    map[string][]json.RawMessage `json:"columns"`
}

// spread turns the tables of a page into the puts they stand for.
func (p *pullPage) spread() {
	var puts []change
	for _, t := range p.Tables {
		for i := range t.Rows {
			fields := maps.Clone(t.Same)
			if fields == nil {
				fields = map[string]json.RawMessage{}
			}
			for name, cells := range t.Columns {
				fields[name] = cells[i]
			}
			c := change{Op: "put", Collection: t.Collection, Data: raw(fields)}
			_ = json.Unmarshal(fields["id"], &c.ID)
			_ = json.Unmarshal(fields["version"], &c.Version)
			puts = append(puts, c)
		}
	}
	p.Ops, p.Tables = append(puts, p.Ops...), nil
}

// pull fetches until the server has no more. A page lands whole, a snapshot with its last page.
func (d *device) pull() ending {
	st := d.st
	st.set(func(m *meta) { m.round++ })
	round := st.meta.round
	for {
		cursor := st.meta.cursor
		if st.meta.staged != nil {
			cursor = st.meta.staged.cursor
		}
		query := url.Values{"device": {st.meta.device}, "limit": {fmt.Sprint(d.w.pageLimit)}}
		if cursor != "" {
			query.Set("cursor", cursor)
		}
		if d.app != "" {
			query.Set("tables", "1")
		}
		if d.token == "" {
			return signIn
		}
		a := d.ask(&request{kind: "pull", method: "GET", path: "/api/sync/pull?" + query.Encode(), auth: d.token, user: d.user, device: st.meta.device})
		var page pullPage
		ok, no := a.read(&page)
		if no != nil {
			if cursor != "" && (a.status == 409 || a.status == 400 && no.has("sync.cursor")) {
				d.fromTheStart()
				continue
			}
			if a.status == 403 && (no.has("device.revoked") || no.has("device.foreign")) {
				st.set(func(m *meta) { m.reconcile = true })
				return again
			}
			return endingOf(a.status)
		}
		if !ok || page.Epoch == nil || page.Cursor == "" {
			return later
		}
		page.spread()
		if !d.takePage(&page, cursor, round) {
			return done
		}
	}
}

func (d *device) fromTheStart() {
	d.st.atomically(func() {
		d.st.setStaging(nil)
		d.st.set(func(m *meta) { m.staged, m.cursor = nil, "" })
	})
}

// takePage takes in one page; true when there is more to fetch.
func (d *device) takePage(page *pullPage, asked string, round int64) (more bool) {
	st := d.st
	if page.Letter != "" {
		st.set(func(m *meta) { m.letter = page.Letter })
	}
	if page.Reset || st.meta.staged != nil {
		return d.stage(page, asked, round)
	}
	st.atomically(func() {
		if more = st.meta.cursor != asked; more { // the line was faster: this page would undo it
			return
		}
		lost := st.ingest(page.Ops)
		d.arrive(page)
		if lost {
			d.w.violation(7, "a patch met no row on "+d.name())
			st.set(func(m *meta) { m.cursor = "" })
		}
		if more = lost || page.More; !more {
			st.settleBefore(round)
		}
	})
	return more
}

func (d *device) stage(page *pullPage, asked string, round int64) (more bool) {
	st := d.st
	st.atomically(func() {
		at := st.meta.staged
		if more = !page.Reset && at.cursor != asked; more {
			return
		}
		pages := st.staging
		if page.Reset {
			pages, at = nil, &staged{epoch: *page.Epoch, round: round}
		}
		pages = append(slices.Clone(pages), page.Ops)
		if more = page.More; more {
			st.setStaging(pages)
			st.set(func(m *meta) { m.staged = &staged{cursor: page.Cursor, epoch: at.epoch, round: at.round} })
			return
		}
		st.replaceAll(slices.Concat(pages...), at.round)
		st.setStaging(nil)
		st.set(func(m *meta) { m.staged = nil })
		d.arrive(page)
		st.askForRows(true)
	})
	return more
}

// arrive notes how far the rows are. Another epoch means that the server may lack what it once acknowledged.
func (d *device) arrive(page *pullPage) {
	d.w.checkCursor(d, page)
	if m := d.st.meta; m.epoch != "" && m.epoch != *page.Epoch {
		d.st.askAgain()
	} else if m.boot != page.Boot {
		d.st.askUnconfirmed()
		d.st.set(func(m *meta) { m.reconcile = true })
	}
	d.st.set(func(m *meta) {
		if m.epoch != "" && m.epoch != *page.Epoch {
			m.reconcile = true
		}
		if m.elsewhereIn != "" && m.elsewhereIn != *page.Epoch {
			m.reconcile = true
		}
		m.epoch, m.boot, m.cursor = *page.Epoch, page.Boot, page.Cursor
		if pause := d.now().Sub(m.reachedAt).Abs(); pause >= 24*time.Hour {
			m.days, m.reachedAt = m.days+1, d.now()
		}
	})
}
