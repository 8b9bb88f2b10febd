package route

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// movable is a clock that may be moved, if it was started as such.
type movable interface {
	Now() time.Time
	Set(time.Time)
	Movable() bool
}

// BindTestClock tells everybody whether this is a test's database and what its clock says (GET /api/test/clock →
// {"test","moved","now"}), and lets a superuser move the clock (POST /api/test/clock {"now":RFC3339}). moved is called
// after each move. Without --test-clock the POST is 404 access.not_found.
func BindTestClock(se *core.ServeEvent, clock movable, moved func()) {
	test, err := record.IsTest(se.App)
	if err != nil {
		se.App.Logger().Error("reading the test mark", "error", err.Error())
	}
	if !test {
		clock = still{}
	}
	say := func(e *core.RequestEvent) error {
		return e.JSON(http.StatusOK, map[string]any{"test": test, "moved": clock.Movable(), "now": clock.Now().Format(time.RFC3339Nano)})
	}
	se.Router.GET("/api/test/clock", say)
	se.Router.POST("/api/test/clock", func(e *core.RequestEvent) error {
		if !clock.Movable() {
			return Fail(e, notFound)
		}
		if e.Auth == nil || !e.Auth.IsSuperuser() {
			return Fail(e, fault.New(fault.Forbidden, "access.forbidden"))
		}
		var asked struct {
			Now time.Time `json:"now"`
		}
		if err := json.NewDecoder(e.Request.Body).Decode(&asked); err != nil || asked.Now.IsZero() {
			return Fail(e, fault.New(fault.Invalid, "field.invalid").On("now").With("field", "now").Because(err))
		}
		clock.Set(asked.Now)
		moved()
		return say(e)
	}).Bind(apis.BodyLimit(4 << 10))
}

// still is real time.
type still struct{}

func (still) Now() time.Time { return time.Now().UTC() }
func (still) Set(time.Time)  {}
func (still) Movable() bool  { return false }
