package live

import (
	"aftercare/internal/changelog"
	"aftercare/internal/record"
)

// people is the view of the rows that decide who may hold a socket, of every shop.
type people struct{}

func (people) Owner() (column, value string) { return "", "" }

func (people) Sees(collection string) bool {
	return collection == record.Devices || collection == record.Staff || collection == record.Customers
}

// recheckPage is recheck for a log that has grown by more than is read at once.
func (h *Hub) recheckPage() error {
	entries, end, more, err := h.log.Page(h.app, people{}, h.checked, entriesAtOnce)
	if err != nil {
		return err
	}
	h.recheck(entries)
	if h.checked = end; more {
		h.Poke()
	}
	return nil
}

// recheck is step 6: who was revoked, dismissed, signed out everywhere or moved to another shop is let go before
// anybody is told what was committed since.
func (h *Hub) recheck(entries []changelog.Entry) {
	concerned := map[string]bool{}
	for i := range entries {
		if (people{}).Sees(entries[i].Collection) {
			concerned[entries[i].Record] = true
		}
		h.checked = max(h.checked, entries[i].Seq)
	}
	if len(concerned) == 0 {
		return
	}
	for _, s := range h.concerned(concerned) {
		s.recheck()
	}
}

func (h *Hub) concerned(records map[string]bool) (sockets []*socket) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.sockets {
		if s.concerns(records) {
			sockets = append(sockets, s)
		}
	}
	return sockets
}

func (s *socket) concerns(records map[string]bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.session != nil && (records[s.session.Device] || records[s.user])
}

// recheck admits the socket anew after its user's or its device's row changed.
func (s *socket) recheck() {
	s.mu.Lock()
	before := s.session
	s.mu.Unlock()
	again, err := s.hub.devices.Again(s.hub.app, before)
	code := codeOf(err)
	if code == 0 && again.Scope != before.Scope {
		code = closeMoved
	}
	if code != 0 {
		s.end(code)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session == before { // no token was renewed meanwhile
		s.session = again
	}
}
