package flow

import (
	"testing"

	"aftercare/internal/vectortest"
)

func TestDueRules(t *testing.T) {
	all := readBases(t)
	for _, v := range vectortest.Read[[]vector](t, "testdata/vectors/due.json") {
		t.Run(v.Name, func(t *testing.T) {
			if got := v.judge(t, all); !got.meets(v.Want) {
				t.Errorf("\n got %+v\nwant %+v", got, v.Want)
			}
		})
	}
}
