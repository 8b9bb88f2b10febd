package seal

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"aftercare/internal/consent"
)

// Pinned is a file of keys that are trusted: as JSON, {"keys":[…]}, what GET /api/verify/keys answers.
type Pinned struct {
	Keys []Public `json:"keys"`
}

// ReadPinned reads a file of pinned keys.
func ReadPinned(path string) (Pinned, error) {
	var p Pinned
	b, err := os.ReadFile(path)
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal(b, &p)
}

// Trusted are the pinned keys and what their hand-overs lead to.
func (p Pinned) Trusted() consent.Keys { return KeysOf(p.Keys).Trust(handovers(p.Keys)) }

func handovers(list []Public) []consent.Seal {
	var seals []consent.Seal
	for _, k := range list {
		if k.Handover != nil {
			seals = append(seals, *k.Handover)
		}
	}
	return seals
}

// Pin adds to the file what its keys lead to; a file that is not there yet pins them all. A pinned key is never taken out
// or replaced. Strange are the keys that no pinned one leads to; they are not pinned.
func Pin(path string, list []Public) (strange []string, err error) {
	p, err := ReadPinned(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, write(path, Pinned{Keys: list})
	}
	if err != nil {
		return nil, err
	}
	known := KeysOf(p.Keys)
	trusted := known.Trust(handovers(list))
	grown := false
	for _, k := range list {
		switch {
		case trusted[k.Key] == nil:
			strange = append(strange, k.Key)
		case known[k.Key] == nil:
			p.Keys, grown = append(p.Keys, k), true
		}
	}
	if !grown {
		return strange, nil
	}
	return strange, write(path, p)
}

// write replaces the file whole.
func write(path string, p Pinned) error {
	b, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".seal_keys-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(append(b, '\n'))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
