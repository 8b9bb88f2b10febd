package route_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/sales"
)

const hook = "/api/orders/webhook/SH"

// platform sends signed calls to the shop.
type platform struct {
	*apptest.Shop
	t      *testing.T
	secret string
	calls  int
}

func newPlatform(t *testing.T) *platform {
	t.Helper()
	p := &platform{Shop: apptest.New(t), t: t}
	p.rotate()
	return p
}

func (p *platform) rotate() {
	p.t.Helper()
	var made struct{ Secret, Path string }
	a := p.Do(http.MethodPost, hook+"/secret", p.Token(apptest.SH, "manager"), nil)
	if a.JSON(&made); a.Status != http.StatusOK || !strings.HasPrefix(made.Secret, "whsec_") {
		p.t.Fatal(a.Status, string(a.Body))
	}
	p.secret = made.Secret
}

// send signs and sends; at is the timestamp's distance from now.
func (p *platform) send(id, body string, at time.Duration) apptest.Answer {
	p.t.Helper()
	seconds := strconv.FormatInt(time.Now().Add(at).Unix(), 10)
	return p.Do(http.MethodPost, hook, "", []byte(body), "Webhook-Id", id, "Webhook-Timestamp", seconds,
		"Webhook-Signature", "v1,old "+sales.Sign(p.secret, id, seconds, []byte(body)))
}

func (p *platform) tell(orders ...string) apptest.Answer {
	p.t.Helper()
	p.calls++
	return p.send(fmt.Sprintf("call-%d", p.calls), `{"orders":[`+strings.Join(orders, ",")+`]}`, 0)
}

// order is a bag and a strap, 300 fen off, with 8 yuan of shipping; more is put before the closing brace.
func order(id, more string) string {
	return `{"platform":"tmall","external_id":"` + id + `","customer_name":"林小雨","phone":"+86 138-0013-8001","ordered_at":"2026-10-01T10:00:00+08:00",
		"shipping_fen":800,"discount_fen":300,"paid_fen":25300,
		"lines":[{"name":"真皮手提包","sku":"BG-01","quantity":2,"unit_fen":9900,"exemptions":["made_to_order"],"accessories":["防尘袋","肩带"]},{"name":"肩带","quantity":1,"unit_fen":5000}]` + more + `}`
}

func (p *platform) outcome(a apptest.Answer) string {
	p.t.Helper()
	var said struct{ Orders []struct{ Outcome string } }
	a.JSON(&said)
	if a.Status != http.StatusOK || len(said.Orders) != 1 {
		p.t.Fatal(a.Status, string(a.Body))
	}
	return said.Orders[0].Outcome
}

func (p *platform) sale(id string) *record.SalesOrder {
	p.t.Helper()
	rec, err := p.App.FindFirstRecordByData(record.SalesOrders, record.FieldExternalID, id)
	if err != nil {
		p.t.Fatal(err)
	}
	return record.AsSalesOrder(rec)
}

func (p *platform) lines(id string) string {
	p.t.Helper()
	rows, err := p.App.FindAllRecords(record.SalesItems, dbx.HashExp{record.FieldSalesOrder: p.sale(id).Id})
	if err != nil {
		p.t.Fatal(err)
	}
	said := make([]string, 0, len(rows))
	for _, rec := range rows {
		i := record.AsSalesItem(rec)
		said = append(said, fmt.Sprintf("%d:%d×%d-%d=%d", i.LineNumber(), i.Quantity(), rec.GetInt(record.FieldUnitFen), rec.GetInt(record.FieldDiscountFen), i.PaidFen()))
	}
	return strings.Join(said, " ")
}

func (p *platform) head() (head int64) {
	p.t.Helper()
	if err := p.App.DB().NewQuery("SELECT COALESCE(MAX(seq), 0) FROM sync_changes").Row(&head); err != nil {
		p.t.Fatal(err)
	}
	return head
}

