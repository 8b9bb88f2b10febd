package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// A client that lies: each lie goes through both doors of push, by HTTP and by socket. It is answered with an outcome and
// a code, or refused as a whole; nothing of the neighbour's is told or touched; and the next honest mutation of the very
// same device goes through.

// liar is a tablet that says what it likes.
type liar struct {
	*site
	last, note, other string // ids of a settled mutation of ours, of its row, and of a mutation of another device
	otherSeq          int64
}

func newLiar(t *testing.T) *liar {
	l := &liar{site: newSite(t, app.Config{})}
	l.note = record.AsVisit(l.car.Visit).Vehicle()
	m := l.tablet.Mutation(l.edit("before"))
	l.tablet.Push(m)
	l.last = m.ID
	colleague := l.Device(apptest.SH, "manager")
	colleague.Pull(0)
	theirs := colleague.Mutation(apptest.Patch(record.Vehicles, l.note, colleague.Version(record.Vehicles, l.note), map[string]any{record.FieldColour: "白"}))
	colleague.Push(theirs)
	l.other = theirs.ID
	l.tablet.Pull(0)
	return l
}

// edit is an honest op.
func (l *liar) edit(note string) wire.Op {
	return apptest.Patch(record.Vehicles, l.note, l.tablet.Version(record.Vehicles, l.note), map[string]any{record.FieldNote: note})
}

// mutation is one with the parts, written by hand; seq counts from the device's next.
func (l *liar) mutation(ahead int64, parts string, ops ...string) string {
	return fmt.Sprintf(`{"seq":%d,"id":%q,"intent":"lie","at":"2026-11-21T02:03:04.005Z","seen":%q,%s"ops":[%s]}`,
		l.tablet.Seq+1+ahead, apptest.NewID(), l.tablet.Cursor, parts, strings.Join(ops, ","))
}

// honest is an op as text, of a fresh note.
func (l *liar) honest() string {
	b, err := json.Marshal(l.edit(apptest.NewID()))
	if err != nil {
		l.t.Fatal(err)
	}
	return string(b)
}

func (l *liar) op(op, collection, id, base, data string) string {
	return fmt.Sprintf(`{"op":%q,"collection":%q,"id":%q,"base":%s,"data":%s}`, op, collection, id, base, data)
}

// lie is a list of mutations and what becomes of each: a code, or "" for one that is taken. Status and closes are of
// pushes refused as a whole, by HTTP and by socket.
type lie struct {
	mutations func(l *liar) []string
	codes     []string
	status    int
	closes    int
}

func one(make func(l *liar) string) func(l *liar) []string {
	return func(l *liar) []string { return []string{make(l)} }
}

func sequence(parts string) func(l *liar) []string {
	return one(func(l *liar) string {
		return fmt.Sprintf(`{"seq":%s,"id":%q,"ops":[%s]}`, parts, apptest.NewID(), l.honest())
	})
}

func with(parts string) func(l *liar) []string {
	return one(func(l *liar) string { return l.mutation(0, parts, l.honest()) })
}

func base(text string) func(l *liar) []string {
	return one(func(l *liar) string {
		return l.mutation(0, "", l.op("patch", record.Vehicles, l.note, text, `{"note":"x"}`))
	})
}

func create(collection string) func(l *liar) []string {
	return one(func(l *liar) string {
		return l.mutation(0, "", l.op("create", collection, apptest.NewID(), "1", `{"name":"x"}`))
	})
}

