// Command trace prints, for every requirement, where its rule, its screen and its proofs stand, found by the ID
// that each of them carries; what has no proof shows a dash. It reads the tree it is started in and writes nothing.
package main

import (
	"bufio"
	_ "embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

//go:embed requirements.tsv
var requirements string

// unruled says of requirements without a rule why they need none.
//
//go:embed unruled.tsv
var unruled string

var id = regexp.MustCompile(`\b[VBRESWQDCFMLPATUXO]-[0-9]{2}\b`)

// kind sorts a file into what it can be for a requirement.
type kind int

const (
	none kind = iota
	rule
	screen
	proof
)

type places map[string][]string // requirement → files

func main() {
	found := map[kind]places{rule: {}, screen: {}, proof: {}}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if skipped(d.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if k := kindOf(path); k != none {
			return collect(path, found[k])
		}
		return nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "trace:", err)
		os.Exit(1)
	}
	report(found)
}

func skipped(dir string) bool {
	return slices.Contains([]string{"node_modules", "dist", ".git", "build", "pb_data", "trace"}, dir)
}

func kindOf(path string) kind {
	path = filepath.ToSlash(path)
	switch ext := filepath.Ext(path); {
	case strings.HasSuffix(path, "_test.go"), strings.HasSuffix(path, ".test.ts"), strings.HasSuffix(path, ".spec.ts"), strings.HasPrefix(path, "pb_public/e2e/"):
		return proof
	case strings.HasPrefix(path, "pb_public/src/features/"), strings.HasPrefix(path, "pb_public/src/ui/"), strings.HasPrefix(path, "pb_public/src/app/"):
		return screen
	case ext == ".go", ext == ".ts":
		return rule
	}
	return none
}

func collect(path string, into places) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		for _, name := range id.FindAllString(lines.Text(), -1) {
			if !slices.Contains(into[name], path) {
				into[name] = append(into[name], path)
			}
		}
	}
	return lines.Err()
}

func report(found map[kind]places) {
	total, proven := 0, 0
	why := map[string]string{}
	for line := range strings.Lines(unruled) {
		name, text, _ := strings.Cut(strings.TrimSpace(line), "\t")
		why[name] = text
	}
	for line := range strings.Lines(requirements) {
		name, text, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if name == "" {
			continue
		}
		total++
		if len(found[proof][name]) > 0 {
			proven++
		}
		fmt.Printf("%s  rule %s  screen %s  proofs %s  | %s\n", name, orWhy(cell(found[rule][name]), why[name]), cell(found[screen][name]), cell(found[proof][name]), text)
	}
	fmt.Printf("%d of %d proven\n", proven, total)
}

// orWhy is the cell, or where it is empty the reason why it may be.
func orWhy(cell, why string) string {
	if cell == "—" && why != "" {
		return why
	}
	return cell
}

// cell names the first file and counts the others.
func cell(files []string) string {
	switch len(files) {
	case 0:
		return "—"
	case 1:
		return files[0]
	}
	return fmt.Sprintf("%s (+%d)", files[0], len(files)-1)
}
