package push_test

import (
	"net/http"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

func customer(name string) map[string]any {
	return map[string]any{record.FieldShop: apptest.SH, record.FieldName: name}
}

// count is the number of rows of a collection.
func count(t *testing.T, s *apptest.Shop, collection string) int64 {
	t.Helper()
	n, err := s.App.CountRecords(collection)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// logged is the number of entries of the change log.
func logged(t *testing.T, s *apptest.Shop) (n int64) {
	t.Helper()
	if err := s.App.DB().NewQuery("SELECT COUNT(*) FROM sync_changes").Row(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func expect(t *testing.T, o wire.Outcome, outcome, code string) {
	t.Helper()
	if o.Outcome != outcome || o.Code != code {
		t.Fatalf("got %s %q (%s), want %s %q; fields %v", o.Outcome, o.Code, o.Message, outcome, code, o.Fields)
	}
}

func TestOnce(t *testing.T) {
	t.Run("X-02 a mutation sent again gets its stored outcome and has one effect, log included", func(t *testing.T) {
		s := apptest.New(t)
		d := s.Device(apptest.SH, "advisor")
		m := d.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("李明")))
		first := d.Push(m).Outcomes[0]
		expect(t, first, wire.Applied, "")
		rows, entries := count(t, s, record.Customers), logged(t, s)
		for range 3 {
			again := d.Push(m)
			if again.Outcomes[0].Commit != first.Commit || again.Seq != 1 {
				t.Fatalf("%+v", again)
			}
			expect(t, again.Outcomes[0], wire.Applied, "")
		}
		if count(t, s, record.Customers) != rows || logged(t, s) != entries {
			t.Fatal("the mutation had a second effect")
		}
	})
	t.Run("X-02 a rejected mutation sent again is rejected by its stored outcome, in the language asked for", func(t *testing.T) {
		s := apptest.New(t)
		d := s.Device(apptest.SH, "advisor")
		m := d.Mutation(apptest.Create(record.Customers, apptest.NewID(), map[string]any{record.FieldShop: apptest.SH}))
		expect(t, d.Push(m).Outcomes[0], wire.Rejected, "field.required")
		answer := s.Do(http.MethodPost, "/api/sync/push", d.Token, d.Body(m), "Accept-Language", "zh-CN")
		var response wire.PushResponse
		answer.JSON(&response)
		expect(t, response.Outcomes[0], wire.Rejected, "field.required")
		if message := response.Outcomes[0].Fields[record.FieldName].Message; message == "" || message[0] < 0x80 {
			t.Fatalf("not Chinese: %q", message)
		}
	})
	t.Run("X-02 a known seq with other content is refused, and so is a known id, which uses its seq; the first effect stands", func(t *testing.T) {
		s := apptest.New(t)
		d := s.Device(apptest.SH, "advisor")
		id := apptest.NewID()
		m := d.Mutation(apptest.Create(record.Customers, id, customer("李明")))
		d.Push(m)

		other := m
		other.Ops = []wire.Op{apptest.Create(record.Customers, apptest.NewID(), customer("王芳"))}
		expect(t, d.Push(other).Outcomes[0], wire.Rejected, "sync.reused")

		renamed := m
		renamed.ID = apptest.NewID()
		expect(t, d.Push(renamed).Outcomes[0], wire.Rejected, "sync.reused")

		moved := m
		moved.Seq = 2
		got := d.Push(moved)
		expect(t, got.Outcomes[0], wire.Rejected, "sync.reused")
		if got.Seq != 2 || count(t, s, record.Customers) != 1 {
			t.Fatalf("seq %d", got.Seq)
		}
		d.Seq = 2
		d.Must(apptest.Create(record.Customers, apptest.NewID(), customer("张伟")))
	})
	t.Run("X-02 a mutation's id is known across devices", func(t *testing.T) {
		s := apptest.New(t)
		a, b := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "manager")
		m := a.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("李明")))
		a.Push(m)
		got := b.Push(m)
		expect(t, got.Outcomes[0], wire.Rejected, "sync.reused")
		if got.Outcomes[0].First != nil {
			t.Error("another person is told what became of it")
		}
	})
	t.Run("X-02 work carried to another tablet of the same person and sent from both is told what became of it first", func(t *testing.T) {
		s := apptest.New(t)
		a, b := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "advisor")
		done := a.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("李明")))
		refused := a.Mutation(apptest.Patch(record.Customers, apptest.NewID(), 1, customer("王芳")))
		a.Push(done, refused)
		fresh := a.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("张伟")))
		for range 2 { // the second time because the answer was lost
			got := b.Push(done, refused, fresh)
			if got.Seq != 3 {
				t.Fatalf("seq %d: all three go in one push", got.Seq)
			}
			for i, want := range []wire.Outcome{{Outcome: wire.Applied}, {Outcome: wire.Rejected, Code: "sync.not_found"}} {
				expect(t, got.Outcomes[i], wire.Rejected, "sync.reused")
				if got.Outcomes[i].First == nil {
					t.Fatal("not told")
				}
				expect(t, *got.Outcomes[i].First, want.Outcome, want.Code)
			}
			expect(t, got.Outcomes[2], wire.Applied, "")
		}
		if n := count(t, s, record.Customers); n != 2 {
			t.Errorf("%d customers", n)
		}
	})
}