var lies = map[string]lie{
	"a gap":                      {mutations: one(func(l *liar) string { return l.mutation(1, "", l.honest()) }), codes: []string{"sync.gap"}},
	"a gap in the middle":        {mutations: func(l *liar) []string { return []string{l.mutation(0, "", l.honest()), l.mutation(2, "", l.honest())} }, codes: []string{"", "sync.gap"}},
	"the order turned round":     {mutations: func(l *liar) []string { return []string{l.mutation(1, "", l.honest()), l.mutation(0, "", l.honest())} }, codes: []string{"sync.gap", ""}},
	"the same seq twice":         {mutations: func(l *liar) []string { return []string{l.mutation(0, "", l.honest()), l.mutation(0, "", l.honest())} }, codes: []string{"", "sync.reused"}},
	"a seq long settled":         {mutations: one(func(l *liar) string { return l.mutation(-l.tablet.Seq, "", l.honest()) }), codes: []string{"sync.reused"}},
	"the largest seq":            {mutations: sequence("9223372036854775807"), codes: []string{"sync.gap"}},
	"a negative seq":             {mutations: sequence("-7"), status: 400, closes: 4400},
	"a seq of none":              {mutations: sequence("0"), status: 400, closes: 4400},
	"a seq beyond all numbers":   {mutations: sequence("1e999"), status: 400, closes: 4400},
	"a seq that overflows":       {mutations: sequence("9223372036854775808"), status: 400, closes: 4400},
	"half a seq":                 {mutations: sequence("1.5"), status: 400, closes: 4400},
	"a seq that is text":         {mutations: sequence(`"1"`), status: 400, closes: 4400},
	"a seq that is a list":       {mutations: sequence(`[1]`), status: 400, closes: 4400},
	"an own id for other deeds":  {mutations: one(func(l *liar) string { return reuse(l, l.last) }), codes: []string{"sync.reused"}},
	"another device's id":        {mutations: one(func(l *liar) string { return reuse(l, l.other) }), codes: []string{"sync.reused"}},
	"an id that is a row's":      {mutations: one(func(l *liar) string { return reuse(l, l.made()) }), codes: []string{""}},
	"an id that is the device's": {mutations: one(func(l *liar) string { return reuse(l, l.tablet.ID) }), codes: []string{"", "sync.reused"}},

	"a collection of PocketBase's":    {mutations: create("_superusers"), codes: []string{"sync.collection"}},
	"a table of the server's":         {mutations: create("sync_devices"), codes: []string{"sync.collection"}},
	"a collection it may not see":     {mutations: create(record.Corrections), codes: []string{"sync.collection"}},
	"a collection that is nowhere":    {mutations: create("x' OR 1=1 --"), codes: []string{"sync.collection"}},
	"a device of its own making":      {mutations: create(record.Devices), codes: []string{"flow.role"}},
	"a colleague of its own making":   {mutations: create(record.Staff), codes: []string{"flow.role", "field.required", "flow.create"}},
	"a policy of its own making":      {mutations: create(record.Policies), codes: []string{"field.unknown"}},
	"a conflict of its own making":    {mutations: create(record.Conflicts), codes: []string{"flow.role", "field.unknown", "field.required"}},
	"the neighbour's car":             {mutations: neighbours("patch"), codes: []string{"sync.not_found"}},
	"the neighbour's car, taken away": {mutations: neighbours("delete"), codes: []string{"sync.not_found"}},
	"the neighbour's car, made again": {mutations: neighbours("create"), codes: []string{"sync.exists", "field.taken"}},
	"its own roles":                   {mutations: staff(`{"roles":["manager","head_office"]}`), codes: []string{"flow.role", "sync.base"}},
	"its own shop":                    {mutations: staff(`{"shop":"` + apptest.HZ + `"}`), codes: []string{"field.foreign", "flow.role", "field.fixed"}},
	"its own token key":               {mutations: staff(`{"tokenKey":"x"}`), codes: []string{"field.unknown"}},
	"a version from the future":       {mutations: base("99999"), codes: []string{"sync.base"}},
	"the largest version":             {mutations: base("9223372036854775807"), codes: []string{"sync.base"}},
	"a negative version":              {mutations: base("-1"), codes: []string{"sync.base"}},
	"no version at all":               {mutations: base("null"), codes: []string{"sync.base"}},
	"half a version":                  {mutations: base("1.5"), codes: []string{"sync.malformed"}},
	"a version that overflows":        {mutations: base("9223372036854775808"), codes: []string{"sync.malformed"}},
	"a version beyond all numbers":    {mutations: base("1e999"), codes: []string{"sync.malformed"}},
	"a version that is text":          {mutations: base(`"1"`), codes: []string{"sync.malformed"}},
	"a version set by hand":           {mutations: one(func(l *liar) string { return l.mutation(0, "", l.set(`{"version":1000000}`)) }), codes: []string{"flow.role", "field.derived", "flow.edit"}},
	"an author of its choice": {mutations: one(func(l *liar) string {
		return l.mutation(0, "", l.set(`{"updated_by":"`+apptest.Person(apptest.SH, "finance")+`"}`))
	}), codes: []string{"flow.role", "field.derived", "flow.edit"}},
	"the largest commit":    {mutations: with(`"commit":9223372036854775807,`), codes: []string{""}},
	"the first commit":      {mutations: with(`"commit":1,`), codes: []string{""}},
	"a negative commit":     {mutations: with(`"commit":-1,`), codes: []string{""}},
	"half a commit":         {mutations: with(`"commit":0.5,`), codes: []string{"sync.malformed"}},
	"a commit that is text": {mutations: with(`"commit":"1",`), codes: []string{"sync.malformed"}},
	"commits that turn the order round": {mutations: func(l *liar) []string {
		return []string{l.mutation(0, `"commit":9,`, l.honest()), l.mutation(1, `"commit":1,`, l.honest())}
	}, codes: []string{"", ""}},
	"the same commit twice": {mutations: func(l *liar) []string {
		return []string{l.mutation(0, `"commit":7,`, l.honest()), l.mutation(1, `"commit":7,`, l.honest())}
	}, codes: []string{"", ""}},
	"the neighbour's cursor as seen":  {mutations: one(func(l *liar) string { return l.seen(l.foreignCursor()) }), codes: []string{""}},
	"a cursor of no server as seen":   {mutations: one(func(l *liar) string { return l.seen(strings.Repeat("A", 40)) }), codes: []string{""}},
	"a cursor of a megabyte as seen":  {mutations: one(func(l *liar) string { return l.seen(strings.Repeat("A", 900<<10)) }), codes: []string{""}},
	"400 years ago":                   {mutations: with(`"at":"1626-11-21T02:03:04.005Z",`), codes: []string{""}},
	"400 years ahead":                 {mutations: with(`"at":"2426-11-21T02:03:04.005Z",`), codes: []string{""}},
	"the year nought":                 {mutations: with(`"at":"0000-01-01T00:00:00Z",`), codes: []string{""}},
	"the last of all years":           {mutations: with(`"at":"9999-12-31T23:59:59.999999999Z",`), codes: []string{""}},
	"a time zone that moves the year": {mutations: with(`"at":"9999-12-31T23:59:59-23:59",`), codes: []string{"", "sync.malformed"}},
	"a day that is none":              {mutations: with(`"at":"2026-02-30T00:00:00Z",`), codes: []string{"sync.malformed"}},
	"an app of a megabyte":            {mutations: with(`"app":"` + strings.Repeat("9", 900<<10) + `",`), codes: []string{""}},
	"an app that is a number":         {mutations: with(`"app":7,`), codes: []string{"sync.malformed"}},
	"keys that are there twice":       {mutations: with(`"intent":"a","intent":"b","Intent":"c",`), codes: []string{""}},
	"fields that are there twice":     {mutations: one(func(l *liar) string { return l.mutation(0, "", l.set(`{"note":7,"note":"x"}`)) }), codes: []string{""}},
	"NUL":                             {mutations: one(func(l *liar) string { return l.mutation(0, "", l.set(`{"note":"a\u0000b"}`)) }), codes: []string{"", "field.invalid"}},
	"half a character":                {mutations: one(func(l *liar) string { return l.mutation(0, "", l.set(`{"note":"\ud800"}`)) }), codes: []string{""}},
	"a broken character":              {mutations: one(func(l *liar) string { return l.mutation(0, "", l.set("{\"note\":\"\xff\"}")) }), status: 400, closes: 4400},
	"depth": {mutations: one(func(l *liar) string {
		return l.mutation(0, "", l.set(`{"note":`+strings.Repeat("[", 40)+strings.Repeat("]", 40)+`}`))
	}), status: 413, closes: 4413},
	"no ops":                        {mutations: one(func(l *liar) string { return l.mutation(0, "") }), codes: []string{"sync.malformed"}},
	"201 ops":                       {mutations: one(func(l *liar) string { return l.mutation(0, "", strings.Repeat("{},", 200)+"{}") }), status: 413, closes: 4413},
	"1,001 mutations":               {mutations: one(func(l *liar) string { return strings.Repeat("{},", 1000) + "{}" }), status: 413, closes: 4413},
	"a mutation of nothing":         {mutations: one(func(*liar) string { return "null" }), status: 400, closes: 4400},
	"a field of a thousand letters": {mutations: one(func(l *liar) string { return l.mutation(0, "", l.set(`{"`+strings.Repeat("x", 1000)+`":1}`)) }), codes: []string{"field.unknown"}},
	"a good op and then the neighbour's": {mutations: one(func(l *liar) string {
		return l.mutation(0, "", l.honest(), l.op("patch", record.Vehicles, l.site.foreign[record.Vehicles][0], "1", `{"note":"x"}`))
	}), codes: []string{"sync.not_found"}},
	"the same row made twice": {mutations: one(func(l *liar) string {
		made := l.op("create", record.Customers, apptest.NewID(), "1", `{"name":"x","shop":"`+apptest.SH+`"}`)
		return l.mutation(0, "", made, made)
	}), codes: []string{"sync.exists"}},
}

