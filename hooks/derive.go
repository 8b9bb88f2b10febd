package hooks

import "aftercare/internal/record"

// derivers set the derived fields of a collection, one short file each, and hold the shape of its JSON fields. They
// run before the guards, which look at what they set.
var derivers = map[string]func(*save) error{
	record.Staff:          deriveStaff,
	record.Customers:      deriveCustomer,
	record.Devices:        deriveDevice,
	record.Policies:       derivePolicy,
	record.Templates:      deriveTemplate,
	record.Holidays:       deriveHoliday,
	record.Visits:         deriveVisit,
	record.Inspections:    deriveInspection,
	record.Findings:       deriveFinding,
	record.Photos:         derivePhoto,
	record.Capacities:     deriveCapacity,
	record.Appointments:   deriveAppointment,
	record.Preparations:   derivePreparation,
	record.WorkOrders:     deriveWorkOrder,
	record.Jobs:           deriveJob,
	record.Consents:       deriveConsent,
	record.TimeEntries:    deriveTimeEntry,
	record.Messages:       deriveMessage,
	record.DueItems:       deriveDueItem,
	record.QualityChecks:  deriveQualityCheck,
	record.Settlements:    deriveSettlement,
	record.Payments:       derivePayment,
	record.GatePasses:     deriveGatePass,
	record.GateUses:       deriveGateUse,
	record.QualityReports: deriveQualityReport,
	record.WarrantyClaims: deriveWarrantyClaim,
	record.Merges:         deriveMerge,
	record.SalesItems:     deriveSalesItem,
	record.Claims:         deriveClaim,
	record.ClaimItems:     deriveOfClaim,
	record.Shipments:      deriveOfClaim,
	record.RepairPlans:    deriveOfClaim,
	record.Refunds:        deriveOfClaim,
	record.MakeupParts:    deriveMakeup,
}

func (s *save) derive() error {
	if set := derivers[s.entity.Collection]; set != nil {
		return set(s)
	}
	return nil
}
