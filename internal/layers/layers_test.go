// Package layers holds the house to its plan: which of our packages may import which, and that the pure rules
// stay free of PocketBase, HTTP, SQL, clock and randomness.
package layers

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
)

const module = "aftercare"

var rules = []string{"internal/fault", "internal/flow", "internal/consent", "internal/price", "internal/promise", "internal/pass", "internal/wire", "internal/calendar", "internal/claim"}

// may lists, for each package, the packages of ours it may import directly.
var may = map[string][]string{
	"":                           {"internal/command", "pb_public"},
	"internal/backup":            {"internal/changelog", "internal/database", "internal/upload"},
	"internal/powercut":          {"internal/upload"},
	"internal/command":           {"internal/app", "internal/backup", "internal/database", "internal/demo", "internal/importer", "internal/lan", "internal/setup", "internal/record", "internal/fault", "internal/notify", "internal/testclock", "internal/consent", "internal/seal"},
	"internal/setup":             append([]string{"internal/record"}, rules...),
	"internal/cmd/trace":         {},
	"internal/cmd/planted":       {},
	"internal/cmd/bench":         {"internal/wire"},
	"internal/cmd/claims":        {},
	"internal/database":          {},
	"pb_public":                  {},
	"migrations":                 {},
	"migrations/schema":          {},
	"hooks":                      append([]string{"internal/record", "internal/changelog"}, rules...),
	"internal/fault":             {},
	"internal/flow":              {"internal/fault", "internal/price", "internal/claim", "internal/calendar"},
	"internal/consent":           {"internal/fault", "internal/price"},
	"internal/price":             {"internal/fault"},
	"internal/calendar":          {"internal/fault"},
	"internal/claim":             {"internal/fault", "internal/calendar"},
	"internal/promise":           {"internal/flow"},
	"internal/notify":            append([]string{"internal/record"}, rules...),
	"internal/notify/notifytest": {},
	"internal/due":               append([]string{"internal/record", "internal/notify", "internal/changelog"}, rules...),
	"internal/pass":              {"internal/fault", "internal/consent"},
	"internal/wire":              {"internal/fault"},
	"internal/record":            rules,
	"internal/changelog":         append([]string{"internal/database", "internal/record"}, rules...),
	"internal/scope":             append([]string{"internal/database", "internal/record"}, rules...),
	"internal/push":              append([]string{"internal/database", "internal/changelog", "internal/scope", "internal/record"}, rules...),
	"internal/pull":              append([]string{"internal/changelog", "internal/scope", "internal/record"}, rules...),
	"internal/live":              append([]string{"internal/changelog", "internal/scope", "internal/record", "internal/push", "internal/pull"}, rules...),
	"internal/upload":            {"internal/fault", "internal/photo", "internal/record"},
	"internal/photo":             {"internal/fault"},
	"internal/seal":              append([]string{"internal/record"}, rules...),
	"internal/document":          {"internal/price"},
	"internal/paper":             append([]string{"internal/record", "internal/seal", "internal/document"}, rules...),
	"internal/portal":            append([]string{"internal/record", "internal/notify", "internal/due"}, rules...),
	"internal/buyer":             append([]string{"internal/record", "internal/notify"}, rules...),
	"internal/sales":             append([]string{"internal/record"}, rules...),
	"internal/importer":          append([]string{"internal/record", "internal/sales"}, rules...),
	"internal/lan":               {"internal/fault"},
	"internal/testclock":         {"internal/record"},
	"internal/board":             {"internal/record"},
	"internal/route": append([]string{"internal/record", "internal/changelog", "internal/scope", "internal/push", "internal/pull",
		"internal/live", "internal/upload", "internal/photo", "internal/importer", "internal/sales", "internal/notify", "internal/board", "internal/seal", "internal/paper", "internal/portal", "internal/buyer"}, rules...),
	"internal/app": append([]string{"hooks", "migrations", "internal/record", "internal/changelog", "internal/scope", "internal/push",
		"internal/pull", "internal/live", "internal/upload", "internal/photo", "internal/importer", "internal/route", "internal/notify", "internal/due", "internal/testclock", "internal/seal", "internal/paper", "internal/portal", "internal/buyer"}, rules...),
	"internal/demo":            append([]string{"internal/photo", "internal/record", "internal/sales", "internal/setup", "internal/route", "internal/season", "internal/upload"}, rules...),
	"internal/season":          append([]string{"internal/record", "internal/setup"}, rules...),
	"internal/apptest":         append([]string{"internal/app", "internal/database", "internal/record", "internal/changelog", "migrations"}, rules...),
	"internal/sim":             append([]string{"internal/app", "internal/apptest", "internal/changelog", "internal/database", "internal/push", "internal/record", "internal/scope", "internal/photo/phototest"}, rules...),
	"internal/cmd/sample":      {"internal/importer/sample"},
	"internal/importer/sample": {},
	"internal/photo/phototest": {},
	"internal/vectortest":      {},
}

// foreign lists what the pure rules must not reach, even through others.
var foreign = []string{"github.com/pocketbase", "net/http", "database/sql", "math/rand", "crypto/rand"}

// signing is what Go's Ed25519 brings along; it can make keys, which no rule asks it to: rules sign with a key they are given.
var signing = sync.OnceValues(func() ([]string, error) {
	out, err := exec.Command("go", "list", "-deps", "crypto/ed25519").Output()
	return strings.Fields(string(out)), err
})

// excused are the dependencies of a pure package that signing has brought along.
func excused(t *testing.T, p pack, dep string) bool {
	t.Helper()
	list, err := signing()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Contains(p.Deps, "crypto/ed25519") && slices.Contains(list, dep) && !slices.Contains(p.Imports, dep)
}

type pack struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

func packages(t *testing.T) []pack {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "aftercare/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pack
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pack
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func ours(path string) (string, bool) {
	if path == module {
		return "", true
	}
	return strings.CutPrefix(path, module+"/")
}

func TestLayers(t *testing.T) {
	for _, p := range packages(t) {
		name, _ := ours(p.ImportPath)
		allowed, known := may[name]
		if !known {
			if name != "internal/layers" {
				t.Errorf("package %q has no row in the plan of the house", name)
			}
			continue
		}
		for _, imp := range p.Imports {
			if dep, mine := ours(imp); mine && !slices.Contains(allowed, dep) {
				t.Errorf("%s imports %s, which the plan does not allow", name, dep)
			}
		}
		if slices.Contains(rules, name) {
			for _, dep := range p.Deps {
				for _, f := range foreign {
					if (dep == f || strings.HasPrefix(dep, f+"/")) && !excused(t, p, dep) {
						t.Errorf("pure package %s reaches %s", name, dep)
					}
				}
			}
		}
	}
}
