package buyer_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/buyer"
	"aftercare/internal/record"
)

// desk is a house with one order of two bags, received the day before, by 13800138001.
type desk struct {
	*apptest.Shop
	t     *testing.T
	day   *apptest.Day
	order *core.Record
	line  *core.Record
}

const phone = "13800138001"

func newDesk(t *testing.T) *desk {
	t.Helper()
	s := apptest.New(t)
	d := &desk{Shop: s, t: t, day: s.Day(apptest.SH)}
	d.order, d.line = d.day.Sale("DD-77")
	return d
}

func asking(order, phone string) map[string]any {
	return map[string]any{"order": order, "phone": phone}
}

func (d *desk) ask(order, phone string) apptest.Answer {
	d.t.Helper()
	return d.Do(http.MethodPost, "/api/claims/code", "", asking(order, phone))
}

func (d *desk) enter(order, phone, code string) apptest.Answer {
	d.t.Helper()
	body := asking(order, phone)
	body["code"] = code
	return d.Do(http.MethodPost, "/api/claims/sign-in", "", body)
}

var digits = regexp.MustCompile(`\d{6}`)

// code is the newest one-time code that was put into the outbox.
func (d *desk) code() string {
	d.t.Helper()
	var text string
	err := d.App.DB().NewQuery(`SELECT s.text FROM notify_secrets s JOIN messages m ON m.id = s.message WHERE m.kind = 'code' ORDER BY m.created DESC, m.key DESC LIMIT 1`).Row(&text)
	if err != nil {
		d.t.Fatalf("no code: %v", err)
	}
	return digits.FindString(text)
}

type login struct {
	Token    string
	Customer buyer.Person
}

func (d *desk) signIn(order, phone string) login {
	d.t.Helper()
	if a := d.ask(order, phone); a.Status != http.StatusNoContent {
		d.t.Fatalf("asking for a code: %d %s", a.Status, a.Body)
	}
	var in login
	a := d.enter(order, phone, d.code())
	if a.JSON(&in); a.Status != http.StatusOK || in.Token == "" {
		d.t.Fatalf("signing in: %d %s", a.Status, a.Body)
	}
	return in
}