func TestOrdersWebhook(t *testing.T) {
	p := newPlatform(t)
	t.Run("L-13 an order goes in with every fen of its discount on a line", func(t *testing.T) {
		if got := p.outcome(p.tell(order("W-1", `,"revision":2`))); got != "created" {
			t.Error(got)
		}
		o := p.sale("W-1")
		if got := p.lines("W-1"); o.State() != record.SalePlaced || o.Phone() != "13800138001" || o.Number() != "W-1" || got != "1:2×9900-240=19560 2:1×5000-60=4940" {
			t.Errorf("%s %s %q", o.State(), o.Phone(), got)
		}
	})
	t.Run("L-02 the same order again changes nothing", func(t *testing.T) {
		before := p.head()
		if got := p.outcome(p.tell(order("W-1", `,"revision":2`))); got != "unchanged" || p.head() != before {
			t.Errorf("%s, %d changes", got, p.head()-before)
		}
	})
	t.Run("L-03 the receipt comes later, alone", func(t *testing.T) {
		a := p.tell(`{"platform":"tmall","external_id":"W-1","revision":3,"received_at":"2026-10-05T09:30:00+08:00"}`)
		if o := p.sale("W-1"); p.outcome(a) != "updated" || o.ReceivedAt() != "2026-10-05 01:30:00.000Z" || o.PaidFen() != 25300 {
			t.Errorf("%s %d", o.ReceivedAt(), o.PaidFen())
		}
	})
	t.Run("L-02 an older revision undoes nothing", func(t *testing.T) {
		if got := p.outcome(p.tell(order("W-1", `,"revision":2,"note":"old"`))); got != "stale" || p.sale("W-1").ReceivedAt() == "" {
			t.Error(got)
		}
	})
	t.Run("L-02 a revision is not used twice", func(t *testing.T) {
		if a := p.tell(order("W-1", `,"revision":3,"note":"other"`)); a.Status != http.StatusConflict || a.Code() != "sale.revision_reused" {
			t.Error(a.Status, string(a.Body))
		}
	})
	t.Run("L-13 fewer lines and less money: a line is struck, never deleted", func(t *testing.T) {
		a := p.tell(`{"platform":"tmall","external_id":"W-1","revision":4,"discount_fen":100,"lines":[{"name":"真皮手提包","quantity":1,"unit_fen":9900}]}`)
		if o := p.sale("W-1"); p.outcome(a) != "updated" || o.PaidFen() != 9900+800-100 || o.State() != record.SalePlaced {
			t.Errorf("%s %d fen", o.State(), o.PaidFen())
		}
		if got := p.lines("W-1"); got != "1:1×9900-100=9800 2:0×5000-0=0" {
			t.Error(got)
		}
	})
	t.Run("L-02 cancelled by the platform, and back", func(t *testing.T) {
		if p.outcome(p.tell(`{"platform":"tmall","external_id":"W-1","revision":5,"state":"cancelled"}`)) != "updated" || p.sale("W-1").State() != record.SaleCancelled {
			t.Error(p.sale("W-1").State())
		}
		if p.outcome(p.tell(`{"platform":"tmall","external_id":"W-1","revision":6}`)) != "updated" || p.sale("W-1").State() != record.SalePlaced {
			t.Error(p.sale("W-1").State())
		}
	})
}

// A platform tells an order again with a smaller amount after money has gone back for it: refused with the reason, the order and
// its lines stand, and so do the others of the call wait.
func TestOrdersWebhookAfterRefund(t *testing.T) {
	p := newPlatform(t)
	id := p.Day(apptest.SH).OrderRefunded().ExternalID()
	before := p.head()
	again := func(paid int) string {
		return fmt.Sprintf(`{"platform":"tmall","external_id":%q,"revision":1,"paid_fen":%d}`, id, paid)
	}
	a := p.tell(order("W-9", ""), again(9899))
	if a.Status != http.StatusBadRequest || a.Code() != "sale.below_refunds" || !strings.Contains(string(a.Body), "orders/1/paid_fen") || !strings.Contains(string(a.Body), "99.00") {
		t.Error("L-13", a.Status, string(a.Body))
	}
	if o := p.sale(id); p.head() != before || o.PaidFen() != 20600 || o.State() != record.SalePlaced || p.lines(id) != "1:2×9900-0=19800" {
		t.Errorf("L-13 the refused call left %d changes, %s over %d fen, %s", p.head()-before, o.State(), o.PaidFen(), p.lines(id))
	}
	if got := p.outcome(p.tell(again(9900))); got != "updated" || p.sale(id).PaidFen() != 9900 {
		t.Error("L-13 exactly what went back is no mistake:", got, p.sale(id).PaidFen())
	}
}

