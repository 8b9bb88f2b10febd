package buyer_test

import (
	"testing"

	"github.com/pocketbase/dbx"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// An older backup took the place of the server: what the phone does then (pb_public/src/features/buyer/restored.ts) meets a server
// that has never heard of phone, claim, or buyer.
func TestRestored(t *testing.T) {
	d := newDesk(t)
	d.Close()
	backup := d.Copy()
	d = d.at(apptest.Reopen(t, d.Dir))
	in := d.signIn("DD-77", phone)
	mine := d.phoneOf(in)
	id, ops := d.claimOps(in, "return", nil, "whole", "close")
	filed := mine.Mutation(ops...)
	told := mine.Push(filed).Outcomes[0]
	if told.Outcome != wire.Applied || told.Commit == 0 {
		t.Fatalf("%+v", told)
	}
	mine.Pull(0)
	more := mine.Mutation(photoOp(id, "label", "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00"))
	if o := mine.Push(more).Outcomes[0]; o.Outcome != wire.Applied {
		t.Fatalf("%+v", o)
	}
	mine.Pull(0)
	d.Close()

	s := apptest.Reopen(t, backup)
	again := d.at(s)
	if a := s.Do("GET", "/api/claims/orders", in.Token, nil); a.Status != 401 {
		t.Fatalf("the login of the lost life: %d", a.Status)
	}
	back := again.signIn("DD-77", phone)
	t.Run("X-02 O-06 who signs in again gets the file's old id", func(t *testing.T) {
		if back.Customer != in.Customer {
			t.Fatalf("%+v, was %+v", back.Customer, in.Customer)
		}
	})
	mine = mine.At(s)
	mine.Token = back.Token
	epoch := mine.Epoch
	mine.Pull(0)
	t.Run("X-02 O-06 another epoch begins, and the server says that it has heard nothing of this phone", func(t *testing.T) {
		if settled := mine.Push().Seq; mine.Epoch == epoch || settled != 0 {
			t.Fatalf("epoch %s, was %s; settled %d", mine.Epoch, epoch, settled)
		}
	})
	t.Run("X-02 the claim and its photos, sent again under the same ids, however often, are there once", func(t *testing.T) {
		filed.Commit, more.Commit = told.Commit, told.Commit+1
		for range 2 {
			for _, o := range mine.Push(filed, more).Outcomes {
				if o.Outcome != wire.Applied {
					t.Fatalf("%+v", o)
				}
			}
		}
		row := record.AsClaim(again.find(record.Claims, id))
		if row.Customer() != in.Customer.ID || row.State() != "submitted" {
			t.Errorf("%v", row.PublicExport())
		}
		for collection, want := range map[string]int64{record.Claims: 1, record.ClaimItems: 1, record.Photos: 3} {
			if n, err := s.App.CountRecords(collection, dbx.HashExp{record.FieldShop: apptest.SH}); err != nil || n != want {
				t.Errorf("%d rows of %s, %v", n, collection, err)
			}
		}
	})
}

// at is the desk in another house that has its order.
func (d *desk) at(s *apptest.Shop) *desk {
	return &desk{Shop: s, t: d.t, day: s.Day(apptest.SH), order: d.order, line: d.line}
}
