package due

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"aftercare/internal/fault"
	"aftercare/internal/price"
	"aftercare/internal/record"
)

//go:embed claim_letters.json
var claimLettersJSON []byte

// claimLetters is what messages about claims say, by the name of the sentence or of a part of one; {words} are filled in.
var claimLetters = sync.OnceValue(func() map[string]fault.Text {
	all := map[string]fault.Text{}
	if err := json.Unmarshal(claimLettersJSON, &all); err != nil {
		panic(fmt.Errorf("letters about claims: %w", err))
	}
	return all
})

// longestNote is how many characters of what a person has written fit into a message; the page shows all of it.
const longestNote = 30

// claimLetter writes a notice to the customer of a claim, in their language and the shop's time. Plain text, short enough for
// an SMS.
type claimLetter struct {
	shop  *record.Shop
	zone  *time.Location
	lang  string // zh | en
	page  string // where the claim is read, "" where the server does not know its own address
	claim *claimCase
}

func (l claimLetter) title() string { return l.fill("title", facts{}) }

// text is the message, with the shop's name before it.
func (l claimLetter) text(n notice) string {
	words := l.fill(n.says, n.words)
	if l.lang == "en" {
		return l.shop.Name() + ": " + words
	}
	return "【" + l.shop.Name() + "】" + words
}

// fill writes a sentence with its words.
func (l claimLetter) fill(sentence string, f facts) string {
	words, page := l.part(sentence), l.page
	if page == "" {
		page = l.part("page")
		if l.lang != "en" {
			words = strings.ReplaceAll(words, " {page}", "{page}") // only an address stands apart
		}
	}
	return strings.NewReplacer("{shop}", l.shop.Name(), "{kind}", fault.Say("claim_kind."+l.claim.Kind(), l.lang), "{number}", l.claim.Number(),
		"{page}", page, "{until}", l.before(f.until), "{money}", "¥"+price.Yuan(f.fen), "{days}", l.days(f.days), "{price}", l.priced(f), "{more}", l.more(f),
		"{freight}", l.part("freight_"+f.freight), "{method}", l.part("method_"+f.method), "{parcel}", f.parcel, "{note}", note(f.note),
	).Replace(words)
}

// part is a sentence or a part of one, in the letter's language.
func (l claimLetter) part(name string) string {
	if l.lang == "en" {
		return claimLetters()[name].En
	}
	return claimLetters()[name].Zh
}

// priced is what a plan costs and how long it takes.
func (l claimLetter) priced(f facts) string {
	name := "price"
	if f.fen == 0 {
		name = "price_free"
	}
	return l.shorter(name, f)
}

// more is what was found costs beside the plan.
func (l claimLetter) more(f facts) string {
	name := "more_none"
	switch {
	case f.fen > 0 && f.days > 0:
		name = "more"
	case f.fen > 0:
		name = "more_price"
	case f.days > 0:
		name = "more_days"
	}
	return l.shorter(name, f)
}

func (l claimLetter) shorter(name string, f facts) string {
	return strings.NewReplacer("{money}", "¥"+price.Yuan(f.fen), "{days}", l.days(f.days)).Replace(l.part(name))
}

func (l claimLetter) days(n int) string {
	switch {
	case l.lang != "en":
		return fmt.Sprintf("%d 天", n)
	case n == 1:
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

// before is the first instant that is too late as people read it, in shop time: midnight is 24:00 of the day before.
func (l claimLetter) before(at time.Time) string {
	local, clock := at.In(l.zone), at.In(l.zone).Format("15:04")
	if clock == "00:00" {
		local, clock = local.AddDate(0, 0, -1), "24:00"
	}
	if l.lang == "en" {
		return local.Format("2 Jan ") + clock
	}
	return local.Format("1月2日") + clock
}

// note is the beginning of what a person wrote, on one line; the sentence brings its own full stop.
func note(text string) string {
	letters := []rune(strings.Join(strings.Fields(text), " "))
	if len(letters) > longestNote {
		return string(letters[:longestNote]) + "…"
	}
	return strings.TrimRight(string(letters), "。.；;，, ")
}