func reuse(l *liar, id string) string {
	return fmt.Sprintf(`{"seq":%d,"id":%q,"ops":[%s]}`, l.tablet.Seq+1, id, l.honest())
}

// made is a new row's id.
func (l *liar) made() string {
	id := apptest.NewID()
	l.tablet.Must(apptest.Create(record.Customers, id, map[string]any{record.FieldShop: apptest.SH, record.FieldName: "王芳"}))
	return id
}

func (l *liar) set(data string) string {
	return l.op("patch", record.Vehicles, l.note, fmt.Sprint(l.tablet.Version(record.Vehicles, l.note)), data)
}

func (l *liar) seen(cursor string) string {
	return fmt.Sprintf(`{"seq":%d,"id":%q,"seen":%q,"ops":[%s]}`, l.tablet.Seq+1, apptest.NewID(), cursor, l.honest())
}

func (l *liar) foreignCursor() string {
	theirs := l.Device(apptest.HZ, "advisor")
	theirs.Pull(0)
	return theirs.Cursor
}

func neighbours(op string) func(l *liar) []string {
	return one(func(l *liar) string {
		return l.mutation(0, "", l.op(op, record.Vehicles, l.foreign[record.Vehicles][0], "1", `{"note":"x"}`))
	})
}

func staff(data string) func(l *liar) []string {
	return one(func(l *liar) string {
		id := apptest.Person(apptest.SH, "advisor")
		return l.mutation(0, "", l.op("patch", record.Staff, id, fmt.Sprint(max(1, l.tablet.Version(record.Staff, id))), data))
	})
}

