package importer

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"

	"aftercare/internal/fault"
)

// maxLinesInRow is how many lines of the file one row may take. A quotation mark that is never closed would else
// swallow every good row up to the next mark.
const maxLinesInRow = 30

// readCSV reads comma, semicolon or tab separated text. A row that cannot be read is reported and reading goes on with
// the next line.
func readCSV(text []byte) (*table, error) {
	t := &table{}
	lines := lineStarts(text)
	comma := separator(text)
	for from := 0; from < len(lines); {
		next, err := t.readFrom(text[lines[from]:], from, comma)
		if err != nil {
			return nil, err
		}
		from = next
	}
	return t, nil
}

// readFrom reads rows until the end or the first bad one; it returns the line (from 0) to go on at.
func (t *table) readFrom(text []byte, from int, comma rune) (next int, err error) {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.TrimLeadingSpace = comma, -1, true
	for {
		before := r.InputOffset()
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return from + bytes.Count(text, []byte{'\n'}) + 1, nil
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			line := from + wrong.StartLine
			return line, t.bad(line)
		}
		if err != nil {
			return 0, err
		}
		first, _ := r.FieldPos(0)
		line := from + first
		if bytes.Count(text[before:r.InputOffset()], []byte{'\n'}) > maxLinesInRow {
			return line, t.bad(line)
		}
		if t.headings == nil {
			if blank(cells) {
				continue
			}
			if err := t.head(line, cells); err != nil {
				return 0, err
			}
			continue
		}
		if err := t.add(row{line: line, cells: cells}); err != nil {
			return 0, err
		}
	}
}

func (t *table) bad(line int) error {
	return t.add(row{line: line, bad: fault.New(fault.Invalid, "import.quote")})
}

// lineStarts are the offsets at which lines begin.
func lineStarts(text []byte) []int {
	starts := []int{0}
	for i, b := range text {
		if b == '\n' && i+1 < len(text) {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// separator is the one the first line has most of.
func separator(text []byte) rune {
	first, _, _ := bytes.Cut(bytes.TrimLeft(text, "\r\n"), []byte{'\n'})
	best, most := ',', bytes.Count(first, []byte{','})
	for _, c := range []rune{';', '\t'} {
		if n := bytes.Count(first, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}
