package hooks_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// atOnce lets all of them begin at the same instant and returns their codes, "" for what was taken.
func atOnce(tries ...func() string) []string {
	codes, begin := make([]string, len(tries)), make(chan struct{})
	var wait sync.WaitGroup
	for i, try := range tries {
		wait.Add(1)
		go func() {
			defer wait.Done()
			<-begin
			codes[i] = try()
		}()
	}
	close(begin)
	wait.Wait()
	return codes
}

// asker is one person at one device; each call is of its own goroutine.
type asker struct {
	s      *shop
	token  string
	device *apptest.Device
}

func (s *shop) asker(role string) asker {
	s.t.Helper()
	return asker{s, s.house.Token(apptest.SH, role), s.house.Device(apptest.SH, role)}
}

// rest patches or creates through PocketBase's API.
func (a asker) rest(collection, id string, data map[string]any) string {
	method, path := http.MethodPatch, "/api/collections/"+collection+"/records/"+id
	if id == "" {
		method, path, data[record.FieldShop] = http.MethodPost, "/api/collections/"+collection+"/records", a.s.Shop
	}
	got := a.s.house.Do(method, path, a.token, data)
	if got.Status != http.StatusOK && got.Code() == "" {
		return fmt.Sprintf("%d %s", got.Status, got.Body)
	}
	return got.Code()
}

// push sends the ops as one mutation; what was merged tells so.
func (a asker) push(ops ...wire.Op) string {
	got := a.device.Send(a.device.Mutation(ops...))
	var response wire.PushResponse
	got.JSON(&response)
	if got.Status != http.StatusOK || len(response.Outcomes) != 1 {
		return fmt.Sprintf("%d %s", got.Status, got.Body)
	}
	if o := response.Outcomes[0]; o.Outcome != wire.Applied {
		return string(o.Outcome) + " " + o.Code
	}
	return ""
}

// on is the row as a tablet changes it that has heard of its present version.
func on(row *core.Record, data map[string]any) wire.Op {
	return apptest.Patch(row.Collection().Name, row.Id, int64(row.GetInt(record.FieldVersion)), data)
}

// oneStands fails unless one of the codes is "" and the others are among the wanted; it returns which one stands.
func oneStands(t *testing.T, codes []string, wanted ...string) int {
	t.Helper()
	stands := slices.Index(codes, "")
	for i, code := range codes {
		if stands < 0 || i != stands && !slices.Contains(wanted, code) {
			t.Fatalf("answered %q", codes)
		}
	}
	return stands
}

func told(c *record.Claim, events ...string) (list []string) {
	for _, e := range c.History() {
		if slices.Contains(events, e.Event) {
			list = append(list, e.Event+" "+e.By)
		}
	}
	return list
}

