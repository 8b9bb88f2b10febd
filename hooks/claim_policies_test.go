package hooks_test

import (
	"testing"

	"aftercare/internal/calendar"
	"aftercare/internal/claim"
	"aftercare/internal/record"
)

// claimPolicy is a policy of claims as a manager saves it, with something changed.
func claimPolicy(change func(*claim.Policy)) map[string]any {
	p := claim.Shipped()
	p.Line = "leather"
	change(&p)
	return map[string]any{record.FieldKind: record.ClaimLine, record.FieldRevision: 1, record.FieldActive: true, record.FieldData: p}
}

func TestClaimPolicies(t *testing.T) {
	as := func(name, role, code, field, admin string, change func(*claim.Policy)) rule {
		return rule{name: name, code: code, field: field, admin: admin, try: func(*shop) op { return create(role, record.Policies, claimPolicy(change)) }}
	}
	shipped := func(*claim.Policy) {}
	hold(t, []rule{
		as("L-03 what holds for claims is the manager's", "agent", "flow.role", "id", "-", shipped),
		as("L-03 a return window of months", "manager", "policy.claims", "data", "", func(p *claim.Policy) { p.Return = calendar.Period{Count: 1, Unit: calendar.Month} }),
		as("L-04 no time for evidence", "manager", "policy.claims", "data", "", func(p *claim.Policy) { p.Evidence.Count = 0 }),
		as("L-05 freight paid by nobody", "manager", "policy.claims", "data", "", func(p *claim.Policy) { p.Freight.Exempt = "nobody" }),
		as("L-09 nothing has to be complete", "manager", "policy.claims", "data", "", func(p *claim.Policy) { p.Completeness = nil }),
		{name: "L-03 figures of the service lane are no policy of claims", code: "policy.claims", field: "data", try: func(*shop) op {
			return create("manager", record.Policies, map[string]any{record.FieldKind: record.ClaimLine, record.FieldRevision: 1, record.FieldData: map[string]any{"labour_range_percent": 5}})
		}},
		{name: "L-03 nor the other way round", code: "policy.unknown", field: "data", try: func(*shop) op {
			data := claimPolicy(shipped)
			data[record.FieldKind] = record.ServiceLane
			data[record.FieldRevision] = 9
			return create("manager", record.Policies, data)
		}},
		{name: "L-03 a policy is added to, not rewritten", code: "field.fixed", field: "data", try: func(s *shop) op {
			return patch("manager", s.Make("manager", record.Policies, claimPolicy(shipped)), map[string]any{record.FieldData: claim.Shipped()})
		}},
		{name: "S-07 no visit begins under a policy of claims", code: "field.foreign", field: "policy", try: func(s *shop) op {
			return create("advisor", record.Visits, s.visitData(s.VisitOpen(), s.Make("manager", record.Policies, claimPolicy(shipped))))
		}},
	})
	t.Run("L-03 every role's shop keeps its lines beside the service lane", func(t *testing.T) {
		s := newShop(t)
		s.Make("manager", record.Policies, claimPolicy(shipped))
		p, version, err := record.ClaimPolicyOf(s.App, s.Shop, "leather")
		if err != nil || p.Line != "leather" || version == record.ShippedClaimPolicy {
			t.Error(version, err)
		}
		lane, err := record.PolicyOf(s.App, s.Shop)
		if err != nil || lane.LabourRangePercent != 10 {
			t.Error("the service lane's figures changed with it", lane.LabourRangePercent, err)
		}
	})
}
