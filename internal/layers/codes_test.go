package layers

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"aftercare/internal/fault"
)

var named = regexp.MustCompile(`(?:fault\.New\(fault\.\w+, |refuse\(|wrong\(|AddFlag\([^"\n]*)"([a-z_]+\.[a-z_]+)"`)

// Every code that any of our packages names has its two sentences.
func TestEveryCodeHasItsSentences(t *testing.T) {
	root, known, found := os.DirFS("../.."), fault.Codes(), 0
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git"):
			return fs.SkipDir
		case filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		source, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		for _, m := range named.FindAllStringSubmatch(string(source), -1) {
			found++
			if text, ok := known[m[1]]; !ok || text.Zh == "" || text.En == "" {
				t.Errorf("%s names %s, which has no sentences", path, m[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 80 {
		t.Errorf("only %d codes found: the pattern no longer fits the code", found)
	}
}
