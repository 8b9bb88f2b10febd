package consent

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"aftercare/internal/fault"
)

// Format names the JSON file of a sealed consent.
const Format = "aftercare.consent/1"

// File is a consent as it leaves the house in JSON: what was shown, what proves the signature, and the seals. Its bytes
// are its canonical form and nothing else.
type File struct {
	Format           string          `json:"format"`
	Document         json.RawMessage `json:"document"`
	Evidence         Evidence        `json:"evidence"`
	Seal             Seal            `json:"seal"`
	Countersignature *Seal           `json:"countersignature"` // null until the advisor has countersigned
}

// Bytes are the file's bytes.
func (f File) Bytes() ([]byte, error) { return Canonical(f) }

// KindCountersignature is the seal of the advisor's signature beside the customer's (S-03).
const KindCountersignature = "countersignature"

// Countersignature says that a member of staff countersigned the consent with the code. Times are UTC as stored.
type Countersignature struct {
	Kind     string `json:"kind"`
	Code     string `json:"code"`
	SHA256   string `json:"sha256"` // of the customer's statement, canonical
	By       string `json:"by"`     // staff id
	Name     string `json:"name"`
	At       string `json:"at"`
	SealedAt string `json:"sealed_at"`
	Key      string `json:"key"`
	Test     bool   `json:"test"`
}

// KindPaper is the seal of a printed PDF (S-04).
const KindPaper = "paper"

// Paper is what the server says of a PDF it made: all bytes before the seal, which view of the order they show, and the
// code of the consent they carry, "" for none.
type Paper struct {
	Kind   string `json:"kind"`
	View   string `json:"view"`
	SHA256 string `json:"sha256"`
	Code   string `json:"code"`
	MadeAt string `json:"made_at"`
	Key    string `json:"key"`
	Test   bool   `json:"test"`
}

// stamp is the last line of a sealed PDF. PDF readers take it for a comment.
type stamp struct {
	Consent *Seal `json:"consent"`
	Paper   Seal  `json:"paper"`
}

var stampMark = []byte("\n%aftercare-seal ")

// Stamp appends the seals to a PDF: the paper's, made over pdf, and the consent's it carries (nil: none).
func Stamp(pdf []byte, paper Seal, given *Seal) ([]byte, error) {
	line, err := Canonical(stamp{Consent: given, Paper: paper})
	if err != nil {
		return nil, err
	}
	out := append(bytes.Clone(pdf), stampMark...)
	return append(append(out, line...), '\n'), nil
}

// Verdict is what a valid file or code says to anyone.
type Verdict struct {
	Statement
	View   string // of a PDF, else ""
	Voided bool   // the consent was taken back later; only the database knows
}

// VerifyFile checks a PDF or JSON file that this house made, byte by byte, against the trusted keys. Nothing but the file
// and the keys is looked at. Codes verify.unreadable (no such file), seal.broken, seal.key_unknown.
func VerifyFile(data []byte, keys Keys) (Verdict, error) {
	if bytes.HasPrefix(data, []byte("%PDF-")) {
		return verifyPDF(data, keys)
	}
	return verifyJSON(data, keys)
}

func unreadable(err error) error {
	return fault.New(fault.Invalid, "verify.unreadable").On("file").Because(err)
}

// IsFile reports whether JSON says that it is a sealed consent, whatever its seals are worth.
func IsFile(data []byte) bool {
	var names map[string]json.RawMessage
	return json.Unmarshal(data, &names) == nil && (plain(names["format"]) == Format || names["seal"] != nil)
}

func verifyJSON(data []byte, keys Keys) (Verdict, error) {
	if !IsFile(data) {
		return Verdict{}, unreadable(nil)
	}
	var f File
	if err := exactly(data, &f); err != nil {
		return Verdict{}, err
	}
	if written, err := f.Bytes(); err != nil || !bytes.Equal(written, data) || f.Format != Format {
		return Verdict{}, broken(err)
	}
	statement, err := f.verify(keys)
	return Verdict{Statement: statement}, err
}

// verify holds document and evidence to the statement, and the statement to the keys.
func (f File) verify(keys Keys) (Statement, error) {
	var s Statement
	if err := f.Seal.Verify(keys); err != nil {
		return s, err
	}
	if err := f.Seal.Read(&s); err != nil {
		return s, err
	}
	shown, err := Hash(f.Document)
	proof, err2 := f.Evidence.SHA256()
	body, err3 := read(f.Document)
	if err != nil || err2 != nil || err3 != nil || shown != s.SHA256 || proof != s.Evidence || body.Kind != s.Kind || !f.Evidence.complete() {
		return s, broken(err)
	}
	if f.Countersignature == nil {
		return s, nil
	}
	return s, s.countersigned(f.Seal, *f.Countersignature, keys)
}

func (s Statement) countersigned(consent, beside Seal, keys Keys) error {
	var c Countersignature
	if err := beside.Verify(keys); err != nil {
		return err
	}
	if err := beside.Read(&c); err != nil {
		return err
	}
	sum, err := Hash(consent.Statement)
	if err != nil || c.Kind != KindCountersignature || c.Code != s.Code || c.SHA256 != sum {
		return broken(err)
	}
	return nil
}

func verifyPDF(data []byte, keys Keys) (Verdict, error) {
	at := bytes.LastIndex(data, stampMark)
	if at < 0 || data[len(data)-1] != '\n' {
		return Verdict{}, unreadable(nil)
	}
	line := data[at+len(stampMark) : len(data)-1]
	var marks stamp
	if err := exactly(line, &marks); err != nil {
		return Verdict{}, err
	}
	if written, err := Canonical(marks); err != nil || !bytes.Equal(written, line) {
		return Verdict{}, broken(err)
	}
	var p Paper
	if err := marks.Paper.Verify(keys); err != nil {
		return Verdict{}, err
	}
	if err := marks.Paper.Read(&p); err != nil {
		return Verdict{}, err
	}
	sum := sha256.Sum256(data[:at])
	if p.Kind != KindPaper || p.SHA256 != hex.EncodeToString(sum[:]) {
		return Verdict{}, broken(nil)
	}
	return p.verdict(marks.Consent, keys)
}

// verdict is the consent's word where the paper carries one, else the paper's own.
func (p Paper) verdict(given *Seal, keys Keys) (Verdict, error) {
	if given == nil {
		if p.Code != "" {
			return Verdict{}, broken(nil)
		}
		return Verdict{View: p.View, Statement: Statement{Kind: p.View, SHA256: p.SHA256, SealedAt: p.MadeAt, Key: p.Key, Test: p.Test}}, nil
	}
	var s Statement
	if err := given.Verify(keys); err != nil {
		return Verdict{}, err
	}
	if err := given.Read(&s); err != nil {
		return Verdict{}, err
	}
	if s.Code == "" || s.Code != p.Code {
		return Verdict{}, broken(nil)
	}
	return Verdict{Statement: s, View: p.View}, nil
}
