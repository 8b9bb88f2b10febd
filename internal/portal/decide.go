package portal

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
	"aftercare/internal/fault"
	"aftercare/internal/notify"
	"aftercare/internal/record"
)

// open is the link if it may still be decided. Codes link.decided, link.revoked, link.expired, link.changed.
func (d Desk) open(app core.App, token string) (*record.CustomerLink, secrets, error) {
	link, s, err := find(app, token)
	if err != nil {
		return nil, s, err
	}
	switch {
	case link.State() == "decided":
		return nil, s, fault.New(fault.Conflict, "link.decided").On("token")
	case link.State() == "revoked":
		return nil, s, fault.New(fault.Refused, "link.revoked").On("token")
	case d.expired(link):
		return nil, s, fault.New(fault.Refused, "link.expired").On("token")
	}
	changes, err := d.changes(app, link)
	if err != nil {
		return nil, s, err
	}
	if len(changes) > 0 {
		return nil, s, fault.New(fault.Conflict, "link.changed").On("sha256")
	}
	return link, s, nil
}

// SendCode sends a one-time code to the customer. Codes link.code_wait, link.code_spent, link.no_address and those of open.
func (d Desk) SendCode(app core.App, token string) error {
	_, err := d.Write(app, func(tx core.App) error {
		link, s, err := d.open(tx, token)
		if err != nil {
			return err
		}
		now := d.Clock()
		switch {
		case s.Asked >= maxCodes:
			return fault.New(fault.TooMany, "link.code_spent").On("code")
		case s.AskedAt != "" && now.Before(record.Time(s.AskedAt).Add(codePause)):
			return fault.New(fault.TooMany, "link.code_wait").On("code")
		}
		channel, to, customer, err := d.reach(tx, link.Visit())
		if err != nil {
			return err
		}
		if to == "" {
			return fault.New(fault.Refused, "link.no_address").On("code")
		}
		code := newCode()
		_, err = tx.DB().Update("link_secrets", dbx.Params{"code": hashOf(s.Link + code), "code_until": record.Text(now.Add(codeValid)), "asked_at": record.Text(now),
			"asked": s.Asked + 1, "tries": 0}, dbx.HashExp{"link": s.Link}).Execute()
		if err != nil {
			return err
		}
		return notify.Queue(tx, codeMessage(link, customer, channel, to, code, s.Asked+1, now.Add(codeValid)))
	})
	return err
}

// Decision is what the customer sends from the page.
type Decision struct {
	SHA256   string             `json:"sha256"` // of what was shown
	Jobs     []consent.Decision `json:"jobs"`
	Name     string             `json:"name"`
	Relation string             `json:"relation"`
	Strokes  json.RawMessage    `json:"strokes"`
	Code     string             `json:"code"`
}

// Decide keeps what the customer decided as a consent, sealed; the link is used up. Codes: those of open, link.changed,
// link.incomplete, link.code_missing, link.code_wrong, and those of a consent.
func (d Desk) Decide(app core.App, token string, given Decision) (Page, error) {
	if err := d.checkCode(app, token, given); err != nil {
		return Page{}, err
	}
	var page Page
	_, err := d.Write(app, func(tx core.App) error {
		link, s, err := d.open(tx, token)
		if err != nil {
			return err
		}
		if given.SHA256 != link.SHA256() {
			return fault.New(fault.Conflict, "link.changed").On("sha256")
		}
		if link.WithCode() && approves(given.Jobs) && (s.Code == "" || !sameHash(s.Code, hashOf(s.Link+given.Code))) {
			return fault.New(fault.Refused, "link.code_wrong").On("code")
		}
		row, err := d.consent(tx, link, given)
		if err != nil {
			return err
		}
		link.SetState("decided")
		link.SetDecided(row.Id, record.Text(d.Clock()))
		if err := saveAs(tx, link.ProxyRecord(), record.System(link.Shop())); err != nil {
			return err
		}
		if err := d.task(tx, link); err != nil {
			return err
		}
		page, err = d.page(tx, link)
		return err
	})
	return page, err
}

