package seal

import (
	"encoding/base32"
	"strings"
)

// codeLetters are Crockford's: no i, l, o and u.
var codeLetters = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// readAloud are the letters that people take for others.
var readAloud = strings.NewReplacer("i", "1", "l", "1", "o", "0", "-", "", " ", "")

// ReadCode is a code as somebody typed it, in its one form; false when it is none.
func ReadCode(typed string) (string, bool) {
	code := readAloud.Replace(strings.ToLower(strings.TrimSpace(typed)))
	b, err := codeLetters.DecodeString(code)
	return code, err == nil && len(b) == 16 && codeLetters.EncodeToString(b) == code
}
