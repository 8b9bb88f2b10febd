package season

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"testing"
)

func TestMain(m *testing.M) {
	flag.Parse()
	debug.SetGCPercent(400) // days of a shop make much garbage, and little of it lives
	code := m.Run()
	if last != "" {
		fmt.Println(last)
	}
	os.Exit(code)
}
