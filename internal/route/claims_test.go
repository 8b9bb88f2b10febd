package route_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/claim"
	"aftercare/internal/record"
)

// asked is one question at the door of the preview.
type asked map[string]string

func (a asked) path() string {
	query := url.Values{}
	for name, value := range a {
		query.Set(name, value)
	}
	return "/api/claims/preview?" + query.Encode()
}

// with is the question with some of its parts changed; "" leaves one out.
func (a asked) with(parts ...string) asked {
	other := asked{}
	for name, value := range a {
		other[name] = value
	}
	for i := 0; i+1 < len(parts); i += 2 {
		other[parts[i]] = parts[i+1]
		if parts[i+1] == "" {
			delete(other, parts[i])
		}
	}
	return other
}

var usual = asked{"shop": apptest.SH, "line": "default", "received": "2026-09-28T10:00:00+08:00", "filed": "2026-09-29T10:00:00+08:00", "verdict": "quality"}

func TestClaimPreview(t *testing.T) {
	s := apptest.New(t)
	for name, c := range map[string]struct {
		ask  asked
		want map[string]any
	}{
		"L-03 a quality fault within the return window": {usual, map[string]any{"lane": "return_exchange", "insist": false, "freight": "company",
			"return_due": "2026-10-13T16:00:00Z", "repair_due": "2026-10-28T16:00:00Z", "evidence_due": "2026-09-30T02:00:00Z", "evidence_late": false,
			"calendar": "official", "policy": record.ShippedClaimPolicy, "phase": "return", "route": "online"}},
		"L-03 no fault: the customer may insist":         {usual.with("verdict", "none"), map[string]any{"lane": "negotiate", "insist": true, "freight": "customer"}},
		"L-15 exempt goods":                              {usual.with("verdict", "none", "traits", "gift,worn"), map[string]any{"lane": "negotiate", "insist": false, "freight": "agreement"}},
		"L-04 late, and a store near":                    {usual.with("filed", "2026-10-01T10:00:00+08:00", "store", "true"), map[string]any{"evidence_late": true, "route": "store"}},
		"L-05 within the month":                          {usual.with("filed", "2026-10-14T00:00:00+08:00", "verdict", "none"), map[string]any{"lane": "negotiate", "insist": false, "freight": "agreement", "phase": "month"}},
		"L-06 after the month":                           {usual.with("filed", "2026-10-29T00:00:00+08:00"), map[string]any{"lane": "paid_repair", "freight": "customer", "phase": "after"}},
		"L-16 a year without data":                       {usual.with("received", "2027-09-29T10:00:00Z", "filed", "2027-09-30T10:00:00Z"), map[string]any{"calendar": "assumed", "return_due": "2027-10-08T16:00:00Z"}},
		"L-16 by the shop's code, in another zone":       {usual.with("shop", "SH", "received", "2026-09-27T22:00:00-04:00"), map[string]any{"return_due": "2026-10-13T16:00:00Z"}},
		"L-02 no shop named: what came with the product": {usual.with("shop", "", "line", ""), map[string]any{"policy": record.ShippedClaimPolicy, "return_due": "2026-10-13T16:00:00Z"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := s.Do(http.MethodGet, c.ask.path(), "", nil)
			var got map[string]any
			if err := json.Unmarshal(a.Body, &got); err != nil || a.Status != http.StatusOK {
				t.Fatal(a.Status, string(a.Body))
			}
			for key, want := range c.want {
				if got[key] != want {
					t.Errorf("%s is %v, want %v", key, got[key], want)
				}
			}
		})
	}
	t.Run("L-02 the + of an offset that came as a blank", func(t *testing.T) {
		a := s.Do(http.MethodGet, "/api/claims/preview?received=2026-09-28T10:00:00+08:00&filed=2026-09-29T10:00:00+08:00&verdict=none", "", nil)
		if a.Status != http.StatusOK || !strings.Contains(string(a.Body), `"evidence_due":"2026-09-30T02:00:00Z"`) {
			t.Error(a.Status, string(a.Body))
		}
	})
	for name, c := range map[string]struct {
		ask         asked
		code, field string
	}{
		"L-02 a time without its zone":         {usual.with("received", "2026-09-28T10:00:00"), "claim.time_zone", "received"},
		"L-02 a day alone":                     {usual.with("filed", "2026-09-28"), "claim.time_zone", "filed"},
		"L-02 no time":                         {usual.with("received", ""), "claim.time", "received"},
		"L-02 a time that is none":             {usual.with("filed", "2026-02-30T10:00:00Z"), "claim.time", "filed"},
		"L-02 the end of the calendar":         {usual.with("filed", "9999-12-31T23:59:59Z"), "claim.time", "filed"},
		"L-02 filed before it was received":    {usual.with("filed", "2026-09-28T01:59:59Z"), "claim.filed_before_received", "filed"},
		"L-02 a line that nobody sells":        {usual.with("line", "leather"), "claim.line_unknown", "line"},
		"L-02 a shop that is none":             {usual.with("shop", "nowhere"), "claim.shop_unknown", "shop"},
		"L-07 a verdict that nobody has given": {usual.with("verdict", ""), "claim.verdict_unknown", "verdict"},
	} {
		t.Run(name, func(t *testing.T) {
			a := s.Do(http.MethodGet, c.ask.path(), "", nil)
			var got struct {
				Data map[string]struct{ Code string }
			}
			if err := json.Unmarshal(a.Body, &got); err != nil || a.Status != http.StatusBadRequest || got.Data[c.field].Code != c.code {
				t.Error(a.Status, string(a.Body))
			}
		})
	}
}

