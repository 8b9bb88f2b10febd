package hooks

import (
	"time"

	"aftercare/internal/record"
)

// messageLife is how long a message may wait for its gateway when nobody said: an old "ready in an hour" helps nobody.
const messageLife = 24 * time.Hour

// deriveMessage: a message that may be sent says until when. Taken up again by a person, it begins anew.
func deriveMessage(s *save) error {
	m := record.AsMessage(s.rec)
	again := !s.creating() && s.changes(record.FieldState) && record.AsMessage(s.stored).State() == record.MessageFailed
	if s.creating() && m.ExpiresAt().IsZero() && m.State() == record.MessageQueued || again {
		from := s.now
		if m.NotBefore().After(from) {
			from = m.NotBefore()
		}
		m.SetExpiresAt(from.Add(messageLife))
	}
	if again {
		m.BeginAnew()
	}
	return nil
}

// deriveDueItem: who closed it and when; reopened, it is nobody's yet.
func deriveDueItem(s *save) error {
	if s.creating() || !s.changes(record.FieldState) {
		return nil
	}
	d := record.AsDueItem(s.rec)
	if d.State() == record.DueOpen {
		d.SetDone("", "")
		return nil
	}
	at := s.captured()
	if at.After(s.now) { // a tablet's clock that runs ahead
		at = s.now
	}
	d.SetDone(s.actor.ID, record.Text(at))
	return nil
}
