package hooks

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"sort"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"aftercare/internal/fault"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// save is one row on its way into the database.
type save struct {
	app    core.App // inside the write transaction
	deps   Deps
	entity *flow.Entity
	actor  record.Actor
	now    time.Time
	rec    *core.Record
	read   bool         // rec was loaded as it stands, and is saved without PocketBase's validation
	stored *core.Record // the row as it stands, nil on create
	fields []string     // the table's fields this save changes, by name
}

func (h *house) save(e *core.RecordEvent) error {
	entity := entityOf(e.Record.Collection())
	if entity == nil {
		return e.Next()
	}
	s := &save{app: e.App, deps: h.deps, entity: entity, rec: e.Record, read: record.JustRead(e.Context, e.Record),
		actor: record.ActorFor(e.Context, e.Record), now: h.deps.Clock().UTC()}
	if err := s.judge(); err != nil {
		return err
	}
	if s.read {
		if err := s.validate(e.Context); err != nil {
			return asFault(err)
		}
	}
	if err := asFault(e.Next()); err != nil {
		return err
	}
	return s.follow()
}

// validate holds the changed columns to PocketBase's own validators. For a row that was just read this is all there is to
// validate, and its save leaves PocketBase's round over every column out.
func (s *save) validate(ctx context.Context) error {
	refused := validation.Errors{}
	for _, f := range s.rec.Collection().Fields {
		name := f.GetName()
		if same(s.rec, s.stored, name) {
			continue
		}
		if err := f.ValidateValue(ctx, s.app, s.rec); err != nil {
			refused[name] = err
		}
	}
	return refused.Filter()
}