// Two agents decide at once: one decision stands, whole, and the other agent is told why theirs does not (L-07, X-06).
func TestTwoAgentsDecideAtOnce(t *testing.T) {
	s := newShop(t)
	s.Do("manager", s.house.Staff(apptest.SH, "second"), map[string]any{record.FieldRoles: []string{"agent"}})
	one, two := s.asker("agent"), s.asker("second")
	doors := map[string]func(a asker, row *core.Record, steps ...map[string]any) string{
		"rest": func(a asker, row *core.Record, steps ...map[string]any) string {
			all := map[string]any{}
			for _, step := range steps {
				for field, value := range step {
					all[field] = value
				}
			}
			return a.rest(record.Claims, row.Id, all)
		},
		"push": func(a asker, row *core.Record, steps ...map[string]any) string {
			ops := []wire.Op{}
			for _, step := range steps {
				ops = append(ops, on(row, step))
			}
			return a.push(ops...)
		},
	}
	for door, do := range doors {
		t.Run("L-07 "+door+" one approves, one rejects", func(t *testing.T) {
			for range 6 {
				c, _ := s.ClaimFiled("return", nil)
				s.Do("agent", c, apptest.Judged("none"))
				s.Step("agent", c, "negotiating")
				s.Do("agent", c, map[string]any{record.FieldAgreement: "退一半"})
				codes := atOnce(
					func() string { return do(one, c, map[string]any{record.FieldState: "approved"}) },
					func() string {
						return do(two, c, map[string]any{record.FieldRejection: "已经使用"}, map[string]any{record.FieldState: "rejected"})
					})
				approved := oneStands(t, codes, "flow.transition", "claim.frozen", "rejected flow.transition", "rejected claim.frozen") == 0
				row := record.AsClaim(s.Fresh(c))
				if approved != (row.State() == "approved") || approved != (row.ShipBackDueAt() != "") || approved == row.Says(record.FieldRejection) ||
					approved == row.Says(record.FieldClosedAt) || len(told(row, "approved", "rejected")) != 1 {
					t.Fatalf("%q left %v", codes, row.PublicExport())
				}
			}
		})
		t.Run("L-07 "+door+" two verdicts", func(t *testing.T) {
			for range 6 {
				c, _ := s.ClaimFiled("return", nil)
				said := []string{"齿脱落", "使用痕迹"}
				codes := atOnce(
					func() string {
						return do(one, c, map[string]any{record.FieldVerdict: "quality", record.FieldVerdictReason: said[0]})
					},
					func() string {
						return do(two, c, map[string]any{record.FieldVerdict: "none", record.FieldVerdictReason: said[1]})
					})
				first := oneStands(t, codes, "claim.judged_already", "rejected claim.judged_already")
				row := record.AsClaim(s.Fresh(c))
				verdict, lane, by := "quality", "return_exchange", s.ID("agent")
				if first == 1 {
					verdict, lane, by = "none", "negotiate", s.ID("second")
				}
				if row.Verdict() != verdict || row.Lane() != lane || row.VerdictBy() != by || row.GetString(record.FieldVerdictReason) != said[first] ||
					!slices.Equal(told(row, "verdict"), []string{"verdict " + by}) {
					t.Fatalf("%q left %v", codes, row.PublicExport())
				}
				if n := s.count(record.Conflicts, dbx.HashExp{record.FieldRecord: c.Id}); n != 0 {
					t.Fatalf("a refused verdict left %d conflicts", n)
				}
			}
		})
	}
	t.Run("L-07 a supervisor has the last word", func(t *testing.T) {
		c, _ := s.ClaimFiled("return", nil)
		s.Do("agent", c, apptest.Judged("none"))
		s.Do("supervisor", c, apptest.Judged("quality"))
		if row := record.AsClaim(s.Fresh(c)); row.Lane() != "return_exchange" || row.VerdictBy() != s.ID("supervisor") {
			t.Fatal(row.PublicExport())
		}
	})
}

