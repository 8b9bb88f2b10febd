// Package pass says what a gate pass 出厂放行条 is in a QR code, and whether one is genuine: a statement about one car, signed by
// the server, or by a cashier's tablet whose key the server has certified (D-07). It promises that a single altered
// character fails, that a pass of one shop opens no other's gate, and that a phone with the server's public keys can check
// it without a network. It knows nothing of who paid, or whether a pass was used: that is package flow and the rows. It reads
// no clock.
package pass

import (
	"encoding/base64"
	"strings"

	"aftercare/internal/consent"
	"aftercare/internal/fault"
)

// Kinds of statements.
const (
	KindPass        = "gate_pass"
	KindCertificate = "cashier_key"
)

// Statement is what a gate pass says. Times are UTC as stored; Key signed it: the server's, or a certified tablet's.
type Statement struct {
	Kind     string `json:"kind"`
	ID       string `json:"id"`
	Number   string `json:"number"`
	Shop     string `json:"shop"`
	Visit    string `json:"visit"`
	Plate    string `json:"plate"`
	IssuedAt string `json:"issued_at"`
	Until    string `json:"until"`
	Key      string `json:"key"`
	Test     bool   `json:"test"`
}

// Certificate is the server's word that a cashier's tablet may sign passes of its shop with the key Next, whose public
// half is Public, from From until Until (UTC as stored).
type Certificate struct {
	Kind   string `json:"kind"`
	Device string `json:"device"`
	Staff  string `json:"staff"`
	Shop   string `json:"shop"`
	Next   string `json:"next"`
	Public string `json:"public"`
	From   string `json:"from"`
	Until  string `json:"until"`
	Key    string `json:"key"`
	Test   bool   `json:"test"`
}

const mark = "AP1"

var encoding = base64.RawURLEncoding.Strict()

// Token is the pass as a QR code carries it: the fields of its statement with dots between them, text in base64url, times in
// milliseconds to the base 36, then the signature; behind it those of the certificate (nil: the server signed), as far as
// the pass does not say them already. It is "" when one of the seals is of another form.
func Token(signed consent.Seal, certified *consent.Seal) string {
	var s Statement
	if signed.Read(&s) != nil || s.Kind != KindPass {
		return ""
	}
	part := []string{mark, s.ID, packed(s.Number), s.Shop, s.Visit, packed(s.Plate), consent.Instant(s.IssuedAt), consent.Instant(s.Until), s.Key, consent.Bit(s.Test), signed.Signature}
	if certified != nil {
		var c Certificate
		if certified.Read(&c) != nil || c.Kind != KindCertificate || c.Shop != s.Shop || c.Next != s.Key {
			return ""
		}
		part = append(part, c.Device, c.Staff, c.Public, consent.Instant(c.From), consent.Instant(c.Until), c.Key, consent.Bit(c.Test), certified.Signature)
	}
	return strings.Join(part, ".")
}

// parse is the seals that Token wrote; false when it is none, or not the one way to write them.
func parse(token string) (signed consent.Seal, certified *consent.Seal, ok bool) {
	part := strings.Split(token, ".")
	if len(part) != 11 && len(part) != 19 || part[0] != mark {
		return consent.Seal{}, nil, false
	}
	s := Statement{Kind: KindPass, ID: part[1], Number: unpacked(part[2]), Shop: part[3], Visit: part[4], Plate: unpacked(part[5]), IssuedAt: consent.Moment(part[6]),
		Until: consent.Moment(part[7]), Key: part[8], Test: part[9] == "1"}
	canonical, err := consent.Canonical(s)
	signed = consent.Seal{Statement: canonical, Signature: part[10]}
	if err == nil && len(part) == 19 {
		c := Certificate{Kind: KindCertificate, Device: part[11], Staff: part[12], Shop: s.Shop, Next: s.Key, Public: part[13], From: consent.Moment(part[14]), Until: consent.Moment(part[15]),
			Key: part[16], Test: part[17] == "1"}
		canonical, err = consent.Canonical(c)
		certified = &consent.Seal{Statement: canonical, Signature: part[18]}
	}
	return signed, certified, err == nil && Token(signed, certified) == token
}

// Check reads a pass and holds it to the server's keys. The certificate is nil when the server itself signed. Codes
// gate.unreadable, seal.key_unknown, seal.broken, gate.uncertified (made outside the time the tablet was certified for).
func Check(token string, keys consent.Keys) (Statement, *Certificate, error) {
	signed, certified, ok := parse(token)
	if !ok {
		return Statement{}, nil, fault.New(fault.Refused, "gate.unreadable").On("token")
	}
	var s Statement
	if certified == nil {
		if err := signed.Verify(keys); err != nil {
			return Statement{}, nil, err
		}
		return s, nil, signed.Read(&s)
	}
	var c Certificate
	if err := certified.Verify(keys); err != nil {
		return Statement{}, nil, err
	}
	if err := certified.Read(&c); err != nil {
		return Statement{}, nil, err
	}
	public, _ := consent.DecodeKey(c.Public)
	if err := signed.Verify(consent.Keys{c.Next: public}); err != nil {
		return Statement{}, nil, err
	}
	if err := signed.Read(&s); err != nil {
		return Statement{}, nil, err
	}
	if s.IssuedAt < c.From || s.IssuedAt > c.Until {
		return Statement{}, nil, fault.New(fault.Refused, "gate.uncertified").On("token")
	}
	return s, &c, nil
}

func packed(text string) string { return encoding.EncodeToString([]byte(text)) }

func unpacked(text string) string {
	b, err := encoding.DecodeString(text)
	if err != nil {
		return ""
	}
	return string(b)
}
