package flow

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
)

// What the walk over every state, role and guard needs to know of files.
func init() {
	maps.Copy(broken, map[string]map[string]string{
		"file_open":        {"files.vehicle.status": `"scrapped"`},
		"merge_of_two":     {"after.folded": `"file1"`},
		"merge_unchained":  {"files.merges": `[{"id":"other","kept":"file9","folded":"file2","kept_name":"沪B12345"}]`},
		"merge_explained":  {"after.reason": `" "`},
		"asset_identified": {"after.serial": `""`},

		"advice_considered": {"after.advice": `" "`},
		"advice_signed":     {"orders": `[{"id":"order1","state":"ready","cautions":"新刹车片磨合 200 km"}]`},
	})
	files := quietly(`{"vehicle":{"status":"sold"},"customer":{"status":"moved_away"},"merges":[{"id":"m0","kept":"file1","folded":"file7","kept_name":"沪A8K359"}]}`)
	for _, entity := range []string{"visit", "appointment", "merge"} {
		if alsoInOrder[entity] == nil {
			alsoInOrder[entity] = map[string]json.RawMessage{}
		}
		alsoInOrder[entity]["files"] = files
	}
	alsoInOrder["work_order"] = map[string]json.RawMessage{"after": quietly(strings.Replace(goodAfter, "{", `{"advice":"两千公里后复查",`, 1))}
	afters["merge"] = `{"id":"new1","collection":"vehicles","kept":"file1","folded":"file2","reason":"VIN 相同"}`
	afters["asset"] = `{"id":"new1","kind":"device","model":"SE-12","serial":"SN-7788"}`
}

func TestFilesRules(t *testing.T) {
	day := readBases(t)["day"]
	all := readJSON[partsVectors](t, "files.json")
	for name, set := range all.Bases {
		var places map[string]json.RawMessage
		if err := json.Unmarshal(set, &places); err != nil {
			t.Fatal(err)
		}
		all.Bases[name] = changed(t, day, places)
	}
	for _, v := range all.Rules {
		t.Run(v.Name, func(t *testing.T) {
			if got := v.judge(t, all.Bases); !got.meets(v.Want) {
				t.Errorf("\n got %+v\nwant %+v", got, v.Want)
			}
		})
	}
}
