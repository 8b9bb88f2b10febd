package importer

import (
	"archive/zip"
	"bytes"
	"errors"

	"github.com/xuri/excelize/v2"

	"aftercare/internal/fault"
)

// What a workbook may unpack to, in bytes. Excel files are ZIP archives: a few kilobytes can claim gigabytes.
const (
	maxUnzipped  = 256 << 20
	maxUnzipXML  = 32 << 20
	maxZipMember = 5000
)

// readExcel reads the first sheet of an .xlsx workbook, row by row. Dates arrive as Excel's day numbers.
func readExcel(data []byte) (t *table, err error) {
	if err := checkArchive(data); err != nil {
		return nil, err
	}
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipXML,
	})
	if err != nil {
		return nil, notWorkbook(err)
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	sheets := book.GetSheetList()
	if len(sheets) == 0 {
		return &table{}, nil
	}
	return readSheet(book, sheets[0])
}

func readSheet(book *excelize.File, sheet string) (*table, error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return nil, notWorkbook(err)
	}
	t, read := &table{}, 0
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil, notWorkbook(err)
		}
		if read++; read > MaxRows+1000 || len(cells) > 1000 {
			return nil, fault.New(fault.TooLarge, "import.too_large").On("file")
		}
		switch {
		case t.headings == nil && blank(cells):
		case t.headings == nil:
			err = t.head(line, cells)
		default:
			err = t.add(row{line: line, cells: cells})
		}
		if err != nil {
			return nil, err
		}
	}
	return t, errors.Join(rows.Error(), rows.Close())
}

// checkArchive refuses an archive by what its directory says, before anything is unpacked; what lies about its size
// is stopped by excelize's own limits.
func checkArchive(data []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return notWorkbook(err)
	}
	var total uint64
	for _, f := range archive.File {
		total += f.UncompressedSize64
		if f.UncompressedSize64 > maxUnzipped || total > maxUnzipped {
			return fault.New(fault.TooLarge, "import.too_large").On("file")
		}
	}
	if len(archive.File) > maxZipMember {
		return fault.New(fault.TooLarge, "import.too_large").On("file")
	}
	return nil
}

func notWorkbook(err error) *fault.Fault {
	return fault.New(fault.Invalid, "import.format").On("file").Because(err)
}
