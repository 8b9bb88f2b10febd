package flow

import "aftercare/internal/fault"

// Public is the body of GET /api/flow: the table as it is enforced, with the sentences of every refusal.
type Public struct {
	Version  string                `json:"version"`
	Roles    []string              `json:"roles"`
	Entities map[string]*Entity    `json:"entities"`
	Codes    map[string]fault.Text `json:"codes"`
}

// Published returns what GET /api/flow answers. It is shared, not copied: read only.
func Published() Public {
	t := Table()
	return Public{Version: t.Version, Roles: t.Roles, Entities: t.Entities, Codes: fault.Codes()}
}
