package backup

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"aftercare/internal/apptest"
	"aftercare/internal/database"
	"aftercare/internal/record"
)

// made is a data folder with one customer more than its backup.
func made(t *testing.T) (dir, file string) {
	t.Helper()
	dir = t.TempDir()
	s := apptest.Open(t, dir, apptest.Options{})
	d := s.Device(apptest.SH, "advisor")
	d.Must(apptest.Create(record.Customers, apptest.NewID(), map[string]any{record.FieldShop: apptest.SH, record.FieldName: "早"}))
	s.Close()
	for name, text := range map[string]string{"lan/key.pem": "of the backup", "storage/a/b.txt": "a record's file"} {
		write(t, filepath.Join(dir, name), text)
	}
	file = filepath.Join(t.TempDir(), "backup.tar")
	if _, err := Make(dir, file, time.Now()); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "lan/key.pem"), "of later")
	s = apptest.Open(t, dir, apptest.Options{})
	d.At(s).Must(apptest.Create(record.Customers, apptest.NewID(), map[string]any{record.FieldShop: apptest.SH, record.FieldName: "晚"}))
	s.Close()
	return dir, file
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func content(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// customers counts the rows in the folder, and checks the database as well.
func customers(t *testing.T, dir string) int64 {
	t.Helper()
	if err := whole(filepath.Join(dir, dataName)); err != nil {
		t.Fatal(err)
	}
	s := apptest.Open(t, dir, apptest.Options{})
	defer s.Close()
	n, err := s.App.CountRecords(record.Customers)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestArchive(t *testing.T) {
	dir, file := made(t)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before := listing(t, dir)
	bad := filepath.Join(t.TempDir(), "bad.tar")
	refused := func(b []byte, want error) {
		t.Helper()
		if err := os.WriteFile(bad, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Restore(dir, bad, time.Now()); !errors.Is(err, want) {
			t.Fatalf("O-06 %v, want %v", err, want)
		}
	}
	t.Run("O-06 a file that was cut anywhere is refused", func(t *testing.T) {
		for at := 0; at < len(whole); at += 1 + len(whole)/60 {
			refused(whole[:at], ErrCut)
		}
		refused(whole[:len(whole)-1], ErrCut)
	})
	t.Run("O-06 a file with a byte altered anywhere is refused", func(t *testing.T) {
		for at := 0; at < len(whole)-sealLength; at += 1 + len(whole)/60 {
			b := append([]byte(nil), whole...)
			b[at] ^= 0x20
			refused(b, ErrAltered)
		}
		b := append([]byte(nil), whole...)
		b[len(b)-10] ^= 1
		refused(b, ErrAltered)
	})
	if after := listing(t, dir); after != before {
		t.Errorf("O-06 something was touched:\n%s\n%s", before, after)
	}
}

// listing is what lies in a folder, but for the locks.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var out strings.Builder
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !strings.HasPrefix(d.Name(), stagingName) && !strings.HasPrefix(d.Name(), holdName) && !d.IsDir() {
			info, err := d.Info()
			if err != nil {
				return err
			}
			out.WriteString(path + " " + info.ModTime().String() + "\n")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// errPower stands for the end of the process.
var errPower = errors.New("killed")

func TestKilledAnywhere(t *testing.T) {
	dir, file := made(t)
	defer func() { rename = os.Rename }()
	steps := 0
	for at := 1; ; at++ {
		copied := filepath.Join(t.TempDir(), "d")
		if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		if !killedAt(t, at, copied, file) {
			break
		}
		steps = at
		rename = os.Rename
		owner, _, err := Take(copied)
		if err != nil {
			t.Fatalf("O-06 started after the %dth step of a restore: %v", at, err)
		}
		owner.Release()
		n, key := customers(t, copied), content(t, filepath.Join(copied, "lan/key.pem"))
		if old, fresh := n == 2 && key == "of later", n == 1 && key == "of the backup"; old == fresh {
			t.Errorf("O-06 killed at step %d: %d customers and the key %s: half", at, n, key)
		}
		if at > 2 && n != 1 {
			t.Errorf("O-06 killed at step %d, after the restore was decided, and it was not finished", at)
		}
	}
	if steps < 8 {
		t.Fatalf("%d steps", steps)
	}
	t.Logf("O-06 killed at each of %d steps: old or restored, never half", steps)
}

// killedAt restores and ends at the step; false when there are fewer.
func killedAt(t *testing.T, at int, dir, file string) (killed bool) {
	t.Helper()
	n := 0
	rename = func(from, to string) error {
		if n++; n == at {
			killed = true
			panic(errPower)
		}
		return os.Rename(from, to)
	}
	defer func() {
		if p := recover(); p != nil && p != errPower {
			panic(p)
		}
	}()
	if _, err := Restore(dir, file, time.Now()); err != nil {
		t.Fatal(err)
	}
	return killed
}

func TestRestored(t *testing.T) {
	dir, file := made(t)
	restored, err := Restore(dir, file, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	t.Run("O-06 everything of the backup is back, also keys and files", func(t *testing.T) {
		if n := customers(t, dir); n != 1 {
			t.Errorf("%d customers", n)
		}
		if key, f := content(t, filepath.Join(dir, "lan/key.pem")), content(t, filepath.Join(dir, "storage/a/b.txt")); key != "of the backup" || f != "a record's file" {
			t.Error(key, f)
		}
	})
	t.Run("O-06 what it replaced is kept, whole", func(t *testing.T) {
		if n := customers(t, restored.Aside); n != 2 {
			t.Errorf("%d customers in %s", n, restored.Aside)
		}
	})
	t.Run("O-06 a backup of restored data does not hold what lies aside", func(t *testing.T) {
		again := filepath.Join(t.TempDir(), "again.tar")
		if _, err := Make(dir, again, time.Now()); err != nil {
			t.Fatal(err)
		}
		if _, err := read(again, func(name string, _ int64, _ io.Reader) error {
			if strings.HasPrefix(name, asidePrefix) || strings.HasPrefix(name, ".") {
				t.Errorf("it holds %s", name)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("O-06 one server on a folder, and no backup while a restore is prepared", func(t *testing.T) {
		owner, _, err := Take(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer owner.Release()
		if _, err := lock(dir, holdName); !errors.Is(err, ErrInUse) {
			t.Errorf("a second owner: %v", err)
		}
		staging, err := lock(dir, stagingName)
		if err != nil {
			t.Fatal(err)
		}
		defer staging.Release()
		if _, err := Make(dir, filepath.Join(t.TempDir(), "x.tar"), time.Now()); !errors.Is(err, ErrPending) {
			t.Errorf("a backup beside a restore: %v", err)
		}
	})
	t.Run("O-06 a restore waits until nobody has the old database open", func(t *testing.T) {
		db, err := database.Open(filepath.Join(dir, dataName), "FULL")
		if err != nil {
			t.Fatal(err)
		}
		var one int
		if err := db.NewQuery("SELECT 1 FROM sync_meta").Row(&one); err != nil {
			t.Fatal(err)
		}
		began, wait := time.Now(), 300*time.Millisecond
		time.AfterFunc(wait, func() { _ = db.Close() })
		if _, err := Restore(dir, file, time.Now()); err != nil || time.Since(began) < wait {
			t.Errorf("%v after %s", err, time.Since(began))
		}
	})
	t.Run("O-06 nothing is collected while a backup is made", func(t *testing.T) {
		done, seen := make(chan struct{}), make(chan bool, 1)
		go func() {
			for {
				_, err := os.Stat(filepath.Join(dir, photos, "copying"))
				select {
				case <-done:
					seen <- false
					return
				default:
				}
				if err == nil {
					seen <- true
					return
				}
			}
		}()
		_, err := Make(dir, filepath.Join(t.TempDir(), "x.tar"), time.Now())
		close(done)
		if leased := <-seen; err != nil || !leased {
			t.Errorf("the shelf was not leased (%v)", err)
		}
		if _, err := os.Stat(filepath.Join(dir, photos, "copying")); err == nil {
			t.Error("the lease outlives the backup")
		}
	})
	t.Run("O-06 a photo that the rows name and the disk has lost is told", func(t *testing.T) {
		s := apptest.Open(t, dir, apptest.Options{})
		sha := strings.Repeat("ab", 32)
		d := s.Device(apptest.SH, "advisor")
		d.Pull(0)
		d.Must(apptest.Create(record.Photos, apptest.NewID(), map[string]any{record.FieldShop: apptest.SH, record.FieldSubjectCollection: record.Vehicles,
			record.FieldSubjectRecord: apptest.NewID(), record.FieldSHA256: sha, record.FieldMedia: "image/jpeg"}))
		for _, name := range []string{sha, strings.Repeat("cd", 32)} { // the second one is named by nothing
			_, err := s.App.DB().NewQuery(`INSERT INTO photo_files (sha256, stored_sha256, state, created, referenced) VALUES ({:sha}, {:sha}, 'verified', '', '')`).
				Bind(dbx.Params{"sha": name}).Execute()
			if err != nil {
				t.Fatal(err)
			}
		}
		s.Close()
		again, err := Make(dir, filepath.Join(t.TempDir(), "x.tar"), time.Now())
		if err != nil || len(again.Missing) != 1 || again.Missing[0] != sha {
			t.Errorf("%+v %v", again, err)
		}
	})
	t.Run("O-06 what a backup that was killed has left goes", func(t *testing.T) {
		target := filepath.Join(t.TempDir(), "x.tar")
		left := target + workInfix + "123"
		write(t, filepath.Join(left, "archive"), "half")
		long := time.Now().Add(-time.Hour)
		if err := errors.Join(os.Chtimes(filepath.Join(left, "archive"), long, long), os.Chtimes(left, long, long)); err != nil {
			t.Fatal(err)
		}
		if _, err := Make(dir, target, time.Now()); err != nil {
			t.Fatal(err)
		}
		if found, _ := filepath.Glob(target + workInfix + "*"); len(found) > 0 {
			t.Error(found)
		}
	})
}
