package flow

import (
	"regexp"
	"strings"

	"aftercare/internal/fault"
)

// phoneNumber is what a gateway can dial: digits, perhaps with a country code and separators people write.
var phoneNumber = regexp.MustCompile(`^\+?[0-9][0-9 -]{4,18}[0-9]$`)

// messageComplete: a message says something, to an address of its channel. What a person tells by telephone has been
// told; everything else waits for its gateway (M-03).
func messageComplete(f *Facts) *fault.Fault {
	to, told := text(f.After, "to"), text(f.After, "state") == "told"
	switch channel := text(f.After, "channel"); {
	case blank(text(f.After, "text")):
		return refuse("notify.text_missing").On("text")
	case (channel == "phone") != told:
		return refuse("notify.channel_state").On("state")
	case channel == "sms" && !phoneNumber.MatchString(to):
		return refuse("notify.to_invalid").On("to")
	case channel == "mail" && !mailAddress(to):
		return refuse("notify.to_invalid").On("to")
	}
	return nil
}

// mailAddress is one address without a name: something, one @, something, and nothing that could end a header.
func mailAddress(s string) bool {
	at := strings.IndexByte(s, '@')
	return at > 0 && at == strings.LastIndexByte(s, '@') && at < len(s)-1 && !strings.ContainsAny(s, " \t\r\n<>,;\"")
}

// dueNote: a due item is closed by saying what was done.
func dueNote(f *Facts) *fault.Fault {
	if blank(text(f.After, "note")) {
		return refuse("due.note_missing").On("note")
	}
	return nil
}

// dueAnswer: a progress check is closed by its answer: on time, late or abnormal (W-06).
func dueAnswer(f *Facts) *fault.Fault {
	if text(f.After, "kind") == "progress_check" && text(f.After, "answer") == "" {
		return refuse("due.answer_missing").On("answer")
	}
	return nil
}
