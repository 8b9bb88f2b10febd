// Package vectortest reads and writes the cases that both sides are held to: Go's tests and the tablet's read the same files.
// A path counts from the folder of the package under test.
package vectortest

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
)

// Read is what a file holds as JSON.
func Read[T any](t testing.TB, path string) T {
	t.Helper()
	var v T
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return v
}

// Write makes the file anew, a line a case, so that a change shows which cases it changes.
func Write[T any](t testing.TB, path string, cases []T) {
	t.Helper()
	lines := make([][]byte, len(cases))
	for i, c := range cases {
		line, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		lines[i] = line
	}
	whole := append(append([]byte("[\n"), bytes.Join(lines, []byte(",\n"))...), "\n]\n"...)
	if err := os.WriteFile(path, whole, 0o644); err != nil {
		t.Fatal(err)
	}
}
