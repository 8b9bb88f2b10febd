package apptest

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// Crash opens another house on the files as they lie at this moment, as after a power cut: what the first one had not
// written down is not there. The first goes on, unaware, until the test ends.
func (s *Shop) Crash() *Shop {
	s.t.Helper()
	dir := s.t.TempDir()
	if err := copyFiles(s.Dir, dir); err != nil {
		s.t.Fatalf("copying: %v", err)
	}
	return open(s.t, dir, s.again())
}

func copyFiles(from, to string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.IsDir() || strings.HasSuffix(e.Name(), "-shm") { // shared memory dies with the process
			continue
		}
		if err := copyFile(filepath.Join(from, e.Name()), filepath.Join(to, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(target, source); err != nil {
		_ = target.Close()
		return err
	}
	return target.Close()
}

// Copy copies the shop's data to another folder, as a backup by copying files would; the house must be closed.
func (s *Shop) Copy() string {
	s.t.Helper()
	dir := s.t.TempDir()
	if err := copyFiles(s.Dir, dir); err != nil {
		s.t.Fatalf("copying: %v", err)
	}
	return dir
}

// Snapshot is every synced row of the database as text: equal when nothing was touched.
func (s *Shop) Snapshot() string {
	s.t.Helper()
	var out strings.Builder
	for _, name := range collections() {
		rows, err := s.App.FindAllRecords(name)
		if err != nil {
			s.t.Fatalf("%s: %v", name, err)
		}
		lines := make([]string, len(rows))
		for i, row := range rows {
			b, err := json.Marshal(record.Values(row))
			if err != nil {
				s.t.Fatalf("%s/%s: %v", name, row.Id, err)
			}
			lines[i] = name + "/" + row.Id + " " + string(b) + "\n"
		}
		sort.Strings(lines)
		out.WriteString(strings.Join(lines, ""))
	}
	return out.String()
}

func collections() []string {
	var names []string
	for _, entity := range flow.Table().Entities {
		names = append(names, entity.Collection)
	}
	sort.Strings(names)
	return names
}
