package flow

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
)

// broken says, for each guard, how to make it alone fail on facts that are otherwise in order.
var broken = map[string]map[string]string{
	"inspection_complete":    {"findings": `[]`},
	"concerns_confirmed":     {"concerns.0.confirmed_at": `""`},
	"valuables_acknowledged": {"visit.valuables_boot_at": `""`},
	"belongings_asked":       {"visit.belongings_at": `""`},
	"covers_counted":         {"after.covers_pieces": `4`},
	"precheck_signed":        {"consents.0.state": `"void"`},
	"receiver_named":         {"visit.received_by": `""`},
	"key_tagged":             {"key_tags": `[]`},
	"work_begun":             {"jobs.0.state": `"approved"`, "jobs.1.state": `"declined"`},
	"order_ready":            {"orders.0.state": `"qc"`},
	"handed_over":            {"visit.state": `"open"`},
	"order_has_jobs":         {"jobs.0.state": `"cancelled"`, "jobs.1.state": `"declined"`},
	"jobs_dropped":           {"jobs.0.state": `"proposed"`},
	"jobs_priced":            {"jobs.1.priced_at": `""`},
	"faults_diagnosed":       {"concerns.0.expert": `""`},
	"some_job_covered":       {"consents.1.state": `"void"`},
	"jobs_finished":          {"jobs.1.state": `"paused"`},
	"jobs_passed":            {"jobs.1.state": `"done"`},
	"order_open":             {"order.state": `"settled"`},
	"consent_covers":         {"job.sha256": `"other"`},
	"entry_consent_covers":   {"job.sha256": `"other"`},
	"consent_complete":       {"after.strokes": `[]`},
	"void_reason":            {"after.void_reason": `""`},
	"decline_told":           {"after.declined_told_by": `""`},
	"technicians_named":      {"job.technicians": `[]`, "job.skill": `0`},
	"skill_sufficient":       {"job.skill": `5`},
	"assigned":               {"job.technicians": `["nobody"]`},
	"entry_assigned":         {"job.technicians": `["nobody"]`},
	"sheet_checked":          {"job.sheet_checked_at": `""`},
	"pause_reason":           {"job.pause_reason": `""`},
	"price_in_range":         {"job.actual_labour_fen": `33001`},
	"rework_named":           {"job.rework_cause": `""`},
	"quality_passed":         {"checks.2.result": `"fail"`},
	"check_jobs_finished":    {"order.state": `"in_progress"`},
	"check_stage_role":       {"actor.roles": `["leader"]`},
	"check_stage_order":      {"checks": `[{"stage":"self","round":1,"result":"pass","checker":"tech2"}]`},
	"check_different_people": {"checks": `[{"stage":"leader","round":1,"result":"pass","checker":"tech1"}]`},
	"check_items_answered":   {"after.items": `[]`},
	"check_failure_named":    {"after.result": `"fail"`},
	"message_complete":       {"after.text": `" "`},
	"due_note":               {"after.note": `""`},
	"due_answer":             {"after.kind": `"progress_check"`},
	"resolution_named":       {"after.resolution": `""`},
	"customer_reachable":     {"after.customer": `""`},
	"slot_free":              {"booking.minutes": `600`, "bookings.0.minutes": `600`, "bookings.0.hands": `9`},
	"reception_begun":        {"visit.id": `""`},
	"start_passed":           {"booking.starts_at": `"2026-11-21 02:00:01.000Z"`},
	"cancel_reason":          {"after.cancel_reason": `" "`},
	"missing_told":           {"preparations.1.told_at": `""`},
	"missing_named":          {"after.missing_note": `""`},
	"pickup_allowed":         {"customer.member_level": `"silver"`},
	"diagnosis_told":         {"jobs.0.diagnosis_only": `true`},
	"wishes_asked":           {"visit.wash": `""`},
	"guarantee_said":         {"jobs.0.parts.0.origin": `"customer"`},
	"guarantee_acknowledged": {"job.not_guaranteed": `true`},
	"entry_job_running":      {"job.state": `"paused"`},
	"entry_after_sign":       {"consents.1.signed_at": `"2026-11-21 02:00:00.000Z"`},
	"no_work_done":           {"entries": `[{"id":"e","job":"job1","technician":"tech1","ended_at":"x"}]`},
	"clock_free":             {"entries": `[{"id":"e","job":"job2","technician":"tech1","ended_at":""}]`},
	"entry_clock_free":       {"entries": `[{"id":"e","job":"job2","technician":"tech1","ended_at":""}]`},
}

