package changelog

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// moved tells those who can no longer see the row, and those who now can. A visit takes everything written during it
// along (the history stays with the vehicle, the privacy with the customer: V-02).
func (l *Log) moved(e *core.RecordEvent, s *shape, before, after values, done entry) error {
	if from := shopOf(s, before); from != done.shop {
		if err := l.sight(e.App, done, opLeave, from, ""); err != nil {
			return err
		}
		if err := l.sight(e.App, done, opEnter, done.shop, ""); err != nil {
			return err
		}
	}
	from := s.text(before, record.FieldCustomer)
	if _, own := s.index[record.FieldCustomer]; !own || from == done.customer {
		return nil
	}
	if err := l.handOver(e.App, done, from, done.customer); err != nil {
		return err
	}
	if s.name != record.Visits {
		return nil
	}
	return l.childrenMoved(e.App, done, from)
}

func (l *Log) handOver(app core.App, row entry, from, to string) error {
	if from != "" {
		if err := l.sight(app, row, opLeave, "", from); err != nil {
			return err
		}
	}
	if to == "" {
		return nil
	}
	return l.sight(app, row, opEnter, "", to)
}

func (l *Log) sight(app core.App, row entry, op, shop, customer string) error {
	row.op, row.shop, row.customer, row.data, row.prev = op, shop, customer, "", ""
	return l.append(app, row)
}

func (l *Log) childrenMoved(app core.App, visit entry, from string) error {
	for _, entity := range flow.Table().Entities {
		if _, child := entity.Fields[record.FieldVisit]; !child {
			continue
		}
		var rows []struct {
			ID      string `db:"id"`
			Version int64  `db:"version"`
		}
		err := app.DB().Select(record.FieldID, record.FieldVersion).From(entity.Collection).
			Where(dbx.HashExp{record.FieldVisit: visit.record}).OrderBy(record.FieldID).All(&rows)
		if err != nil {
			return err
		}
		for _, r := range rows {
			child := visit
			child.collection, child.record, child.version = entity.Collection, r.ID, r.Version
			if err := l.handOver(app, child, from, visit.customer); err != nil {
				return err
			}
		}
	}
	return nil
}
