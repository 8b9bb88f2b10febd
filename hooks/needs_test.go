package hooks

import (
	"testing"

	"aftercare/internal/flow"
)

// A guard without its entry would be asked with empty facts.
func TestEveryGuardHasItsNeeds(t *testing.T) {
	for name := range flow.Guards {
		if _, ok := needs[name]; !ok {
			t.Errorf("guard %s has no entry in needs", name)
		}
	}
	for name := range needs {
		if flow.Guards[name] == nil {
			t.Errorf("needs has an entry for %s, which is no guard", name)
		}
	}
}