func TestLies(t *testing.T) {
	l := newLiar(t)
	theirs := l.theirRows()
	for name, lie := range lies {
		for door, push := range map[string]func(*testing.T, []string) (int, []wire.Outcome){"HTTP": l.byHTTP, "socket": l.bySocket} {
			t.Run("X-02 X-03 "+name+" by "+door, func(t *testing.T) {
				status, outcomes := push(t, lie.mutations(l))
				l.judged(t, lie, door, status, outcomes)
				l.goesOn(t)
			})
		}
	}
	if l.theirRows() != theirs {
		t.Error("X-03 something of the neighbour's was touched")
	}
}

// judged holds an answer to what has to come of the lie.
func (l *liar) judged(t *testing.T, lie lie, door string, status int, outcomes []wire.Outcome) {
	t.Helper()
	if lie.status != 0 {
		if door == "HTTP" && status != lie.status || door == "socket" && status != lie.closes {
			t.Errorf("%d %+v", status, outcomes)
		}
		return
	}
	for i, o := range outcomes {
		taken := o.Outcome == wire.Applied || o.Outcome == wire.Merged
		wanted := lie.codes[min(i, len(lie.codes)-1)]
		if len(outcomes) == 1 { // one of these
			wanted = lie.codes[0]
			for _, code := range lie.codes {
				if code == o.Code {
					wanted = code
				}
			}
		}
		if taken != (wanted == "") || o.Code != wanted || !taken && o.Message == "" {
			t.Errorf("%d: %+v, want %q", i, o, wanted)
		}
	}
	if status != http.StatusOK || len(outcomes) == 0 {
		t.Errorf("%d %+v", status, outcomes)
	}
}

