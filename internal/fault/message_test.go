package fault

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestMessage(t *testing.T) {
	refused := New(Refused, "flow.role").With("roles", Words{"role.advisor", "role.nobody-knows"})
	for lang, want := range map[string]string{
		"zh": "这一步要由服务顾问、nobody-knows来做。请找他们操作。", "": "这一步要由服务顾问、nobody-knows来做。请找他们操作。",
		"en-GB": "This step is for: advisor, nobody-knows. Ask one of them.",
	} {
		if got := refused.Message(lang); got != want {
			t.Errorf("%q: got %s", lang, got)
		}
	}
	titled := New(Refused, "visit.inspection_incomplete").With("count", 2).With("first", Text{Zh: "里程表", En: "odometer"})
	if got := titled.Message("en"); !strings.Contains(got, "2 items left, first \"odometer\"") {
		t.Errorf("got %s", got)
	}
	if got := New(Refused, "no.such").Message("en"); got != "no.such" {
		t.Errorf("an unknown code says %q", got)
	}
}

func TestTexts(t *testing.T) {
	name := regexp.MustCompile(`\{[a-z_]+\}`)
	t.Run("both languages of a sentence speak of the same things", func(t *testing.T) {
		for code, text := range texts() {
			zh, en := name.FindAllString(text.Zh, -1), name.FindAllString(text.En, -1)
			if text.Zh == "" || text.En == "" || !slices.Equal(set(zh), set(en)) {
				t.Errorf("%s: %v and %v", code, zh, en)
			}
		}
	})
	t.Run("every term has both languages", func(t *testing.T) {
		for term, text := range words() {
			if text.Zh == "" || text.En == "" || !strings.Contains(term, ".") {
				t.Errorf("%s: %+v", term, text)
			}
		}
	})
}

func set(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}