func TestSignIn(t *testing.T) {
	d := newDesk(t)
	t.Run("L-02 order number and phone bring a one-time code to that phone, which no member of staff reads and the server keeps as a hash", func(t *testing.T) {
		if a := d.ask("DD-77", "+86 138-0013 8001"); a.Status != http.StatusNoContent {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		rows, err := d.App.FindAllRecords(record.Messages)
		if err != nil || len(rows) != 1 || rows[0].GetString(record.FieldTo) != phone || digits.MatchString(rows[0].GetString(record.FieldText)) || !rows[0].GetBool(record.FieldUrgent) {
			t.Fatalf("%v %v", rows, err)
		}
		var table string
		if err := d.App.DB().NewQuery("SELECT group_concat(key || code) FROM buyer_codes").Row(&table); err != nil || strings.Contains(table, d.code()) || strings.Contains(table, phone) {
			t.Errorf("%q %v", table, err)
		}
	})
	first := login{}
	t.Run("L-02 with the code the buyer gets a file and a login, without a password", func(t *testing.T) {
		a := d.enter("DD-77", phone, d.code())
		if a.JSON(&first); a.Status != http.StatusOK || first.Customer.Name != "林小雨" || first.Customer.Phone != phone {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	})
	t.Run("L-02 a code works once", func(t *testing.T) {
		if a := d.enter("DD-77", phone, d.code()); a.Code() != "buyer.code_wrong" {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	})
	t.Run("L-02 whoever comes again finds the same file", func(t *testing.T) {
		d.Clock.Advance(2 * time.Minute)
		if again := d.signIn("DD-77", phone); again.Customer != first.Customer {
			t.Errorf("%+v %+v", again, first)
		}
		if n, err := d.App.CountRecords(record.Customers, dbx.HashExp{record.FieldPhone: phone}); err != nil || n != 1 {
			t.Errorf("%d files, %v", n, err)
		}
	})
	t.Run("L-02 the page is told what was bought and what holds for it", func(t *testing.T) {
		var bought buyer.Bought
		a := d.Do(http.MethodGet, "/api/claims/orders", first.Token, nil)
		if a.JSON(&bought); a.Status != http.StatusOK || len(bought.Orders) != 1 || bought.Orders[0].Number != "DD-77" || len(bought.Orders[0].Lines) != 1 || bought.Orders[0].Lines[0].PaidFen != 19800 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		if bought.Policies["default"].Return.Count != 7 || bought.Shop.ID != apptest.SH {
			t.Errorf("%+v", bought)
		}
	})
}

// A file the shop has already is taken, of several the one of the order's name.
func TestKnownCustomer(t *testing.T) {
	d := newDesk(t)
	d.day.Make("agent", record.Customers, map[string]any{record.FieldName: "林先生", record.FieldPhone: phone})
	known := d.day.Make("agent", record.Customers, map[string]any{record.FieldName: "林小雨", record.FieldPhone: phone})
	t.Run("L-02 V-02 the buyer's file is the one the shop has", func(t *testing.T) {
		if in := d.signIn("DD-77", phone); in.Customer.ID != known.Id {
			t.Errorf("%+v, want %s", in, known.Id)
		}
	})
}

func TestNoOracle(t *testing.T) {
	d := newDesk(t)
	said := func(a apptest.Answer) string {
		return fmt.Sprint(a.Status, string(a.Body), a.Header.Get("Content-Type"))
	}
	ways := [][2]string{{"DD-77", phone}, {"DD-77", "13900139000"}, {"DD-78", phone}}
	t.Run("L-02 asking tells nobody whether order and phone belong together, neither by what is said nor by the time it takes", func(t *testing.T) {
		for _, w := range ways {
			began := time.Now()
			if got := said(d.ask(w[0], w[1])); got != said(apptest.Answer{Status: 204, Header: http.Header{}}) {
				t.Errorf("%v: %s", w, got)
			}
			if took := time.Since(began); took < 60*time.Millisecond {
				t.Errorf("%v answered at once, after %v", w, took)
			}
		}
		if n, err := d.App.CountRecords(record.Messages); err != nil || n != 1 {
			t.Errorf("%d messages, %v", n, err)
		}
	})
	t.Run("L-02 asked again too soon, each is refused alike", func(t *testing.T) {
		for _, w := range ways {
			if a := d.ask(w[0], w[1]); a.Status != http.StatusTooManyRequests || a.Code() != "buyer.code_wait" {
				t.Errorf("%v: %s", w, said(a))
			}
		}
	})
	t.Run("L-02 a wrong code is refused alike, and after five of them the right one, too", func(t *testing.T) {
		wrong := "000000"
		if d.code() == wrong {
			wrong = "000001"
		}
		want := ""
		for i, w := range append(ways, ways[0], ways[0], ways[0], ways[0]) {
			got := said(d.enter(w[0], w[1], wrong))
			if i == 0 {
				want = got
			}
			if got != want || !strings.Contains(got, "buyer.code_wrong") {
				t.Errorf("%v: %s", w, got)
			}
		}
		if a := d.enter("DD-77", phone, d.code()); said(a) != want {
			t.Errorf("%s", said(a))
		}
	})
}

func TestLimits(t *testing.T) {
	d := newDesk(t)
	t.Run("L-02 a code is over after ten minutes of the server's clock", func(t *testing.T) {
		d.ask("DD-77", phone)
		d.Clock.Advance(10 * time.Minute)
		if a := d.enter("DD-77", phone, d.code()); a.Code() != "buyer.code_wrong" {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	})
	t.Run("L-02 five codes an hour for an order and its phone, and the hour after five again", func(t *testing.T) {
		for i := range 4 {
			d.Clock.Advance(time.Minute)
			if a := d.ask("DD-77", phone); a.Status != http.StatusNoContent {
				t.Fatalf("%d: %d %s", i+2, a.Status, a.Body)
			}
		}
		d.Clock.Advance(time.Minute)
		if a := d.ask("DD-77", phone); a.Status != http.StatusTooManyRequests || a.Code() != "buyer.code_spent" {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		d.Clock.Advance(time.Hour)
		if a := d.ask("DD-77", phone); a.Status != http.StatusNoContent {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	})
	t.Run("L-02 ten codes an hour for a phone, whatever orders are guessed", func(t *testing.T) {
		d.Clock.Advance(2 * time.Hour)
		last := apptest.Answer{}
		for i := range 11 {
			last = d.ask(fmt.Sprintf("DD-9%02d", i), phone)
		}
		if last.Code() != "buyer.code_spent" {
			t.Errorf("%d %s", last.Status, last.Body)
		}
	})
	t.Run("L-02 an address that asks too often waits", func(t *testing.T) {
		last := apptest.Answer{}
		for range 61 {
			last = d.Do(http.MethodPost, "/api/claims/code", "", []byte("{"))
		}
		if last.Status != http.StatusTooManyRequests || last.Code() != "access.too_many" {
			t.Errorf("%d %s", last.Status, last.Body)
		}
	})
	t.Run("L-02 what is no order and no phone is told", func(t *testing.T) {
		for _, body := range []map[string]any{{}, asking("", phone), asking("DD-77", "12"), asking("DD-77", strings.Repeat("1", 41)), asking(strings.Repeat("x", 400), phone)} {
			raw, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			var asked buyer.Asked
			if err := json.Unmarshal(raw, &asked); err != nil {
				t.Fatal(err)
			}
			if err := (buyer.Desk{Clock: d.Clock.Now, Write: d.House.Log.Write}).SendCode(d.App, asked); err == nil || !strings.Contains(err.Error(), "buyer.missing") {
				t.Errorf("%v: %v", body, err)
			}
		}
	})
}

func TestPhone(t *testing.T) {
	for typed, want := range map[string]string{"138 0013 8001": phone, "+86 138-0013-8001": phone, "008613800138001": phone, "１３８００１３８００１": phone, "021-5555 6666": "02155556666", "+1 (415) 555": "1415555"} {
		if got := buyer.Phone(typed); got != want {
			t.Errorf("L-02 %q is %q, want %q", typed, got, want)
		}
	}
	if buyer.Phone("1380013800l") == buyer.Phone("1380013800") {
		t.Error("L-02 a letter is left out of a number")
	}
}