// inOrder are facts under which every guard of the gate holds.
func inOrder(t *testing.T, all bases, entity string, guards []string) map[string]json.RawMessage {
	t.Helper()
	set := map[string]json.RawMessage{
		"entity": quoted(entity), "actor.id": quoted("tech1"), "entries": []byte(`[]`), "visit.state": quoted("working"),
		"orders": []byte(`[{"id":"order1","state":"ready"}]`), "checks": quietly(passedChecks), "jobs.0.state": quoted("done"),
		"job.state": quoted("in_progress"), "after": quietly(goodAfterOf(entity)),
	}
	maps.Copy(set, alsoInOrder[entity])
	if slices.Contains(guards, "check_stage_role") {
		set["checks"] = []byte(`[]`)
		set["order.state"] = quoted("qc")
		set["entries"] = []byte(`[{"id":"e","job":"job1","technician":"tech1","ended_at":"x"}]`)
		set["actor.roles"] = []byte(`["technician"]`)
	}
	if slices.Contains(guards, "jobs_dropped") {
		set["jobs.0.state"], set["jobs.1.state"] = quoted("declined"), quoted("cancelled")
	}
	if slices.Contains(guards, "jobs_passed") {
		set["jobs.0.state"], set["jobs.1.state"] = quoted("passed"), quoted("passed")
	}
	moneyInOrder(set, entity, guards)
	claimsInOrder(set, guards)
	for _, g := range guards {
		if refusal := Guards[g](all.facts(t, "day", set)); refusal != nil {
			t.Fatalf("%s: the facts in order fail %s: %v", entity, g, refusal)
		}
	}
	return set
}

const passedChecks = `[{"stage":"self","round":1,"result":"pass","checker":"a"},{"stage":"leader","round":1,"result":"pass","checker":"b"},
	{"stage":"final","round":1,"result":"pass","checker":"c"}]`

const goodAfter = `{"id":"new1","kind":"signature","state":"given","signer_name":"李先生","strokes":[[[1,2,0]]],"void_reason":"客户改主意",
	"technician":"tech1","job":"job1","started_at":"2026-11-21 01:00:00.000Z","stage":"self","result":"pass","cause":"","failed_jobs":[],"resolution":"kept",
	"declined_at":"2026-11-21 01:00:00.000Z","declined_told_by":"adv1","channel":"sms","to":"13800000000","text":"您的车已修好","note":"已电话告知",
	"customer":"cus1","cancel_reason":"改期","missing_note":"缺件","pickup":"both","pickup_km":20,
	"items":[{"code":"jobs_done","ok":true},{"code":"fasteners","ok":true},{"code":"nothing_left_inside","ok":true},
	{"code":"road_test","ok":true},{"code":"outside_compared","ok":true},{"code":"papers","ok":true}]}`

// afters are new rows in order of entities that goodAfter does not fit, and alsoInOrder the facts around them.
var (
	afters      = map[string]string{}
	alsoInOrder = map[string]map[string]json.RawMessage{}
)

func goodAfterOf(entity string) string {
	if own, ok := afters[entity]; ok {
		return own
	}
	return goodAfter
}

func quietly(s string) json.RawMessage { return json.RawMessage(s) }
func quoted(s string) json.RawMessage  { b, _ := json.Marshal(s); return b }

func withBroken(set map[string]json.RawMessage, guard string) map[string]json.RawMessage {
	out := maps.Clone(set)
	for place, value := range broken[guard] {
		out[place] = json.RawMessage(value)
	}
	return out
}

// actors are every role alone, nobody, and the two that are no role of people.
func actors() [][]string {
	all := [][]string{{}, {"system"}, {"superuser"}}
	for _, r := range Table().Roles {
		all = append(all, []string{r})
	}
	return all
}

// TestExplore walks every state × state × role of every entity, with all guards holding and with each alone failing.
func TestExplore(t *testing.T) {
	all := readBases(t)
	t.Run("S-01 S-02 every step obeys states, roles and each guard alone", func(t *testing.T) {
		for name, e := range Table().Entities {
			nothing := all.facts(t, "day", inOrder(t, all, name, nil))
			for _, from := range e.States {
				for _, to := range e.States {
					if step, known := e.Find(from, to); known {
						exploreStep(t, all, name, step)
					} else {
						exploreGap(t, nothing, from, to)
					}
				}
			}
		}
	})
	t.Run("every guard the table may name is named, and can be broken alone", func(t *testing.T) {
		named := map[string]bool{}
		for _, e := range Table().Entities {
			for _, g := range append(slices.Clone(e.Create.Guards), e.Edit.Guards...) {
				named[g] = true
			}
			for _, step := range e.Transitions {
				for _, g := range step.Guards {
					named[g] = true
				}
			}
		}
		for g := range Guards {
			if !named[g] || broken[g] == nil {
				t.Errorf("%s: named %v, breakable %v", g, named[g], broken[g] != nil)
			}
		}
	})
	t.Run("S-01 creation obeys roles and each guard alone", func(t *testing.T) {
		for name, e := range Table().Entities {
			for _, roles := range actors() {
				exploreCreate(t, all, name, e, roles)
			}
		}
	})
}

