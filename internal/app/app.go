// Package app puts the house together on a PocketBase app: change log, rules, routes, sync and photos. It promises
// that main and every test run the very same house, and that everything it starts ends with the app. It holds no rule
// and answers no request itself.
package app

import (
	"context"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"aftercare/hooks"
	"aftercare/internal/buyer"
	"aftercare/internal/changelog"
	"aftercare/internal/due"
	"aftercare/internal/live"
	"aftercare/internal/notify"
	"aftercare/internal/paper"
	"aftercare/internal/portal"
	"aftercare/internal/pull"
	"aftercare/internal/push"
	"aftercare/internal/route"
	"aftercare/internal/scope"
	"aftercare/internal/seal"
	"aftercare/internal/testclock"
	"aftercare/internal/upload"

	_ "aftercare/migrations" // registers the steps that build the database
)

// Config is what differs between a shop's server and a test. Every field may be left out.
type Config struct {
	Clock       func() time.Time // the server's time, UTC; default time.Now
	Public      fs.FS            // the built app
	Maintenance func() bool      // opens the ways round the rules; default never
	PhotoDir    string           // default "photos" in the data folder
	PhotoDisk   upload.Disk      // default this machine's
	Origins     []string         // further hosts whose pages may open sockets
	OldestApp   string           // first version of the app that may still sync; default any

	// Gateways hand messages over, by channel; asked anew each round. Default: none, messages wait.
	Gateways func() map[string]notify.Gateway
	// Sink says whether messages end in the demo's sink; default never.
	Sink func() bool
	// TestClock takes the place of Clock: real time until somebody sets it.
	TestClock *testclock.Clock
	// ByHand leaves scheduler and outbox to the caller: nothing is made due or sent by itself.
	ByHand bool
	// Unnoted leaves it to the house's end to note how far devices have heard and when they were last here.
	Unnoted bool
}

// House is what Bind has put together. Log, Devices and Photos can be used once the app serves.
type House struct {
	Log     *changelog.Log
	Devices *scope.Devices
	Push    *push.Engine
	Pull    *pull.Reader
	Live    *live.Hub
	Photos  *upload.Service
	Due     *due.Scheduler
	Outbox  *notify.Outbox
	Seals   seal.Sealer

	app    core.App
	config Config
	stop   context.CancelFunc
	opened chan struct{} // a shop was opened
	ending sync.WaitGroup
}

// Bind puts the house on the app. It must be called before the app is bootstrapped; the doors open when it serves.
func Bind(app core.App, config Config) (*House, error) {
	if config.TestClock == nil {
		config.TestClock = &testclock.Clock{}
	} else {
		config.Clock = config.TestClock.Now
	}
	if config.Sink == nil {
		config.Sink = func() bool { return false }
	}
	if config.Clock == nil {
		config.Clock = func() time.Time { return time.Now().UTC() }
	}
	h := &House{app: app, config: config, Log: changelog.New(config.Clock), Seals: seal.Sealer{Clock: config.Clock}}
	h.Log.Bind(app)
	hooks.Bind(app, hooks.Deps{Clock: config.Clock, AsOf: h.Log.AsOf, PhotoState: upload.PhotoState, Fail: route.Fail,
		Maintenance: config.Maintenance, Seals: h.Seals, Passes: h.Seals})
	h.bindSeals()
	app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Id: "aftercare", Func: h.serve})
	app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{Id: "aftercare", Priority: -10000, Func: func(e *core.TerminateEvent) error {
		h.Close()
		return e.Next()
	}})
	return h, nil
}

// serve opens the doors. What comes before it in the chain may still write rows (a demo shop).
func (h *House) serve(se *core.ServeEvent) error {
	if err := h.open(); err != nil {
		return err
	}
	route.BindCodes(se)
	route.BindActive(se)
	route.BindSync(se, route.Sync{Devices: h.Devices, Push: h.Push, Pull: h.Pull, Live: h.Live})
	route.BindPhotos(se, h.Photos, h.Devices)
	route.BindImport(se, h.config.Clock)
	route.BindFlow(se)
	route.BindDocuments(se)
	route.BindVerify(se)
	route.BindPortal(se, portal.Desk{Clock: h.config.Clock, Write: h.Log.Write}, h.Photos)
	route.BindPapers(se, paper.Press{Font: h.font(), Seals: h.Seals, Clock: h.config.Clock})
	route.Gate{Devices: h.Devices, Seals: h.Seals, Clock: h.config.Clock}.Bind(se)
	route.BindCorrections(se, h.Log)
	route.BindSink(se, h.config.Sink)
	route.BindLounge(se, h.config.Clock)
	route.BindClaims(se, h.config.Clock)
	route.BindBuyer(se, buyer.Desk{Clock: h.config.Clock, Write: h.Log.Write})
	route.BindOrders(se, h.config.Clock)
	route.BindTestClock(se, h.config.TestClock, func() { h.Due.Poke(); h.Outbox.Poke() })
	if h.config.Public != nil {
		route.BindPublic(se, h.config.Public)
	}
	return se.Next()
}

func (h *House) open() (err error) {
	if err := h.Log.Start(h.app); err != nil {
		return err
	}
	dir := h.config.PhotoDir
	if dir == "" {
		dir = filepath.Join(h.app.DataDir(), "photos")
	}
	if h.Photos, err = upload.New(upload.Config{App: h.app, Dir: dir, Clock: h.config.Clock, Disk: h.config.PhotoDisk}); err != nil {
		return err
	}
	if err := h.openSeals(); err != nil {
		return err
	}
	h.Devices = scope.NewDevices(h.app, h.config.Clock)
	h.Push = push.New(h.app, h.Log, h.Devices, h.config.Clock)
	h.Push.Oldest = h.config.OldestApp
	h.Pull = pull.New(h.app, h.Log)
	h.Live = live.New(h.app, h.Log, h.Devices, h.Pull, h.Push, live.Config{Origins: h.config.Origins})

	if h.config.Gateways == nil {
		h.config.Gateways = func() map[string]notify.Gateway { return nil }
	}
	h.Due = due.New(h.app, h.config.Clock, due.Jobs()...)
	h.Outbox = notify.New(h.app, h.config.Clock, h.Log.Epoch, h.config.Gateways)
	h.Outbox.Moot = due.ClaimMoot

	ctx, stop := context.WithCancel(context.Background())
	h.stop = stop
	if !h.config.ByHand {
		h.Log.OnCommit(h.Outbox.Poke)
		h.ending.Add(2)
		go func() { defer h.ending.Done(); h.Due.Run(ctx) }()
		go func() { defer h.ending.Done(); h.Outbox.Run(ctx) }()
	}
	if !h.config.Unnoted {
		h.ending.Add(1)
		go func() { defer h.ending.Done(); h.Devices.Run(ctx) }()
	}
	h.ending.Add(2)
	go func() { defer h.ending.Done(); h.Live.Run(ctx) }()
	go func() { defer h.ending.Done(); h.publishSeals(ctx) }()
	return h.app.Cron().Add("changelog", "17 3 * * *", func() { h.Log.Prune(h.app, h.app.Logger()) })
}

// Close ends the sockets, finishes the pushes that wait and writes down what devices have heard. It may be called
// more than once, and before the app ever served.
func (h *House) Close() {
	if h.stop == nil {
		return
	}
	h.stop()
	h.Push.Close()
	h.ending.Wait()
	h.Devices.Flush()
	h.stop = nil
}