func TestOrdersWebhookRefuses(t *testing.T) {
	p := newPlatform(t)
	before := p.head()
	good := `{"orders":[` + order("X-1", "") + `]}`
	deep := `{"orders":[{"platform":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}]}`
	many := make([]string, sales.MaxOrders+1)
	for i := range many {
		many[i] = "{}"
	}
	for name, c := range map[string]struct {
		a      apptest.Answer
		status int
		code   string
	}{
		"L-02 a forged signature": {p.Do(http.MethodPost, hook, "", []byte(good), "Webhook-Id", "a", "Webhook-Timestamp", strconv.FormatInt(time.Now().Unix(), 10), "Webhook-Signature", "v1,AAAA"), 401, "sale.call_signature"},
		"L-02 no signature":       {p.Do(http.MethodPost, hook, p.Token(apptest.SH, "manager"), []byte(good)), 401, "sale.call_signature"},
		"L-02 a shop that opened no door": {p.Do(http.MethodPost, "/api/orders/webhook/HZ", "", []byte(good), "Webhook-Id", "a", "Webhook-Timestamp", strconv.FormatInt(time.Now().Unix(), 10),
			"Webhook-Signature", sales.Sign("", "a", strconv.FormatInt(time.Now().Unix(), 10), []byte(good))), 401, "sale.call_signature"},
		"L-02 no such shop":                               {p.Do(http.MethodPost, "/api/orders/webhook/nowhere", "", []byte(good)), 401, "sale.call_signature"},
		"L-02 a call of six minutes ago":                  {p.send("b", good, -6*time.Minute), 401, "sale.call_stale"},
		"L-02 a call of the future":                       {p.send("c", good, 6*time.Minute), 401, "sale.call_stale"},
		"L-02 no JSON":                                    {p.send("d", "orders", 0), 400, "sale.call_body"},
		"L-02 invalid UTF-8":                              {p.send("e", "{\"orders\":[{\"platform\":\"\xff\"}]}", 0), 400, "sale.call_body"},
		"L-02 deep JSON":                                  {p.send("f", deep, 0), 400, "sale.call_body"},
		"L-02 nothing":                                    {p.send("g", `{"orders":[]}`, 0), 400, "sale.call_body"},
		"L-02 too many orders":                            {p.tell(many...), 413, "sale.too_many_orders"},
		"L-02 a megabyte":                                 {p.send("h", `{"orders":["`+strings.Repeat("x", sales.MaxCallSize)+`"]}`, 0), 413, "access.too_large"},
		"L-02 a field nobody knows":                       {p.tell(order("X-2", `,"colour":"red"`)), 400, "field.unknown"},
		"L-02 a derived field":                            {p.tell(order("X-2", `,"version":9`)), 400, "field.unknown"},
		"L-02 another shop":                               {p.tell(order("X-2", `,"shop":"`+apptest.HZ+`"`)), 400, "field.unknown"},
		"L-02 a state of ours":                            {p.tell(order("X-2", `,"state":"incoming"`)), 400, "field.invalid"},
		"L-13 half a fen":                                 {p.tell(order("X-2", `,"items_fen":24800.5`)), 400, "field.invalid"},
		"L-13 less than nothing":                          {p.tell(order("X-2", `,"items_fen":-1`)), 400, "field.range"},
		"L-13 amounts that differ":                        {p.tell(order("X-2", `,"items_fen":24801`)), 400, "sale.items_differ"},
		"L-03 a time without a zone":                      {p.tell(order("X-2", `,"received_at":"2026-10-05 09:30:00"`)), 400, "field.invalid"},
		"L-03 received tomorrow":                          {p.tell(order("X-2", `,"received_at":"2036-10-05T09:30:00Z"`)), 400, "sale.future"},
		"L-15 an exemption that the policy does not know": {p.tell(`{"platform":"jd","external_id":"X-3","customer_name":"周","lines":[{"name":"包","quantity":1,"unit_fen":1,"exemptions":["smelly"]}]}`), 400, "sale.exemption_unknown"},
		"L-03 a product line without a policy":            {p.tell(`{"platform":"jd","external_id":"X-3","customer_name":"周","lines":[{"name":"包","quantity":1,"unit_fen":1,"product_line":"boats"}]}`), 400, "claim.line_unknown"},
		"L-02 the second of two: neither is taken":        {p.tell(order("X-1", ""), order("X-2", `,"items_fen":1`)), 400, "sale.items_differ"},
	} {
		if c.a.Status != c.status || c.a.Code() != c.code {
			t.Errorf("%s: %d %s, want %d %s", name, c.a.Status, c.a.Body, c.status, c.code)
		}
	}
	if p.head() != before {
		t.Errorf("L-02 refused calls left %d changes", p.head()-before)
	}
	t.Run("L-02 a call is taken once, and its id is free again when it was refused", func(t *testing.T) {
		if a := p.send("once", `{"orders":[{}]}`, 0); a.Status != http.StatusBadRequest {
			t.Error(a.Status, string(a.Body))
		}
		if a := p.send("once", good, 0); a.Status != http.StatusOK {
			t.Error(a.Status, string(a.Body))
		}
		if a := p.send("once", good, 0); a.Status != http.StatusConflict || a.Code() != "sale.call_replayed" {
			t.Error(a.Status, string(a.Body))
		}
	})
	t.Run("L-02 a new secret makes the old one worthless", func(t *testing.T) {
		old := p.secret
		p.rotate()
		p.secret = old
		if a := p.tell(order("X-9", "")); a.Code() != "sale.call_signature" {
			t.Error(a.Status, string(a.Body))
		}
	})
	t.Run("L-02 the secret is shown once, to those who manage", func(t *testing.T) {
		if a := p.Do(http.MethodGet, hook+"/secret", p.Token(apptest.SH, "manager"), nil); a.Status != http.StatusOK || strings.Contains(string(a.Body), "whsec_") {
			t.Error(a.Status, string(a.Body))
		}
		if a := p.Do(http.MethodPost, hook+"/secret", p.Token(apptest.SH, "agent"), nil); a.Code() != "sale.call_role" {
			t.Error(a.Status, string(a.Body))
		}
		if a := p.Do(http.MethodPost, hook+"/secret", p.Token(apptest.HZ, "manager"), nil); a.Status != http.StatusNotFound {
			t.Error(a.Status, string(a.Body))
		}
	})
}
