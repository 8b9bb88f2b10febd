package wire

import (
	"strconv"
	"strings"
)

// Older compares versions like "1.4.0", number by number; what is no version is older than any.
func Older(version, than string) bool {
	a, b := strings.Split(version, "."), strings.Split(than, ".")
	for i := range b {
		if i >= len(a) {
			return true
		}
		x, errX := strconv.ParseUint(a[i], 10, 32)
		y, errY := strconv.ParseUint(b[i], 10, 32)
		if errX != nil || errY != nil || x < y {
			return true
		}
		if x > y {
			return false
		}
	}
	return false
}