// goesOn is the honest mutation after a lie, by the same device.
func (l *liar) goesOn(t *testing.T) {
	t.Helper()
	l.tablet.Seq = l.tablet.Push().Seq
	l.tablet.Pull(0)
	m := l.tablet.Mutation(l.edit(apptest.NewID()))
	if r := l.tablet.Push(m); r.Outcomes[0].Outcome != wire.Applied && r.Outcomes[0].Outcome != wire.Merged || r.Seq != m.Seq {
		t.Errorf("the next honest mutation: %+v", r)
	}
	l.tablet.Pull(0)
}

func (l *liar) byHTTP(t *testing.T, mutations []string) (int, []wire.Outcome) {
	t.Helper()
	body := `{"device":"` + l.tablet.ID + `","epoch":"` + l.tablet.Epoch + `","app":"1.0.0","mutations":[` + strings.Join(mutations, ",") + `]}`
	a := l.Do(http.MethodPost, "/api/sync/push", l.tablet.Token, []byte(body))
	l.discreet(t, call{caller: "advisor", body: body}, a)
	if a.Status != http.StatusOK && a.Code() == "" {
		t.Errorf("refused without a code: %d %.200s", a.Status, a.Body)
	}
	var response wire.PushResponse
	a.JSON(&response)
	return a.Status, response.Outcomes
}

func (l *liar) bySocket(t *testing.T, mutations []string) (int, []wire.Outcome) {
	t.Helper()
	socket := l.tablet.Ready()
	defer socket.Conn.Close()
	frame := `{"type":"push","mutations":[` + strings.Join(mutations, ",") + `]}`
	if err := socket.Conn.WriteMessage(websocket.TextMessage, []byte(frame)); err != nil {
		t.Fatal(err)
	}
	for {
		_, text, err := socket.Conn.ReadMessage()
		if err != nil {
			if closed, ok := err.(*websocket.CloseError); ok {
				return closed.Code, nil
			}
			t.Fatal(err)
		}
		var answer wire.Outcomes
		if json.Unmarshal(text, &answer) != nil || answer.Type != "outcomes" {
			continue
		}
		l.discreet(t, call{caller: "advisor", body: frame}, apptest.Answer{Body: text})
		if answer.Code != "" {
			t.Errorf("refused as a whole: %s", text)
		}
		return http.StatusOK, answer.Outcomes
	}
}

// theirRows is all that the neighbour has, as text.
func (l *liar) theirRows() string {
	var rows []string
	for _, line := range strings.Split(l.Snapshot(), "\n") {
		if strings.Contains(line, apptest.HZ) && !strings.HasPrefix(line, record.Devices+"/") {
			rows = append(rows, line)
		}
	}
	return strings.Join(rows, "\n")
}
