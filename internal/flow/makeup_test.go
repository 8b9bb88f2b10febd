package flow

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand"
	"testing"
	"time"

	"aftercare/internal/calendar"
	"aftercare/internal/vectortest"
)

// What the walk over every state, role and guard needs to know of make-up parts.
func init() {
	maps.Copy(broken, map[string]map[string]string{
		"makeup_requested":      {"after.customer": `""`},
		"makeup_identified":     {"after.batch_number": `" "`},
		"makeup_listed":         {"after.list_number": `""`},
		"makeup_rejected":       {"after.rejection": `""`},
		"makeup_explained":      {"after.reason": `""`},
		"makeup_urgent_decided": {"after.urgent": `true`},
		"makeup_sourced":        {"after.source": `""`},
		"makeup_unboxed":        {"after.unbox_mark": `""`},
		"makeup_paid":           {"after.charge_fen": `1`},
		"makeup_paid_back":      {"after.collected_fen": `1`, "after.charge_fen": `1`},
		"makeup_parcel":         {"after.tracking_number": `""`},
		"makeup_unfrozen":       {"before": `{"state":"shipped"}`, "changed": `["quantity"]`},
	})
	afters["makeup_part"] = `{"id":"mk1","customer":"cus1","cause":"damaged","batch_number":"P2611-07","inspection_number":"QC-118","list_number":"BJ-1","rejection":"不是我们的货",
		"reason":"客户取消","urgent":false,"urgent_approval":"","source":"make","charge_fen":0,"collected_fen":0,"carrier":"顺丰","tracking_number":"SF1"}`
	claimInOrder["makeup_unboxed"] = map[string]string{"after.source": `"unbox"`, "after.unbox_approval": `"approved"`, "after.unbox_product": `"W-210"`, "after.unbox_reason": `"入住"`,
		"after.unbox_mark": `"C-01"`, "after.refill_due_at": `"2026-12-01 00:00:00.000Z"`}
}

func TestMakeupRules(t *testing.T) { playRules(t, readComebacks(t, "makeup.json")) }

// makeupTime is one case of due times; instants as rows write them, "" for none.
type makeupTime struct {
	Name    string         `json:"name"`
	Policy  map[string]int `json:"policy,omitempty"`
	Row     Values         `json:"row"`
	Due     string         `json:"due"`
	From    string         `json:"from,omitempty"`
	Ready   string         `json:"ready,omitempty"`
	Assumed bool           `json:"assumed,omitempty"`
}

// answered is the case with the server's answer.
func (c makeupTime) answered(t *testing.T, days calendar.Calendar, zone *time.Location) makeupTime {
	t.Helper()
	policy := ShippedPolicy()
	b, err := json.Marshal(c.Policy)
	if err == nil && c.Policy != nil {
		err = json.Unmarshal(b, &policy)
	}
	if err != nil {
		t.Fatal(err)
	}
	said := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return at.UTC().Format("2006-01-02 15:04:05.000Z")
	}
	got := MakeupDue(c.Row, policy.MakeupPolicy, days, zone)
	c.Due, c.From, c.Ready, c.Assumed = said(got.Due), said(got.ReadyFrom), said(got.ReadyDue), got.Assumed
	return c
}

// shanghai is the shipped calendar in the shop's zone.
func shanghai(t *testing.T) (calendar.Calendar, *time.Location) {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	days, refused := calendar.New()
	if refused != nil {
		t.Fatal(refused)
	}
	return days, zone
}

func TestMakeupTimes(t *testing.T) {
	days, zone := shanghai(t)
	for _, c := range vectortest.Read[struct {
		Times []makeupTime `json:"times"`
	}](t, "testdata/vectors/makeup.json").Times {
		t.Run(c.Name, func(t *testing.T) {
			if got := c.answered(t, days, zone); got.Due != c.Due || got.From != c.From || got.Ready != c.Ready || got.Assumed != c.Assumed {
				t.Errorf("\n got %+v\nwant %+v", got, c)
			}
		})
	}
}

