package hooks

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// factsThen is what the acting tablet could rightly know: the job and the visit's consents as of the log sequence it
// had certainly received. Everything else stays as it is now. Nil when it had never heard of the job.
func (s *save) factsThen(now *flow.Facts) (*flow.Facts, error) {
	if now.Job == nil {
		return nil, nil
	}
	rec, err := s.rowThen(record.Jobs, now.Job.ID)
	if err != nil || rec == nil {
		return nil, err
	}
	then := *now
	job := record.AsJob(rec).Facts()
	then.Job = &job
	then.Consents = []flow.Consent{}
	consents, err := s.all(record.Consents, dbx.HashExp{record.FieldVisit: s.visitID()})
	if err != nil {
		return nil, err
	}
	for _, c := range consents {
		old, err := s.rowThen(record.Consents, c.Id)
		if err != nil {
			return nil, err
		}
		if old != nil {
			then.Consents = append(then.Consents, record.AsConsent(old).Facts())
		}
	}
	return &then, nil
}

func (s *save) rowThen(collection, id string) (*core.Record, error) {
	values, err := s.deps.AsOf(s.app, collection, id, s.actor.Seen)
	if err != nil || values == nil {
		return nil, err
	}
	c, err := s.app.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, err
	}
	rec := core.NewRecord(c)
	rec.Id = id
	rec.Load(values)
	return rec, nil
}
