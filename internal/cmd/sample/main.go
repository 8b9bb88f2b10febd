// Command sample writes a made-up sheet of vehicles with their owners to standard output, as CSV: so many good rows
// and so many rotten ones among them. The same seed gives the same sheet.
package main

import (
	"flag"
	"log"
	"os"

	"aftercare/internal/importer/sample"
)

func main() {
	rows := flag.Int("rows", 5000, "good rows, each a car and its owner")
	rotten := flag.Int("rotten", 50, "rows that an import must refuse")
	seed := flag.Uint64("seed", 1, "which sheet")
	flag.Parse()
	if _, err := os.Stdout.Write(sample.Make(*rows, *rotten, *seed).CSV()); err != nil {
		log.Fatal(err)
	}
}
