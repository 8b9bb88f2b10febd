package importer_test

import (
	"testing"

	"aftercare/internal/importer"
	"aftercare/internal/importer/sample"
)

// BenchmarkImport is a shop's whole file: 5,000 cars with their owners and 50 rotten rows, first into an empty shop,
// then once more.
func BenchmarkImport(b *testing.B) {
	sheet := sample.Make(5000, 50, 1).CSV()
	for _, again := range []bool{false, true} {
		name := map[bool]string{false: "first", true: "again"}[again]
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				s := newHouse(b)
				if again {
					s.run(importer.Vehicles, sheet)
				}
				b.StartTimer()
				got, _ := s.run(importer.Vehicles, sheet)
				if got.Refused != 50 || got.Created+got.Unchanged != 5000 {
					b.Fatal(got)
				}
			}
		})
	}
}
