package claim

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"aftercare/internal/calendar"
	"aftercare/internal/fault"
	"aftercare/internal/vectortest"
)

func official(t testing.TB) calendar.Calendar {
	t.Helper()
	c, refused := calendar.New()
	if refused != nil {
		t.Fatal(refused)
	}
	return c
}

// changed is the shipped policy with some of its fields set to others, as JSON.
func changed(t testing.TB, set map[string]json.RawMessage) []byte {
	t.Helper()
	whole := map[string]json.RawMessage{}
	if err := json.Unmarshal(policyJSON, &whole); err != nil {
		t.Fatal(err)
	}
	for field, value := range set {
		whole[field] = value
	}
	raw, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func policyOf(t testing.TB, set map[string]json.RawMessage) Policy {
	t.Helper()
	p, refused := ParsePolicy(changed(t, set))
	if refused != nil {
		t.Fatal(refused)
	}
	return p
}

func code(f *fault.Fault) string {
	if f == nil {
		return ""
	}
	return f.Code
}

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

type vector struct {
	Name   string                     `json:"name,omitempty"`
	Zone   string                     `json:"zone"`
	Policy map[string]json.RawMessage `json:"policy,omitempty"`
	Case   Case                       `json:"case"`
	Code   string                     `json:"code"`
	Want   Preview                    `json:"want"`
}

func TestPreview(t *testing.T) {
	for _, v := range vectortest.Read[[]vector](t, "testdata/vectors/hand.json") {
		t.Run(v.Name, func(t *testing.T) {
			got, refused := policyOf(t, v.Policy).Preview(v.Case, official(t), shanghai)
			if code(refused) != v.Code {
				t.Fatalf("refused with %q, want %q", code(refused), v.Code)
			}
			if !reflect.DeepEqual(got, v.Want) {
				t.Errorf("\n got %+v\nwant %+v", got, v.Want)
			}
		})
	}
}

func TestPolicies(t *testing.T) {
	for _, v := range vectortest.Read[[]struct {
		Name   string                     `json:"name"`
		Policy map[string]json.RawMessage `json:"policy"`
		Field  string                     `json:"field"`
	}](t, "testdata/vectors/policies.json") {
		t.Run("L-03 "+v.Name, func(t *testing.T) {
			_, refused := ParsePolicy(changed(t, v.Policy))
			if (refused == nil) != (v.Field == "") || refused != nil && (refused.Code != "policy.claims" || refused.Params["field"] != v.Field) {
				t.Errorf("%v, want %q", refused, v.Field)
			}
		})
	}
	for name, raw := range map[string]string{"nothing": "", "a list": "[]", "two": string(policyJSON) + "{}",
		"a figure nobody knows": string(changed(t, map[string]json.RawMessage{"goodwill": []byte("1")})), "days in words": string(changed(t, map[string]json.RawMessage{"return": []byte(`"7"`)}))} {
		t.Run("L-03 "+name, func(t *testing.T) {
			if _, refused := ParsePolicy([]byte(raw)); code(refused) != "policy.claims" {
				t.Error(refused)
			}
		})
	}
}

func TestDueTimes(t *testing.T) {
	at := time.Date(2026, 9, 29, 2, 0, 0, 0, time.UTC) // a Tuesday before National Day
	t.Run("L-01 a refusal at the door is answered within two days, after the holiday when they end in it", func(t *testing.T) {
		if w := Shipped().AnswerBy(at, official(t), shanghai); !w.Due.Equal(time.Date(2026, 10, 8, 16, 0, 0, 0, time.UTC)) {
			t.Error(w)
		}
	})
	t.Run("L-08 sent at 47:59 h is in time, whenever it arrives; at 48 h it is not", func(t *testing.T) {
		w := Shipped().ShipBackBy(at, official(t), shanghai)
		if !w.Contains(at.Add(47*time.Hour+59*time.Minute)) || w.Contains(at.Add(48*time.Hour)) || w.Contains(at.Add(49*time.Hour)) {
			t.Error(w)
		}
	})
}

func TestGoods(t *testing.T) {
	t.Run("L-09 what is not ticked is missing, in the order of the list", func(t *testing.T) {
		if got := Shipped().Missing([]string{"tags", "product", "ribbon"}); !slices.Equal(got, []string{"outer_packing", "return_slip", "accessories"}) {
			t.Error(got)
		}
		if got := Shipped().MustComeBack(true, "size"); !slices.Equal(got, []string{"product", "outer_packing", "tags", "accessories"}) {
			t.Errorf("L-01 a refused parcel holds no slip: %v", got)
		}
		if got := Shipped().MustComeBack(false, ""); len(got) != 5 {
			t.Errorf("L-09 %v", got)
		}
		for differs, never := range map[string]string{"gift": "accessories", "packaging": "outer_packing"} {
			if got := Shipped().MustComeBack(true, differs); len(got) != 3 || slices.Contains(got, never) {
				t.Errorf("L-01 L-09 a parcel without its %s: %v", differs, got)
			}
		}
		if got := Shipped().Missing([]string{"product", "outer_packing", "tags", "return_slip", "accessories"}); len(got) != 0 {
			t.Error(got)
		}
	})
	t.Run("L-10 the difference", func(t *testing.T) {
		for _, c := range [][4]int64{{29900, 39900, 10000, 0}, {29900, 19900, 0, 10000}, {29900, 29900, 0, 0}, {29900, 0, 0, 0}} {
			if collect, refund := Difference(c[0], c[1]); collect != c[2] || refund != c[3] {
				t.Error(c, collect, refund)
			}
		}
	})
	t.Run("L-05 L-06 L-14 what decided a plan is the lane it was made in", func(t *testing.T) {
		for lane, want := range map[string]string{"L-05": "L-05", "L-06": "L-06", "": "L-06"} {
			if got := DecidedBy("plan_offered", "repair", lane, "", false); len(got) != 1 || got[0] != want {
				t.Errorf("%s: %v", lane, got)
			}
		}
	})
	t.Run("L-11 which claims use up the one return or exchange", func(t *testing.T) {
		for _, c := range []struct {
			kind, state string
			sent, want  bool
		}{
			{"return", "submitted", false, true}, {"exchange", "completed", true, true}, {"return", "awaiting_goods", false, true},
			{"return", "rejected", false, false}, {"exchange", "cancelled", false, false}, {"return", "sent_back", true, false},
			{"return", "expired", false, false}, {"return", "expired", true, true}, {"repair", "completed", true, false}, {"repair", "submitted", false, false},
		} {
			if got := UsesUp(c.kind, c.state, c.sent); got != c.want {
				t.Errorf("%+v: %v", c, got)
			}
		}
	})
}

func TestRefund(t *testing.T) {
	for _, v := range vectortest.Read[[]struct {
		Name    string                     `json:"name"`
		Policy  map[string]json.RawMessage `json:"policy"`
		Verdict Verdict                    `json:"verdict"`
		Order   Paid                       `json:"order"`
		Fen     int64                      `json:"fen"`
		Code    string                     `json:"code"`
	}](t, "testdata/vectors/refunds.json") {
		t.Run(v.Name, func(t *testing.T) {
			if fen, refused := policyOf(t, v.Policy).Refund(v.Verdict, v.Order); fen != v.Fen || code(refused) != v.Code {
				t.Errorf("%d %v, want %d %q", fen, refused, v.Fen, v.Code)
			}
		})
	}
}
