package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// table prints a row per bug and the sum. It returns whether every bug was caught.
func table(to io.Writer, results []result, took time.Duration) bool {
	rows := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(rows, "bug\twhat breaks\tplanted in\tcaught by\tseconds")
	count := 0
	for _, r := range results {
		by, _, _ := strings.Cut(r.verdict.by, "\n")
		switch r.verdict.kind {
		case caught:
			count++
		case unfit:
			by = "UNFIT: " + by
		case passed:
			by = "ESCAPED"
		}
		fmt.Fprintf(rows, "%s\t%s\t%s\t%s\t%.1f\n", r.bug.name, r.bug.breaks, r.bug.places(), by, r.took.Seconds())
	}
	_ = rows.Flush()
	fmt.Fprintf(to, "\n%d s\nplanted %d caught %d\n", int(took.Seconds()), len(results), count)
	return count == len(results)
}

// places are the files the bug is planted in.
func (b bug) places() string {
	var files []string
	for _, e := range b.edits {
		file := strings.TrimPrefix(strings.TrimPrefix(e.file, "internal/"), "pb_public/src/")
		if len(files) == 0 || files[len(files)-1] != file {
			files = append(files, file)
		}
	}
	return strings.Join(files, ", ")
}