func (s *save) judge() error {
	steps := []func() error{s.begin, s.checkPerson, s.checkShape, s.checkShop, s.checkRelations, s.checkRoles, s.derive, s.decide, s.stamp}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// begin finds out what this save changes. PocketBase writes every column of a row it loaded before our transaction
// began, so columns the caller did not touch are taken from the row as it stands now: nobody's edit is undone.
func (s *save) begin() error {
	if s.rec.IsNew() {
		s.prepare()
		return nil
	}
	if err := s.refresh(); err != nil {
		return err
	}
	for name := range s.entity.Fields {
		if !same(s.rec, s.stored, name) {
			s.fields = append(s.fields, name)
		}
	}
	sort.Strings(s.fields)
	return nil
}

// refresh takes the columns that the caller did not touch from the row as it stands. Where nothing had changed since the
// row was loaded, PocketBase is told to write the changed columns alone.
func (s *save) refresh() error {
	loaded := s.rec.Original()
	if s.read {
		s.stored = loaded
		s.rec.IgnoreUnchangedFields(true)
		return nil
	}
	stored, err := s.app.FindRecordById(s.rec.Collection(), s.rec.Id)
	if err != nil {
		return err
	}
	s.stored = stored
	stale := false
	for _, f := range s.rec.Collection().Fields {
		name := f.GetName()
		if same(stored, loaded, name) {
			continue
		}
		stale = true
		if name != core.FieldNamePassword && same(s.rec, loaded, name) {
			s.rec.SetRaw(name, stored.GetRaw(name))
		}
	}
	s.rec.IgnoreUnchangedFields(!stale)
	return nil
}

// prepare fills what a new row may leave out: its id, its only possible first state, the shop of who writes it.
func (s *save) prepare() {
	if s.rec.Id == "" {
		s.rec.Id = core.GenerateDefaultRandomId()
	}
	if len(s.entity.Initial) == 1 && s.rec.GetString(record.FieldState) == "" {
		s.rec.Set(record.FieldState, s.entity.Initial[0])
	}
	if _, ok := s.entity.Fields[record.FieldShop]; ok && s.rec.GetString(record.FieldShop) == "" {
		s.rec.Set(record.FieldShop, s.actor.Shop)
	}
	for name := range s.entity.Fields {
		if flow.Given(record.Value(s.rec, name)) {
			s.fields = append(s.fields, name)
		}
	}
	sort.Strings(s.fields)
}

func same(a, b *core.Record, field string) bool {
	switch x := a.GetRaw(field).(type) { // most fields, and most are what they were
	case string:
		if y, ok := b.GetRaw(field).(string); ok {
			return x == y
		}
	case float64:
		if y, ok := b.GetRaw(field).(float64); ok {
			return x == y
		}
	case types.JSONRaw:
		if y, ok := b.GetRaw(field).(types.JSONRaw); ok && bytes.Equal(x, y) {
			return true
		}
	case types.DateTime:
		if y, ok := b.GetRaw(field).(types.DateTime); ok && x == y {
			return true
		}
	}
	return reflect.DeepEqual(record.Value(a, field), record.Value(b, field))
}

func (s *save) creating() bool { return s.stored == nil }

func (s *save) changes(field string) bool {
	i := sort.SearchStrings(s.fields, field)
	return i < len(s.fields) && s.fields[i] == field
}

// checkShape holds the values to the table: types, lists, limits, and what may not be empty.
func (s *save) checkShape() error {
	for _, name := range s.fields {
		if refusal := record.ShapeOf(s.entity, name, s.entity.Fields[name], record.Value(s.rec, name)); refusal != nil {
			return refusal
		}
	}
	required := make([]string, 0, len(s.entity.Fields))
	for name, f := range s.entity.Fields {
		if f.Required && (s.creating() || s.changes(name)) {
			required = append(required, name)
		}
	}
	sort.Strings(required)
	for _, name := range required {
		if !flow.Given(record.Value(s.rec, name)) {
			return fault.New(fault.Invalid, "field.required").On(name).With("field", name)
		}
	}
	return nil
}

// checkRoles holds every changed field to who may write it, and derived fields to the server.
func (s *save) checkRoles() error {
	if !s.creating() {
		return flow.EditCheck(s.entity.Name, s.fields, s.actor.Flow())
	}
	if s.actor.System() {
		return nil
	}
	for _, name := range s.fields {
		if f := s.entity.Fields[name]; f.Derived && !(name == record.FieldState && s.rec.GetString(name) == s.entity.Initial[0]) {
			return fault.New(fault.Refused, "field.derived").On(name).With("field", name)
		}
	}
	return nil
}

// decide asks the flow: a new row, a step between states, or an edit that needs nothing more.
func (s *save) decide() error {
	verdict, err := s.verdict()
	if err != nil {
		return err
	}
	if err := verdict.Err(); err != nil {
		return err
	}
	if verdict.Kept {
		s.rec.Set(record.FieldState, s.stored.GetString(record.FieldState))
	}
	for _, code := range verdict.Flags {
		record.AddFlag(s.rec, code, s.now)
	}
	return nil
}

func (s *save) verdict() (flow.Verdict, error) {
	if s.creating() {
		return s.ask(s.entity.Create.Guards, s.entity.Create.Seen, flow.CreateCheckSeen)
	}
	if len(s.entity.Edit.Guards) > 0 && len(s.written()) > 0 {
		if err := s.stays(s.entity.Edit.Guards); err != nil {
			return flow.Verdict{}, err
		}
	}
	from, to := s.stored.GetString(record.FieldState), s.rec.GetString(record.FieldState)
	if len(s.entity.States) == 0 || from == to {
		return flow.Verdict{}, nil
	}
	guards, seen := s.stepTo(to)
	return s.ask(guards, seen, func(f, seen *flow.Facts) flow.Verdict { return flow.ApplySeen(f, seen, from, to) })
}

// stepTo lists the guards the flow may ask on the way to a state, and whether what the tablet had seen may count.
// A fact may come from a state the table does not know, so every step to the state is looked at.
func (s *save) stepTo(to string) (guards []string, seen bool) {
	for _, t := range s.entity.Transitions {
		if t.To == to {
			guards = append(guards, t.Guards...)
			seen = seen || t.Seen
		}
	}
	return guards, seen
}

// ask judges by the facts as they stand; when that is a no and the tablet may rightly have known better, by what it
// had heard of as well.
func (s *save) ask(guards []string, seen bool, check func(f, seen *flow.Facts) flow.Verdict) (flow.Verdict, error) {
	f, err := s.facts(guards)
	if err != nil {
		return flow.Verdict{}, err
	}
	verdict := check(f, nil)
	if verdict.Fault == nil && !verdict.Kept || !seen || s.actor.Seen == 0 || s.deps.AsOf == nil {
		return verdict, nil
	}
	then, err := s.factsThen(f)
	if err != nil || then == nil {
		return verdict, err
	}
	return check(f, then), nil
}

// stamp writes who and on which device, when the server had it, and when it was captured.
func (s *save) stamp() error {
	if _, ok := s.entity.Fields[record.FieldUpdatedBy]; ok {
		s.rec.Set(record.FieldUpdatedBy, s.actor.ID)
		s.rec.Set(record.FieldDevice, s.actor.Device)
		if s.creating() {
			s.rec.Set(record.FieldCreatedBy, s.actor.ID)
			s.rec.Set(record.FieldCapturedAt, record.Text(s.captured()))
		}
		if record.Value(s.rec, record.FieldFlags) == nil {
			s.rec.Set(record.FieldFlags, []record.Flag{})
		}
	}
	if s.creating() {
		s.rec.Set(record.FieldCreated, record.Text(s.now))
	}
	s.rec.Set(record.FieldUpdated, record.Text(s.now))
	return nil
}

// captured is when the tablet took the row down, by its own clock; the server's time where there is no tablet. An edit
// does not move it.
func (s *save) captured() time.Time {
	if s.actor.At.IsZero() {
		return s.now
	}
	return s.actor.At
}

// asFault gives PocketBase's own refusals (a value taken, a broken relation) our codes.
func asFault(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := fault.From(err); ok {
		return err
	}
	var fields validation.Errors
	if !errors.As(err, &fields) {
		return err
	}
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		code := "field.invalid"
		var item validation.Error
		if errors.As(fields[name], &item) {
			switch item.Code() {
			case "validation_not_unique", "validation_pk_invalid":
				code = "field.taken"
			case "validation_required":
				code = "field.required"
			case "validation_invalid_old_password":
				code = "access.wrong_password"
			}
		}
		return fault.New(fault.Invalid, code).On(name).With("field", name).Because(err)
	}
	return err
}
