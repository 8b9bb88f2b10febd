//go:build unix

package command

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"aftercare/internal/apptest"
	"aftercare/internal/photo"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// asProgram makes the test binary be the program itself, so that a test can start it as a process of its own and kill it.
const asProgram = "AFTERCARE_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		if err := Run(nil); err != nil {
			fail(err)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// program prepares a process of the program with the arguments.
func program(args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), asProgram+"=yes")
	return c
}

// run runs a command to its end.
func run(t testing.TB, args ...string) (output string, err error) {
	t.Helper()
	b, err := program(args...).CombinedOutput()
	return string(b), err
}

// child is a server process.
type child struct {
	t       testing.TB
	dir     string
	address string
	process *exec.Cmd
	output  *bytes.Buffer
}

// data is a folder with two shops and their people, as a server would have left it.
func data(t testing.TB) (dir string, s *apptest.Shop) {
	t.Helper()
	dir = t.TempDir()
	s = apptest.Open(t, dir, apptest.Options{})
	return dir, s
}

// serve starts a server on the folder and waits until it answers.
func serve(t testing.TB, dir string) *child {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &child{t: t, dir: dir, address: listener.Addr().String(), output: &bytes.Buffer{}}
	_ = listener.Close()
	c.start()
	t.Cleanup(c.kill)
	return c
}

func (c *child) start() {
	c.t.Helper()
	c.process = program("serve", "--dir", c.dir, "--http", c.address)
	c.process.Stdout, c.process.Stderr = c.output, c.output
	if err := c.process.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.wait()
}

// wait until the server answers.
func (c *child) wait() {
	c.t.Helper()
	for began := time.Now(); time.Since(began) < 30*time.Second; time.Sleep(20 * time.Millisecond) {
		response, err := http.Get(c.url("/api/health"))
		if err == nil {
			_ = response.Body.Close()
			return
		}
	}
	c.kill()
	c.t.Fatalf("the server does not answer: %s", c.output)
}

// kill ends the process as a power switch would: at once.
func (c *child) kill() {
	_ = c.process.Process.Signal(syscall.SIGKILL) // it may have ended
	_ = c.process.Wait()
}

func (c *child) url(path string) string { return "http://" + c.address + path }

// do sends a request; an error is a server that was killed.
func (c *child) do(method, url, token string, body []byte, headers ...string) (*http.Response, []byte, error) {
	r, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("Authorization", token)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	return response, b, err
}

// push sends mutations of the device; an error is one of the line, a code a refusal of the whole.
func (c *child) push(d *apptest.Device, mutations ...wire.Mutation) (got wire.PushResponse, err error) {
	body, err := json.Marshal(d.Body(mutations...))
	if err != nil {
		return got, err
	}
	response, b, err := c.do(http.MethodPost, c.url("/api/sync/push"), d.Token, body)
	if err != nil {
		return got, err
	}
	if response.StatusCode != http.StatusOK {
		return got, fmt.Errorf("%d %s", response.StatusCode, b)
	}
	return got, json.Unmarshal(b, &got)
}

// pull takes everything there is.
func (c *child) pull(d *apptest.Device) error {
	for more := true; more; {
		response, b, err := c.do(http.MethodGet, c.url("/api/sync/pull?device="+d.ID+"&cursor="+d.Cursor), d.Token, nil)
		if err != nil {
			return err
		}
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("%d %s", response.StatusCode, b)
		}
		var page wire.PullResponse
		if err := json.Unmarshal(b, &page); err != nil {
			return err
		}
		d.Take(page)
		more = page.More
	}
	return nil
}

// photograph sends a photo in one piece.
func (c *child) photograph(token string, b []byte) (sha string, err error) {
	sha = photo.Hash(b)
	encode := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	response, text, err := c.do(http.MethodPost, c.url("/api/uploads/"), token, b, "Tus-Resumable", "1.0.0", "Upload-Length", fmt.Sprint(len(b)),
		"Upload-Metadata", "sha256 "+encode(sha)+",type "+encode(photo.JPEG), "Content-Type", "application/offset+octet-stream")
	if err == nil && response.StatusCode != http.StatusCreated {
		err = fmt.Errorf("%d %s", response.StatusCode, text)
	}
	return sha, err
}

func customer(name string) map[string]any {
	return map[string]any{record.FieldShop: apptest.SH, record.FieldName: name}
}

func photoRow(sha string) map[string]any {
	return map[string]any{record.FieldShop: apptest.SH, record.FieldSubjectCollection: record.Vehicles,
		record.FieldSubjectRecord: apptest.NewID(), record.FieldSHA256: sha, record.FieldMedia: photo.JPEG}
}

// names are the customers of a database, in the order of the log.
func names(s *apptest.Shop, t testing.TB) []string {
	t.Helper()
	var out []string
	err := s.App.DB().NewQuery("SELECT json_extract(data, '$.name') FROM sync_changes WHERE collection = 'customers' AND op = 'create' ORDER BY seq").Column(&out)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func contains(text string, parts ...string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

// get reads a JSON answer.
func (c *child) get(path, token string, into any) error {
	response, b, err := c.do(http.MethodGet, c.url(path), token, nil)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%d %s", response.StatusCode, b)
	}
	return json.Unmarshal(b, into)
}
