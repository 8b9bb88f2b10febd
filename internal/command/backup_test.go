//go:build unix

package command

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"aftercare/internal/apptest"
	"aftercare/internal/backup"
	"aftercare/internal/photo/phototest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

func TestBackup(t *testing.T) {
	dir, s := data(t)
	var all []*tablet
	for n := range 3 {
		all = append(all, &tablet{device: s.Device(apptest.SH, "advisor"), number: n})
	}
	camera := s.Device(apptest.SH, "technician")
	s.Close()
	c := serve(t, dir)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	var mu sync.Mutex
	acked := map[string]bool{} // customers and photos' rows acknowledged so far
	for n, b := range all {
		wg.Go(func() {
			own := rand.New(rand.NewPCG(uint64(n), 7))
			for !closed(stop) {
				batch := b.batch(own)
				if err := b.send(c, batch); err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				for _, m := range batch {
					acked[m.Ops[0].ID] = true
				}
				mu.Unlock()
			}
		})
	}
	wg.Go(func() { // photos, each named by a row
		for n := 0; !closed(stop); n++ {
			sha, err := c.photograph(camera.Token, phototest.JPEG(64, 48, 80, uint64(n)))
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := c.push(camera, camera.Mutation(apptest.Create(record.Photos, apptest.NewID(), photoRow(sha)))); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for n := range 3 {
		time.Sleep(400 * time.Millisecond)
		mu.Lock()
		before := make([]string, 0, len(acked))
		for id := range acked {
			before = append(before, id)
		}
		mu.Unlock()
		file := filepath.Join(t.TempDir(), fmt.Sprintf("%d.tar", n))
		output, err := run(t, "backup", file, "--dir", dir)
		if err != nil || !contains(output, file, "photos") {
			t.Fatalf("O-06 backup: %v %s", err, output)
		}
		verifyBackup(t, file, before)
	}
	close(stop)
	wg.Wait()
	t.Run("O-06 a backup replaces no file, and without a name goes to the folder's backups", func(t *testing.T) {
		taken := filepath.Join(t.TempDir(), "taken")
		if err := os.WriteFile(taken, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		if output, err := run(t, "backup", taken, "--dir", dir); err == nil {
			t.Errorf("a file was replaced: %s", output)
		}
		output, err := run(t, "backup", "--dir", dir)
		found, _ := filepath.Glob(filepath.Join(dir, "backups", "aftercare-*.tar"))
		if err != nil || len(found) != 1 {
			t.Errorf("%v %s %v", found, output, err)
		}
	})
}

func closed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// verifyBackup restores the file into an empty folder and looks: what was acknowledged before it began, and the bytes of
// every photo that a row calls verified.
func verifyBackup(t *testing.T, file string, before []string) {
	t.Helper()
	fresh := t.TempDir()
	if output, err := run(t, "restore", file, "--dir", fresh); err != nil || !contains(output, "epoch", "纪元") {
		t.Fatalf("O-06 restore: %v %s", err, output)
	}
	s := apptest.Reopen(t, fresh)
	defer s.Close()
	for _, id := range before {
		if _, err := s.App.FindRecordById(record.Customers, id); err != nil {
			t.Errorf("O-06 customer %s was acknowledged before the backup, and is not in it", id)
		}
	}
	rows, err := s.App.FindAllRecords(record.Photos)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		p := record.AsPhoto(row)
		answer := s.Do(http.MethodGet, "/api/photos/"+p.SHA256()+"?size=320", s.Token(apptest.SH, "technician"), nil)
		if p.State() == "verified" && (answer.Status != http.StatusOK || len(answer.Body) == 0) {
			t.Errorf("O-06 photo %s: %d", p.SHA256(), answer.Status)
		}
	}
	t.Logf("O-06 backup with %d customers acknowledged before and %d rows of photos", len(before), len(rows))
}

func TestRestore(t *testing.T) {
	dir, s := data(t)
	d := s.Device(apptest.SH, "advisor")
	s.Close()
	c := serve(t, dir)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(c.pull(d))
	early := d.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("早")))
	_, err := c.push(d, early)
	must(err)
	file := filepath.Join(t.TempDir(), "morning.tar")
	if output, err := run(t, "backup", file, "--dir", dir); err != nil {
		t.Fatal(output)
	}
	sha, err := c.photograph(d.Token, phototest.JPEG(64, 48, 80, 1))
	must(err)
	late := d.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("晚")),
		apptest.Create(record.Photos, apptest.NewID(), photoRow(sha)))
	if got, err := c.push(d, late); err != nil || got.Outcomes[0].Outcome != wire.Applied {
		t.Fatalf("%v %+v", err, got)
	}
	must(c.pull(d))

	for n := range 2 { // twice: the second time what was offered again is taken back once more
		code := make(chan int, 1)
		listen(t, c, d, code)
		epoch, pid := d.Epoch, c.process.Process.Pid
		began := time.Now()
		output, err := run(t, "restore", file, "--dir", dir)
		if err != nil || !contains(output, "a new epoch", "新纪元", "replaced data lies in", "1 photos newer") {
			t.Fatalf("O-06 restore: %v %s\n%s", err, output, c.output)
		}
		c.wait()
		t.Logf("O-06 restored while running in %s", time.Since(began).Round(10*time.Millisecond))
		if got := <-code; got != websocket.CloseGoingAway && got != 4409 {
			t.Errorf("O-06 the socket was closed with %d", got)
		}
		if c.process.Process.Pid != pid || c.process.ProcessState != nil {
			t.Error("O-06 the server did not live on")
		}
		if _, err := c.push(d); err == nil || !strings.Contains(err.Error(), "sync.epoch") {
			t.Errorf("O-06 a push of the former epoch: %v", err)
		}
		must(c.pull(d))
		if d.Epoch == epoch {
			t.Fatal("O-06 no new epoch")
		}
		if _, there := d.Rows[record.Customers+"/"+late.Ops[0].ID]; there || d.Rows[record.Customers+"/"+early.Ops[0].ID] == nil {
			t.Fatal("O-06 not the data of the backup")
		}
		got, err := c.push(d, early, late)
		must(err)
		if len(got.Outcomes) != 2 || got.Outcomes[0].Outcome != wire.Applied || got.Outcomes[1].Outcome != wire.Applied {
			t.Fatalf("O-06 offered again, time %d: %+v", n, got)
		}
		must(c.pull(d))
		if row := d.Rows[record.Photos+"/"+late.Ops[1].ID]; row == nil || row[record.FieldState] != "verified" {
			t.Errorf("O-06 the photo that came after the backup: %v", row)
		}
	}
	aside, _ := filepath.Glob(filepath.Join(dir, "replaced-*"))
	if len(aside) != 2 {
		t.Errorf("O-06 replaced data: %v", aside)
	}
}

