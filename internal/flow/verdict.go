package flow

import (
	"slices"
	"sort"

	"aftercare/internal/fault"
)

// Verdict is the answer to one act. Fault nil means allowed. Flags are codes to be written on the record: on a fact
// they say what was irregular, on a start that it relied on a consent voided since. Kept means that the row
// keeps the state it has: the fact came after others had taken the record further.
type Verdict struct {
	Transition Transition
	Fault      *fault.Fault
	Flags      []string
	Kept       bool
}

// Err is the fault as an error, nil when the act is allowed.
func (v Verdict) Err() error {
	if v.Fault == nil {
		return nil
	}
	return v.Fault
}

// Flags and refusals that belong to no single guard.
const (
	CodeOvertaken  = "flow.overtaken"      // flag: a fact about a record that others had taken further
	CodeVoidUnseen = "consent.void_unseen" // flag: begun on a consent that was void by then, unheard of
)

// consentGuards are those that may be met by what the tablet had heard of, where the table says "seen".
var consentGuards = []string{"consent_covers", "entry_consent_covers", "move_consent_covers"}

// Apply judges the step from → to of the record in f. Codes: flow.transition, flow.role, or the failing guard's own.
func Apply(f *Facts, from, to string) Verdict { return ApplySeen(f, nil, from, to) }

// ApplySeen is Apply with the facts as the acting tablet could know them (nil when there are none): the job with its
// state, and the visit's consents, as of the mutation's `seen`.
func ApplySeen(f, seen *Facts, from, to string) Verdict {
	e := Table().Entity(f.Entity)
	if e == nil {
		return Verdict{Fault: transitionFault(f.Entity, from, to)}
	}
	t, ok := e.Find(from, to)
	var flags []string
	if !ok {
		if t, ok = unheard(e, seen, from, to); ok {
			flags = []string{CodeVoidUnseen}
		}
	}
	if !ok {
		return overtaken(e, f, from, to)
	}
	if !Holds(t.Roles, f.Actor) {
		return Verdict{Transition: t, Fault: roleFault(t.Roles).On("state")}
	}
	refusal, more := judge(f, seen, t.Guards, t.Seen, t.Fact)
	if refusal != nil {
		return Verdict{Transition: t, Fault: onField(refusal, "state")}
	}
	return Verdict{Transition: t, Flags: union(flags, more)}
}

// unheard finds the step the tablet meant, when the row was taken back meanwhile by someone it had not heard of.
func unheard(e *Entity, seen *Facts, from, to string) (Transition, bool) {
	if seen == nil || seen.Job == nil {
		return Transition{}, false
	}
	t, ok := e.Find(seen.Job.State, to)
	if !ok || !t.Seen || !slices.Contains(t.SeenFrom, from) || Guards["consent_covers"](seen) != nil {
		return Transition{}, false
	}
	return t, true
}

// overtaken judges a step the table does not know from here. The pause or end of work that was rightly begun stays a
// fact and is kept as a flag; anything else is refused.
func overtaken(e *Entity, f *Facts, from, to string) Verdict {
	t, ok := e.FactTo(to)
	if !ok || f.Job == nil || !workedOn(f, f.Job.ID) {
		return Verdict{Fault: stepFault(e, f, from, to)}
	}
	if !Holds(t.Roles, f.Actor) {
		return Verdict{Transition: t, Fault: roleFault(t.Roles).On("state")}
	}
	_, more := judge(f, nil, t.Guards, false, true)
	return Verdict{Transition: t, Flags: union([]string{CodeOvertaken}, more), Kept: true}
}

// CreateCheck judges the creation of f.After: role, first state, fields kept for other roles, guards.
func CreateCheck(f *Facts) Verdict { return CreateCheckSeen(f, nil) }

// CreateCheckSeen is CreateCheck with the facts as the acting tablet could know them, as in ApplySeen.
func CreateCheckSeen(f, seen *Facts) Verdict {
	e := Table().Entity(f.Entity)
	if e == nil {
		return Verdict{Fault: fault.New(fault.Refused, "field.unknown").On("id")}
	}
	if !Holds(e.Create.Roles, f.Actor) {
		return Verdict{Fault: roleFault(e.Create.Roles).On("id")}
	}
	if state := text(f.After, "state"); len(e.Initial) > 0 && !e.Fields["state"].Derived && !slices.Contains(e.Initial, state) {
		return Verdict{Fault: fault.New(fault.Refused, "flow.initial").On("state").
			With("state", fault.Words{e.Name + "." + state}).With("initial", stateWords(e.Name, e.Initial))}
	}
	for _, name := range fieldNames(e) {
		field := e.Fields[name]
		if len(field.By) > 0 && Given(f.After[name]) && !Holds(field.By, f.Actor) {
			return Verdict{Fault: roleFault(field.By).On(name)}
		}
	}
	refusal, flags := judge(f, seen, e.Create.Guards, e.Create.Seen, false)
	if refusal != nil {
		return Verdict{Fault: onField(refusal, "id")}
	}
	return Verdict{Flags: flags}
}

