package fault

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// Text is one sentence in both languages: what happened, what was kept, what to do next.
type Text struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// Words is a parameter made of terms that have a name in words.json ("role.advisor", "job.paused"), so that the
// sentence can say them in its own language. A term without a name is said as it is, without its area.
type Words []string

//go:embed codes/*.json
var files embed.FS

//go:embed words.json
var wordsJSON []byte

var words = sync.OnceValue(func() map[string]Text {
	all := map[string]Text{}
	if err := json.Unmarshal(wordsJSON, &all); err != nil {
		panic(fmt.Errorf("words.json: %w", err))
	}
	return all
})

var texts = sync.OnceValue(func() map[string]Text {
	all := map[string]Text{}
	entries, err := files.ReadDir("codes")
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		b, err := files.ReadFile("codes/" + e.Name())
		if err != nil {
			panic(err)
		}
		area := strings.TrimSuffix(e.Name(), ".json")
		part := map[string]Text{}
		if err := json.Unmarshal(b, &part); err != nil {
			panic(fmt.Errorf("codes/%s: %w", e.Name(), err))
		}
		for reason, t := range part {
			all[area+"."+reason] = t
		}
	}
	return all
})

// Codes returns every code with its texts, as GET /api/flow publishes them.
func Codes() map[string]Text { return texts() }

// Message is the sentence of f in lang ("en…", anything else is Chinese).
func (f *Fault) Message(lang string) string {
	t, ok := texts()[f.Code]
	if !ok {
		return f.Code
	}
	s := t.in(lang)
	for k, v := range f.Params {
		s = strings.ReplaceAll(s, "{"+k+"}", say(v, lang))
	}
	return s
}

func (t Text) in(lang string) string {
	if strings.HasPrefix(strings.ToLower(lang), "en") {
		return t.En
	}
	return t.Zh
}

func say(v any, lang string) string {
	switch v := v.(type) {
	case Text:
		return v.in(lang)
	case Words:
		said := make([]string, len(v))
		for i, term := range v {
			said[i] = Say(term, lang)
		}
		return strings.Join(said, Text{Zh: "、", En: ", "}.in(lang))
	}
	return fmt.Sprint(v)
}

// Say names a term of words.json in lang.
func Say(term, lang string) string {
	if t, ok := words()[term]; ok {
		return t.in(lang)
	}
	return term[strings.LastIndex(term, ".")+1:]
}
