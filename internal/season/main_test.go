package season

import (
	"flag"
	"os"
	"runtime/debug"
	"testing"
)

func TestMain(m *testing.M) {
	flag.Parse()
	debug.SetGCPercent(400) // days of a shop make much garbage, and little of it lives
	os.Exit(m.Run())
}
