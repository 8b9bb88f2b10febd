package wire

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"aftercare/internal/fault"
)

// FuzzPush: whatever arrives is either refused with a code or understood within its limits; what is understood means
// the same when it is written out and read again.
func FuzzPush(f *testing.F) {
	f.Add([]byte(`{"device":"abcdefghijklmno","epoch":"e","app":"1.4.0","mutations":[{"seq":41,"id":"abcdefghijklmno","intent":"job.start",` +
		`"at":"2026-11-21T02:03:04.005Z","seen":"c","ops":[{"op":"patch","collection":"jobs","id":"abcdefghijklmno","base":7,"data":{"state":"in_progress"}}]}]}`))
	f.Add([]byte(`{"mutations":[{"seq":1,"ops":"none"},{"seq":2,"id":7}]}`))
	f.Add([]byte(`{"mutations":[{"seq":1e30,"id":"x","ops":[]}]}`))
	f.Add([]byte(`[[[[[[[[[[[[[[[[[[`))
	f.Add([]byte("{\"device\":\"\xff\"}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		request, err := ParsePush(body)
		if err != nil {
			if _, ok := fault.From(err); !ok {
				t.Fatalf("refused without a code: %v", err)
			}
			return
		}
		if !utf8.Valid(body) || len(request.Mutations) > MaxMutations {
			t.Fatal("let through")
		}
		for _, m := range request.Mutations {
			if m.Seq < 1 || len(m.Ops) > MaxOps || m.Hash == "" && !m.Broken {
				t.Fatalf("%+v", m)
			}
		}
		again, err := json.Marshal(request)
		if err != nil {
			t.Fatal(err)
		}
		second, err := ParsePush(again)
		if err != nil || len(second.Mutations) != len(request.Mutations) {
			t.Fatalf("%s: %v", again, err)
		}
	})
}

// FuzzFrame: a frame of a socket is refused or understood, and never panics.
func FuzzFrame(f *testing.F) {
	f.Add([]byte(`{"type":"hello","token":"t","device":"abcdefghijklmno","cursor":"c"}`))
	f.Add([]byte(`{"type":"push","mutations":[{"seq":1,"id":"abcdefghijklmno","ops":[]}]}`))
	f.Add([]byte(`{"type":"auth","token":"t"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if CheckText(text, 1<<20) != nil {
			return
		}
		var hello Hello
		_ = json.Unmarshal(text, &hello)
		var frame Frame
		if json.Unmarshal(text, &frame) != nil {
			return
		}
		if _, err := ParseMutations(frame.Mutations); err != nil {
			if _, ok := fault.From(err); !ok {
				t.Fatal(err)
			}
		}
	})
}
