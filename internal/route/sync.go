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

// Sync is what the three doors of sync are made of.
type Sync struct {
	Devices *scope.Devices
	Push    *push.Engine
	Pull    *pull.Reader
	Live    *live.Hub
}

// nextHeader names the cursor of the page after this one, where there is one.
const nextHeader = "Sync-Next"

// packing of a pull's pages: the fastest level takes a fifth of the time of the best one, for a tenth more bytes. Short
// answers are longer packed.
var packing = apis.GzipConfig{Level: gzip.BestSpeed, MinLength: 512}

// BindSync opens POST /api/sync/push, GET /api/sync/pull and GET /api/sync/live.
func BindSync(se *core.ServeEvent, s Sync) {
	group := se.Router.Group("/api/sync")
	group.POST("/push", answering(s.push)).Bind(apis.SkipSuccessActivityLog(), apis.Gzip())
	group.GET("/pull", answering(s.pull)).Bind(apis.SkipSuccessActivityLog(), apis.GzipWithConfig(packing))
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
	told := scope.Told{App: request.App, Tablet: request.Tablet}
	if e.Auth != nil {
		return s.Devices.Admit(e.Auth, request.Device, told)
	}
	secret, ok := strings.CutPrefix(e.Request.Header.Get("Authorization"), "Device ")
	if !ok {
		return nil, scope.SignedOut()
	}
	return s.Devices.ByCredential(request.Device, strings.TrimSpace(secret), told)
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
	session, err := s.Devices.Admit(e.Auth, query.Get("device"), scope.Told{})
	if err != nil {
		return err
	}
	if err := s.bind(session, query.Get("cursor")); err != nil {
		return err
	}
	page, err := s.Pull.Pull(session.Scope, query.Get("cursor"), limit)
	if err != nil {
		return err
	}
	page.Letter = session.Letter
	if query.Get("tables") == "" {
		page.Spread()
	}
	if page.More { // so that the next page can be asked for while this one is still being read
		e.Response.Header().Set(nextHeader, page.Cursor)
	}
	e.Response.Header().Set("Content-Type", "application/json")
	if _, err := page.WriteTo(e.Response); err != nil {
		return err
	}
	if page.Complete {
		s.Devices.Deliver(session.Device, page.Delivered, page.Reset)
	}
	return nil
}

// bind gives a new device its row before the first page, so that the row is in it; a cursor that is none binds nothing.
func (s Sync) bind(session *scope.Session, cursor string) error {
	if !session.Bound && cursor != "" {
		if err := s.Pull.Check(cursor); err != nil {
			return err
		}
	}
	return s.Devices.Bind(session)
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
