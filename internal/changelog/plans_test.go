package changelog_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/changelog"
	"aftercare/internal/record"
	"aftercare/internal/scope"
)

// TestPlans: what devices ask for all day is answered from an index, however long the log and however many the shops.
func TestPlans(t *testing.T) {
	s := apptest.New(t)
	for what, query := range map[string][2]string{
		"follow a shop":      {"SELECT [data] FROM sync_changes WHERE [seq] > 5 AND [shop] = 'x' ORDER BY [seq] LIMIT 500", "idx_sync_changes_shop (shop=? AND rowid>?)"},
		"follow a customer":  {"SELECT [data] FROM sync_changes WHERE [seq] > 5 AND [customer] = 'x' AND [customer] != '' ORDER BY [seq] LIMIT 500", "idx_sync_changes_customer (customer=? AND rowid>?)"},
		"tell":               {"SELECT [data] FROM sync_changes WHERE [seq] > 5 ORDER BY [seq] LIMIT 500", "PRIMARY KEY (rowid>?)"},
		"stand":              {"SELECT [seq] FROM sync_changes WHERE [seq] <= 5 AND [shop] = 'x' ORDER BY [seq] DESC LIMIT 1", "idx_sync_changes_shop (shop=? AND rowid<?)"},
		"changed meanwhile":  {"SELECT [record] FROM sync_changes WHERE [seq] > 5 AND +[collection] = 'jobs'", "PRIMARY KEY (rowid>?)"},
		"a page of vehicles": {"SELECT * FROM vehicles WHERE [id] > 'a' AND ([shop] = 'x') ORDER BY [id] LIMIT 500", "idx_vehicles_shop_id (shop=? AND id>?)"},
		"a page of jobs":     {"SELECT * FROM jobs WHERE [id] > 'a' AND ([shop] = 'x') ORDER BY [id] LIMIT 500", "idx_jobs_shop_id (shop=? AND id>?)"},
	} {
		var steps []struct {
			Detail string `db:"detail"`
		}
		if err := s.App.DB().NewQuery("EXPLAIN QUERY PLAN " + query[0]).All(&steps); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		plan := fmt.Sprint(steps)
		if !strings.Contains(plan, query[1]) || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s is answered by %s, want %s", what, plan, query[1])
		}
	}
}

// TestShare: X-03 what a scope is told out of the tail of the log is what it would pull.
func TestShare(t *testing.T) {
	s := apptest.New(t)
	for _, shop := range []string{apptest.SH, apptest.HZ} {
		s.Day(shop).VisitHandedOver()
	}
	var customers []string
	if err := s.App.DB().Select(record.FieldID).From(record.Customers).Column(&customers); err != nil || len(customers) == 0 {
		t.Fatalf("%d customers: %v", len(customers), err)
	}
	scopes := []scope.Scope{{}, {Shop: apptest.SH}, {Shop: apptest.HZ}, {Shop: apptest.SH, Customer: customers[0]}}
	head, err := s.House.Log.Head(s.App)
	if err != nil {
		t.Fatal(err)
	}
	for after := int64(0); after <= head; after += 3 {
		tail, whole, err := s.House.Log.Tail(s.App, after, 10_000)
		if err != nil || !whole {
			t.Fatal(whole, err)
		}
		for _, view := range scopes {
			want, wantEnd, _, err := s.House.Log.Page(s.App, view, after, 10_000)
			if err != nil {
				t.Fatal(err)
			}
			got, end := changelog.Share(tail, view, after)
			if end != wantEnd || len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
				t.Fatalf("%+v after %d: %d entries to %d, want %d to %d", view, after, len(got), end, len(want), wantEnd)
			}
		}
	}
}
