package season

import (
	"slices"
	"testing"
)

func TestCars(t *testing.T) {
	t.Run("V-06 a known VIN gets its known check digit", func(t *testing.T) {
		if got := vin("1M8GDM9A", "KP042788"); got != "1M8GDM9AXKP042788" {
			t.Fatal(got)
		}
	})
	t.Run("V-06 every demo VIN has 17 characters without I, O and Q", func(t *testing.T) {
		for _, c := range Cars(200) {
			if len(c.VIN) != 17 || slices.ContainsFunc([]rune(c.VIN), func(r rune) bool { return r == 'I' || r == 'O' || r == 'Q' }) {
				t.Errorf("%s", c.VIN)
			}
		}
	})
	t.Run("V-01 the same demo every time, no plate twice", func(t *testing.T) {
		a, b := Cars(120), Cars(120)
		seen := map[string]bool{}
		for i := range a {
			if a[i] != b[i] {
				t.Fatalf("car %d differs", i)
			}
			if seen[a[i].Plate] {
				t.Errorf("plate %s twice", a[i].Plate)
			}
			seen[a[i].Plate] = true
		}
	})
}
