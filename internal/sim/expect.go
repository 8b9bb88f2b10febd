package sim

import (
	"encoding/json"
	"fmt"
	"maps"
)

// expected is what a mutation must do to the model as it stands.
type expected struct {
	changes []effect
	merged  bool // values met, or others had changed other fields
}

// effect is one entry that the log must have.
type effect struct {
	op, collection, id string
	set                map[string]json.RawMessage // the values that must stand afterwards
	state              bool                       // a step was asked for: the rules may have kept the state
	clash              *clash
}

// clash is two values that met in one field.
type clash struct {
	key, field, merge string
	kept, other       json.RawMessage
	otherDevice       string
}

// trial is the model while one mutation is played on it.
type trial struct {
	o       *oracle
	rows    map[string]*known
	gone    map[string]bool
	device  string
	actor   string
	out     expected
	refused string
}

// expect plays a mutation, sent by the device, on a copy of the rows it touches: the entries it must leave, or why it
// must be refused.
func (o *oracle) expect(saved *saving, device string) (expected, string) {
	t := &trial{o: o, rows: map[string]*known{}, gone: map[string]bool{}, device: device, actor: saved.d.user}
	for i := range saved.mutation.Ops {
		if t.play(&saved.mutation.Ops[i]); t.refused != "" {
			return t.out, t.refused
		}
	}
	return t.out, ""
}

func (t *trial) row(key string) *known {
	if k, touched := t.rows[key]; touched {
		return k
	}
	return t.o.rows[key]
}

func (t *trial) isGone(key string) bool { return t.gone[key] || t.o.gone[key] }

func (t *trial) play(p *op) {
	key := p.key()
	at := t.row(key)
	switch {
	case p.Op == "create" && at != nil:
		t.refused = "sync.exists"
	case p.Op == "create" && t.isGone(key):
		t.refused = "sync.deleted"
	case p.Op == "create":
		t.create(p)
	case at == nil && p.Op == "delete" && t.isGone(key): // a second delete is fine
	case at == nil && t.isGone(key):
		t.refused = "sync.deleted"
	case at == nil:
		t.refused = "sync.not_found"
	case p.Base == nil || *p.Base < 1 || *p.Base > at.row.version:
		t.refused = "sync.base"
	case p.Op == "delete":
		if t.others(at, *p.Base, nil) {
			t.refused = "sync.stale"
			return
		}
		t.rows[key], t.gone[key] = nil, true
		t.out.changes = append(t.out.changes, effect{op: "delete", collection: p.Collection, id: p.ID})
	default:
		t.patch(p, at)
	}
}

func (t *trial) create(p *op) {
	changed := map[string]author{}
	for name := range p.Data {
		changed[name] = author{1, t.actor, t.device}
	}
	t.rows[p.key()] = &known{row: &row{version: 1, fields: maps.Clone(p.Data)}, changed: changed}
	t.out.changes = append(t.out.changes, effect{op: "create", collection: p.Collection, id: p.ID, set: p.Data})
}

// others reports whether another device changed a field since the base, besides those named. Where the log does not
// reach back to the base, somebody did.
func (t *trial) others(at *known, base int64, besides map[string]bool) bool {
	if base < at.reach {
		return true
	}
	for name, last := range at.changed {
		if last.version > base && last.device != t.device && !besides[name] {
			return true
		}
	}
	return false
}

// patch is every field by its class.
func (t *trial) patch(p *op, at *known) {
	same, set := map[string]bool{}, map[string]json.RawMessage{}
	var clashes []clash
	for _, name := range sortedFields(p.Data) {
		wanted, now := p.Data[name], at.row.fields[name]
		if sameJSON(wanted, now) {
			same[name] = true
			continue
		}
		last := at.changed[name]
		unknown := *p.Base < at.reach
		if unknown && last.version <= *p.Base {
			if last.device = at.row.text("device"); last.device == t.device { // whoever changed the row last met nobody in it but others
				last.device = ""
			}
		}
		if unknown || last.version > *p.Base && last.device != t.device {
			switch class := classOf(p.Collection, name); class {
			case "last":
				clashes = append(clashes, clash{p.key(), name, class, wanted, now, last.device})
			case "first", "ask":
				clashes = append(clashes, clash{p.key(), name, class, now, wanted, t.device})
				continue
			}
		}
		set[name] = wanted
	}
	if t.others(at, *p.Base, same) {
		t.out.merged = true
	}
	if len(set) > 0 {
		version := at.row.version + 1
		changed := maps.Clone(at.changed)
		for name := range set {
			changed[name] = author{version, t.actor, t.device}
		}
		t.rows[p.key()] = &known{row: at.row.with(set, version), changed: changed, reach: at.reach}
		_, state := set["state"]
		t.out.changes = append(t.out.changes, effect{op: "update", collection: p.Collection, id: p.ID, set: set, state: state})
	}
	for i := range clashes {
		t.out.merged = true
		if !t.onList(&clashes[i]) {
			t.out.changes = append(t.out.changes, effect{op: "create", collection: "conflicts", clash: &clashes[i]})
		}
	}
}

