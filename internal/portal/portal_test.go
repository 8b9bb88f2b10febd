package portal_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/consent"
	"aftercare/internal/portal"
	"aftercare/internal/record"
)

// lane is a house with a car whose technician has found something.
type lane struct {
	*apptest.Shop
	t     *testing.T
	day   *apptest.Day
	car   apptest.Service
	found *core.Record
	role  string
}

func newLane(t *testing.T) *lane {
	t.Helper()
	s := apptest.New(t)
	day := s.Day(apptest.SH)
	car := day.JobInProgress()
	data := day.JobData(car.Order, "更换制动液")
	data[record.FieldOrigin], data[record.FieldFoundNote], data[record.FieldSafety] = consent.KindSupplement, "含水量 4 %", true
	delete(data, record.FieldSkill)
	return &lane{Shop: s, t: t, day: day, car: car, found: day.Make("advisor", record.Jobs, data)}
}

type sentLink struct {
	ID, Token, URL string
	SentTo         string `json:"sent_to"`
	Data           map[string]struct{ Code string }
}

func (l *lane) send(body map[string]any) (int, sentLink) {
	l.t.Helper()
	if body == nil {
		body = map[string]any{}
	}
	body["work_order"], body["kind"] = l.car.Order.Id, consent.KindSupplement
	role := l.role
	if role == "" {
		role = "advisor"
	}
	answer := l.Do(http.MethodPost, "/api/links", l.Token(apptest.SH, role), body)
	var s sentLink
	answer.JSON(&s)
	return answer.Status, s
}

type page struct {
	portal.Page
	Data map[string]struct{ Code string }
}

func (p page) code() string {
	for _, field := range p.Data {
		return field.Code
	}
	return ""
}

func (l *lane) post(path string, body map[string]any) (int, page) {
	l.t.Helper()
	answer := l.Do(http.MethodPost, "/api/portal/"+path, "", body)
	var p page
	if answer.Status != http.StatusNoContent {
		answer.JSON(&p)
	}
	return answer.Status, p
}

// decision is what a customer sends who decides every line alike.
func (l *lane) decision(token string, p page, decision, code string) map[string]any {
	var body struct{ Jobs []struct{ ID, SHA256 string } }
	if err := json.Unmarshal(p.Document, &body); err != nil {
		l.t.Fatal(err)
	}
	lines := []map[string]any{}
	for _, j := range body.Jobs {
		lines = append(lines, map[string]any{"id": j.ID, "sha256": j.SHA256, "decision": decision})
	}
	return map[string]any{"token": token, "sha256": p.SHA256, "jobs": lines, "name": "李明", "relation": "self", "code": code,
		"strokes": []any{map[string]any{"points": []any{map[string]any{"x": 1, "y": 2, "time": 3}}}}}
}

var digits = regexp.MustCompile(`\d{6}`)

// sms is the newest text that only the customer reads.
func (l *lane) sms(kind string) string {
	l.t.Helper()
	var text string
	err := l.App.DB().NewQuery(`SELECT s.text FROM notify_secrets s JOIN messages m ON m.id = s.message WHERE m.kind = {:kind} ORDER BY m.created DESC, m.key DESC LIMIT 1`).
		Bind(dbx.Params{"kind": kind}).Row(&text)
	if err != nil {
		l.t.Fatalf("no %s: %v", kind, err)
	}
	return text
}

