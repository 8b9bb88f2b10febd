package flow

import (
	"slices"

	"aftercare/internal/fault"
)

// Walkaround is the kind of template that a reception's inspection 环车检查 is made with.
const Walkaround = "walkaround"

// checklist is what an inspection by a kind of template is of, and who does it.
type checklist struct {
	subjects []string // exactly one of these fields names something, and none of the others
	roles    []string
}

var checklists = map[string]checklist{
	Walkaround:        {[]string{"visit"}, []string{"advisor", "technician", "manager"}},
	"device_check":    {[]string{"vehicle", "asset"}, []string{"advisor", "technician", "inspector", "warehouse", "manager"}},
	"new_vehicle":     {[]string{"vehicle"}, []string{"advisor", "technician", "inspector", "manager"}},
	"goods_receiving": {[]string{"asset"}, []string{"inspector", "parts", "warehouse", "manager"}},
}

var inspected = []string{"visit", "vehicle", "asset"}

// inspectionSubject: a walk-around is of a visit, a delivery check of a vehicle, a receiving check of goods, a device check
// of a vehicle or a device; and each is done by those whose trade it is.
func inspectionSubject(f *Facts) *fault.Fault {
	list, known := checklists[f.Checklist]
	if !known {
		return nil // the template itself is refused for what it is not
	}
	kind := fault.Words{"checklist." + f.Checklist}
	named, field := 0, list.subjects[0]
	for _, subject := range inspected {
		if text(f.After, subject) == "" {
			continue
		}
		named++
		if !slices.Contains(list.subjects, subject) || named > 1 {
			field, named = subject, len(inspected)
		}
	}
	if named != 1 {
		subjects := fault.Words{}
		for _, s := range list.subjects {
			subjects = append(subjects, "subject."+s)
		}
		return refuse("inspection.subject").On(field).With("checklist", kind).With("subjects", subjects)
	}
	if !Holds(list.roles, f.Actor) {
		return refuse("inspection.role").On("template").With("checklist", kind).With("roles", roleWords(list.roles))
	}
	return nil
}

// inspectionAnswered: an inspection is complete when every required point has its answer, "does not apply" being one
// . A walk-around is completed with its visit's step, which asks the same of it.
func inspectionAnswered(f *Facts) *fault.Fault {
	if f.Checklist == Walkaround || text(f.After, "completed_at") == "" || text(f.Before, "completed_at") != "" {
		return nil
	}
	if refused := unanswered(f, "inspection.unanswered"); refused != nil {
		return refused.On("completed_at")
	}
	return nil
}
