package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/spf13/cobra"

	"aftercare/internal/demo"
	"aftercare/internal/lan"
	"aftercare/internal/testclock"
)

// serveFlags are our additions to PocketBase's `serve`.
type serveFlags struct {
	demo, week       bool
	lan, maintenance bool
	trust            string
	testClock        string
	clock            testclock.Clock
}

func (s *serveFlags) add(c *cobra.Command) {
	c.Flags().BoolVar(&s.demo, "demo", false, "load the demo shop when the database is empty, and print its logins")
	c.Flags().BoolVar(&s.week, "week", false, "with --demo: load the seven days before it, too")
	c.Flags().BoolVar(&s.lan, "lan", false, "HTTPS on the shop's own network with a local authority (--https, default 0.0.0.0:8443)")
	c.Flags().StringVar(&s.trust, "lan-trust", "0.0.0.0:8080", "with --lan: plain HTTP address of the page that makes tablets trust this shop")
	c.Flags().BoolVar(&s.maintenance, "maintenance", false, "open the ways round the rules (SQL, schema import, restore) to superusers")
	c.Flags().StringVar(&s.testClock, "test-clock", "", "start the clock at this RFC 3339 time, on an empty database or one that was always a test's; marks it as a test for ever")
	c.PreRunE = func(c *cobra.Command, _ []string) error {
		if err := checkGateway(); err != nil {
			return err
		}
		if !s.lan {
			return nil
		}
		if c.Flags().Changed("http") {
			return errors.New("--lan serves HTTPS: use --https for the app's address and --lan-trust for the trust page")
		}
		if !c.Flags().Changed("https") {
			return c.Flags().Set("https", "0.0.0.0:8443")
		}
		return nil
	}
}

// bind hooks the flags into the start: demo data before the port opens, the local authority into TLS, and the lines
// that say where to go and who can sign in.
func (s *serveFlags) bind(pb core.App) {
	// Before the house opens its doors, so that nobody meets a half-loaded demo.
	pb.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Id: "command", Priority: -1, Func: func(e *core.ServeEvent) error {
		e.InstallerFunc = nil // no browser is opened on a shop's server; `superuser upsert` makes the first one
		if err := s.beginTest(e.App); err != nil {
			return err
		}
		if s.demo {
			if err := s.loadDemo(e.App, os.Stdout); err != nil && !errors.Is(err, demo.ErrNotEmpty) {
				return fmt.Errorf("demo: %w", err)
			}
		}
		if s.lan {
			if err := s.serveLAN(e); err != nil {
				return err
			}
		}
		if err := e.Next(); err != nil {
			return err
		}
		s.announce(e)
		ctx, stop := context.WithCancel(context.Background())
		e.App.OnTerminate().BindFunc(func(te *core.TerminateEvent) error {
			stop()
			return te.Next()
		})
		go takeOver(ctx, e.App)
		if s.demo && s.week {
			go s.sellOn(ctx, e.App)
		}
		return nil
	}})
}

// loadDemo tells what takes it so long: nobody looks at a silent terminal for half a minute.
func (s *serveFlags) loadDemo(app core.App, tell io.Writer) error {
	if !s.week {
		return demo.Load(app, s.clock.Now())
	}
	if empty, err := demo.Empty(app); err != nil || !empty {
		return err
	}
	_, _ = fmt.Fprintln(tell, "first start: a demo shop moves in, and the week before today is played through the same rules. It takes a quarter of a minute, once.")
	return demo.LoadWeek(app, s.clock.Now(), demo.Before{Follow: s.clock.Follow, Played: func(day, of int) {
		_, _ = fmt.Fprintf(tell, "  day %d of %d is over\n", day, of)
	}})
}

// sellOn brings the demo's other orders in while people already work.
func (s *serveFlags) sellOn(ctx context.Context, app core.App) {
	if err := demo.SellRest(ctx, app, s.clock.Now(), 50*time.Millisecond); err != nil && ctx.Err() == nil {
		app.Logger().Error("demo", "error", err.Error())
	}
}

// beginTest starts the test clock, if one is asked for.
func (s *serveFlags) beginTest(app core.App) error {
	if s.testClock == "" {
		return nil
	}
	at, err := time.Parse(time.RFC3339, s.testClock)
	if err != nil {
		return fmt.Errorf("--test-clock: %w", err)
	}
	return s.clock.Begin(app, at)
}

func (s *serveFlags) serveLAN(e *core.ServeEvent) error {
	authority, err := lan.Open(filepath.Join(e.App.DataDir(), "lan"), time.Now)
	if err != nil {
		return err
	}
	e.Server.TLSConfig.GetCertificate = authority.Certificate
	_, port, err := net.SplitHostPort(e.Server.Addr)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.trust)
	if err != nil {
		return err
	}
	page := &http.Server{Handler: authority.Page(port), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = page.Serve(listener) }()
	e.App.OnTerminate().BindFunc(func(te *core.TerminateEvent) error {
		_ = page.Close()
		return te.Next()
	})
	for _, address := range lan.Addresses() {
		fmt.Printf("tablets: open http://%s/trust once, then https://%s/\n", net.JoinHostPort(address, portOf(s.trust)), net.JoinHostPort(address, port))
	}
	return nil
}

func (s *serveFlags) announce(e *core.ServeEvent) {
	scheme := "http"
	if s.lan {
		scheme = "https"
	}
	fmt.Printf("Aftercare 售后: %s://%s/   admin: %s://%s/_/\n", scheme, e.Server.Addr, scheme, e.Server.Addr)
	if s.demo {
		demo.PrintLogins(os.Stdout)
	}
}

func portOf(address string) string {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return ""
	}
	return port
}