// onList reports whether this very clash is open already.
func (t *trial) onList(c *clash) bool {
	for key := range t.o.rows {
		if len(key) < 10 || key[:10] != "conflicts/" || t.row(key) == nil {
			continue
		}
		r := t.row(key).row // the mutation itself may have resolved it
		if r.text("state") == "open" && r.text("collection")+"/"+r.text("record") == c.key && r.text("field") == c.field &&
			r.text("other_device") == c.otherDevice && sameJSON(r.fields["other"], c.other) {
			return true
		}
	}
	return false
}

// compare holds the entries of a mutation to what it must have done, and takes them over.
func (o *oracle) compare(saved *saving, s *stored, want expected, changes []logged) {
	fail := func(what string) {
		o.w.violation(6, fmt.Sprintf("mutation %s of %s, %s at %d: %s", saved.mutation.ID, saved.d.name(), s.said.Outcome, s.said.Commit, what))
	}
	kept := false
	i := 0
	for _, effect := range want.changes {
		if i == len(changes) {
			fail(fmt.Sprintf("%s of %s/%s left no entry", effect.op, effect.collection, effect.id))
		}
		e := &changes[i]
		if e.Op != effect.op || e.Collection != effect.collection || effect.clash == nil && e.Record != effect.id {
			if effect.state && len(effect.set) == 1 { // the rules kept the state, and there was nothing else
				kept = true
				continue
			}
			fail(fmt.Sprintf("entry %d is %s %s, expected %s %s/%s", e.Seq, e.Op, e.key(), effect.op, effect.collection, effect.id))
		}
		i++
		if what := o.differs(effect, e, &kept); what != "" {
			fail(what)
		}
		if effect.clash == nil && (e.Actor != saved.d.user || o.w.owner[e.Device] != saved.d) {
			o.w.violation(12, fmt.Sprintf("entry %d of mutation %s is by %s on %s", e.Seq, saved.mutation.ID, e.Actor, e.Device))
		}
		o.take(e)
	}
	if i < len(changes) {
		fail(fmt.Sprintf("entry %d, %s %s, is nobody's wish", changes[i].Seq, changes[i].Op, changes[i].key()))
	}
	if merged := want.merged || kept; merged != (s.said.Outcome == "merged") {
		fail(fmt.Sprintf("merged should be %v", merged))
	}
}

// differs says how an entry is not the expected one, "" when it is.
func (o *oracle) differs(want effect, e *logged, kept *bool) string {
	var data map[string]json.RawMessage
	if e.Data != "" && json.Unmarshal([]byte(e.Data), &data) != nil {
		return "entry without JSON"
	}
	if c := want.clash; c != nil {
		r := &row{fields: data}
		if r.text("collection")+"/"+r.text("record") != c.key || r.text("field") != c.field || r.text("merge") != c.merge ||
			!sameJSON(data["kept"], c.kept) || !sameJSON(data["other"], c.other) {
			return fmt.Sprintf("the conflict of %s %s says kept %s, other %s; expected %s, %s", c.key, c.field, data["kept"], data["other"], c.kept, c.other)
		}
		return ""
	}
	for _, name := range sortedFields(want.set) {
		got, changed := data[name]
		switch {
		case changed && sameJSON(got, want.set[name]):
		case name == "state" && want.op == "update" && !changed:
			*kept = true
		case derived(want.collection, name) && want.op == "create" && name != "state":
		default:
			return fmt.Sprintf("%s of %s should be %s and is %s", name, e.key(), want.set[name], got)
		}
	}
	if want.op != "update" {
		return ""
	}
	for name := range data {
		if _, asked := want.set[name]; !asked && !derived(want.collection, name) {
			return fmt.Sprintf("%s of %s changed, which nobody asked for", name, e.key())
		}
	}
	return ""
}

// rightlyRefused holds a refusal that the model can judge to the model; a rule's no is the rules' business.
func (o *oracle) rightlyRefused(saved *saving, device, code string) bool {
	switch code {
	case "sync.exists", "sync.deleted", "sync.stale", "sync.base":
		_, no := o.expect(saved, device)
		return no == code || len(saved.mutation.Ops) > 1
	case "sync.unexpected":
		return false
	}
	return true
}
