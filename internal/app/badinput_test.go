package app_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

// site is a house with a day running in both shops. We are Shanghai; what the neighbour in Hangzhou owns must not show
// in any answer. The watcher sees every commit to the database, whoever makes it.
type site struct {
	*apptest.Shop
	t           *testing.T
	car, theirs apptest.Service
	tablet      *apptest.Device // the advisor's, bound and up to date
	callers     map[string]string
	secrets     []string
	foreign     map[string][]string // what the neighbour owns, ids by collection
	watcher     *dbx.DB
	knownAt     int64  // the version that
	known       string // is the print of
}

// Callers who are signed in nowhere; each must be treated as nobody.
var strangers = []string{"nobody", "garbage", "bearer garbage", "expired", "forged", "dismissed", "a file's token", "a very long token"}

func newSite(t *testing.T, config app.Config) *site {
	t.Helper()
	s := &site{Shop: apptest.NewWith(t, config), t: t}
	s.car = s.Day(apptest.SH).JobInProgress()
	s.settle()
	s.tablet = s.Device(apptest.SH, "advisor")
	s.tablet.Push()
	s.tablet.Pull(0)
	s.callers = s.sign()
	s.foreign = s.neighbours()
	s.secrets = []string{"钱塘潮", "13957100000", "西湖边", "杭州店"}
	for _, ids := range s.foreign {
		s.secrets = append(s.secrets, ids...)
	}
	path := filepath.Join(s.Dir, "data.db")
	watcher, err := dbx.Open("sqlite", path+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	watcher.DB().SetMaxOpenConns(1) // data_version counts what other connections commit
	t.Cleanup(func() { _ = watcher.Close() })
	s.watcher = watcher
	return s
}

func (s *site) find(collection, id string) *core.Record {
	s.t.Helper()
	rec, err := s.App.FindRecordById(collection, id)
	if err != nil {
		s.t.Fatalf("%s/%s: %v", collection, id, err)
	}
	return rec
}

// sign makes the tokens of everybody who may call.
func (s *site) sign() map[string]string {
	s.t.Helper()
	token := func(rec *core.Record, make func(*core.Record) (string, error)) string {
		text, err := make(rec)
		if err != nil {
			s.t.Fatal(err)
		}
		return text
	}
	auth := (*core.Record).NewAuthToken
	advisor := s.Staff(apptest.SH, "advisor")
	expired, err := security.NewJWT(map[string]any{"id": advisor.Id, "type": core.TokenTypeAuth, "collectionId": advisor.Collection().Id,
		"refreshable": true}, advisor.TokenKey()+advisor.Collection().AuthToken.Secret, -time.Hour)
	if err != nil {
		s.t.Fatal(err)
	}
	forged, err := security.NewJWT(map[string]any{"id": advisor.Id, "type": core.TokenTypeAuth, "collectionId": advisor.Collection().Id,
		"refreshable": true}, "a key of their own, long enough to sign with", time.Hour)
	if err != nil {
		s.t.Fatal(err)
	}
	dismissed := token(s.Staff(apptest.SH, "guard"), auth)
	s.Day(apptest.SH).Do("manager", s.Staff(apptest.SH, "guard"), map[string]any{record.FieldActive: false})
	return map[string]string{
		"nobody": "", "garbage": "x.y.z", "bearer garbage": "Bearer \x01\x02", "expired": expired, "forged": forged, "dismissed": dismissed,
		"a file's token": token(advisor, (*core.Record).NewFileToken), "a very long token": strings.Repeat("long", 16<<10),
		"advisor": token(advisor, auth), "manager": s.Token(apptest.SH, "manager"), "technician": s.Token(apptest.SH, "technician"),
		"customer":  token(s.find(record.Customers, record.AsVisit(s.car.Visit).Customer()), auth),
		"neighbour": s.Token(apptest.HZ, "manager"), "superuser": s.Superuser(),
	}
}

// private are tables that an answer may rightly write although it is a refusal: what became of a mutation.
var private = []string{"sync_outcomes", "sync_devices"}

// heard is what a device's row notes by itself, a while after any call of the device, a refused one too.
var heard = []string{record.FieldApp, record.FieldLastSeen, record.FieldUpdated, record.FieldVersion}

// version changes with every commit of anybody.
func (s *site) version() (n int64) {
	s.t.Helper()
	if err := s.watcher.NewQuery("PRAGMA data_version").Row(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

// print is a hash over every table of the database but the private ones.
func (s *site) print() string {
	s.t.Helper()
	var tables []string
	if err := s.watcher.NewQuery("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").Column(&tables); err != nil {
		s.t.Fatal(err)
	}
	sum := sha256.New()
	for _, table := range tables {
		if slices.Contains(private, table) {
			continue
		}
		rows, err := s.watcher.NewQuery("SELECT * FROM `" + table + "`").Rows()
		if err != nil {
			s.t.Fatal(err)
		}
		for rows.Next() {
			row := dbx.NullStringMap{}
			if err := rows.ScanMap(row); err != nil {
				s.t.Fatal(err)
			}
			if table == "sync_changes" && row["collection"].String == record.Devices {
				continue
			}
			if table == record.Devices {
				maps.DeleteFunc(row, func(column string, _ sql.NullString) bool { return slices.Contains(heard, column) })
			}
			fmt.Fprintf(sum, "%s %v\n", table, row)
		}
		_ = rows.Close()
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// now is the print of this moment; it is taken anew only when somebody has committed something since.
func (s *site) now() string {
	s.t.Helper()
	if version := s.version(); s.known == "" || version != s.knownAt {
		s.knownAt, s.known = version, s.print()
	}
	return s.known
}

// untouched runs act and fails when anything of the database is another than before.
func (s *site) untouched(t *testing.T, what string, act func()) {
	t.Helper()
	before := s.now()
	if act(); s.now() != before {
		t.Errorf("%s: something was written", what)
	}
}

// call is one request and what has to come of it.
type call struct {
	name, method, path, caller string
	body                       any
	headers                    []string
	status                     []int  // one of these
	code, field                string // "" any
}

// refused sends the call in both languages. It must be refused as it says, in PocketBase's shape, in the language of
// the reader, without a word of the neighbour's, and nothing may be written.
func (s *site) refused(t *testing.T, c call) apptest.Answer {
	t.Helper()
	var english, chinese apptest.Answer
	s.untouched(t, c.label(), func() {
		english = s.Do(c.method, c.path, s.callers[c.caller], c.body, append([]string{"Accept-Language", "en-GB,en;q=0.9"}, c.headers...)...)
		chinese = s.Do(c.method, c.path, s.callers[c.caller], c.body, append([]string{"Accept-Language", "zh-CN,zh;q=0.9"}, c.headers...)...)
	})
	s.discreet(t, c, english)
	if !slices.Contains(c.status, english.Status) || english.Status < 400 || english.Status > 499 {
		t.Errorf("%s: %d %.300s, want %v", c.label(), english.Status, english.Body, c.status)
		return english
	}
	if c.method == http.MethodHead {
		return english
	}
	if why := spoken(english, c, "en"); why != "" {
		t.Errorf("%s: %s in %.300s", c.label(), why, english.Body)
	}
	if why := spoken(chinese, c, "zh"); why != "" {
		t.Errorf("%s: %s in %.300s", c.label(), why, chinese.Body)
	}
	return english
}

func (c call) label() string {
	return strings.TrimSpace(fmt.Sprintf("%s: %s %.80s by %s", c.name, c.method, c.path, c.caller))
}

var codeForm = regexp.MustCompile(`^[a-z]+\.[a-z_]+$`)

type problem struct {
	Status  int
	Message string
	Data    map[string]json.RawMessage
}

// spoken says what is wrong with a refusal as its reader sees it; "" when nothing is.
func spoken(a apptest.Answer, c call, lang string) string {
	var p problem
	if err := json.Unmarshal(a.Body, &p); err != nil || p.Status != a.Status || !slices.Contains(c.status, a.Status) {
		return "not the shape of an error"
	}
	if p.Message == "" || strings.ContainsFunc(p.Message, isHan) != (lang == "zh") {
		return "the sentence is not " + lang
	}
	found := leaves(p.Data)
	if len(found) == 0 {
		return "no code"
	}
	for _, one := range found {
		switch has := strings.ContainsFunc(one.message, isHan); {
		case !codeForm.MatchString(one.code):
			return "a field without our code: " + one.field
		case c.code != "" && one.code != c.code:
			return one.code + " instead of " + c.code
		case c.field != "" && one.field != c.field:
			return "on " + one.field + " instead of " + c.field
		case one.message == "" || has != (lang == "zh"):
			return "the sentence is not " + lang
		}
	}
	return ""
}

// leaf is one field's refusal.
type leaf struct{ field, code, message string }

// leaves finds the refusals in the data of an error: by field, for a list by its place, for a batch in the answer of the
// request that failed.
func leaves(data map[string]json.RawMessage) (found []leaf) {
	for field, raw := range data {
		var item map[string]json.RawMessage
		if json.Unmarshal(raw, &item) != nil {
			found = append(found, leaf{field: field})
			continue
		}
		var one struct {
			Code, Message string
			Response      *problem
		}
		_ = json.Unmarshal(raw, &one) // a field called "code" is none of ours
		switch {
		case one.Response != nil:
			found = append(found, leaves(one.Response.Data)...)
		case one.Code != "":
			found = append(found, leaf{field, one.Code, one.Message})
		default:
			found = append(found, leaves(item)...)
		}
	}
	return found
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// discreet fails when the answer holds something of the neighbour's that the caller did not name.
func (s *site) discreet(t *testing.T, c call, a apptest.Answer) {
	t.Helper()
	if c.caller == "neighbour" || c.caller == "superuser" {
		return
	}
	sent, err := json.Marshal(c.body)
	if err != nil {
		t.Fatal(err)
	}
	answer := string(a.Body)
	for _, secret := range s.secrets {
		if strings.Contains(answer, secret) && !strings.Contains(c.path+string(sent), secret) {
			t.Errorf("%s: tells of the neighbour's %s: %.300s", c.label(), secret, answer)
			return
		}
	}
}
