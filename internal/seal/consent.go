package seal

import (
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
	"aftercare/internal/record"
)

// Consent seals a consent as it is being stored: code, seal, and when.
func (s Sealer) Consent(app core.App, c *record.Consent, device string) error {
	evidence, err := c.Evidence()
	if err != nil {
		return err
	}
	proof, err := evidence.SHA256()
	if err != nil {
		return err
	}
	code, sealedAt := NewCode(), ""
	seal, err := s.Sign(app, func(key, at string, test bool) any {
		sealedAt = at
		return consent.Statement{Kind: c.DocumentKind(), Schema: consent.StatementSchema, Way: c.Kind(), State: c.State(),
			SHA256: c.SHA256(), Evidence: proof, Code: code, Signer: consent.Masked(c.SignerName()), Device: device,
			SignedAt: c.SignedAt(), SealedAt: at, Key: key, Test: test}
	})
	if err != nil {
		return err
	}
	c.SetSeal(seal, code, sealedAt)
	return nil
}

// Countersign seals the advisor's signature beside a sealed consent.
func (s Sealer) Countersign(app core.App, c *record.Consent) error {
	given, ok := c.Seal()
	if !ok {
		return nil
	}
	sum, err := consent.Hash(given.Statement)
	if err != nil {
		return err
	}
	by, at := c.CountersignedBy()
	member, err := app.FindRecordById(record.Staff, by)
	if err != nil {
		return err
	}
	seal, err := s.Sign(app, func(key, now string, test bool) any {
		return consent.Countersignature{Kind: consent.KindCountersignature, Code: c.Code(), SHA256: sum, By: by,
			Name: record.AsMember(member).Name(), At: at, SealedAt: now, Key: key, Test: test}
	})
	if err != nil {
		return err
	}
	c.SetCounterseal(seal)
	return nil
}
