// Package apptest gives a test a whole house of its own in about 20 ms: a migrated database with two shops and their
// people, a clock that the test moves, and the real HTTP handler. It promises that nothing is replaced by a stand-in
// but the clock and the speed of the disk.
package apptest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/app"
	"aftercare/internal/database"
	"aftercare/internal/record"
)

// The two shops of every test, and the password of all their people.
const (
	SH       = "shanghai0000000"
	HZ       = "hangzhou0000000"
	Password = "correct horse"
)

// Roles of the people of each shop; "second" is another technician.
var Roles = []string{"advisor", "technician", "second", "expert", "leader", "inspector", "parts", "cashier", "agent",

	"supervisor", "finance", "warehouse", "guard", "manager", "head_office"}

// Person is the id of a shop's person with the role.
func Person(shop, role string) string {
	id := shop[:2] + strings.ReplaceAll(role, "_", "")
	return id + strings.Repeat("0", 15-len(id))
}

// Shop is one running house.
type Shop struct {
	App     *core.BaseApp
	House   *app.House
	Handler http.Handler
	Clock   *Clock
	Dir     string

	ReadBuffer int // of the next sockets' ends, bytes; 0: the system's

	t       testing.TB
	options Options
	server  *httptest.Server
	closed  bool
}

// Options are what a test may replace in its house besides the configuration.
type Options struct {
	Config app.Config // the clock is always the shop's
	// Connect opens the database's files, data.db and auxiliary.db, each twice; nil: as always in tests, without
	// waiting for the disk.
	Connect func(path string) (*dbx.DB, error)
	Clock   *Clock // nil: a clock of its own, at Morning
	Notes   bool   // the house notes by itself which device was here, as when it serves: a change of its own between two looks
}

// Clock is the server's time; it stands still until the test moves it.
type Clock struct {
	mu     sync.Mutex
	now    time.Time
	follow func() time.Time
}

// Following is a clock that is moved by another one.
func Following(other func() time.Time) *Clock { return &Clock{follow: other} }

// Now is the clock's time, UTC.
func (c *Clock) Now() time.Time {
	if c.follow != nil {
		return c.follow().UTC()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock forward.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Morning is when every test begins: 10:03 in Shanghai.
var Morning = time.Date(2026, 11, 21, 2, 3, 4, 5e6, time.UTC)

// New gives the test a house on a database of its own, closed with the test.
func New(t testing.TB) *Shop { return NewWith(t, app.Config{}) }

// NewWith is New with a configuration; the clock is always the test's.
func NewWith(t testing.TB, config app.Config) *Shop {
	t.Helper()
	return Open(t, t.TempDir(), Options{Config: config})
}

// Open is New in a folder of the test's choice: an empty one gets the template's files, in any other the files are
// taken as they lie.
func Open(t testing.TB, dir string, options Options) *Shop {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, "data.db")); err != nil {
		if err := copyFiles(template(t), dir); err != nil {
			t.Fatalf("cloning the template: %v", err)
		}
	}
	return open(t, dir, options)
}

// Restart closes the house and opens another on the same data, as after a restart of the server.
func (s *Shop) Restart() *Shop {
	s.t.Helper()
	s.Close()
	return open(s.t, s.Dir, s.again())
}

// again are the options for the next house on the same data: those of this one, without its configuration.
func (s *Shop) again() Options { return Options{Connect: s.options.Connect, Clock: s.Clock} }

// Reopen opens a house on data that a test has put in place.
func Reopen(t testing.TB, dir string) *Shop {
	t.Helper()
	return ReopenWith(t, dir, app.Config{})
}

// ReopenWith is Reopen with a configuration; without a test clock in it the clock is the test's.
func ReopenWith(t testing.TB, dir string, config app.Config) *Shop {
	t.Helper()
	return open(t, dir, Options{Config: config})
}

// notifyWatcher is PocketBase's watch for other servers on the same folder. A test's house has none, and the watcher
// would outlive it: only the end of the process stops it.
const notifyWatcher = "__pbNotifyWatcherSystemHook__"

