package route

import (
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"net/http"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/board"
	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// BindLounge serves the lounge's screen (W-05). A manager makes its link: POST /api/boards/lounge → {"token"}, said once and
// kept as a hash; a new link ends the one before. Whoever has the link sees masked plates and stages, nothing else:
// GET /api/boards/lounge/{token} → {"shop","time_zone","now","cars":[…]}; any other token is 404 access.not_found.
func BindLounge(se *core.ServeEvent, clock func() time.Time) {
	se.Router.POST("/api/boards/lounge", func(e *core.RequestEvent) error {
		actor, ok := record.FromAuth(e.Auth, record.DoorRoute)
		if !ok {
			return Fail(e, fault.New(fault.Unauthorised, "access.signed_out"))
		}
		if actor.Kind != record.KindStaff || !actor.Is(record.RoleManager) && !actor.Is(record.RoleHeadOffice) {
			return Fail(e, fault.New(fault.Forbidden, "flow.role").With("roles", fault.Words{"role.manager", "role.head_office"}))
		}
		token := rand.Text() // 130 bits
		err := e.App.RunInTransaction(func(tx core.App) error {
			if _, err := tx.DB().Delete("board_links", dbx.HashExp{"shop": actor.Shop}).Execute(); err != nil {
				return err
			}
			_, err := tx.DB().Insert("board_links", dbx.Params{"hash": linkHash(token), "shop": actor.Shop,
				"made_at": clock().UTC().Format(time.RFC3339), "made_by": actor.ID}).Execute()
			return err
		})
		if err != nil {
			return err
		}
		return e.JSON(http.StatusOK, map[string]any{"token": token})
	})
	se.Router.GET("/api/boards/lounge/{token}", func(e *core.RequestEvent) error {
		shop, err := shopOfLink(e.App, e.Request.PathValue("token"))
		if err != nil {
			return Fail(e, err)
		}
		now := clock().UTC()
		cars, err := board.Lounge(e.App, shop.Id, now)
		if err != nil {
			return err
		}
		e.Response.Header().Set("Cache-Control", "no-store")
		return e.JSON(http.StatusOK, map[string]any{"shop": record.AsShop(shop).Name(), "time_zone": record.AsShop(shop).TimeZone(),
			"now": now.Format(time.RFC3339), "cars": cars})
	})
}

func shopOfLink(app core.App, token string) (*core.Record, error) {
	var id string
	err := app.DB().NewQuery("SELECT shop FROM board_links WHERE hash = {:hash}").Bind(dbx.Params{"hash": linkHash(token)}).Row(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, notFound
	}
	if err != nil {
		return nil, err
	}
	return app.FindRecordById(record.Shops, id)
}

// linkHash is what the server keeps of a token.
func linkHash(token string) string {
	sum := sha256.Sum256([]byte("lounge|" + token))
	return hex.EncodeToString(sum[:])
}