func TestOrder(t *testing.T) {
	t.Run("X-02 a seq above the next one waits, nothing applied; once the gap is filled all apply", func(t *testing.T) {
		s := apptest.New(t)
		d := s.Device(apptest.SH, "advisor")
		id := apptest.NewID()
		first := d.Mutation(apptest.Create(record.Customers, id, customer("李明")))
		second := d.Mutation(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldAddress: "浦东"}))
		third := d.Mutation(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldTitle: "先生"}))
		got := d.Push(third, second)
		expect(t, got.Outcomes[0], wire.Retry, "sync.gap")
		expect(t, got.Outcomes[1], wire.Retry, "sync.gap")
		if got.Outcomes[0].After == 0 || got.Seq != 0 || count(t, s, record.Customers) != 0 {
			t.Fatalf("%+v", got)
		}
		got = d.Push(first, second, third)
		for _, o := range got.Outcomes {
			expect(t, o, wire.Applied, "")
		}
		if got.Seq != 3 {
			t.Fatal(got.Seq)
		}
	})
	t.Run("X-02 an empty push asks for the seq the server expects", func(t *testing.T) {
		s := apptest.New(t)
		d := s.Device(apptest.SH, "advisor")
		d.Must(apptest.Create(record.Customers, apptest.NewID(), customer("李明")))
		if got := d.Push(); got.Seq != 1 || len(got.Outcomes) != 0 || got.Epoch == "" {
			t.Fatalf("%+v", got)
		}
	})
	t.Run("X-04 a refused mutation blocks only those that depend on it", func(t *testing.T) {
		s := apptest.New(t)
		d := s.Device(apptest.SH, "advisor")
		lost, kept := apptest.NewID(), apptest.NewID()
		got := d.Push(
			d.Mutation(apptest.Create(record.Customers, lost, map[string]any{record.FieldShop: apptest.SH, "nickname": "x"})),
			d.Mutation(apptest.Patch(record.Customers, lost, 1, map[string]any{record.FieldTitle: "先生"})),
			d.Mutation(apptest.Create(record.Customers, kept, customer("王芳"))))
		expect(t, got.Outcomes[0], wire.Rejected, "field.unknown")
		expect(t, got.Outcomes[1], wire.Rejected, "sync.not_found")
		expect(t, got.Outcomes[2], wire.Applied, "")
		if got.Seq != 3 {
			t.Fatal(got.Seq)
		}
	})
	t.Run("X-02 the ops of a mutation land whole or not at all, also in a group", func(t *testing.T) {
		s := apptest.New(t)
		d := s.Device(apptest.SH, "advisor")
		before := logged(t, s)
		told := 0
		s.App.OnRecordAfterCreateSuccess(record.Customers).BindFunc(func(e *recordEvent) error { told++; return e.Next() })
		one, two, three := apptest.NewID(), apptest.NewID(), apptest.NewID()
		got := d.Push(
			d.Mutation(apptest.Create(record.Customers, one, customer("李明"))),
			d.Mutation(apptest.Create(record.Customers, two, customer("王芳")),
				apptest.Create(record.Vehicles, apptest.NewID(), map[string]any{record.FieldShop: apptest.SH, record.FieldCustomer: apptest.NewID()})),
			d.Mutation(apptest.Create(record.Customers, three, customer("张伟"))))
		expect(t, got.Outcomes[0], wire.Applied, "")
		expect(t, got.Outcomes[1], wire.Rejected, "field.foreign")
		expect(t, got.Outcomes[2], wire.Applied, "")
		if n := count(t, s, record.Customers); n != 2 {
			t.Fatalf("%d customers", n)
		}
		if n := logged(t, s) - before; n != 3 { // the device, and two customers
			t.Fatalf("%d entries", n)
		}
		if told != 2 {
			t.Fatalf("after-hooks spoke %d times of 2 rows", told)
		}
	})
}