// checkCode counts a wrong code in an act of its own, which is kept when the decision is refused.
func (d Desk) checkCode(app core.App, token string, given Decision) error {
	var wrong error
	_, err := d.Write(app, func(tx core.App) error {
		link, s, err := d.open(tx, token)
		if err != nil || !link.WithCode() || !approves(given.Jobs) {
			return err
		}
		if given.Code == "" {
			return fault.New(fault.Refused, "link.code_missing").On("code")
		}
		fresh := s.Code != "" && s.Tries < maxTries && d.Clock().Before(record.Time(s.CodeUntil))
		if fresh && sameHash(s.Code, hashOf(s.Link+given.Code)) {
			return nil
		}
		wrong = fault.New(fault.Refused, "link.code_wrong").On("code")
		_, err = tx.DB().Update("link_secrets", dbx.Params{"tries": s.Tries + 1}, dbx.HashExp{"link": s.Link}).Execute()
		return err
	})
	return errors.Join(err, wrong)
}

func approves(lines []consent.Decision) bool {
	for _, line := range lines {
		if line.Decision == consent.Approved {
			return true
		}
	}
	return false
}

// consent is the row of what was decided; every line of the document must be.
func (d Desk) consent(tx core.App, link *record.CustomerLink, given Decision) (*core.Record, error) {
	jobs, _, err := jobsOf(link.Document())
	if err != nil {
		return nil, err
	}
	if len(given.Jobs) != len(jobs) {
		return nil, fault.New(fault.Invalid, "link.incomplete").On("jobs")
	}
	state := "declined"
	if approves(given.Jobs) {
		state = "given"
		if !isList(given.Strokes) {
			return nil, fault.New(fault.Refused, "consent.strokes_missing").On("strokes")
		}
	}
	c, err := tx.FindCachedCollectionByNameOrId(record.Consents)
	if err != nil {
		return nil, err
	}
	row := core.NewRecord(c)
	row.Load(map[string]any{record.FieldShop: link.Shop(), record.FieldVisit: link.Visit(), record.FieldWorkOrder: link.WorkOrder(), record.FieldKind: "portal",
		record.FieldState: state, record.FieldDocumentKind: link.DocumentKind(), record.FieldDocument: json.RawMessage(link.Document()), record.FieldSHA256: link.SHA256(),
		record.FieldJobs: given.Jobs, record.FieldSignerName: given.Name, record.FieldSignerRelation: given.Relation, record.FieldStrokes: given.Strokes,
		record.FieldSignedAt: record.Text(d.Clock()), record.FieldLink: link.Id})
	return row, saveAs(tx, row, record.System(link.Shop()))
}

func isList(raw json.RawMessage) bool {
	var list []json.RawMessage
	return json.Unmarshal(raw, &list) == nil && len(list) > 0
}

func codeMessage(link *record.CustomerLink, customer *core.Record, channel, to, code string, n int, until time.Time) notify.Message {
	visible, real := "已发送一次性验证码。", fmt.Sprintf("验证码 %s，10 分钟内有效，用于确认维修项目。请勿告诉他人。", code)
	if link.Lang() == "en" {
		visible, real = "A one-time code was sent.", fmt.Sprintf("Code %s, valid for 10 minutes, to decide about work on your car. Tell nobody.", code)
	}
	return notify.Message{Shop: link.Shop(), Key: fmt.Sprintf("link_code:%s:%d", link.Id, n), Kind: "code", Channel: channel, To: to, Lang: link.Lang(), Text: visible, Secret: real,
		Urgent: true, ExpiresAt: until, Visit: link.Visit(), Customer: customer.Id, SubjectCollection: record.CustomerLinks, SubjectRecord: link.Id}
}
