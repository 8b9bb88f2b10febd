package due

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
	"aftercare/internal/notify"
	"aftercare/internal/promise"
	"aftercare/internal/record"
)

// Kinds of items and messages about appointments.
const (
	KindCallFirst = "appointment_remind"  // nobody can be written to: a person reminds the customer (B-05)
	KindMissing   = "appointment_missing" // something is missing and the customer does not know (B-04)
	KindDay       = "appointment_day"     // the day's figures, for the workshop lead (B-08)

	MessageReminder = "reminder"
)

// ahead is how long before an appointment what is missing for it becomes somebody's item.
const ahead = 7 * 24 * time.Hour

// coming are the states of an appointment that is still to be kept.
var coming = []any{"confirmed", "reminded"}

// booked is one appointment with what the jobs look at.
type booked struct {
	*record.Appointment
	start    time.Time
	customer *core.Record
	lines    []*record.Preparation
}

// diary is the shop's appointments of these days.
type diary struct {
	app    core.App
	shop   *record.Shop
	now    time.Time
	zone   *time.Location
	policy flow.Policy
	list   []*booked
}

// appointments looks after everybody who is expected: reminds them a day and half an hour before (B-05), asks for the
// customer to be told what is missing (B-04), marks who did not come, and tells the workshop lead the day's figures (B-08).
func appointments(app core.App, shop *record.Shop, now time.Time) error {
	policy, err := record.PolicyOf(app, shop.Id)
	if err != nil {
		return err
	}
	d := &diary{app: app, shop: shop, now: now, zone: promise.Zone(shop.TimeZone()), policy: policy}
	if err := d.load(); err != nil {
		return err
	}
	for _, look := range []func() error{d.missing, d.remind, d.missed, d.takeBack, d.closeItems, d.day} {
		if err := look(); err != nil {
			return err
		}
	}
	return nil
}

func (d *diary) load() error {
	rows := []*core.Record{}
	err := d.app.RecordQuery(record.Appointments).AndWhere(dbx.HashExp{record.FieldShop: d.shop.Id, record.FieldState: coming}).
		AndWhere(dbx.NewExp("[[starts_at]] <= {:until}", dbx.Params{"until": record.Text(d.now.Add(ahead))})).
		OrderBy(record.FieldStartsAt, record.FieldID).All(&rows)
	if err != nil {
		return err
	}
	for _, row := range rows {
		b := &booked{Appointment: record.AsAppointment(row), start: record.Time(record.AsAppointment(row).StartsAt())}
		if id := b.Customer(); id != "" {
			if b.customer, err = d.app.FindRecordById(record.Customers, id); err != nil {
				return err
			}
		}
		lines, err := d.app.FindAllRecords(record.Preparations, dbx.HashExp{record.FieldAppointment: row.Id})
		if err != nil {
			return err
		}
		for _, line := range lines {
			b.lines = append(b.lines, record.AsPreparation(line))
		}
		d.list = append(d.list, b)
	}
	return nil
}

// untold are the lines that are missing and that the customer does not know of.
func (b *booked) untold() []*record.Preparation {
	return slices.DeleteFunc(slices.Clone(b.lines), func(p *record.Preparation) bool {
		f := p.Facts()
		return f.State != "missing" || f.Told != ""
	})
}

