package flow

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"aftercare/internal/fault"
)

// codesIn finds every literal code in the Go files of the given folders.
func codesIn(t *testing.T, folders ...string) map[string]string {
	t.Helper()
	literal := regexp.MustCompile(`"((?:appointment|consent|visit|order|job|dispatch|clock|price|quality|flow|field)\.[a-z_]+)"`)
	found := map[string]string{}
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no Go files in %s (%v)", folder, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range literal.FindAllStringSubmatch(string(b), -1) {
				found[m[1]] = file
			}
		}
	}
	return found
}

func TestTable(t *testing.T) {
	t.Run("every code of the rules has a sentence in both languages", func(t *testing.T) {
		texts := fault.Codes()
		for code, file := range codesIn(t, ".", "../consent", "../price") {
			if text, ok := texts[code]; !ok || text.Zh == "" || text.En == "" {
				t.Errorf("%s (%s) has no sentence", code, file)
			}
		}
	})
	t.Run("a table that contradicts itself does not load", func(t *testing.T) {
		for name, change := range map[string][2]string{
			"unknown guard":       {`"key_tagged"]`, `"key_taged"]`},
			"unknown state":       {`"to": "handed_over"`, `"to": "handed"`},
			"unknown role":        {`"roles": ["advisor", "leader", "technician", "manager"], "guards": ["precheck_signed"`, `"roles": ["boss"], "guards": ["precheck_signed"`},
			"unknown key":         {`"initial": ["open"],`, `"initials": ["open"],`},
			"unknown collection":  {`"to": "work_orders"`, `"to": "orders"`},
			"same step twice":     {`"name": "reopen_inspection", "from": "inspected", "to": "open"`, `"name": "again", "from": "open", "to": "inspected"`},
			"unknown field type":  {`"type": "json", "merge": "last"}`, `"type": "blob", "merge": "last"}`},
			"unknown merge class": {`"merge": "flow", "required": true`, `"merge": "never", "required": true`},
		} {
			broken := strings.Replace(string(tableJSON), change[0], change[1], 1)
			if broken == string(tableJSON) {
				t.Errorf("%s: the change found nothing to change", name)
			}
			if _, err := parse([]byte(broken)); err == nil {
				t.Errorf("%s: the table loaded", name)
			}
		}
	})
}