func open(t testing.TB, dir string, options Options) *Shop {
	t.Helper()
	clock, config, connection := options.Clock, options.Config, options.Connect
	if clock == nil {
		clock = &Clock{now: Morning}
	}
	if connection == nil {
		connection = connect
	}
	if config.TestClock != nil { // a test of the clock that `serve --test-clock` runs on
		clock = Following(config.TestClock.Now)
	}
	config.Clock = clock.Now
	config.ByHand = true // what is due and what is sent happens when the test says so
	config.Unnoted = !options.Notes
	base := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: connection})
	base.OnBootstrap().Unbind(notifyWatcher)
	house, err := app.Bind(base, config)
	if err != nil {
		t.Fatalf("binding: %v", err)
	}
	if err := base.Bootstrap(); err != nil {
		t.Fatalf("bootstrap: %v", err)
	}
	if err := base.RunAllMigrations(); err != nil {
		t.Fatalf("migrations: %v", err)
	}
	base.Settings().Logs.MaxDays = 0           // request logs are written by a goroutine that may outlive the test
	base.Settings().RateLimits.Enabled = false // a test calls faster than a shop
	s := &Shop{App: base, House: house, Clock: clock, Dir: dir, t: t, options: options}
	if s.Handler, err = handler(base); err != nil {
		t.Fatalf("serving: %v", err)
	}
	t.Cleanup(s.Close)
	return s
}

// connect is PocketBase's own connection without waiting for the disk: no test cuts the power.
func connect(path string) (*dbx.DB, error) {
	return database.Open(path, "OFF")
}

// handler is what `serve` would listen with.
func handler(base core.App) (handler http.Handler, err error) {
	router, err := apis.NewRouter(base)
	if err != nil {
		return nil, err
	}
	event := &core.ServeEvent{Router: router, Server: &http.Server{}}
	event.App = base
	err = base.OnServe().Trigger(event, func(e *core.ServeEvent) error {
		handler, err = e.Router.BuildMux()
		return err
	})
	return handler, err
}

// Close ends the house. The test's end does it too.
func (s *Shop) Close() {
	if s.closed {
		return
	}
	s.closed = true
	s.House.Close()
	if s.server != nil {
		s.server.CloseClientConnections()
		s.server.Close()
	}
	terminate := new(core.TerminateEvent)
	terminate.App = s.App
	_ = s.App.OnTerminate().Trigger(terminate)
	_ = s.App.ResetBootstrapState()
}

// URL is the address of a real server in front of the handler.
func (s *Shop) URL() string {
	if s.server == nil {
		s.server = httptest.NewServer(s.Handler)
	}
	return s.server.URL
}

// Staff is the row of a shop's person with the role.
func (s *Shop) Staff(shop, role string) *core.Record {
	s.t.Helper()
	rec, err := s.App.FindRecordById(record.Staff, Person(shop, role))
	if err != nil {
		s.t.Fatalf("no %s in %s: %v", role, shop, err)
	}
	return rec
}

// Token signs a shop's person in.
func (s *Shop) Token(shop, role string) string {
	s.t.Helper()
	return s.TokenOf(s.Staff(shop, role))
}

// TokenOf signs in whom the row is about: one of the staff, a customer.
func (s *Shop) TokenOf(person *core.Record) string {
	s.t.Helper()
	token, err := person.NewAuthToken()
	if err != nil {
		s.t.Fatalf("token: %v", err)
	}
	return token
}

// Superuser signs a superuser in.
func (s *Shop) Superuser() string {
	s.t.Helper()
	rec, err := s.App.FindAuthRecordByEmail(core.CollectionNameSuperusers, superuser)
	if err != nil {
		s.t.Fatalf("no superuser: %v", err)
	}
	return s.TokenOf(rec)
}

// Day begins a day in the shop, with its people by role.
func (s *Shop) Day(shop string) *Day {
	s.t.Helper()
	people := map[string]*core.Record{}
	for _, role := range Roles {
		people[role] = s.Staff(shop, role)
	}
	return NewDay(s.t, s.App, shop, people, s.Clock)
}

// Remove deletes a row as the person with the role.
func (d *Day) Remove(role string, rec *core.Record) {
	d.t.Helper()
	ctx := record.WithActor(context.Background(), d.Actor(role))
	if err := d.App.DeleteWithContext(ctx, d.Fresh(rec)); err != nil {
		d.t.Fatalf("%s deletes %s/%s: %v", role, rec.Collection().Name, rec.Id, err)
	}
}
