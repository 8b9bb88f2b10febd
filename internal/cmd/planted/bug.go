package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// bug is one way to break sync: the edits that plant it and the suites that are asked, general ones first, until one
// notices.
type bug struct {
	name   string
	breaks string // what people would suffer, and the promise (1–14) or pain of sync.md it is about
	edits  []edit
	suites []suite
}

// edit replaces a text that stands exactly once in a file of the tree.
type edit struct{ file, old, new string }

// apply returns the changed files by their absolute paths. An error says why the bug no longer applies.
func (b bug) apply() (map[string]string, error) {
	changed := map[string]string{}
	for _, e := range b.edits {
		path, err := filepath.Abs(e.file)
		if err != nil {
			return nil, err
		}
		text, ok := changed[path]
		if !ok {
			read, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			text = string(read)
		}
		if n := strings.Count(text, e.old); n != 1 {
			return nil, fmt.Errorf("no longer applies: %q stands %d times in %s", e.old, n, e.file)
		}
		changed[path] = strings.Replace(text, e.old, e.new, 1)
	}
	return changed, nil
}

// overlay writes the changed files into a folder of their own below temp, and the list of replacements that both
// `go test -overlay` and the tablet's suite read.
func (b bug) overlay(temp string) (path string, err error) {
	changed, err := b.apply()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(temp, b.name)
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	for path, text := range changed {
		copied := filepath.Join(dir, fmt.Sprintf("%d-%s", len(replace), filepath.Base(path)))
		if err := os.WriteFile(copied, []byte(text), 0o600); err != nil {
			return "", err
		}
		replace[path] = copied
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path = filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, list, 0o600)
}

// compiles builds the changed Go packages by themselves; the tablet's files are only held to their texts.
func (b bug) compiles(temp string) error {
	overlay, err := b.overlay(temp)
	if err != nil {
		return err
	}
	for _, e := range b.edits {
		if filepath.Ext(e.file) != ".go" {
			continue
		}
		out, _, ok := command(".", nil, "go", "build", "-overlay="+overlay, "./"+filepath.Dir(e.file))
		if !ok {
			return fmt.Errorf("does not compile:\n%s", out)
		}
	}
	return nil
}

// plant runs the bug's suites in order until one of them notices.
func (b bug) plant(temp string) verdict {
	overlay, err := b.overlay(temp)
	if err != nil {
		return verdict{kind: unfit, by: err.Error()}
	}
	for _, s := range b.suites {
		if v := s.run(overlay, temp); v.kind != passed {
			return v
		}
	}
	return verdict{kind: passed}
}
