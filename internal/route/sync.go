package route

import (
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/live"
	"aftercare/internal/pull"
	"aftercare/internal/push"
	"aftercare/internal/scope"
	"aftercare/internal/wire"
)

// Sync is what the three doors of sync are made of. OldestApp is the first version of the app that may still sync,
// "" for any.
type Sync struct {
	Devices   *scope.Devices
	Push      *push.Engine
	Pull      *pull.Reader
	Live      *live.Hub
	OldestApp string
}

// BindSync opens POST /api/sync/push, GET /api/sync/pull and GET /api/sync/live.
func BindSync(se *core.ServeEvent, s Sync) {
	group := se.Router.Group("/api/sync")
	group.POST("/push", answering(s.push)).Bind(apis.SkipSuccessActivityLog(), apis.Gzip())
	group.GET("/pull", answering(s.pull)).Bind(apis.SkipSuccessActivityLog(), apis.Gzip())
	group.GET("/live", answering(s.live)).Bind(apis.SkipSuccessActivityLog())
}

// answering maps a handler's fault to the answer.
func answering(handle func(e *core.RequestEvent) error) func(e *core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		e.Response.Header().Set("Cache-Control", "no-store")
		if err := handle(e); err != nil {
			return Fail(e, err)
		}
		return nil
	}
}

func (s Sync) push(e *core.RequestEvent) error {
	body, err := readBody(e.Request)
	if err != nil {
		return err
	}
	request, err := wire.ParsePush(body)
	if err != nil {
		return err
	}
	if s.OldestApp != "" && older(request.App, s.OldestApp) {
		return fault.New(fault.Upgrade, "sync.upgrade").On("app")
	}
	session, err := s.pushing(e, request)
	if err != nil {
		return err
	}
	response, err := s.Push.Push(session, request.Epoch, request.Mutations, Language(e.Request))
	if err != nil {
		return err
	}
	response.Letter = session.Letter
	if e.Auth != nil {
		if response.Credential, err = s.credential(session.Device, request.Credential); err != nil {
			return err
		}
	}
	return e.JSON(http.StatusOK, response)
}

// pushing admits a signed-in user's device, or a device by its push-only credential ("Authorization: Device <secret>").
func (s Sync) pushing(e *core.RequestEvent, request *wire.PushRequest) (*scope.Session, error) {
	if e.Auth != nil {
		return s.Devices.Open(e.Auth, request.Device, request.App)
	}
	secret, ok := strings.CutPrefix(e.Request.Header.Get("Authorization"), "Device ")
	if !ok {
		return nil, scope.SignedOut()
	}
	return s.Devices.ByCredential(request.Device, strings.TrimSpace(secret))
}

// credential hands out the push-only secret once, and again when the device says that it has none.
func (s Sync) credential(device string, asked bool) (string, error) {
	has, err := s.Devices.HasCredential(device)
	if err != nil || has && !asked {
		return "", err
	}
	return s.Devices.Issue(device)
}

func (s Sync) pull(e *core.RequestEvent) error {
	if e.Auth == nil {
		return scope.SignedOut()
	}
	query := e.Request.URL.Query()
	limit := 0
	if text := query.Get("limit"); text != "" {
		var err error
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 {
			return fault.New(fault.Invalid, "sync.malformed").On("limit")
		}
	}
	session, err := s.Devices.Open(e.Auth, query.Get("device"), "")
	if err != nil {
		return err
	}
	page, err := s.Pull.Pull(session.Scope, query.Get("cursor"), limit)
	if err != nil {
		return err
	}
	page.Letter = session.Letter
	if err := e.Blob(http.StatusOK, "application/json", page.Encode()); err != nil {
		return err
	}
	if page.Complete {
		s.Devices.Deliver(session.Device, page.Delivered, page.Reset)
	}
	return nil
}

func (s Sync) live(e *core.RequestEvent) error {
	return s.Live.Serve(e.Response, e.Request, e.RealIP(), Language(e.Request))
}

// readBody reads a push, unpacked if it is gzip, and no byte beyond the limit.
func readBody(r *http.Request) ([]byte, error) {
	var from io.Reader = r.Body
	switch encoding := strings.ToLower(r.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
	case "gzip":
		unpacked, err := gzip.NewReader(r.Body)
		if err != nil {
			return nil, fault.New(fault.Invalid, "sync.malformed").On("body").Because(err)
		}
		defer unpacked.Close()
		from = unpacked
	default:
		return nil, fault.New(fault.Invalid, "sync.malformed").On("Content-Encoding")
	}
	body, err := io.ReadAll(io.LimitReader(from, wire.MaxBody+1))
	if len(body) > wire.MaxBody {
		return nil, wire.TooLarge("body")
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "sync.malformed").On("body").Because(err)
	}
	return body, nil
}

// older compares versions like "1.4.0"; what is no version is older than any.
func older(version, than string) bool {
	a, b := strings.Split(version, "."), strings.Split(than, ".")
	for i := range b {
		if i >= len(a) {
			return true
		}
		x, errX := strconv.Atoi(a[i])
		y, errY := strconv.Atoi(b[i])
		if errX != nil || errY != nil || x < y {
			return true
		}
		if x > y {
			return false
		}
	}
	return false
}