// missing makes an item of everything missing that the customer does not know of, due when they would be reminded.
func (d *diary) missing() error {
	for _, b := range d.list {
		if !d.now.Before(b.start) {
			continue
		}
		for _, p := range b.untold() {
			due := b.start.Add(-time.Duration(d.policy.RemindFirstMinutes) * time.Minute)
			err := d.ensure(b, KindMissing, missingKey(p), later(due, d.now), map[string]any{"kind": p.Facts().Kind, "missing": p.MissingNote(), "preparation": p.Id})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func missingKey(p *record.Preparation) string {
	return fmt.Sprintf("%s:%s:%d", KindMissing, p.Id, record.Time(p.CheckedAt()).Unix())
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// remind tells who is expected, a day before and half an hour before (policy). Nobody is reminded to come while something
// is missing that they were not told of: then it is the advisor's item alone.
func (d *diary) remind() error {
	for _, b := range d.list {
		if !d.now.Before(b.start) || len(b.untold()) > 0 {
			continue
		}
		left := b.start.Sub(d.now)
		last := time.Duration(d.policy.RemindLastMinutes) * time.Minute
		switch {
		case last > 0 && left <= last:
			if err := d.send(b, "last"); err != nil {
				return err
			}
		case b.State() == "confirmed" && left <= time.Duration(d.policy.RemindFirstMinutes)*time.Minute:
			if err := d.first(b); err != nil {
				return err
			}
		}
	}
	return nil
}

// first is the reminder a day before; who cannot be written to is a person's to call, and the appointment stays confirmed.
func (d *diary) first(b *booked) error {
	if _, _, ok := d.reach(b); !ok {
		return d.ensure(b, KindCallFirst, fmt.Sprintf("%s:%s:%d", KindCallFirst, b.Id, b.start.Unix()), b.start.Add(-12*time.Hour), nil)
	}
	if err := d.send(b, "first"); err != nil {
		return err
	}
	return d.step(b, "reminded")
}

func (d *diary) step(b *booked, state string) error {
	b.SetState(state)
	return d.app.SaveWithContext(record.WithActor(context.Background(), record.System(d.shop.Id)), b.Record)
}

func (d *diary) reach(b *booked) (channel, to string, ok bool) {
	if b.customer == nil {
		return record.ChannelSMS, b.CallerPhone(), notify.Deliverable(record.ChannelSMS, b.CallerPhone())
	}
	if record.AsCustomer(b.customer).PreferredChannel() == record.ChannelPhone {
		return "", "", false
	}
	channel, to, ok = notify.Address(b.customer)
	return channel, to, ok && notify.Deliverable(channel, to)
}

// reminderKey names a reminder: moved, the appointment has others.
func reminderKey(b *booked, which string) string {
	return fmt.Sprintf("%s:%s:%d:%s", MessageReminder, b.Id, b.start.Unix(), which)
}

func (d *diary) send(b *booked, which string) error {
	channel, to, ok := d.reach(b)
	if !ok {
		return nil
	}
	m := notify.Message{Shop: d.shop.Id, Key: reminderKey(b, which), Kind: MessageReminder, Channel: channel, To: to, Title: "【" + d.shop.Name() + "】预约提醒",
		Text: d.words(b), ExpiresAt: b.start, SubjectCollection: record.Appointments, SubjectRecord: b.Id, Urgent: which == "last"}
	if b.customer != nil {
		m.Customer = b.customer.Id
	}
	return notify.Queue(d.app, m)
}

// papers are what a customer is asked to bring, in their words.
var papers = map[string]string{"driving_licence": "行驶证", "manual": "保养手册", "warranty_card": "保修卡", "insurance": "保单", "id_card": "身份证", "invoice": "购车发票"}

func (d *diary) words(b *booked) string {
	name := b.CallerName()
	if b.customer != nil {
		c := record.AsCustomer(b.customer)
		name = strings.TrimSpace(c.Name() + c.Title())
	}
	text := "【" + d.shop.Name() + "】" + name + "您好，您预约了 " + b.start.In(d.zone).Format("1月2日15:04") + " 到店。"
	bring := []string{}
	for _, code := range b.Documents() {
		if papers[code] != "" {
			bring = append(bring, papers[code])
		}
	}
	if len(bring) > 0 {
		text += "请带上" + strings.Join(bring, "、") + "。"
	}
	return text + "如需改期，请来电告知。"
}

// missed marks who has not come so long after the time (policy, B-08).
func (d *diary) missed() error {
	for _, b := range d.list {
		if d.now.Before(b.start.Add(time.Duration(d.policy.NoShowMinutes) * time.Minute)) {
			continue
		}
		if err := d.step(b, "no_show"); err != nil {
			return err
		}
	}
	return nil
}

// takeBack cancels reminders that still wait to be sent though the appointment was moved, cancelled or has begun.
func (d *diary) takeBack() error {
	waiting, err := d.app.FindAllRecords(record.Messages, dbx.HashExp{record.FieldShop: d.shop.Id, record.FieldKind: MessageReminder,
		record.FieldState: record.MessageQueued, record.FieldSubjectCollection: record.Appointments})
	if err != nil {
		return err
	}
	standing := map[string]bool{}
	for _, b := range d.list {
		if b.State() != "no_show" {
			standing[reminderKey(b, "first")], standing[reminderKey(b, "last")] = true, true
		}
	}
	for _, row := range waiting {
		if key := record.AsMessage(row).Key(); !standing[key] {
			if err := notify.Cancel(d.app, d.shop.Id, key); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *diary) ensure(b *booked, kind, key string, at time.Time, data map[string]any) error {
	if data == nil {
		data = map[string]any{}
	}
	data["starts_at"], data["phone"] = b.StartsAt(), b.CallerPhone()
	return Ensure(d.app, Item{Shop: d.shop.Id, Key: key, Kind: kind, Role: "advisor", Owner: b.Advisor(), DueAt: at,
		SubjectCollection: record.Appointments, SubjectRecord: b.Id, Data: data})
}

// closeItems settles what was done: the customer told, what was missing found, the customer reminded by a person. What
// belongs to an appointment that is no longer to come is moot.
func (d *diary) closeItems() error {
	byID := map[string]*booked{}
	for _, b := range d.list {
		byID[b.Id] = b
	}
	for _, kind := range []string{KindMissing, KindCallFirst} {
		open, err := openItems(d.app, d.shop.Id, kind)
		if err != nil {
			return err
		}
		for _, row := range open {
			if err := d.closeOne(record.AsDueItem(row), byID[record.AsDueItem(row).SubjectRecord()]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *diary) closeOne(item *record.DueItem, b *booked) error {
	if b == nil || b.State() == "no_show" {
		return Drop(d.app, d.shop.Id, item.Key())
	}
	if item.Kind() == KindCallFirst {
		switch {
		case item.Key() != fmt.Sprintf("%s:%s:%d", KindCallFirst, b.Id, b.start.Unix()):
			return Drop(d.app, d.shop.Id, item.Key())
		case b.State() == "reminded":
			return Settle(d.app, d.shop.Id, item.Key())
		}
		return nil
	}
	if slices.ContainsFunc(b.untold(), func(p *record.Preparation) bool { return missingKey(p) == item.Key() }) {
		return nil
	}
	return Settle(d.app, d.shop.Id, item.Key())
}

// day tells the workshop lead, an hour before closing, what became of today's appointments and what tomorrow brings (B-08).
func (d *diary) day() error {
	local := d.now.In(d.zone)
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, d.zone)
	closing := midnight.Add(time.Duration(d.policy.ClosesMinutes) * time.Minute)
	if d.now.Before(closing.Add(-time.Hour)) {
		return nil
	}
	key := KindDay + ":" + midnight.Format(time.DateOnly)
	if there, err := Find(d.app, d.shop.Id, key); err != nil || there != nil {
		return err
	}
	today, err := d.count(midnight)
	if err != nil {
		return err
	}
	tomorrow, err := d.count(midnight.AddDate(0, 0, 1))
	if err != nil || today["booked"]+tomorrow["booked"] == 0 {
		return err
	}
	data := map[string]any{"day": midnight.Format(time.DateOnly), "booked": today["booked"], "kept": today["arrived"], "missed": today["no_show"],
		"cancelled": today["cancelled"], "tomorrow": tomorrow["booked"]}
	return Ensure(d.app, Item{Shop: d.shop.Id, Key: key, Kind: KindDay, Role: "leader", DueAt: closing, Data: data})
}

// count is the appointments of a day by state, and under "booked" those that were confirmed and not cancelled.
func (d *diary) count(midnight time.Time) (map[string]int, error) {
	rows := []*core.Record{}
	err := d.app.RecordQuery(record.Appointments).AndWhere(dbx.HashExp{record.FieldShop: d.shop.Id}).
		AndWhere(dbx.NewExp("[[starts_at]] >= {:from} AND [[starts_at]] < {:to}", dbx.Params{"from": record.Text(midnight), "to": record.Text(midnight.AddDate(0, 0, 1))})).All(&rows)
	counts := map[string]int{}
	for _, row := range rows {
		state := record.AsAppointment(row).State()
		counts[state]++
		if slices.Contains([]string{"confirmed", "reminded", "arrived", "no_show"}, state) {
			counts["booked"]++
		}
	}
	return counts, err
}
