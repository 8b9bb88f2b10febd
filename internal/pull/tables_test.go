package pull_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// tables pulls everything in tables, in pages of the limit, and returns the pages.
func tables(t *testing.T, s *apptest.Shop, d *apptest.Device, limit string) (pages []wire.PullResponse) {
	t.Helper()
	for more, cursor := true, ""; more; {
		answer := s.Do("GET", "/api/sync/pull?"+url.Values{"tables": {"1"}, "device": {d.ID}, "cursor": {cursor}, "limit": {limit}}.Encode(), d.Token, nil)
		var page wire.PullResponse
		if err := json.Unmarshal(answer.Body, &page); err != nil || answer.Status != 200 {
			t.Fatalf("%d %v %.200s", answer.Status, err, answer.Body)
		}
		pages = append(pages, page)
		cursor, more = page.Cursor, page.More
	}
	return pages
}

func TestTables(t *testing.T) {
	s := apptest.New(t)
	a, plain := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "manager")
	ids := made(a, 12)
	// A value with the very character that stands between values when the database is asked.
	a.Must(apptest.Patch(record.Customers, ids[3], 1, map[string]any{record.FieldWishes: "a\x1fb\x1f\"c\"", record.FieldPhones: []string{"1", "2"}}))
	plain.Pull(0)
	s.Day(apptest.SH).VisitHandedOver()

	t.Run("X-03 tables hold the rows that puts do, in pages of any length", func(t *testing.T) {
		plain.Cursor = ""
		plain.Pull(0)
		for _, limit := range []string{"5000", "7", "1"} {
			d := s.Device(apptest.SH, "manager")
			d.ID = plain.ID
			for _, page := range tables(t, s, d, limit) {
				page.Spread()
				d.Take(page)
			}
			same(t, plain, d)
		}
	})
	t.Run("X-03 a page names the next one's cursor in its head", func(t *testing.T) {
		answer := s.Do("GET", "/api/sync/pull?limit=3&device="+plain.ID, plain.Token, nil)
		var page wire.PullResponse
		if err := json.Unmarshal(answer.Body, &page); err != nil || !page.More || answer.Header.Get("Sync-Next") != page.Cursor {
			t.Fatalf("%v %q", page.More, answer.Header.Get("Sync-Next"))
		}
	})
	t.Run("X-03 long rows make short pages", func(t *testing.T) {
		long := strings.Repeat("长", 1900)
		for range 2 {
			mutations := make([]wire.Mutation, 400)
			for i := range mutations {
				mutations[i] = a.Mutation(apptest.Create(record.Customers, apptest.NewID(), map[string]any{record.FieldShop: apptest.SH,
					record.FieldName: "李", record.FieldWishes: long + apptest.NewID()}))
			}
			a.Push(mutations...)
		}
		d := s.Device(apptest.SH, "manager")
		d.ID = plain.ID
		pages := tables(t, s, d, "5000")
		if len(pages) < 2 || !pages[0].More {
			t.Fatalf("800 rows of 5.7 kB in %d page", len(pages))
		}
	})
}
