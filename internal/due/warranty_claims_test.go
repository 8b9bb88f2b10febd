package due_test

import (
	"testing"
	"time"

	"aftercare/internal/record"
)

func TestClaimedParts(t *testing.T) {
	t.Run("E-10 claimed parts are asked for before their date, once, and settle when they were sent", func(t *testing.T) {
		l := newLane(t)
		c := l.Make("advisor", record.WarrantyClaims, l.ClaimData(l.WarrantyJob()))
		l.Photographed(c)
		l.Do("advisor", c, map[string]any{record.FieldDiagnosis: "泄漏", record.FieldClaimedFen: 100, record.FieldLabel: "SP-1", record.FieldPlace: "旧件架"})
		l.Step("advisor", c, "submitted")
		l.after(24 * 24 * time.Hour)
		l.want("claim_return")
		l.after(26 * time.Hour)
		l.want("claim_return", "open")
		l.after(24 * time.Hour)
		l.want("claim_return", "open")
		l.Do("parts", c, map[string]any{record.FieldSentBackAt: l.Now(), record.FieldSentNote: "顺丰 SF123"})
		l.after(time.Minute)
		l.want("claim_return", "done")
	})
	t.Run("E-10 a claim that is taken up anew asks for nothing meanwhile", func(t *testing.T) {
		l := newLane(t)
		c := l.Make("advisor", record.WarrantyClaims, l.ClaimData(l.WarrantyJob()))
		l.Photographed(c)
		l.Do("advisor", c, map[string]any{record.FieldDiagnosis: "泄漏", record.FieldClaimedFen: 100, record.FieldLabel: "SP-1", record.FieldPlace: "旧件架"})
		l.Step("advisor", c, "submitted")
		l.after(28 * 24 * time.Hour)
		l.want("claim_return", "open")
		l.Do("finance", c, map[string]any{record.FieldRefusal: "照片不清", record.FieldState: "refused"})
		l.Step("finance", c, "draft")
		l.after(time.Minute)
		l.want("claim_return", "cancelled")
	})
}
