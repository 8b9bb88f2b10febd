// Command aftercare is the after-sales system 售后 of a shop: one binary with its database, its rules, its sync and
// its app. `aftercare serve` starts it; `aftercare help` lists the rest.
package main

import (
	"log"
	"os"
	"runtime/debug"

	"aftercare/internal/command"
	web "aftercare/pb_public"
)

// memoryLimit keeps a burst of photos from growing the heap without end; it is a goal of the collector, not a wall.
const memoryLimit = 1 << 30

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	if err := command.Run(web.Dist()); err != nil {
		log.Fatal(err)
	}
}