func TestEpoch(t *testing.T) {
	s := apptest.New(t)
	d := s.Device(apptest.SH, "advisor")
	m := d.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("李明")))
	t.Run("X-02 a wrong epoch is refused as a whole, nothing applied", func(t *testing.T) {
		d.Epoch = "another"
		answer := d.Send(m)
		if answer.Status != http.StatusConflict || answer.Code() != "sync.epoch" || count(t, s, record.Customers) != 0 {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
	})
	t.Run("X-02 a device that never pulled may push without an epoch", func(t *testing.T) {
		d.Epoch = ""
		expect(t, d.Push(m).Outcomes[0], wire.Applied, "")
	})
	t.Run("X-02 once it has pulled it must name the epoch", func(t *testing.T) {
		d.Pull(0)
		epoch := d.Epoch
		d.Epoch = ""
		if answer := d.Send(); answer.Status != http.StatusConflict {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
		d.Epoch = epoch
		d.Push()
	})
}

func TestBase(t *testing.T) {
	s := apptest.New(t)
	day := s.Day(apptest.SH)
	d, other := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "manager")
	id := apptest.NewID()
	d.Must(apptest.Create(record.Customers, id, customer("李明")))
	noBase := apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldTitle: "先生"})
	noBase.Base = nil
	t.Run("X-05 a patch without a base", func(t *testing.T) { expect(t, d.Do(noBase), wire.Rejected, "sync.base") })
	t.Run("X-05 a base above the version", func(t *testing.T) {
		expect(t, d.Do(apptest.Patch(record.Customers, id, 9, map[string]any{record.FieldTitle: "先生"})), wire.Rejected, "sync.base")
		expect(t, d.Do(apptest.Patch(record.Customers, id, 0, map[string]any{record.FieldTitle: "先生"})), wire.Rejected, "sync.base")
	})
	visit := day.VisitOpen()
	own := apptest.NewID()
	d.Must(apptest.Create(record.Concerns, own, map[string]any{record.FieldShop: apptest.SH, record.FieldVisit: visit.Id, record.FieldWords: "异响"}))
	t.Run("X-05 deleting on an old base shows the person first what changed", func(t *testing.T) {
		other.Must(apptest.Patch(record.Concerns, own, 1, map[string]any{record.FieldPosition: 2}))
		o := d.Do(apptest.Delete(record.Concerns, own, 1))
		expect(t, o, wire.Rejected, "sync.stale")
		if o.Server["concerns/"+own][record.FieldPosition] != 2.0 {
			t.Fatalf("server row missing: %+v", o.Server)
		}
	})
	t.Run("X-03 what was deleted stays deleted", func(t *testing.T) {
		expect(t, d.Do(apptest.Delete(record.Concerns, own, 2)), wire.Applied, "")
		expect(t, d.Do(apptest.Delete(record.Concerns, own, 2)), wire.Applied, "")
		expect(t, other.Do(apptest.Patch(record.Concerns, own, 2, map[string]any{record.FieldPosition: 3})), wire.Rejected, "sync.deleted")
		expect(t, d.Do(apptest.Create(record.Concerns, own, map[string]any{record.FieldShop: apptest.SH, record.FieldVisit: visit.Id, record.FieldWords: "又来"})), wire.Rejected, "sync.deleted")
	})
	t.Run("X-03 an id that is taken makes no second row", func(t *testing.T) {
		expect(t, other.Do(apptest.Create(record.Customers, id, customer("冒名"))), wire.Rejected, "sync.exists")
	})
	t.Run("only own drafts may be deleted", func(t *testing.T) {
		expect(t, d.Do(apptest.Delete(record.Customers, id, 1)), wire.Rejected, "flow.delete")
	})
}