func TestClaimPreviewOfAShop(t *testing.T) {
	s := apptest.New(t)
	day := s.Day(apptest.SH)
	answer := func(ask asked) map[string]any {
		t.Helper()
		a := s.Do(http.MethodGet, ask.path(), "", nil)
		var got map[string]any
		if err := json.Unmarshal(a.Body, &got); err != nil || a.Status != http.StatusOK {
			t.Fatal(a.Status, string(a.Body))
		}
		return got
	}
	own := claim.Shipped()
	own.Line, own.Return.Count = "leather", 15
	row := day.Make("manager", record.Policies, map[string]any{record.FieldKind: record.ClaimLine, record.FieldRevision: 1, record.FieldActive: true, record.FieldData: own})
	t.Run("L-03 a line of the shop's own, by its revision", func(t *testing.T) {
		got := answer(usual.with("line", "leather"))
		// 29, 30 September, 8 to 10, 12 to 16, 19 to 23 October: fifteen working days
		if got["policy"] != row.Id+"@1" || got["return_due"] != "2026-10-23T16:00:00Z" {
			t.Error(got["policy"], got["return_due"])
		}
		if got := answer(usual); got["policy"] != record.ShippedClaimPolicy {
			t.Error("the default line goes by", got["policy"])
		}
	})
	t.Run("L-03 the latest revision counts, the neighbour's does not", func(t *testing.T) {
		own.Return.Count = 3
		next := day.Make("manager", record.Policies, map[string]any{record.FieldKind: record.ClaimLine, record.FieldRevision: 2, record.FieldActive: true, record.FieldData: own})
		if got := answer(usual.with("line", "leather")); got["policy"] != next.Id+"@2" || got["return_due"] != "2026-10-08T16:00:00Z" {
			t.Error(got["policy"], got["return_due"])
		}
		if a := s.Do(http.MethodGet, usual.with("line", "leather", "shop", apptest.HZ).path(), "", nil); a.Status != http.StatusBadRequest {
			t.Error(a.Status, string(a.Body))
		}
	})
	t.Run("L-16 a year that the shop has loaded", func(t *testing.T) {
		ask := usual.with("received", "2026-12-24T10:00:00+08:00", "filed", "2026-12-25T10:00:00+08:00")
		if got := answer(ask); got["calendar"] != "assumed" || got["return_due"] != "2027-01-04T16:00:00Z" {
			t.Error(got["calendar"], got["return_due"])
		}
		day.Make("manager", record.Holidays, map[string]any{record.FieldRevision: 1, record.FieldYear: 2027, record.FieldSource: "国务院办公厅通知", record.FieldActive: true,
			record.FieldDaysOff: []any{map[string]any{"name": "元旦", "from": "2027-01-01", "to": "2027-01-03"}}})
		if got := answer(ask); got["calendar"] != "official" || got["return_due"] != "2027-01-05T16:00:00Z" {
			t.Error(got["calendar"], got["return_due"])
		}
	})
}
