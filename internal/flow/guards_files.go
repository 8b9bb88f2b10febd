package flow

import "aftercare/internal/fault"

// Files is what the guards look at of files and their merges 并档 (V-05).
type Files struct {
	Vehicle  File    `json:"vehicle"`  // the vehicle's file that the row names
	Customer File    `json:"customer"` // the customer's
	Merges   []Merge `json:"merges"`   // standing merges that touch either file of the merge being made
}

// File is one file: what became of it, and the name of the file that holds it since a merge, "" while it stands alone.
type File struct {
	Status string `json:"status"`
	Into   string `json:"into"`
}

// Merge is a merge that stands. KeptName is what people call the kept file: plate, name or number.
type Merge struct {
	ID       string `json:"id"`
	Kept     string `json:"kept"`
	Folded   string `json:"folded"`
	KeptName string `json:"kept_name"`
}

// fileOpen: nothing new begins on a file that another one holds, or on a car that is scrapped; the sentence names the kept file.
func fileOpen(f *Facts) *fault.Fault {
	if f.Files == nil {
		return nil
	}
	for _, one := range []struct {
		field string
		file  File
	}{{"vehicle", f.Files.Vehicle}, {"customer", f.Files.Customer}} {
		if one.file.Into != "" {
			return refuse("file.folded").On(one.field).With("kept", one.file.Into)
		}
		if one.file.Status == "scrapped" {
			return refuse("file.scrapped").On(one.field)
		}
	}
	return nil
}

// mergeOfTwo: a file is not merged with itself.
func mergeOfTwo(f *Facts) *fault.Fault {
	if kept := text(f.After, "kept"); kept == "" || kept == text(f.After, "folded") {
		return refuse("merge.same").On("folded")
	}
	return nil
}

// mergeUnchained: a file is folded once, into a file that stands alone, and holds none itself; so there are no chains and no
// circles, and taking one merge back never depends on another.
func mergeUnchained(f *Facts) *fault.Fault {
	if f.Files == nil {
		return nil
	}
	id, kept, folded := text(f.After, "id"), text(f.After, "kept"), text(f.After, "folded")
	for _, m := range f.Files.Merges {
		switch {
		case m.ID == id:
		case m.Folded == folded:
			return refuse("merge.folded_already").On("folded").With("kept", m.KeptName)
		case m.Folded == kept:
			return refuse("merge.kept_folded").On("kept").With("kept", m.KeptName)
		case m.Kept == folded:
			return refuse("merge.holds_others").On("folded").With("name", m.KeptName)
		}
	}
	return nil
}

// mergeExplained: it is said how it is known that both are the same car, person or thing.
func mergeExplained(f *Facts) *fault.Fault {
	if blank(text(f.After, "reason")) {
		return refuse("merge.unexplained").On("reason")
	}
	return nil
}

// assetIdentified: a device is known by its model and by serial or label number, goods by their name and by order or batch
// number (V-07); without them the file cannot be found again.
func assetIdentified(f *Facts) *fault.Fault {
	said := func(names ...string) bool {
		for _, name := range names {
			if !blank(text(f.After, name)) {
				return true
			}
		}
		return false
	}
	what, number := []string{"model", "brand"}, []string{"serial", "label"}
	if text(f.After, "kind") == "goods" {
		what, number = []string{"name"}, []string{"order_number", "batch_number"}
	}
	for _, names := range [][]string{what, number} {
		if !said(names...) {
			return refuse("asset.unidentified").On(names[0]).With("missing", fault.Words{"asset." + names[0]})
		}
	}
	return nil
}