// exploreGap: where the table knows no step, nobody takes one.
func exploreGap(t *testing.T, f *Facts, from, to string) {
	t.Helper()
	for _, roles := range actors() {
		f.Actor.Roles = roles
		if v := Apply(f, from, to); v.Fault == nil || v.Fault.Code != "flow.transition" {
			t.Errorf("%s: %s → %s by %v is no step, but got %v", f.Entity, from, to, roles, v)
		}
	}
}

// exploreStep: whoever holds a role takes the step when all guards hold; one guard alone stops it, or flags a fact.
func exploreStep(t *testing.T, all bases, entity string, step Transition) {
	t.Helper()
	set := inOrder(t, all, entity, step.Guards)
	good := all.facts(t, "day", set)
	where := entity + ": " + step.From + " → " + step.To
	for _, roles := range actors() {
		good.Actor.Roles = roles
		v := Apply(good, step.From, step.To)
		switch may := Holds(step.Roles, good.Actor); {
		case !may && (v.Fault == nil || v.Fault.Code != "flow.role"):
			t.Errorf("%s by %v: want flow.role, got %v", where, roles, v)
		case may && (v.Fault != nil || len(v.Flags) > 0 || v.Kept):
			t.Errorf("%s by %v: %v", where, roles, v)
		}
	}
	for _, guard := range step.Guards {
		bad := all.facts(t, "day", withBroken(set, guard))
		for _, roles := range actors() {
			bad.Actor.Roles = roles
			if Holds(step.Roles, bad.Actor) {
				exploreGuard(t, bad, step, guard, where)
			}
		}
	}
}

func exploreGuard(t *testing.T, f *Facts, step Transition, guard, where string) {
	t.Helper()
	want := Guards[guard](f)
	if want == nil {
		t.Fatalf("%s: %s does not break", where, guard)
	}
	got := Apply(f, step.From, step.To)
	if step.Fact && (got.Fault != nil || !slices.Equal(got.Flags, []string{want.Code})) {
		t.Errorf("%s without %s: a fact must be flagged alone with %s, got %v", where, guard, want.Code, got)
	}
	if !step.Fact && (got.Fault == nil || got.Fault.Code != want.Code) {
		t.Errorf("%s without %s: want %s, got %v", where, guard, want.Code, got)
	}
}

func exploreCreate(t *testing.T, all bases, name string, e *Entity, roles []string) {
	t.Helper()
	set := inOrder(t, all, name, e.Create.Guards)
	after := map[string]any{}
	if len(e.Create.Guards) > 0 {
		_ = json.Unmarshal(set["after"], &after)
	}
	if len(e.Initial) > 0 {
		after["state"] = e.Initial[0]
	}
	for field, f := range e.Fields { // whoever makes the row leaves to others what is theirs to write
		if len(f.By) > 0 && !Holds(f.By, Actor{Roles: roles}) {
			delete(after, field)
		}
	}
	if name == "inspection" {
		ofTheirTrade(set, after, roles)
	}
	set["after"], _ = json.Marshal(after)
	if !slices.Contains(e.Create.Guards, "check_stage_role") || !Holds(e.Create.Roles, Actor{Roles: roles}) {
		set["actor.roles"], _ = json.Marshal(roles)
	}
	verdict := CreateCheck(all.facts(t, "day", set))
	if !Holds(e.Create.Roles, Actor{Roles: roles}) {
		if verdict.Fault == nil || verdict.Fault.Code != "flow.role" {
			t.Errorf("creating %s by %v: want flow.role, got %v", name, roles, verdict)
		}
		return
	}
	if verdict.Fault != nil {
		t.Errorf("creating %s by %v: %v", name, roles, verdict.Fault)
	}
	for _, guard := range e.Create.Guards {
		f := all.facts(t, "day", withBroken(set, guard))
		want := Guards[guard](f)
		if got := CreateCheck(f); want == nil || got.Fault == nil || got.Fault.Code != want.Code {
			t.Errorf("creating %s without %s: want %v, got %v", name, guard, want, got.Fault)
		}
	}
}