// makeupEdges is where the rules of make-up parts turn.
var makeupEdges = []edge{rolesOf, {"after.customer", []string{`""`}}, {"after.claim", []string{`"cla1"`}}, {"after.cause", []string{`"other"`, `"lost"`}}, {"after.cause_note", []string{`"x"`, `" "`}},
	{"after.batch_number", []string{`""`, `"\ufeff"`}}, {"after.inspection_number", []string{`""`}}, {"after.list_number", []string{`""`, `null`}}, {"after.reason", []string{`""`, `" "`}}, {"after.rejection", []string{`""`}},
	{"after.urgent", []string{`true`, `false`}}, {"after.urgent_reason", []string{`"入住"`, `" "`}}, {"after.wanted_at", []string{`"2026-11-25 08:00:00.000Z"`}}, {"after.urgent_approval", []string{`"approved"`, `"refused"`}},
	{"before.urgent_approval", []string{`"approved"`, `"refused"`}}, {"after.source", []string{`"unbox"`, `"buy"`, `""`}}, {"after.unbox_approval", []string{`"approved"`, `"refused"`}}, {"before.unbox_approval", []string{`"approved"`}},
	{"after.unbox_product", []string{`"W-210"`}}, {"after.unbox_reason", []string{`"入住"`}}, {"after.unbox_mark", []string{`"C-01"`}}, {"after.refill_due_at", []string{`"2026-12-01 00:00:00.000Z"`}},
	{"after.charge_fen", []string{`0`, `5000`, `"1"`}}, {"after.collected_fen", []string{`4999`, `5000`, `5001`}}, {"after.carrier", []string{`""`}}, {"after.tracking_number", []string{`""`}},
	{"before.state", []string{`"gathered"`, `"approved"`, `"ordered"`, `"received"`, `"shipped"`, `"completed"`, `"cancelled"`, `"rejected"`}}, {"before.source", []string{`"unbox"`}}, {"before.arrived_at", []string{`"2026-11-21 01:00:00.000Z"`}},
	{"changed", []string{`["quantity"]`, `["wanted_at"]`, `["urgent_approval"]`, `["unbox_product"]`, `["refill_due_at"]`, `["refilled_at"]`, `["source"]`, `["collected_fen"]`, `["tracking_number"]`, `["note"]`, `["delivery_on","owner"]`, `null`}}}

func generateMakeup(t *testing.T, all bases) (steps []vector, asked []guardCase) {
	t.Helper()
	random := rand.New(rand.NewSource(20261125))
	e := Table().Entity("makeup_part")
	for i := range 420 {
		set, name := map[string]json.RawMessage{}, fmt.Sprintf("part %d", i)
		if random.Intn(3) == 0 {
			nudge(random, set, makeupEdges, 1+random.Intn(4))
			nudge(random, set, makeupEdges[len(makeupEdges)-1:], 1) // something is changed
			c := guardCase{Name: name, Guard: "makeup_unfrozen", Base: "part", Set: set}
			c.Code = all.ask(t, c)
			asked = append(asked, c)
			continue
		}
		v := vector{Name: name, Base: "part", Set: set}
		roles := e.Create.Roles
		if random.Intn(6) == 0 {
			v.Create, v.Base = true, "asking"
		} else {
			step := e.Transitions[random.Intn(len(e.Transitions))]
			v.Apply, roles = []string{step.From, step.To}, step.Roles
			claimsInOrder(set, step.Guards)
			if len(step.Guards) > 0 && random.Intn(2) == 0 {
				set = withBroken(set, step.Guards[random.Intn(len(step.Guards))])
				v.Set = set
			}
		}
		if random.Intn(5) > 0 {
			set["actor.roles"], _ = json.Marshal(roles[:1])
		}
		nudge(random, set, makeupEdges, random.Intn(4))
		v.Want = v.judge(t, all)
		steps = append(steps, v)
	}
	return steps, asked
}

func TestMakeupGenerated(t *testing.T) {
	all := readComebacks(t, "makeup.json").Bases
	codes := playGenerated(t, "P-03 P-04 the answers of generated cases near every edge stand", "makeup_generated.json", all, func() ([]vector, []guardCase) { return generateMakeup(t, all) })
	t.Run("the cases are worth running", func(t *testing.T) {
		if codes[""] < 100 || len(codes) < 18 {
			t.Errorf("%d codes: %v", len(codes), codes)
		}
	})
}
