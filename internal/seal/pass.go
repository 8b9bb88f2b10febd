package seal

import (
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
	"aftercare/internal/pass"
	"aftercare/internal/record"
)

// Pass seals a gate pass and returns what its QR code carries (D-07).
func (s Sealer) Pass(app core.App, p *record.GatePass) (string, error) {
	seal, err := s.Sign(app, func(key, _ string, test bool) any {
		return pass.Statement{Kind: pass.KindPass, ID: p.Id, Number: p.Number(), Shop: p.Shop(), Visit: p.Visit(), Plate: p.Plate(),
			IssuedAt: p.IssuedAt(), Until: p.ValidUntil(), Key: key, Test: test}
	})
	if err != nil {
		return "", err
	}
	return pass.Token(seal, nil), nil
}

// CheckPass holds what a QR code says to the keys of this database. Codes as pass.Check.
func (s Sealer) CheckPass(app core.App, token string) (pass.Statement, *pass.Certificate, error) {
	keys, err := Trusted(app)
	if err != nil {
		return pass.Statement{}, nil, err
	}
	return pass.Check(token, keys)
}

// Certify lets a cashier's tablet sign passes of its shop with its own key, whose public half is public (base64url).
func (s Sealer) Certify(app core.App, c pass.Certificate) (consent.Seal, error) {
	return s.Sign(app, func(key, at string, test bool) any {
		c.Kind, c.From, c.Key, c.Test = pass.KindCertificate, at, key, test
		return c
	})
}