// signIn are PocketBase's own fields of an auth collection; who may set them is PocketBase's and the hooks' affair.
var signIn = []string{"id", "email", "emailVisibility", "verified", "password", "passwordConfirm", "oldPassword", "tokenKey"}

// EditCheck judges a change of the named fields (state excepted, which only transitions change). It returns a
// *fault.Fault: field.unknown, field.derived (only the system sets those), field.fixed, flow.role; nil when allowed.
func EditCheck(entity string, changed []string, actor Actor) error {
	e := Table().Entity(entity)
	names := slices.Sorted(slices.Values(changed))
	for _, name := range names {
		if name == "state" && e != nil && len(e.States) > 0 || e != nil && e.Auth && slices.Contains(signIn, name) {
			continue
		}
		if e == nil {
			return fault.New(fault.Invalid, "field.unknown").On(name)
		}
		field, known := e.Fields[name]
		roles := field.By
		if len(roles) == 0 {
			roles = e.Edit.Roles
		}
		switch {
		case !known:
			return fault.New(fault.Invalid, "field.unknown").On(name)
		case field.Derived && !actor.Is("system"):
			return fault.New(fault.Refused, "field.derived").On(name)
		case field.Derived:
		case field.Write == "create":
			return fault.New(fault.Refused, "field.fixed").On(name)
		case !Holds(roles, actor):
			return roleFault(roles).On(name)
		}
	}
	return nil
}

// Is says whether the actor was given exactly this role.
func (a Actor) Is(role string) bool { return slices.Contains(a.Roles, role) }

// Holds says whether the actor has one of the roles. The system holds all; a superuser holds every role of people,
// but an empty list admits nobody and "system" no person; "*" admits whoever has any role.
func Holds(roles []string, a Actor) bool {
	if a.Is("system") {
		return true
	}
	for _, r := range roles {
		if r == "*" && len(a.Roles) > 0 || r != "system" && (a.Is("superuser") || a.Is(r)) {
			return true
		}
	}
	return false
}

// judge runs the guards in the table's order and stops at the first refusal. On a fact every failure is a flag.
func judge(f, seen *Facts, names []string, lenient, fact bool) (*fault.Fault, []string) {
	var flags []string
	for _, name := range names {
		refusal := Guards[name](f)
		switch {
		case refusal == nil:
		case fact:
			flags = union(flags, []string{refusal.Code})
		case lenient && seen != nil && slices.Contains(consentGuards, name) && Guards[name](seen) == nil:
			flags = union(flags, []string{CodeVoidUnseen})
		default:
			return refusal, nil
		}
	}
	return nil, flags
}

// stepFault is why a step the table does not know is refused. Towards work that nobody signed for, the missing
// signature is what a person can mend, so that is what is said (S-01).
func stepFault(e *Entity, f *Facts, from, to string) *fault.Fault {
	for _, t := range e.Transitions {
		if t.To == to && slices.Contains(t.Guards, "consent_covers") && f.Job != nil {
			if refusal := Guards["consent_covers"](f); refusal != nil {
				return onField(refusal, "state")
			}
		}
	}
	return transitionFault(f.Entity, from, to)
}

func transitionFault(entity, from, to string) *fault.Fault {
	return fault.New(fault.Refused, "flow.transition").On("state").
		With("from", fault.Words{entity + "." + from}).With("to", fault.Words{entity + "." + to})
}

// roleFault names who may; a list without people ("system" alone, or nobody) says so.
func roleFault(roles []string) *fault.Fault {
	return fault.New(fault.Refused, "flow.role").With("roles", roleWords(roles))
}

func roleWords(roles []string) fault.Words {
	words := fault.Words{}
	for _, r := range roles {
		if r != "system" {
			words = append(words, "role."+r)
		}
	}
	if len(words) == 0 {
		words = fault.Words{"role.nobody"}
	}
	return words
}

func onField(f *fault.Fault, field string) *fault.Fault {
	if f.Field != "" {
		return f
	}
	return f.On(field)
}

func stateWords(entity string, states []string) fault.Words {
	words := fault.Words{}
	for _, s := range states {
		words = append(words, entity+"."+s)
	}
	return words
}

func union(a, b []string) []string {
	for _, code := range b {
		if !slices.Contains(a, code) {
			a = append(a, code)
		}
	}
	return a
}

func fieldNames(e *Entity) []string {
	names := make([]string, 0, len(e.Fields))
	for name := range e.Fields {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