func TestPortal(t *testing.T) {
	l := newLane(t)
	status, link := l.send(nil)
	if status != http.StatusOK {
		t.Fatalf("%d %+v", status, link)
	}
	t.Run("S-05 the link goes to the customer alone: staff see that it was sent, the database holds no token", func(t *testing.T) {
		if text := l.sms("link"); !strings.Contains(text, link.URL) || !strings.HasSuffix(link.URL, "/portal#"+link.Token) || link.SentTo != "138****8000" {
			t.Errorf("%q %+v", text, link)
		}
		messages, err := l.App.FindAllRecords(record.Messages)
		if err != nil || len(messages) != 1 || strings.Contains(messages[0].GetString(record.FieldText), link.Token) {
			t.Errorf("%v %v", messages, err)
		}
		var token string
		if err := l.App.DB().NewQuery("SELECT token FROM link_secrets").Row(&token); err != nil || token == link.Token || len(token) != 64 {
			t.Errorf("%q %v", token, err)
		}
	})
	var shown page
	t.Run("S-05 opening never uses it up", func(t *testing.T) {
		for range 3 {
			if status, shown = l.post("open", map[string]any{"token": link.Token}); status != http.StatusOK || shown.State != "opened" || !shown.WithCode {
				t.Fatalf("%d %+v", status, shown)
			}
		}
		if len(shown.Jobs) != 1 || shown.Jobs[0].Note != "含水量 4 %" || !shown.Jobs[0].Safety {
			t.Errorf("%+v", shown.Jobs)
		}
	})
	t.Run("S-05 a token that is not ours", func(t *testing.T) {
		for _, token := range []string{"", "x", link.Token[1:], link.ID} {
			if status, p := l.post("open", map[string]any{"token": token}); status != http.StatusNotFound || p.code() != "link.unknown" {
				t.Errorf("%q: %d %s", token, status, p.code())
			}
		}
	})
	t.Run("S-05 with money involved a decision needs the one-time code", func(t *testing.T) {
		if status, p := l.post("decide", l.decision(link.Token, shown, consent.Approved, "")); status == http.StatusOK || p.code() != "link.code_missing" {
			t.Errorf("%d %s", status, p.code())
		}
		if status, p := l.post("decide", l.decision(link.Token, shown, consent.Approved, "123456")); status == http.StatusOK || p.code() != "link.code_wrong" {
			t.Errorf("%d %s", status, p.code())
		}
		if status, p := l.post("code", map[string]any{"token": link.Token}); status != http.StatusNoContent {
			t.Fatalf("%d %s", status, p.code())
		}
		if status, p := l.post("code", map[string]any{"token": link.Token}); status != http.StatusTooManyRequests || p.code() != "link.code_wait" {
			t.Errorf("%d %s", status, p.code())
		}
		code := digits.FindString(l.sms("code"))
		for range 5 {
			wrong := "000000"
			if code == wrong {
				wrong = "000001"
			}
			l.post("decide", l.decision(link.Token, shown, consent.Approved, wrong))
		}
		if status, p := l.post("decide", l.decision(link.Token, shown, consent.Approved, code)); status == http.StatusOK || p.code() != "link.code_wrong" {
			t.Errorf("after five wrong codes: %d %s", status, p.code())
		}
	})
	l.Clock.Advance(2 * time.Minute)
	if status, p := l.post("code", map[string]any{"token": link.Token}); status != http.StatusNoContent {
		t.Fatalf("%d %s", status, p.code())
	}
	code := digits.FindString(l.sms("code"))
	t.Run("S-05 every line is decided, and no other", func(t *testing.T) {
		d := l.decision(link.Token, shown, consent.Approved, code)
		d["jobs"] = []any{}
		if status, p := l.post("decide", d); status == http.StatusOK || p.code() != "link.incomplete" {
			t.Errorf("%d %s", status, p.code())
		}
		d = l.decision(link.Token, shown, consent.Approved, code)
		d["jobs"].([]map[string]any)[0]["sha256"] = strings.Repeat("0", 64)
		if status, p := l.post("decide", d); status == http.StatusOK || p.code() != "consent.hash" {
			t.Errorf("%d %s", status, p.code())
		}
		d = l.decision(link.Token, shown, consent.Approved, code)
		d["strokes"] = []any{}
		if status, p := l.post("decide", d); status == http.StatusOK || p.code() != "consent.strokes_missing" {
			t.Errorf("%d %s", status, p.code())
		}
	})
	t.Run("S-05 the decision is a sealed consent of kind portal that names its link, and releases the job", func(t *testing.T) {
		status, p := l.post("decide", l.decision(link.Token, shown, consent.Approved, code))
		if status != http.StatusOK || p.State != "decided" || p.Code == "" {
			t.Fatalf("%d %s %+v", status, p.code(), p.Page)
		}
		row, err := l.App.FindFirstRecordByData(record.Consents, record.FieldCode, p.Code)
		if err != nil || record.AsConsent(row).Kind() != "portal" || row.GetString(record.FieldLink) != link.ID || row.GetString(record.FieldState) != "given" {
			t.Fatalf("%v %v", row, err)
		}
		var v struct{ Valid bool }
		l.Do(http.MethodGet, "/api/verify/"+p.Code, "", nil).JSON(&v)
		if !v.Valid {
			t.Error("not sealed")
		}
		l.day.Do("advisor", row, map[string]any{record.FieldCountersignedBy: l.day.ID("advisor"), record.FieldCountersignedAt: l.day.Now()})
		l.day.Step("advisor", l.found, "approved")
	})
	t.Run("S-05 a link is decided once", func(t *testing.T) {
		if status, p := l.post("decide", l.decision(link.Token, shown, consent.Declined, code)); status != http.StatusConflict || p.code() != "link.decided" {
			t.Errorf("%d %s", status, p.code())
		}
		if status, p := l.post("open", map[string]any{"token": link.Token}); status != http.StatusOK || p.State != "decided" {
			t.Errorf("%d %s", status, p.State)
		}
	})
	t.Run("S-05 with nothing left to decide no link is sent", func(t *testing.T) {
		if status, s := l.send(nil); status == http.StatusOK || s.Data["work_order"].Code != "link.nothing" {
			t.Errorf("%d %+v", status, s)
		}
	})
}

