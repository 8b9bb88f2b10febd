package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"strconv"

	"aftercare/internal/wire"
)

// collection is the one of ours that has room for the twelve fields.
const collection = "vehicles"

const (
	login    = "boss"
	password = "correct horse battery"
)

// ours is our server with one shop, its manager, and a tablet of theirs that wrote every record.
type ours struct {
	server  *server
	binary  string
	dir     string
	token   string
	writer  *tablet
	devices int
}

// tablet is a device as far as the bench needs one.
type tablet struct {
	client  *client
	id      string
	epoch   string
	cursor  string // where its rows stand, named by every mutation
	seq     int64
	version map[string]int64 // by record
}

func openOurs(binary, dir string) (*ours, error) {
	out, err := exec.Command(binary, "shop", "BENCH", "Bench", "--manager="+login, "--password="+password, "--dir="+dir).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("opening a shop: %w: %s", err, out)
	}
	o := &ours{binary: binary, dir: dir}
	return o, o.serve()
}

// serve starts the server on the folder and signs in.
func (o *ours) serve() (err error) {
	if o.server, err = serve(o.binary, "serve", "--dir="+o.dir); err != nil {
		return err
	}
	if o.token, err = signIn(o.server, "staff", login, password); err != nil {
		o.server.stop()
	}
	return err
}

// tablet is a new device of the manager's, known to the server.
func (o *ours) tablet() (*tablet, error) {
	o.devices++
	t := &tablet{client: newClient(o.server, o.token), id: serial("bench", o.devices), version: map[string]int64{}}
	_, err := t.push(nil)
	return t, err
}

// fill writes the records by push.
func (o *ours) fill(records []one) (err error) {
	if o.writer, err = o.tablet(); err != nil {
		return err
	}
	for len(records) > 0 {
		n := min(len(records), wire.MaxMutations)
		if err := o.writer.create(records[:n]); err != nil {
			return err
		}
		records = records[n:]
	}
	return nil
}

func raw(value any) json.RawMessage {
	b, err := json.Marshal(value)
	if err != nil {
		panic(err) // numbers and texts
	}
	return b
}

func (t *tablet) mutation(op wire.Op) wire.Mutation {
	t.seq++
	return wire.Mutation{Seq: t.seq, ID: t.id[:5] + fmt.Sprintf("%s%07d", t.id[12:], t.seq), Intent: "bench", At: "2026-11-21T02:03:04.005Z", Seen: t.cursor, Ops: []wire.Op{op}}
}

// edit is a change of one field, made on the version the tablet knows.
func (t *tablet) edit(id, field string, value any) wire.Mutation {
	base := t.version[id]
	return t.mutation(wire.Op{Op: wire.Patch, Collection: collection, ID: id, Base: &base, Data: map[string]json.RawMessage{field: raw(value)}})
}

func (t *tablet) create(records []one) error {
	mutations := make([]wire.Mutation, len(records))
	for i, r := range records {
		data := make(map[string]json.RawMessage, len(r.values))
		for name, value := range r.values {
			data[name] = raw(value)
		}
		mutations[i] = t.mutation(wire.Op{Op: wire.Create, Collection: collection, ID: r.id, Data: data})
	}
	_, err := t.push(mutations)
	return err
}

// push sends mutations that must all be applied.
func (t *tablet) push(mutations []wire.Mutation) (*wire.PushResponse, error) {
	if mutations == nil {
		mutations = []wire.Mutation{}
	}
	var answer wire.PushResponse
	err := t.client.ask(http.MethodPost, "/api/sync/push", wire.PushRequest{Device: t.id, Epoch: t.epoch, App: "1.0.0", Mutations: mutations}, &answer)
	if err != nil {
		return nil, err
	}
	t.epoch = answer.Epoch
	return &answer, t.settle(mutations, &answer)
}

// settle takes the outcomes in.
func (t *tablet) settle(mutations []wire.Mutation, answer *wire.PushResponse) error {
	if len(answer.Outcomes) != len(mutations) {
		return fmt.Errorf("%d outcomes of %d mutations", len(answer.Outcomes), len(mutations))
	}
	for i, outcome := range answer.Outcomes {
		if outcome.Outcome != wire.Applied {
			return fmt.Errorf("mutation %d: %s %s %s", outcome.Seq, outcome.Outcome, outcome.Code, outcome.Message)
		}
		id := mutations[i].Ops[0].ID
		t.version[id] = outcome.Version[collection+"/"+id]
	}
	return nil
}

// page is an answer to a pull.
type page struct {
	Cursor string  `json:"cursor"`
	More   bool    `json:"more"`
	Tables []table `json:"tables"`
	Ops    []struct {
		Collection string         `json:"collection"`
		ID         string         `json:"id"`
		Data       map[string]any `json:"data"`
	} `json:"ops"`
}

// table is rows column by column.
type table struct {
	Collection string           `json:"collection"`
	Rows       int              `json:"rows"`
	Same       map[string]any   `json:"same"`
	Columns    map[string][]any `json:"columns"`
}

// spread turns the table into rows by id.
func (t *table) spread(into map[string]map[string]any) {
	for i := range t.Rows {
		row := make(map[string]any, len(t.Same)+len(t.Columns))
		for name, value := range t.Same {
			row[name] = value
		}
		for name, values := range t.Columns {
			row[name] = values[i]
		}
		id, _ := row["id"].(string)
		into[id] = row
	}
}

// pull follows the server from the cursor to its end and returns the rows by id, and the cursor reached. It asks for the
// next page, which the answer's head names, before it reads the rows of this one.
func (t *tablet) pull(cursor string) (rows map[string]map[string]any, at string, err error) {
	rows = make(map[string]map[string]any, total)
	for ahead := t.ask(cursor); ahead != nil; {
		answer := <-ahead
		if answer.err != nil {
			return nil, "", answer.err
		}
		ahead = nil
		if next := answer.head.Get("Sync-Next"); next != "" {
			ahead = t.ask(next)
		}
		var p page
		if err := answer.read(&p); err != nil {
			return nil, "", err
		}
		for i := range p.Tables {
			if p.Tables[i].Collection == collection {
				p.Tables[i].spread(rows)
			}
		}
		for _, op := range p.Ops {
			if op.Collection == collection {
				rows[op.ID] = op.Data
			}
		}
		if cursor = p.Cursor; p.More && ahead == nil {
			ahead = t.ask(cursor)
		}
	}
	return rows, cursor, nil
}

// pageRows is how many rows a tablet asks for at once: few enough that reading one page and writing the next overlap.
const pageRows = 2500

// ask asks for the page after the cursor.
func (t *tablet) ask(cursor string) <-chan answer {
	path := "/api/sync/pull?tables=1&device=" + t.id + "&limit=" + strconv.Itoa(pageRows) + "&cursor=" + cursor
	ahead := make(chan answer, 1)
	go func() { ahead <- t.client.open(http.MethodGet, path, nil) }()
	return ahead
}
