package notify

import (
	"context"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Sink is the demo's gateway: it keeps what would have gone out, for the staff to look at. It sends nothing.
type Sink struct {
	App     core.App
	Clock   func() time.Time
	Channel string
}

// Dedupes: a message is kept once.
func (s *Sink) Dedupes() bool { return true }

// Send keeps the parcel.
func (s *Sink) Send(_ context.Context, p Parcel) (string, error) {
	_, err := s.App.NonconcurrentDB().NewQuery(`INSERT INTO notify_sink (message, shop, at, channel, recipient, title, text)
		VALUES ({:message}, {:shop}, {:at}, {:channel}, {:recipient}, {:title}, {:text}) ON CONFLICT (message) DO NOTHING`).
		Bind(dbx.Params{"message": p.ID, "shop": p.Shop, "at": s.Clock().UTC().Format(time.RFC3339), "channel": s.Channel,
			"recipient": p.To, "title": p.Title, "text": p.Text}).Execute()
	if err != nil {
		return "", Unknown{err}
	}
	return "sink-" + p.ID, nil
}

// Sunk is one message in the sink.
type Sunk struct {
	Message   string `db:"message" json:"message"`
	At        string `db:"at" json:"at"` // RFC 3339, UTC
	Channel   string `db:"channel" json:"channel"`
	Recipient string `db:"recipient" json:"to"`
	Title     string `db:"title" json:"title"`
	Text      string `db:"text" json:"text"`
}

// InSink is the shop's last messages in the sink, newest first.
func InSink(app core.App, shop string, limit int64) ([]Sunk, error) {
	list := []Sunk{}
	err := app.DB().Select("message", "at", "channel", "recipient", "title", "text").From("notify_sink").
		Where(dbx.HashExp{"shop": shop}).OrderBy("at DESC", "message DESC").Limit(limit).All(&list)
	return list, err
}
