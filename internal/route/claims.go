package route

import (
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/calendar"
	"aftercare/internal/claim"
	"aftercare/internal/fault"
	"aftercare/internal/promise"
	"aftercare/internal/record"
)

// BindClaims mounts GET /api/claims/preview?shop=&line=default&received=RFC3339&filed=RFC3339&verdict=quality|none, public:
// what would become of goods received and claimed then (L-03 … L-06). It answers {"lane","insist","freight","return_due",
// "repair_due","evidence_due","evidence_late","calendar":"official"|"assumed","policy":"id@revision"} and beside it {"phase",
// "until","route","needs","rules"}; a due time is the first instant that is too late. shop is a shop's id or code; without one
// the shipped policy answers, for a shop in Shanghai. filed is now where it is left out; traits ("made_to_order,worn") may
// exempt the goods (L-15), and store=true says that a local store is near (L-04). 400 claim.shop_unknown, claim.line_unknown,
// claim.time_zone, claim.time, claim.verdict_unknown, claim.filed_before_received. An address may ask 60 times at once and
// then once a second.
func BindClaims(se *core.ServeEvent, clock func() time.Time) {
	se.Router.GET("/api/claims/preview", func(e *core.RequestEvent) error {
		answer, err := previewed(e, clock())
		if err != nil {
			return Fail(e, err)
		}
		return e.JSON(http.StatusOK, answer)
	}).BindFunc(limited(newLimit(60, time.Second)))
}

// preview is what the door answers.
type preview struct {
	claim.Preview
	Calendar string `json:"calendar"`
	Policy   string `json:"policy"`
}

func previewed(e *core.RequestEvent, now time.Time) (answer preview, err error) {
	query := e.Request.URL.Query()
	shop, zone, err := shopOf(e.App, query.Get("shop"))
	if err != nil {
		return answer, err
	}
	line := query.Get("line")
	if line == "" {
		line = claim.DefaultLine
	}
	k := claim.Case{Verdict: claim.Verdict(query.Get("verdict")), Traits: strings.Split(query.Get("traits"), ","), StoreNear: query.Get("store") == "true", Filed: now}
	if k.Received, err = instantOf("received", query.Get("received")); err != nil {
		return answer, err
	}
	if filed := query.Get("filed"); filed != "" {
		if k.Filed, err = instantOf("filed", filed); err != nil {
			return answer, err
		}
	}
	policy, version, err := record.ClaimPolicyOf(e.App, shop, line)
	if err != nil {
		return answer, err
	}
	days, err := record.CalendarOf(e.App, shop)
	if err != nil {
		return answer, err
	}
	return judged(policy, version, k, days, zone)
}

func judged(policy claim.Policy, version string, k claim.Case, days calendar.Calendar, zone *time.Location) (preview, error) {
	seen, refused := policy.Preview(k, days, zone)
	if refused != nil {
		return preview{}, refused
	}
	source := "official"
	if seen.Assumed {
		source = "assumed"
	}
	return preview{Preview: seen, Calendar: source, Policy: version}, nil
}

// shopOf is a shop's id and zone, by its id or its code; none named is no shop, in Shanghai.
func shopOf(app core.App, named string) (id string, zone *time.Location, err error) {
	if named == "" {
		return "", promise.Shanghai, nil
	}
	rows := []*core.Record{}
	err = app.RecordQuery(record.Shops).AndWhere(dbx.Or(dbx.HashExp{record.FieldID: named}, dbx.HashExp{record.FieldCode: named})).Limit(1).All(&rows)
	if err != nil {
		return "", nil, err
	}
	if len(rows) == 0 {
		return "", nil, fault.New(fault.Invalid, "claim.shop_unknown").On("shop")
	}
	return rows[0].Id, promise.Zone(record.AsShop(rows[0]).TimeZone()), nil
}

// zoneless are ways to write a time that leave its zone out.
var zoneless = []string{"2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly}

// instantOf reads RFC 3339. The + of an offset, which a careless caller's address turns into a blank, is put back.
func instantOf(field, text string) (time.Time, error) {
	if n := len(text) - len(" 08:00"); n > len(time.DateOnly) && text[n] == ' ' {
		text = text[:n] + "+" + text[n+1:]
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err == nil && at.Year() >= 2000 && at.Year() <= 2100 {
		return at.UTC(), nil
	}
	for _, layout := range zoneless {
		if _, err := time.Parse(layout, text); err == nil {
			return time.Time{}, fault.New(fault.Invalid, "claim.time_zone").On(field)
		}
	}
	return time.Time{}, fault.New(fault.Invalid, "claim.time").On(field).Because(err)
}
