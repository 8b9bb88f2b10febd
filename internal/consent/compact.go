package consent

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// A QR code holds the seal of a consent in a few hundred characters, so that a phone without a network can check it: the
// fields of the statement with dots between them, in the order of its own, the hashes in base64url, the times in
// milliseconds to the base 36.

var (
	kinds  = []string{KindPrecheck, KindEstimate, KindSupplement, KindDelivery}
	ways   = []string{"signature", "phone", "portal"}
	states = []string{"given", "declined"}
)

// Compact is the seal as a QR code carries it beside the consent's code; "" when the statement is of another form.
func (s Seal) Compact() string {
	var st Statement
	if s.Read(&st) != nil || st.Schema != StatementSchema {
		return ""
	}
	kind, way, state := slices.Index(kinds, st.Kind), slices.Index(ways, st.Way), slices.Index(states, st.State)
	signed, sealed := Instant(st.SignedAt), Instant(st.SealedAt)
	shown, proof := packed(st.SHA256), packed(st.Evidence)
	if kind < 0 || way < 0 || state < 0 || signed == "" || sealed == "" || shown == "" || proof == "" {
		return ""
	}
	head := strconv.Itoa(st.Schema) + strconv.Itoa(kind) + strconv.Itoa(way) + strconv.Itoa(state) + Bit(st.Test)
	return strings.Join([]string{head, shown, proof, encoding.EncodeToString([]byte(st.Signer)), st.Device, signed, sealed, st.Key, s.Signature}, ".")
}

// ParseCompact is the seal of the consent with the code that Compact wrote; false when it is none.
func ParseCompact(code, text string) (Seal, bool) {
	part := strings.Split(text, ".")
	if len(part) != 9 || len(part[0]) != 5 || part[0][0] != '0'+StatementSchema {
		return Seal{}, false
	}
	at := func(i int, of []string) string {
		if n := int(part[0][i] - '0'); n >= 0 && n < len(of) {
			return of[n]
		}
		return ""
	}
	signer, err := encoding.DecodeString(part[3])
	st := Statement{Kind: at(1, kinds), Schema: StatementSchema, Way: at(2, ways), State: at(3, states), SHA256: unpacked(part[1]),
		Evidence: unpacked(part[2]), Code: code, Signer: string(signer), Device: part[4], SignedAt: Moment(part[5]), SealedAt: Moment(part[6]), Key: part[7],
		Test: part[0][4] == '1'}
	canonical, err2 := Canonical(st)
	seal := Seal{Statement: canonical, Signature: part[8]}
	return seal, err == nil && err2 == nil && seal.Compact() == text
}

func packed(sum string) string {
	b, err := hex.DecodeString(sum)
	if err != nil || len(b) != 32 {
		return ""
	}
	return encoding.EncodeToString(b)
}

func unpacked(text string) string {
	b, err := encoding.DecodeString(text)
	if err != nil || len(b) != 32 {
		return ""
	}
	return hex.EncodeToString(b)
}