// listen connects the device's socket and tells the code it is closed with.
func listen(t *testing.T, c *child, d *apptest.Device, code chan<- int) {
	t.Helper()
	conn, _, err := websocket.DefaultDialer.Dial("ws://"+c.address+"/api/sync/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.WriteJSON(wire.Hello{Type: "hello", Token: d.Token, Device: d.ID, Cursor: d.Cursor}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := conn.ReadMessage(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer conn.Close()
		for {
			if _, _, err := conn.ReadMessage(); err != nil {
				closing, ok := err.(*websocket.CloseError)
				if !ok {
					closing = &websocket.CloseError{}
				}
				code <- closing.Code
				return
			}
		}
	}()
}

func TestKilledRestore(t *testing.T) {
	dir, s := data(t)
	s.Close()
	file := filepath.Join(t.TempDir(), "old.tar")
	if _, err := backup.Make(dir, file, time.Now()); err != nil {
		t.Fatal(err)
	}
	now := apptest.Reopen(t, dir)
	now.Device(apptest.SH, "advisor").Must(apptest.Create(record.Customers, apptest.NewID(), customer("新")))
	now.Close()
	chance := rand.New(rand.NewPCG(3, 3))
	took := map[string]int{}
	began := time.Now()
	copied := t.TempDir()
	if err := os.CopyFS(filepath.Join(copied, "d"), os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if output, err := run(t, "restore", file, "--dir", filepath.Join(copied, "d")); err != nil {
		t.Fatal(output)
	}
	span := time.Since(began)
	for n := range 16 {
		target := filepath.Join(copied, fmt.Sprint(n))
		if err := os.CopyFS(target, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		for _, command := range [][]string{{"backup", filepath.Join(copied, fmt.Sprint(n, ".tar"))}, {"restore", file}} {
			process := program(append(command, "--dir", target)...)
			if err := process.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(chance.Int64N(int64(span))))
			_ = process.Process.Kill() // it may have ended
			_ = process.Wait()
		}
		if made := filepath.Join(copied, fmt.Sprint(n, ".tar")); exists(made) {
			took["backup whole"]++
			if _, err := backup.Verify(made); err != nil {
				t.Errorf("O-06 a backup killed in the middle has its name: %v", err)
			}
		}
		owner, _, err := backup.Take(target)
		if err != nil {
			t.Fatal(err)
		}
		owner.Release()
		s := apptest.Reopen(t, target)
		rows, err := s.App.CountRecords(record.Customers)
		if err != nil || rows > 1 {
			t.Errorf("O-06 killed restore: %d customers, %v", rows, err)
		}
		took[fmt.Sprintf("restored %t", rows == 0)]++
		s.Close()
		if exists(filepath.Join(target, "restore")) {
			t.Error("O-06 a killed restore has left its staging folder")
		}
	}
	t.Logf("O-06 16 restores and backups killed within %s: %v", span.Round(time.Millisecond), took)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
