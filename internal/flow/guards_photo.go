package flow

import (
	"slices"
	"strings"

	"aftercare/internal/fault"
)

// attaching are those who attach what a customer has sent another way.
var attaching = []string{"agent", "supervisor", "manager"}

// arrived says that a photo is the dock's, of goods that came back (L-09).
func arrived(photo Values) bool { return strings.HasPrefix(text(photo, "slot"), "arrival") }

// photoSourced: what stands among a claim's evidence was taken by the customer, or it says which way it came and why, and who
// has attached it (L-02, L-14). Elsewhere a photo is of whoever sends it.
func photoSourced(f *Facts) *fault.Fault {
	customer := slices.Contains(f.Actor.Roles, "customer")
	switch {
	case customer || arrived(f.After) || text(f.After, "subject_collection") != "claims":
		if text(f.After, "source") != "" || text(f.After, "source_note") != "" || text(f.After, "evidence_reason") != "" {
			return refuse("photo.source_elsewhere").On("source")
		}
		return nil
	case !Holds(attaching, f.Actor):
		return roleFault(attaching).On("source")
	case text(f.After, "source") == "":
		return refuse("photo.source_missing").On("source")
	case blank(text(f.After, "source_note")):
		return refuse("photo.source_unexplained").On("source_note")
	}
	return nil
}

// photoEvidence: a photo that an agent has attached counts as evidence when an agent says why; one that the customer took
// counts by itself (L-02). None moves between the customer's photos and the dock's.
func photoEvidence(f *Facts) *fault.Fault {
	switch {
	case slices.Contains(f.Changed, "slot") && text(f.After, "subject_collection") == "claims" && arrived(f.Before) != arrived(f.After):
		return refuse("photo.slot_moved").On("slot")
	case slices.Contains(f.Changed, "evidence_reason") && text(f.After, "source") == "":
		return refuse("photo.evidence_own").On("evidence_reason")
	}
	return nil
}
