package main

import (
	"os"
	"testing"
)

// A bug that no longer fits the code is found here, not weeks later by the long run.
func TestApplies(t *testing.T) {
	if err := os.Chdir("../../.."); err != nil {
		t.Fatal(err)
	}
	for _, b := range append(server(), tablet()...) {
		if _, err := b.apply(); err != nil {
			t.Errorf("%s: %v", b.name, err)
		}
	}
}