func TestPortalRefuses(t *testing.T) {
	l := newLane(t)
	send := func(t *testing.T, body map[string]any) (sentLink, page) {
		t.Helper()
		status, link := l.send(body)
		if status != http.StatusOK {
			t.Fatalf("%d %+v", status, link)
		}
		_, p := l.post("open", map[string]any{"token": link.Token})
		return link, p
	}
	refused := func(t *testing.T, link sentLink, p page, state, code string) {
		t.Helper()
		if _, again := l.post("open", map[string]any{"token": link.Token}); again.State != state {
			t.Errorf("page says %s, want %s", again.State, state)
		}
		if status, got := l.post("decide", l.decision(link.Token, p, consent.Declined, "")); status == http.StatusOK || got.code() != code {
			t.Errorf("%d %s, want %s", status, got.code(), code)
		}
	}
	t.Run("S-05 what changed after the link was sent voids it, and the page says what", func(t *testing.T) {
		link, p := send(t, nil)
		l.day.Do("advisor", l.found, map[string]any{record.FieldLabourFen: 30000})
		_, again := l.post("open", map[string]any{"token": link.Token})
		if len(again.Changes) != 1 || !strings.Contains(string(again.Changes[0].Before), `"labour_fen":24000`) || !strings.Contains(string(again.Changes[0].After), `"labour_fen":30000`) {
			t.Errorf("%s", again.Changes)
		}
		refused(t, link, p, "changed", "link.changed")
	})
	t.Run("S-05 a new link takes the earlier one back", func(t *testing.T) {
		link, p := send(t, map[string]any{"hand": true})
		send(t, nil)
		refused(t, link, p, "revoked", "link.revoked")
	})
	t.Run("S-05 the advisor takes a link back", func(t *testing.T) {
		link, p := send(t, nil)
		row, err := l.App.FindRecordById(record.CustomerLinks, link.ID)
		if err != nil {
			t.Fatal(err)
		}
		l.day.Step("advisor", row, "revoked")
		refused(t, link, p, "revoked", "link.revoked")
	})
	t.Run("S-05 a link expires after 72 hours", func(t *testing.T) {
		link, p := send(t, nil)
		l.Clock.Advance(72 * time.Hour)
		refused(t, link, p, "expired", "link.expired")
	})
	t.Run("S-06 declining needs no code and is kept with its time", func(t *testing.T) {
		link, p := send(t, nil)
		status, done := l.post("decide", l.decision(link.Token, p, consent.Declined, ""))
		if status != http.StatusOK || !strings.Contains(string(done.Decisions), "declined") || done.DecidedAt != l.day.Now() {
			t.Fatalf("%d %s %+v", status, done.code(), done.Page)
		}
		row, err := l.App.FindFirstRecordByData(record.Consents, record.FieldLink, link.ID)
		if err != nil || row.GetString(record.FieldState) != "declined" {
			t.Errorf("%v %v", row, err)
		}
		items, err := l.App.FindAllRecords(record.DueItems, dbx.HashExp{record.FieldKind: "link_decided"})
		if err != nil || len(items) != 1 || items[0].GetString(record.FieldOwner) != l.day.ID("advisor") {
			t.Fatalf("%v %v", items, err)
		}
		state := func() string {
			if err := l.House.Due.Round(t.Context()); err != nil {
				t.Fatal(err)
			}
			return record.AsDueItem(l.day.Fresh(items[0])).State()
		}
		if got := state(); got != record.DueOpen {
			t.Errorf("%s before the advisor has seen it", got)
		}
		l.day.Do("advisor", row, map[string]any{record.FieldCountersignedBy: l.day.ID("advisor"), record.FieldCountersignedAt: l.day.Now()})
		if got := state(); got != record.DueDone {
			t.Errorf("%s after the countersignature", got)
		}
	})
	t.Run("S-05 only advisors and managers of the shop send links", func(t *testing.T) {
		l.role = "technician"
		if status, _ := l.send(nil); status != http.StatusBadRequest {
			t.Errorf("%d", status)
		}
		l.role = ""
		if answer := l.Do(http.MethodPost, "/api/links", l.Token(apptest.HZ, "advisor"), map[string]any{"work_order": l.car.Order.Id, "kind": "supplement"}); answer.Status != http.StatusNotFound {
			t.Errorf("%d", answer.Status)
		}
		if answer := l.Do(http.MethodPost, "/api/links", "", map[string]any{"work_order": l.car.Order.Id, "kind": "supplement"}); answer.Status != http.StatusUnauthorized {
			t.Errorf("%d", answer.Status)
		}
	})
	t.Run("S-05 what has no price is not sent", func(t *testing.T) {
		data := l.day.JobData(l.car.Order, "未报价")
		data[record.FieldOrigin] = consent.KindSupplement
		delete(data, record.FieldPricedAt)
		delete(data, record.FieldSkill)
		l.day.Make("advisor", record.Jobs, data)
		if status, s := l.send(nil); status == http.StatusOK || !strings.Contains(mustJSON(s.Data), "link.unpriced") {
			t.Errorf("%d %+v", status, s)
		}
	})
	t.Run("S-05 a customer without phone or mail decides at the counter", func(t *testing.T) {
		customer, err := l.App.FindFirstRecordByData(record.Customers, record.FieldShop, apptest.SH)
		if err != nil {
			t.Fatal(err)
		}
		l.day.Do("advisor", customer, map[string]any{record.FieldPhone: ""})
		rows, err := l.App.FindAllRecords(record.Jobs, dbx.HashExp{record.FieldWork: "未报价"})
		if err != nil || len(rows) != 1 {
			t.Fatal(err)
		}
		l.day.Do("advisor", rows[0], map[string]any{record.FieldPricedAt: l.day.Now()})
		if status, s := l.send(map[string]any{"hand": true}); status == http.StatusOK || s.Data["customer"].Code != "link.no_address" {
			t.Errorf("%d %+v", status, s)
		}
	})
}

func mustJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
