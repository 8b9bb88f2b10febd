package notify

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/sync/errgroup"

	"aftercare/internal/promise"
	"aftercare/internal/record"
)

const (
	// attemptTime is how long a gateway may take over one message.
	attemptTime = 20 * time.Second
	// maxAttempts, with the pauses of backoff, is about ten hours of a gateway that cannot be reached.
	maxAttempts = 24
	// together is how many messages are under way at once.
	together = 4
	// look is how often the outbox looks for work when nobody pokes it.
	look = 5 * time.Second
)

// Parcel is a message as a gateway gets it. ID is the same at every attempt.
type Parcel struct {
	ID, Shop, Kind, To, Lang, Title, Text string
}

// Gateway hands a parcel over. Its error is one of Refused, Unsent or Unknown.
type Gateway interface {
	Send(ctx context.Context, p Parcel) (providerID string, err error)
	// Dedupes says that the same parcel handed over twice reaches the customer once.
	Dedupes() bool
}

// Refused: the other side will never take this parcel. Unsent: it certainly was not taken, and may be later. Unknown: it
// may or may not have been taken.
type (
	Refused struct{ error }
	Unsent  struct {
		error
		After time.Duration // not before, when the other side said so
	}
	Unknown struct{ error }
)

// NeverSent, NotSent and PerhapsSent say of an error what became of the parcel.
func NeverSent(err error) error   { return Refused{err} }
func NotSent(err error) error     { return Unsent{error: err} }
func PerhapsSent(err error) error { return Unknown{err} }

// Outbox sends what is queued. The zero value is not usable; call New.
type Outbox struct {
	app      core.App
	clock    func() time.Time
	epoch    func() string             // of the database: a restored one has a new one
	gateways func() map[string]Gateway // by channel, asked each round: a superuser may change the mail server
	wake     chan struct{}
	round    sync.Mutex

	// Moot reports whether what a message tells holds no more. It is asked in the transaction in which an attempt takes the
	// message, so that nothing goes out that was true in the evening and is not in the morning. nil: everything holds.
	Moot func(tx core.App, m *record.Message) (bool, error)
}

// New returns the outbox of a database. One process may own it: two would send twice through a gateway that does not
// deduplicate.
func New(app core.App, clock func() time.Time, epoch func() string, gateways func() map[string]Gateway) *Outbox {
	return &Outbox{app: app, clock: clock, epoch: epoch, gateways: gateways, wake: make(chan struct{}, 1)}
}

// Poke makes Run look at once.
func (o *Outbox) Poke() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Run settles what an earlier life left behind, then sends until ctx ends.
func (o *Outbox) Run(ctx context.Context) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	recovered := false
	for {
		if !recovered {
			recovered = o.complain("outbox: taking up what was under way", o.Recover())
		}
		if recovered {
			o.complain("outbox", o.Drain(ctx))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-o.wake:
		}
	}
}

func (o *Outbox) complain(what string, err error) (fine bool) {
	if err != nil && !errors.Is(err, context.Canceled) {
		o.app.Logger().Error(what, slog.String("error", err.Error()))
	}
	return err == nil
}

// Recover settles messages that were under way when the server died. Where the gateway deduplicates they are sent
// again under the same id; elsewhere nobody can know, so a person is asked instead of a customer told twice.
func (o *Outbox) Recover() error {
	rows, err := o.app.FindAllRecords(record.Messages, dbx.HashExp{record.FieldState: record.MessageSending})
	if err != nil {
		return err
	}
	gateways := o.gateways()
	for _, row := range rows {
		m := record.AsMessage(row)
		g := gateways[m.Channel()]
		err := o.settle(m.Id, m.Attempt(), outcome{err: Unknown{errors.New("the server ended while it was sent")},
			dedupes: g == nil && m.Channel() != record.ChannelMail || g != nil && g.Dedupes(), atOnce: true})
		if err != nil {
			return err
		}
	}
	return nil
}

