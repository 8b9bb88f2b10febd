package record

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/claim"
	"aftercare/internal/fault"
)

// Kinds of policies: the figures of the service lane, and what holds for the claims of one product line.
const (
	ServiceLane = "service_lane"
	ClaimLine   = "claims"
)

// ShippedClaimPolicy names the policy that came with the product, where a claim keeps what it was decided by.
const ShippedClaimPolicy = "shipped@1"

// Claims is the policy as the rules of claims read it, or what is wrong with it: policy.claims.
func (p *Policy) Claims() (claim.Policy, *fault.Fault) {
	return claim.ParsePolicy([]byte(p.GetString(FieldData)))
}

// ClaimPolicyOf is what holds for a product line's claims in a shop: the highest active revision of the line, the shipped
// one for the default line. version is "id@revision". Code: claim.line_unknown with {line}.
func ClaimPolicyOf(app core.App, shop, line string) (p claim.Policy, version string, err error) {
	rows := []*core.Record{}
	err = app.RecordQuery(Policies).AndWhere(dbx.HashExp{FieldShop: shop, FieldKind: ClaimLine, FieldActive: true}).
		OrderBy(FieldRevision + " DESC").All(&rows)
	if err != nil {
		return p, "", err
	}
	for _, rec := range rows {
		own, refused := AsPolicy(rec).Claims()
		if refused != nil {
			return p, "", refused
		}
		if own.Line == line {
			return own, fmt.Sprintf("%s@%d", rec.Id, rec.GetInt(FieldRevision)), nil
		}
	}
	if line == claim.DefaultLine {
		return claim.Shipped(), ShippedClaimPolicy, nil
	}
	return p, "", fault.New(fault.Invalid, "claim.line_unknown").On("line").With("line", line)
}
