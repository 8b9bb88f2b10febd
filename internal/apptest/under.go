package apptest

import "testing"

// Under makes t the test that what goes wrong from now on belongs to: a fuzz target opens its house once and is called
// with a test of its own for every input.
func (s *Shop) Under(t testing.TB) { s.t = t }