func (s *shop) count(collection string, where dbx.HashExp) int64 {
	s.t.Helper()
	n, err := s.App.CountRecords(collection, where)
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// The refund is pressed fifty times at the same instant, on tablets and through PocketBase's API: it is in the ledger once (L-13).
func TestRefundPressedAtOnce(t *testing.T) {
	s := newShop(t)
	c := s.ClaimAccepted("return", nil)
	s.Step("finance", c, "refund_pending")
	tries := make([]func() string, 50)
	for i := range tries {
		data := s.RefundData(c)
		if i%2 == 0 {
			a := asker{s, s.tokenOf("finance"), nil}
			tries[i] = func() string { return a.rest(record.Refunds, "", data) }
			continue
		}
		a := asker{s, "", s.house.Device(apptest.SH, "finance")}
		data[record.FieldShop] = s.Shop
		tries[i] = func() string { return a.push(apptest.Create(record.Refunds, apptest.NewID(), data)) }
	}
	oneStands(t, atOnce(tries...), "refund.twice", "rejected refund.twice")
	rows, err := s.App.FindAllRecords(record.Refunds, dbx.HashExp{record.FieldClaim: c.Id})
	if err != nil || len(rows) != 1 || rows[0].GetInt(record.FieldFen) != 9900 {
		t.Fatalf("L-13 %d entries, %v", len(rows), err)
	}
	s.Step("finance", c, "completed")
}

// The difference of an exchange is paid while the scheduler lets what is overdue expire: what has money goes on, and what has
// expired takes none (L-08, L-10).
func TestPaidWhileExpiring(t *testing.T) {
	s := newShop(t)
	dearer := map[string]any{record.FieldReplacement: "大号", record.FieldReplacementFen: 12900}
	money := map[string]any{record.FieldCollectedFen: 3000, record.FieldCollectedReference: "WX77"}
	round := func() string {
		if err := s.house.House.Due.Round(context.Background()); err != nil {
			return err.Error()
		}
		return ""
	}
	finance, dock := s.asker("finance"), s.asker("warehouse")
	for _, door := range []string{"rest", "push"} {
		pay := func(c *core.Record) string {
			if door == "rest" {
				return finance.rest(record.Claims, c.Id, money)
			}
			return finance.push(on(c, money))
		}
		t.Run("L-08 L-10 "+door+" before the goods are here no money is taken, and the claim expires", func(t *testing.T) {
			c := s.ClaimApproved("exchange", dearer)
			s.house.Clock.Advance(48 * time.Hour)
			codes := atOnce(round, func() string { return pay(c) })
			row := record.AsClaim(s.Fresh(c))
			if codes[0] != "" || !slices.Contains([]string{"claim.pay_not_now", "rejected claim.pay_not_now"}, codes[1]) || row.State() != "expired" || row.CollectedFen() != 0 {
				t.Fatalf("%q left %v", codes, row.PublicExport())
			}
		})
		t.Run("L-08 L-10 "+door+" goods that were checked wait for the money, whatever the time, and it stands", func(t *testing.T) {
			c := s.ClaimAccepted("exchange", dearer)
			s.Step("finance", c, "awaiting_payment")
			s.house.Clock.Advance(49 * time.Hour)
			if codes := atOnce(round, func() string { return pay(c) }); slices.ContainsFunc(codes, func(code string) bool { return code != "" }) {
				t.Fatalf("%q", codes)
			}
			s.Step("finance", c, "exchange_pending")
			s.Make("warehouse", record.Shipments, s.ParcelData(c, "out"))
			s.Step("warehouse", c, "returned")
		})
		t.Run("L-08 L-10 "+door+" a parcel sent in time is entered while the claim expires: it goes on to the payment", func(t *testing.T) {
			c := s.ClaimApproved("exchange", dearer)
			parcel := s.ParcelData(c, "in")
			parcel[record.FieldSentAt], parcel[record.FieldShop] = record.Text(s.Clock().Add(48*time.Hour-time.Minute)), s.Shop
			s.house.Clock.Advance(48 * time.Hour)
			enter := func() string {
				if door == "push" {
					return dock.push(apptest.Create(record.Shipments, apptest.NewID(), parcel), on(c, map[string]any{record.FieldState: "in_transit"}))
				}
				if code := dock.rest(record.Shipments, "", parcel); code != "" {
					return code
				}
				return dock.rest(record.Claims, c.Id, map[string]any{record.FieldState: "in_transit"})
			}
			codes := atOnce(round, enter)
			if row := record.AsClaim(s.Fresh(c)); codes[0] != "" || !slices.Contains([]string{"", "merged "}, codes[1]) || row.State() != "in_transit" || row.Says(record.FieldClosedAt) {
				t.Fatalf("%q left %v", codes, row.PublicExport())
			}
			s.Step("warehouse", c, "received")
			if got := pay(s.Fresh(c)); got == "" {
				t.Error("money was taken for goods that nobody has checked")
			}
		})
	}
}

// Fifty filings of one order at once: one is taken.
func TestOneReturnOfAnOrder(t *testing.T) {
	s := newShop(t)
	order, _ := s.Sale("DD-RACE")
	agent, filings := s.asker("agent"), make([]func() string, 50)
	for i := range filings {
		data := s.ClaimKindData(order, "return")
		filings[i] = func() string { return agent.rest(record.Claims, "", data) }
	}
	taken := 0
	for _, code := range atOnce(filings...) {
		if code == "" {
			taken++
		} else if code != "claim.used_up" {
			t.Errorf("refused as %s", code)
		}
	}
	if taken != 1 {
		t.Errorf("L-11 %d returns of one order were taken", taken)
	}
}
