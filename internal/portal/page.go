package portal

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// Page is what the customer's page shows.
type Page struct {
	State     string          `json:"state"` // sent | opened | decided | revoked | expired | changed
	Kind      string          `json:"kind"`
	Document  json.RawMessage `json:"document"`
	SHA256    string          `json:"sha256"`
	Lang      string          `json:"lang"`
	ExpiresAt string          `json:"expires_at"`
	WithCode  bool            `json:"with_code"`
	SentTo    string          `json:"sent_to"` // masked: where a code would go
	Phone     string          `json:"phone"`   // of the shop
	Jobs      []Found         `json:"jobs"`
	Changes   []Change        `json:"changes"`    // since it was sent
	Decisions json.RawMessage `json:"decisions"`  // what was decided, [] before
	Code      string          `json:"code"`       // of the sealed consent, "" before
	DecidedAt string          `json:"decided_at"` // UTC
}

// Found is what stands beside a job of the document: what was found, and its photos.
type Found struct {
	ID           string   `json:"id"`
	Note         string   `json:"note"`
	Safety       bool     `json:"safety"`
	DelayMinutes int      `json:"delay_minutes"`
	Photos       []string `json:"photos"` // SHA-256
}

// Change is a job that is no longer what was sent: as it was and as it is, null where it was or is not there.
type Change struct {
	ID     string          `json:"id"`
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
}

// find is the link of the token, whatever became of it. Code link.unknown.
func find(app core.App, token string) (*record.CustomerLink, secrets, error) {
	var s secrets
	err := app.DB().NewQuery("SELECT link, code, code_until, asked_at, asked, tries FROM link_secrets WHERE token = {:token}").
		Bind(dbx.Params{"token": hashOf(token)}).One(&s)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, s, fault.New(fault.NotFound, "link.unknown").On("token")
	}
	if err != nil {
		return nil, s, err
	}
	row, err := app.FindRecordById(record.CustomerLinks, s.Link)
	if err != nil {
		return nil, s, fault.New(fault.NotFound, "link.unknown").On("token").Because(err)
	}
	return record.AsCustomerLink(row), s, nil
}

// Open shows the page. It notes the first time and uses nothing up: whoever scans links may open it as often as they like.
func (d Desk) Open(app core.App, token string) (Page, error) {
	link, _, err := find(app, token)
	if err != nil {
		return Page{}, err
	}
	if link.State() == "sent" && !d.expired(link) {
		_, err = d.Write(app, func(tx core.App) error {
			if link, _, err = find(tx, token); err != nil || link.State() != "sent" {
				return err
			}
			link.SetState("opened")
			link.SetOpenedAt(record.Text(d.Clock()))
			return saveAs(tx, link.ProxyRecord(), record.System(link.Shop()))
		})
		if err != nil {
			return Page{}, err
		}
	}
	return d.page(app, link)
}

func (d Desk) expired(link *record.CustomerLink) bool {
	return !d.Clock().Before(record.Time(link.ExpiresAt()))
}

func (d Desk) page(app core.App, link *record.CustomerLink) (Page, error) {
	p := Page{State: link.State(), Kind: link.DocumentKind(), Document: link.Document(), SHA256: link.SHA256(), Lang: link.Lang(), ExpiresAt: link.ExpiresAt(),
		WithCode: link.WithCode(), SentTo: link.GetString(record.FieldSentTo), Decisions: json.RawMessage("[]"), Changes: []Change{}}
	if shop, err := app.FindRecordById(record.Shops, link.Shop()); err == nil {
		p.Phone = shop.GetString(record.FieldPhone)
	}
	if p.State == "decided" {
		row, err := app.FindRecordById(record.Consents, link.Consent())
		if err != nil {
			return p, err
		}
		c := record.AsConsent(row)
		p.Decisions, p.Code, p.DecidedAt = json.RawMessage(row.GetString(record.FieldJobs)), c.Code(), c.SignedAt()
		return p, d.found(app, &p)
	}
	if p.State != "revoked" && d.expired(link) {
		p.State = "expired"
	}
	changes, err := d.changes(app, link)
	if err != nil {
		return p, err
	}
	if len(changes) > 0 && (p.State == "sent" || p.State == "opened") {
		p.State, p.Changes = "changed", changes
	}
	return p, d.found(app, &p)
}