// afterRestore: what waits in a restored database may have gone out in the life that is lost. Where the gateway
// deduplicates it goes again under its id; elsewhere a person is asked.
func (o *Outbox) afterRestore() error {
	epoch := o.epoch()
	before, err := record.Mark(o.app, record.MarkMailEpoch)
	if err != nil || before == epoch {
		return err
	}
	if before != "" {
		if err := o.giveUpUndeduplicated(); err != nil {
			return err
		}
	}
	return record.SetMark(o.app, record.MarkMailEpoch, epoch)
}

func (o *Outbox) giveUpUndeduplicated() error {
	rows, err := o.app.FindAllRecords(record.Messages, dbx.HashExp{record.FieldState: record.MessageQueued})
	if err != nil {
		return err
	}
	gateways := o.gateways()
	for _, row := range rows {
		if g := gateways[record.AsMessage(row).Channel()]; g != nil && g.Dedupes() {
			continue
		}
		err := o.change(row.Id, func(tx core.App, m *record.Message) (bool, error) {
			m.SetFailed("notify.unknown")
			return true, forget(tx, m.Id)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Drain sends every message that may go now, and gives up those whose time is over. Errors of one message do not stop
// the others.
func (o *Outbox) Drain(ctx context.Context) error {
	o.round.Lock()
	defer o.round.Unlock()
	if err := o.afterRestore(); err != nil {
		return err
	}
	ready, err := o.ready()
	if err != nil {
		return err
	}
	gateways := o.gateways()
	var group errgroup.Group
	group.SetLimit(together)
	failures := make([]error, len(ready))
	for i, id := range ready {
		group.Go(func() error {
			if ctx.Err() == nil {
				failures[i] = o.deliver(ctx, id, gateways)
			}
			return nil
		})
	}
	_ = group.Wait() // failures are gathered one by one
	return errors.Join(append(failures, ctx.Err())...)
}

// ready is the queued messages whose time has come, oldest first.
func (o *Outbox) ready() ([]string, error) {
	now := o.clock().UTC()
	rows := []*core.Record{}
	err := o.app.RecordQuery(record.Messages).
		AndWhere(dbx.HashExp{record.FieldState: record.MessageQueued}).
		AndWhere(dbx.NewExp("[[not_before]] <= {:now} AND [[next_at]] <= {:now}", dbx.Params{"now": record.Text(now)})).
		OrderBy(record.FieldCreated, record.FieldID).All(&rows)
	if err != nil {
		return nil, err
	}
	quiet, ids := map[string]bool{}, []string{}
	for _, row := range rows {
		m := record.AsMessage(row)
		shop := m.Shop()
		if _, known := quiet[shop]; !known {
			if quiet[shop], err = o.quiet(shop, now); err != nil {
				return nil, err
			}
		}
		over := !m.ExpiresAt().IsZero() && !now.Before(m.ExpiresAt())
		if over || m.Urgent() || !quiet[shop] {
			ids = append(ids, row.Id)
		}
	}
	return ids, nil
}

// quiet says whether customers of the shop sleep now (M-03).
func (o *Outbox) quiet(shop string, now time.Time) (bool, error) {
	row, err := o.app.FindRecordById(record.Shops, shop)
	if err != nil {
		return false, err
	}
	policy, err := record.PolicyOf(o.app, shop)
	if err != nil {
		return false, err
	}
	_, quiet := promise.Quiet(now, promise.Zone(record.AsShop(row).TimeZone()), policy.QuietFromMinutes, policy.QuietToMinutes)
	return quiet, nil
}

// deliver takes one message for one attempt: claim, hand over, settle. The claim is committed before a byte leaves.
func (o *Outbox) deliver(ctx context.Context, id string, gateways map[string]Gateway) error {
	attempt := core.GenerateDefaultRandomId()
	parcel, g, err := o.claim(id, attempt, gateways)
	if err != nil || g == nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, attemptTime)
	defer cancel()
	provider, sendErr := g.Send(limited, parcel)
	return o.settle(id, attempt, outcome{err: sendErr, provider: provider, dedupes: g.Dedupes()})
}

// claim makes the message this attempt's own. No gateway: there is none to send it, or nothing to send any more.
func (o *Outbox) claim(id, attempt string, gateways map[string]Gateway) (p Parcel, g Gateway, err error) {
	err = o.change(id, func(tx core.App, m *record.Message) (bool, error) {
		g = nil
		now := o.clock().UTC()
		if m.State() != record.MessageQueued {
			return false, nil
		}
		if moot, err := o.moot(tx, m); err != nil || moot {
			m.SetState(record.MessageCancelled)
			return moot, errors.Join(err, forget(tx, m.Id))
		}
		if over := m.ExpiresAt(); !over.IsZero() && !now.Before(over) {
			m.SetFailed(given(gateways[m.Channel()]))
			return true, forget(tx, m.Id)
		}
		if g = gateways[m.Channel()]; g == nil {
			return false, nil
		}
		text, err := secretOf(tx, m)
		if err != nil {
			return false, err
		}
		p = Parcel{ID: m.Id, Shop: m.Shop(), Kind: m.Kind(), To: m.To(), Lang: m.Lang(), Title: m.Title(), Text: text}
		m.Claim(attempt, now)
		return true, nil
	})
	return p, g, err
}

func (o *Outbox) moot(tx core.App, m *record.Message) (bool, error) {
	if o.Moot == nil {
		return false, nil
	}
	return o.Moot(tx, m)
}

// given is why a message was given up when its time was over.
func given(g Gateway) string {
	if g == nil {
		return "notify.no_gateway"
	}
	return "notify.expired"
}

// outcome is what became of an attempt. atOnce: it may be tried again without a pause.
type outcome struct {
	err      error
	provider string
	dedupes  bool
	atOnce   bool
}

// pause before the next attempt.
func (o outcome) pause(attempts int) time.Duration {
	var unsent Unsent
	if o.atOnce {
		return 0
	}
	_ = errors.As(o.err, &unsent) // else the gateway asked for no time
	return max(backoff(attempts), unsent.After)
}

// settle writes down what became of the attempt. Another attempt's message is left alone.
func (o *Outbox) settle(id, attempt string, became outcome) error {
	if became.err != nil {
		o.app.Logger().Warn("message not sent", "message", id, "error", became.err.Error())
	}
	return o.change(id, func(tx core.App, m *record.Message) (bool, error) {
		if m.State() != record.MessageSending || m.Attempt() != attempt {
			return false, nil
		}
		now := o.clock().UTC()
		var unsent Unsent
		var unknown Unknown
		isUnsent, isUnknown := errors.As(became.err, &unsent), errors.As(became.err, &unknown)
		switch {
		case became.err == nil:
			m.SetSent(now, clip(became.provider, 120))
		case isUnknown && !became.dedupes:
			m.SetFailed("notify.unknown")
		case (isUnsent || isUnknown) && m.Attempts() < maxAttempts:
			m.SetLater(now.Add(became.pause(m.Attempts())), "notify.unreachable")
			return true, nil
		case isUnsent || isUnknown:
			m.SetFailed("notify.expired")
		default:
			m.SetFailed("notify.refused")
		}
		return true, forget(tx, m.Id)
	})
}

// change reads the message, lets fn change it, and saves it by the server's hand, in one transaction.
func (o *Outbox) change(id string, fn func(tx core.App, m *record.Message) (save bool, err error)) error {
	return o.app.RunInTransaction(func(tx core.App) error {
		row, err := tx.FindRecordById(record.Messages, id)
		if err != nil {
			return err
		}
		m := record.AsMessage(row)
		save, err := fn(tx, m)
		if err != nil || !save {
			return err
		}
		return tx.SaveWithContext(record.WithActor(context.Background(), record.System(m.Shop())), row)
	})
}

// backoff is the pause after the nth attempt: half a minute, doubled each time, half an hour at most.
func backoff(n int) time.Duration {
	pause := 30 * time.Second
	for ; n > 1 && pause < 30*time.Minute; n-- {
		pause *= 2
	}
	return min(pause, 30*time.Minute)
}

func clip(s string, limit int) string {
	letters := []rune(s)
	return string(letters[:min(len(letters), limit)])
}
