package record

import (
	"encoding/json"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
)

const (
	// CustomerLinks are the one-time links to a customer's own page (S-05).
	CustomerLinks = "customer_links"
	// SealKeys are the public halves of the keys the server seals with (S-03).
	SealKeys = "seal_keys"
)

// Fields of seals. FieldCode, of shops, is also the code of a consent, FieldKey the name of a key.
const (
	FieldPublic      = "public"
	FieldSince       = "since"
	FieldUntil       = "until"
	FieldHandover    = "handover"
	FieldSeal        = "seal"
	FieldSealedAt    = "sealed_at"
	FieldCounterseal = "counterseal"
	FieldLink        = "link"
	FieldCautions    = "cautions"
	FieldSentBy      = "sent_by"
	FieldSentTo      = "sent_to"
	FieldWithCode    = "with_code"
	FieldOpenedAt    = "opened_at"
	FieldDecidedAt   = "decided_at"
	FieldConsent     = "consent"
)

var _ core.RecordProxy = (*SealKey)(nil)

// SealKey is a row of seal_keys.
type SealKey struct{ row }

// AsSealKey wraps a row of seal_keys.
func AsSealKey(rec *core.Record) *SealKey { return &SealKey{wrap(rec)} }

func (k *SealKey) Key() string         { return k.GetString(FieldKey) }
func (k *SealKey) Public() string      { return k.GetString(FieldPublic) }
func (k *SealKey) Until() string       { return k.moment(FieldUntil) }
func (k *SealKey) SetUntil(utc string) { k.Set(FieldUntil, utc) }

// Code is what anyone may ask for the consent by, "" before it was sealed.
func (c *Consent) Code() string { return c.GetString(FieldCode) }

// SignedAt is when the customer signed, by the tablet's clock.
func (c *Consent) SignedAt() string { return c.moment(FieldSignedAt) }

// SignerName is who signed.
func (c *Consent) SignerName() string { return c.GetString(FieldSignerName) }

// Seal is the server's seal; false before the consent was sealed.
func (c *Consent) Seal() (consent.Seal, bool) { return c.sealIn(FieldSeal) }

// Counterseal is the seal of the advisor's countersignature; false when there is none.
func (c *Consent) Counterseal() (consent.Seal, bool) { return c.sealIn(FieldCounterseal) }

func (c *Consent) sealIn(field string) (consent.Seal, bool) {
	var s consent.Seal
	err := c.UnmarshalJSONField(field, &s)
	return s, err == nil && s.Signature != ""
}

// SetSeal writes the seal, its code and when it was made (UTC).
func (c *Consent) SetSeal(s consent.Seal, code, at string) {
	c.Set(FieldSeal, s)
	c.Set(FieldCode, code)
	c.Set(FieldSealedAt, at)
}

// SetCounterseal writes the seal of the countersignature.
func (c *Consent) SetCounterseal(s consent.Seal) { c.Set(FieldCounterseal, s) }

// CountersignedBy is the member of staff who countersigned, and when.
func (c *Consent) CountersignedBy() (id, at string) {
	return c.GetString(FieldCountersignedBy), c.moment(FieldCountersignedAt)
}

// Evidence is what stands beside the document.
func (c *Consent) Evidence() (consent.Evidence, error) {
	e := consent.Evidence{}
	for _, name := range consent.EvidenceFields {
		raw, err := json.Marshal(Value(c.ProxyRecord(), name))
		if err != nil {
			return nil, err
		}
		e[name] = raw
	}
	return e, nil
}

// File is the consent as it leaves the house.
func (c *Consent) File() (consent.File, error) {
	evidence, err := c.Evidence()
	seal, _ := c.Seal()
	file := consent.File{Format: consent.Format, Document: c.Document(), Evidence: evidence, Seal: seal}
	if beside, ok := c.Counterseal(); ok {
		file.Countersignature = &beside
	}
	return file, err
}

var _ core.RecordProxy = (*CustomerLink)(nil)

// CustomerLink is a row of customer_links: a document sent to the customer's phone.
type CustomerLink struct{ row }

// AsCustomerLink wraps a row of customer_links.
func AsCustomerLink(rec *core.Record) *CustomerLink { return &CustomerLink{wrap(rec)} }

func (l *CustomerLink) WorkOrder() string        { return l.GetString(FieldWorkOrder) }
func (l *CustomerLink) DocumentKind() string     { return l.GetString(FieldDocumentKind) }
func (l *CustomerLink) Document() []byte         { return []byte(l.GetString(FieldDocument)) }
func (l *CustomerLink) SHA256() string           { return l.GetString(FieldSHA256) }
func (l *CustomerLink) Lang() string             { return l.GetString(FieldLang) }
func (l *CustomerLink) SentBy() string           { return l.GetString(FieldSentBy) }
func (l *CustomerLink) WithCode() bool           { return l.GetBool(FieldWithCode) }
func (l *CustomerLink) ExpiresAt() string        { return l.moment(FieldExpiresAt) }
func (l *CustomerLink) Consent() string          { return l.GetString(FieldConsent) }
func (l *CustomerLink) SetOpenedAt(utc string)   { l.Set(FieldOpenedAt, utc) }
func (l *CustomerLink) SetDecided(c, utc string) { l.Set(FieldConsent, c); l.Set(FieldDecidedAt, utc) }
