package record

import (
	"encoding/json"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Collections of what is told to customers and of what is due.
const (
	Messages = "messages"
	DueItems = "due_items"
)

// Fields of messages and due_items.
const (
	FieldKey        = "key"
	FieldChannel    = "channel"
	FieldTo         = "to"
	FieldLang       = "lang"
	FieldText       = "text"
	FieldUrgent     = "urgent"
	FieldNotBefore  = "not_before"
	FieldExpiresAt  = "expires_at"
	FieldAttempts   = "attempts"
	FieldAttempt    = "attempt"
	FieldAttemptAt  = "attempt_at"
	FieldNextAt     = "next_at"
	FieldSentAt     = "sent_at"
	FieldProviderID = "provider_id"
	FieldFailure    = "failure"
	FieldRole       = "role"
	FieldOwner      = "owner"
	FieldDueAt      = "due_at"
	FieldAnswer     = "answer"
	FieldDoneBy     = "done_by"
	FieldDoneAt     = "done_at"
)

// States of a message, and channels it may take.
const (
	MessageQueued    = "queued"
	MessageSending   = "sending"
	MessageSent      = "sent"
	MessageFailed    = "failed"
	MessageCancelled = "cancelled"
	MessageTold      = "told"

	ChannelSMS   = "sms"
	ChannelMail  = "mail"
	ChannelPhone = "phone"
)

// States of a due item.
const (
	DueOpen      = "open"
	DueDone      = "done"
	DueCancelled = "cancelled"
)

var (
	_ core.RecordProxy = (*Message)(nil)
	_ core.RecordProxy = (*DueItem)(nil)
)

// Message is a row of messages: what a customer is told, and how far it has come (M-03).
type Message struct{ row }

// AsMessage wraps a row of messages.
func AsMessage(rec *core.Record) *Message { return &Message{wrap(rec)} }

func (m *Message) Key() string               { return m.GetString(FieldKey) }
func (m *Message) Kind() string              { return m.GetString(FieldKind) }
func (m *Message) Channel() string           { return m.GetString(FieldChannel) }
func (m *Message) To() string                { return m.GetString(FieldTo) }
func (m *Message) Lang() string              { return m.GetString(FieldLang) }
func (m *Message) Title() string             { return m.GetString(FieldTitle) }
func (m *Message) Text() string              { return m.GetString(FieldText) }
func (m *Message) Urgent() bool              { return m.GetBool(FieldUrgent) }
func (m *Message) Attempts() int             { return m.GetInt(FieldAttempts) }
func (m *Message) Attempt() string           { return m.GetString(FieldAttempt) }
func (m *Message) Failure() string           { return m.GetString(FieldFailure) }
func (m *Message) ProviderID() string        { return m.GetString(FieldProviderID) }
func (m *Message) SubjectCollection() string { return m.GetString(FieldSubjectCollection) }
func (m *Message) SubjectRecord() string     { return m.GetString(FieldSubjectRecord) }
func (m *Message) NotBefore() time.Time      { return Time(m.moment(FieldNotBefore)) }
func (m *Message) ExpiresAt() time.Time      { return Time(m.moment(FieldExpiresAt)) }
func (m *Message) SentAt() time.Time         { return Time(m.moment(FieldSentAt)) }

// SetExpiresAt says from when on it is too late to send the message.
func (m *Message) SetExpiresAt(t time.Time) { m.Set(FieldExpiresAt, Text(t)) }

// BeginAnew forgets earlier attempts.
func (m *Message) BeginAnew() {
	m.Set(FieldAttempts, 0)
	m.Set(FieldNextAt, "")
	m.Set(FieldFailure, "")
}

// Claim takes the message for one attempt with the id, before anything is sent.
func (m *Message) Claim(attempt string, at time.Time) {
	m.SetState(MessageSending)
	m.Set(FieldAttempt, attempt)
	m.Set(FieldAttemptAt, Text(at))
	m.Set(FieldAttempts, m.Attempts()+1)
}

// SetSent says that the gateway has taken it, under the id it gave.
func (m *Message) SetSent(at time.Time, providerID string) {
	m.SetState(MessageSent)
	m.Set(FieldSentAt, Text(at))
	m.Set(FieldProviderID, providerID)
	m.Set(FieldFailure, "")
	m.Set(FieldNextAt, "")
}

// SetLater puts it back into the queue until then, and says what went wrong.
func (m *Message) SetLater(next time.Time, failure string) {
	m.SetState(MessageQueued)
	m.Set(FieldNextAt, Text(next))
	m.Set(FieldFailure, failure)
}

// SetFailed gives it up, for the reason with the code.
func (m *Message) SetFailed(failure string) {
	m.SetState(MessageFailed)
	m.Set(FieldNextAt, "")
	m.Set(FieldFailure, failure)
}

// DueItem is a row of due_items: something somebody has to do by a time.
type DueItem struct{ row }

// AsDueItem wraps a row of due_items.
func AsDueItem(rec *core.Record) *DueItem { return &DueItem{wrap(rec)} }

func (d *DueItem) Key() string           { return d.GetString(FieldKey) }
func (d *DueItem) Kind() string          { return d.GetString(FieldKind) }
func (d *DueItem) Role() string          { return d.GetString(FieldRole) }
func (d *DueItem) Owner() string         { return d.GetString(FieldOwner) }
func (d *DueItem) SetOwner(id string)    { d.Set(FieldOwner, id) }
func (d *DueItem) DueAt() time.Time      { return Time(d.moment(FieldDueAt)) }
func (d *DueItem) Answer() string        { return d.GetString(FieldAnswer) }
func (d *DueItem) Note() string          { return d.GetString(FieldNote) }
func (d *DueItem) SetNote(s string)      { d.Set(FieldNote, s) }
func (d *DueItem) DoneBy() string        { return d.GetString(FieldDoneBy) }
func (d *DueItem) DoneAt() time.Time     { return Time(d.moment(FieldDoneAt)) }
func (d *DueItem) SubjectRecord() string { return d.GetString(FieldSubjectRecord) }

// SetDone says who closed it and when (UTC text); both empty when it is open again.
func (d *DueItem) SetDone(by, at string) {
	d.Set(FieldDoneBy, by)
	d.Set(FieldDoneAt, at)
}

// Data is what the item is about, for the screen that shows it.
func (d *DueItem) Data() map[string]any {
	data := map[string]any{}
	_ = json.Unmarshal([]byte(d.GetString(FieldData)), &data) // written by the server itself
	return data
}

// TimeZone is the shop's IANA zone.
func (s *Shop) TimeZone() string { return s.GetString(FieldTimeZone) }
