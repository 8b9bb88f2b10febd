package importer

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"aftercare/internal/fault"
)

// table is a sheet as text: headings, and rows with the line they begin at. Rows that could not be read at all have a
// finding instead of cells.
type table struct {
	line     int // of the headings
	headings []string
	rows     []row
}

type row struct {
	line  int
	cells []string
	bad   *fault.Fault
}

// read takes a file apart. What kind it is, its first bytes tell, never its name.
func read(data []byte) (*table, error) {
	if len(data) > MaxBytes {
		return nil, fault.New(fault.TooLarge, "import.too_large").On("file")
	}
	var t *table
	var err error
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		t, err = readExcel(data)
	case bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0")), bytes.HasPrefix(data, []byte("%PDF")), bytes.IndexByte(data, 0) >= 0 && !isUTF16(data):
		return nil, fault.New(fault.Invalid, "import.format").On("file")
	default:
		var text []byte
		if text, err = decode(data); err == nil {
			t, err = readCSV(text)
		}
	}
	if err != nil {
		return nil, err
	}
	if len(t.headings) == 0 || len(t.rows) == 0 {
		return nil, fault.New(fault.Invalid, "import.empty").On("file")
	}
	return t, nil
}

func isUTF16(b []byte) bool {
	return bytes.HasPrefix(b, []byte{0xFF, 0xFE}) || bytes.HasPrefix(b, []byte{0xFE, 0xFF})
}

// decode turns a text file into UTF-8: Excel writes UTF-8 with a mark, UTF-16, or, in China, GB18030 without one.
func decode(b []byte) ([]byte, error) {
	if isUTF16(b) {
		text, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(b)
		if err != nil {
			return nil, fault.New(fault.Invalid, "import.encoding").On("file").Because(err)
		}
		return text, nil
	}
	b = bytes.TrimPrefix(b, []byte("\uFEFF"))
	if utf8.Valid(b) {
		return b, nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return nil, fault.New(fault.Invalid, "import.encoding").On("file").Because(err)
	}
	return text, nil
}

// add appends a row unless it is blank, and watches over the limits; false: enough.
func (t *table) add(r row) error {
	if r.bad == nil && blank(r.cells) {
		return nil
	}
	if len(t.rows) >= MaxRows {
		return fault.New(fault.TooLarge, "import.too_large").On("file")
	}
	for i, c := range r.cells {
		if utf8.RuneCountInString(c) > maxCell {
			r.bad = fault.New(fault.Invalid, "import.cell_too_long").On(t.heading(i)).With("limit", maxCell)
		}
	}
	if r.bad == nil && len(r.cells) > len(t.headings) && !blank(r.cells[len(t.headings):]) {
		r.bad = fault.New(fault.Invalid, "import.cells").With("cells", len(r.cells)).With("columns", len(t.headings))
	}
	t.rows = append(t.rows, r)
	return nil
}

// head takes the first row with anything in it as the headings.
func (t *table) head(line int, cells []string) error {
	for len(cells) > 0 && clean(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) > MaxColumns {
		return fault.New(fault.TooLarge, "import.too_large").On("file")
	}
	t.line, t.headings = line, make([]string, len(cells))
	for i, c := range cells {
		t.headings[i] = clean(c)
	}
	return nil
}

func (t *table) heading(i int) string {
	if i < len(t.headings) {
		return t.headings[i]
	}
	return ""
}

func (r row) cell(i int) string {
	if i < len(r.cells) {
		return clean(r.cells[i])
	}
	return ""
}

func blank(cells []string) bool {
	for _, c := range cells {
		if clean(c) != "" {
			return false
		}
	}
	return true
}
