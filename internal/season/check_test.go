package season

import (
	"errors"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
)

// breaks are ways to make a promise untrue by hand, behind every rule: what is written, what breaks, and a word of what is found.
var breaks = []struct{ name, promise, sql, word string }{
	{"S-01 a clock that ran before the signature", PromiseWork, `UPDATE time_entries SET started_at = '2026-11-21 00:00:00.000Z' WHERE id = (SELECT id FROM time_entries LIMIT 1)`, "at 2026-11-21"},
	{"S-01 a clock on a job that was declined", PromiseWork, `UPDATE time_entries SET job = (SELECT id FROM jobs WHERE state = 'declined' LIMIT 1) WHERE id = (SELECT id FROM time_entries LIMIT 1)`, "entry"},
	{"S-01 a consent taken back while the clock ran", PromiseWork, `UPDATE consents SET state = 'void', voided_at = (SELECT started_at FROM time_entries ORDER BY started_at LIMIT 1)
		WHERE document_kind = 'estimate' AND jobs LIKE '%' || (SELECT job FROM time_entries ORDER BY started_at LIMIT 1) || '%'`, "entry"},
	{"S-02 a price changed under the clock", PromiseWork, `UPDATE sync_changes SET data = json_set(data, '$.sha256', 'another') WHERE collection = 'jobs' AND record = (SELECT job FROM time_entries LIMIT 1)`, "entry"},
	{"S-01 a part for a job nobody agreed to", PromiseIssue, `UPDATE stock_moves SET job = (SELECT id FROM jobs WHERE state = 'declined' LIMIT 1) WHERE id = (SELECT id FROM stock_moves WHERE kind = 'out' LIMIT 1)`, "move"},
	{"W-03 two clocks at once", PromiseClocks, `UPDATE time_entries SET technician = (SELECT technician FROM time_entries LIMIT 1)`, "before"},
	{"W-03 minutes that no clock ran", PromiseHours, `UPDATE time_entries SET minutes = minutes + 1 WHERE id = (SELECT id FROM time_entries WHERE ended_at != '' LIMIT 1)`, "counts"},
	{"W-03 a pause counted as work", PromiseHours, `UPDATE time_entries SET minutes = minutes + 30, ended_at = strftime('%Y-%m-%d %H:%M:%f', ended_at, '+30 minutes') || 'Z'
		WHERE id = (SELECT id FROM time_entries WHERE ended_at != '' LIMIT 1)`, "were worked"},
	{"W-03 a clock that is gone", PromiseHours, `DELETE FROM time_entries WHERE id = (SELECT id FROM time_entries WHERE minutes > 0 LIMIT 1)`, "were worked"},
	{"D-07 a payment that never came", PromisePaid, `DELETE FROM payments WHERE visit IN (SELECT visit FROM gate_uses)`, "lacks"},
	{"D-07 a car given to the next one's bill", PromisePaid, `UPDATE payments SET fen = fen - 1 WHERE visit IN (SELECT visit FROM gate_uses) AND kind = 'payment'`, "lacks 1 fen"},
	{"D-07 paid after it was out", PromisePaid, `UPDATE payments SET created = '2027-01-01 00:00:00.000Z'`, "lacks"},
	{"D-07 a pass used twice", PromisePaid, `INSERT INTO gate_uses (id, shop, visit, pass, created, updated) SELECT 'again0000000000', shop, visit, pass, created, updated FROM gate_uses LIMIT 1`, "shown again"},
	{"D-07 a pass of another car", PromisePaid, `UPDATE gate_uses SET pass = 'nosuchpass00000'`, "another car's"},
	{"D-07 a car out past the barrier", PromisePaid, `DELETE FROM gate_uses`, "not seen"},
	{"D-06 a car out with work on no bill", PromisePaid, `UPDATE settlements SET lines = '[]' WHERE visit = (SELECT visit FROM visits v JOIN settlements s ON s.visit = v.id WHERE v.state = 'released' LIMIT 1)`, "no settlement"},
	{"P-01 a level that is not its moves", PromiseStock, `UPDATE parts SET store_milli = store_milli + 1000 WHERE number = 'KIT-10K'`, "by its moves"},
	{"P-01 a move that is gone", PromiseStock, `DELETE FROM stock_moves WHERE id = (SELECT id FROM stock_moves WHERE kind = 'out' LIMIT 1)`, "by its moves"},
	{"P-01 more out than ever came in", PromiseStock, `UPDATE stock_moves SET quantity_milli = 1 WHERE kind = 'adjust'`, "below nothing"},
	{"D-06 a line dearer than agreed", PromiseLines, `UPDATE settlements SET lines = json_set(lines, '$[0].labour_fen', json_extract(lines, '$[0].labour_fen') + 100) WHERE state = 'settled'`, "due"},
	{"D-06 shares that do not add up", PromiseLines, `UPDATE settlements SET lines = json_set(lines, '$[0].shares[0].fen', json_extract(lines, '$[0].shares[0].fen') + 1) WHERE state = 'settled'`, "bear"},
	{"D-06 a sum that is not its lines'", PromiseLines, `UPDATE settlements SET total_fen = total_fen + 1`, "its lines"},
	{"D-06 a member's price nobody has", PromiseLines, `UPDATE settlements SET member_level = 'platinum', lines = json_set(lines, '$[0].member_fen', 7)`, "member's price"},
	{"D-06 a line without consent", PromiseLines, `UPDATE consents SET state = 'void', voided_at = '2026-11-21 00:00:00.000Z'`, "without a consent"},
	{"D-06 a line called agreed at another price", PromiseLines, `UPDATE settlements SET lines = json_set(lines, '$[0].agreed_fen', 1)`, "called agreed"},
	{"S-07 an actual price beyond the range", PromiseLines, `UPDATE jobs SET actual_labour_fen = labour_fen * 2, actual_parts_fen = 0 WHERE payer = 'customer';
		UPDATE settlements SET lines = json_set(lines, '$[0].labour_fen', (SELECT labour_fen * 2 FROM jobs WHERE id = json_extract(lines, '$[0].job')), '$[0].parts_fen', 0)`, "beyond"},
	{"S-02 a document changed after it was signed", PromiseSeals, `UPDATE consents SET document = json_set(document, '$.kind', 'other') WHERE id = (SELECT id FROM consents LIMIT 1)`, "does not hash"},
	{"S-02 document and hash changed together", PromiseSeals, `UPDATE consents SET sha256 = (SELECT sha256 FROM consents WHERE document_kind = 'estimate' LIMIT 1), document = (SELECT document FROM consents WHERE document_kind = 'estimate' LIMIT 1)
		WHERE id = (SELECT id FROM consents WHERE document_kind = 'precheck' LIMIT 1)`, "says something else"},
	{"S-03 other strokes", PromiseSeals, `UPDATE consents SET strokes = '[[{"x":1,"y":1,"t":1}]]' WHERE kind = 'signature'`, "says something else"},
	{"S-03 a seal of nobody's", PromiseSeals, `UPDATE consents SET seal = json_set(seal, '$.signature', (SELECT json_extract(counterseal, '$.signature') FROM consents WHERE counterseal != '' LIMIT 1))`, "seal does not verify"},
	{"S-03 another countersigner", PromiseSeals, `UPDATE consents SET countersigned_by = (SELECT id FROM staff LIMIT 1) WHERE kind = 'signature'`, "countersignature"},
	{"D-06 a settlement changed after it was signed", PromiseSeals, `UPDATE settlements SET number = number || 'x'`, "settlement"},
	{"D-07 a pass for another plate", PromiseSeals, `UPDATE gate_passes SET plate = '沪A00000'`, "pass"},
	{"X-06 a fact that was flagged", PromiseFlags, `UPDATE gate_uses SET flags = '[{"code":"gate.used_twice"}]'`, "gate_uses"},
}

var errUndo = errors.New("taken back")

// TestCheckFindsWhatIsBroken: each promise can be found broken, in a shop where none is before the hand is laid on it.
func TestCheckFindsWhatIsBroken(t *testing.T) {
	shop, s := house(t, scratch(t, false), 3, 12, apptest.Options{})
	for range 2 {
		r, err := s.Play()
		if err != nil || len(r.Wrong) > 0 {
			t.Fatal(err, r.Wrong)
		}
	}
	scope := Scope{Shop: s.shop, Worked: s.Worked()}
	if found, err := Check(shop.App, scope); err != nil || len(found) > 0 {
		t.Fatal(err, found)
	}
	for _, b := range breaks {
		t.Run(b.name, func(t *testing.T) {
			err := shop.App.RunInTransaction(func(tx core.App) error {
				if _, err := tx.DB().NewQuery(b.sql).Execute(); err != nil {
					return err
				}
				found, err := Check(tx, scope)
				if err != nil {
					return err
				}
				for _, v := range found {
					if v.Promise == b.promise && strings.Contains(v.What, b.word) {
						return errUndo
					}
				}
				return errors.New("not found broken: " + b.promise)
			})
			if !errors.Is(err, errUndo) {
				t.Fatal(err)
			}
		})
	}
}