// found adds what the technician found, with the photos that are here.
func (d Desk) found(app core.App, p *Page) error {
	var body struct{ Jobs []struct{ ID string } }
	if err := json.Unmarshal(p.Document, &body); err != nil {
		return err
	}
	p.Jobs = []Found{}
	for _, j := range body.Jobs {
		row, err := app.FindRecordById(record.Jobs, j.ID)
		if err != nil {
			continue // taken back by its author; the document still names it
		}
		f := Found{ID: j.ID, Note: row.GetString(record.FieldFoundNote), Safety: row.GetBool(record.FieldSafety), DelayMinutes: row.GetInt(record.FieldDelayMinutes), Photos: []string{}}
		photos, err := app.FindAllRecords(record.Photos, dbx.HashExp{record.FieldSubjectCollection: record.Jobs, record.FieldSubjectRecord: j.ID},
			dbx.In(record.FieldState, "stored", "verified"))
		if err != nil {
			return err
		}
		for _, photo := range photos {
			f.Photos = append(f.Photos, record.AsPhoto(photo).SHA256())
		}
		p.Jobs = append(p.Jobs, f)
	}
	return nil
}

// MayShow reports whether the photo belongs to a job of the token's document.
func (d Desk) MayShow(app core.App, token, sha string) bool {
	link, _, err := find(app, token)
	if err != nil || link.State() == "revoked" || d.expired(link) && link.State() != "decided" {
		return false
	}
	p := Page{Document: link.Document()}
	if d.found(app, &p) != nil {
		return false
	}
	for _, job := range p.Jobs {
		for _, photo := range job.Photos {
			if photo == sha {
				return true
			}
		}
	}
	return false
}

// changes are the jobs that differ between what was sent and what the order offers now (S-02).
func (d Desk) changes(app core.App, link *record.CustomerLink) ([]Change, error) {
	order, err := app.FindRecordById(record.WorkOrders, link.WorkOrder())
	if err != nil {
		return nil, err
	}
	now, err := Document(app, order, link.DocumentKind())
	if err != nil || now.SHA256 == link.SHA256() {
		return nil, err
	}
	before, ids, err := jobsOf(link.Document())
	if err != nil {
		return nil, err
	}
	after, more, err := jobsOf(now.Body)
	if err != nil {
		return nil, err
	}
	changes := []Change{}
	for _, id := range append(ids, more...) {
		if string(before[id]) != string(after[id]) {
			changes = append(changes, Change{ID: id, Before: orNull(before[id]), After: orNull(after[id])})
			delete(before, id)
			delete(after, id)
		}
	}
	if len(changes) == 0 { // the head has changed: promised time, customer
		changes = append(changes, Change{Before: json.RawMessage("null"), After: json.RawMessage("null")})
	}
	return changes, nil
}

func orNull(raw json.RawMessage) json.RawMessage {
	if raw == nil {
		return json.RawMessage("null")
	}
	return raw
}

// jobsOf are the jobs of a document by id, each in canonical form.
func jobsOf(document []byte) (map[string]json.RawMessage, []string, error) {
	var body struct {
		Jobs []json.RawMessage `json:"jobs"`
	}
	if err := json.Unmarshal(document, &body); err != nil {
		return nil, nil, err
	}
	jobs, ids := map[string]json.RawMessage{}, []string{}
	for _, raw := range body.Jobs {
		var head struct{ ID string }
		canonical, err := consent.Canonical(raw)
		if err != nil || json.Unmarshal(raw, &head) != nil {
			return nil, nil, fmt.Errorf("job of a document: %w", err)
		}
		jobs[head.ID] = canonical
		ids = append(ids, head.ID)
	}
	return jobs, ids, nil
}
