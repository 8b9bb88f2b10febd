package hooks

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// drafts are the rows a person may take back, and the states in which they are still nobody else's business; ""
// stands for rows without a state, which go with their visit.
var drafts = map[string]string{
	record.Visits:      "open",
	record.WorkOrders:  "draft",
	record.Jobs:        "proposed",
	record.Concerns:    "",
	record.Inspections: "",
	record.Findings:    "",
	record.DamageMarks: "",
	record.Belongings:  "",
	record.KeyTags:     "",
	record.Photos:      "",
}

// remove lets people delete their own drafts and nothing else; the server itself may clear up.
func (h *house) remove(e *core.RecordEvent) error {
	entity := entityOf(e.Record.Collection())
	if entity == nil {
		return e.Next()
	}
	actor := record.ActorFor(e.Context, e.Record)
	if actor.System() {
		return asFault(e.Next())
	}
	stored, err := e.App.FindRecordById(e.Record.Collection(), e.Record.Id)
	if err != nil {
		return err
	}
	ok, err := ownDraft(e.App, stored, actor)
	if err != nil {
		return err
	}
	if !ok {
		return fault.New(fault.Refused, "flow.delete").On(record.FieldID)
	}
	return asFault(e.Next())
}

func ownDraft(app core.App, rec *core.Record, actor record.Actor) (bool, error) {
	state, known := drafts[rec.Collection().Name]
	own := actor.Kind == record.KindSuperuser || rec.GetString(record.FieldCreatedBy) == actor.ID
	if actor.Kind == record.KindCustomer { // what was shown for a claim stays shown
		return false, nil
	}
	if !known || !own || state != "" && rec.GetString(record.FieldState) != state {
		return false, nil
	}
	if rec.Collection().Name != record.Visits {
		open, err := stillOpen(app, rec)
		if err != nil || !open {
			return false, err
		}
	}
	referred, err := isReferredTo(app, rec)
	return !referred, err
}

// stillOpen: nothing is taken out of a walk-around or another inspection that was completed, or of what a customer has signed.
func stillOpen(app core.App, rec *core.Record) (bool, error) {
	visit := rec.GetString(record.FieldVisit)
	if visit == "" {
		return stillInspecting(app, rec)
	}
	signed, err := app.CountRecords(record.Consents, dbx.HashExp{record.FieldVisit: visit})
	if err != nil {
		return false, err
	}
	switch rec.Collection().Name {
	case record.WorkOrders:
		return true, nil // one without jobs: jobs refer to it
	case record.Jobs:
		return stillUnsigned(app, rec, visit)
	}
	v, err := app.FindRecordById(record.Visits, visit)
	if err != nil {
		return false, err
	}
	return signed == 0 && record.AsVisit(v).State() == "open", nil
}

// stillUnsigned: no consent names the job, whatever became of that consent.
func stillUnsigned(app core.App, job *core.Record, visit string) (bool, error) {
	consents, err := app.FindAllRecords(record.Consents, dbx.HashExp{record.FieldVisit: visit})
	if err != nil {
		return false, err
	}
	for _, c := range consents {
		for _, line := range record.AsConsent(c).Jobs() {
			if line.ID == job.Id {
				return false, nil
			}
		}
	}
	return true, nil
}

// isReferredTo: a row that another row names stays.
func isReferredTo(app core.App, rec *core.Record) (bool, error) {
	for _, e := range flow.Table().Entities {
		for name, f := range e.Fields {
			if f.To != rec.Collection().Name || f.Type != "relation" {
				continue
			}
			where := dbx.Expression(dbx.HashExp{name: rec.Id})
			if f.Multiple {
				where = dbx.Like(name, rec.Id)
			}
			n, err := app.CountRecords(e.Collection, where)
			if err != nil || n > 0 {
				return true, err
			}
		}
	}
	return false, nil
}
