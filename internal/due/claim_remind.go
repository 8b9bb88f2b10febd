package due

import (
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"

	"aftercare/internal/promise"
	"aftercare/internal/record"
)

// sendBy is the SQL of the first instant at which it is too late to send the goods of a claim (L-08).
const sendBy = "MAX([[claims.ship_back_due_at]], [[claims.extended_until]])"

// keyBy is the SQL of the key of what is told about that instant.
func keyBy(what string) string {
	return "'claim:' || [[claims.id]] || ':" + what + ":' || CAST(strftime('%s', " + sendBy + ") AS TEXT)"
}

// remind tells customers who have sent nothing that their time is up soon (policy), once for each time they were given, and
// not when they were told of it later than that (L-08).
func (k *courier) remind() error {
	if k.policy.ShipBackRemindHours == 0 {
		return nil
	}
	lead := time.Duration(k.policy.ShipBackRemindHours) * time.Hour
	before := "strftime('%Y-%m-%d %H:%M:%fZ', " + sendBy + ", {:lead})"
	rows, err := batch(k.app, record.Claims, dbx.HashExp{record.FieldShop: k.shop.Id, record.FieldState: []any{"approved", "awaiting_goods"}},
		dbx.NewExp("[[ship_back_due_at]] != '' AND "+sendBy+" > {:now} AND "+sendBy+" <= {:last} AND [[approved_at]] <= "+before+
			" AND NOT EXISTS (SELECT 1 FROM [[shipments]] s WHERE s.[[claim]] = [[claims.id]] AND s.[[direction]] = 'in')"+
			" AND NOT EXISTS (SELECT 1 FROM [[messages]] m WHERE m.[[shop]] = [[claims.shop]] AND m.[[key]] = "+keyBy("remind")+")"+
			" AND NOT EXISTS (SELECT 1 FROM [[due_items]] d WHERE d.[[shop]] = [[claims.shop]] AND d.[[key]] = "+keyBy("remind")+")"+
			" AND NOT EXISTS (SELECT 1 FROM [[messages]] m WHERE m.[[shop]] = [[claims.shop]] AND m.[[key]] = "+keyBy("send")+" AND m.[[created]] > "+before+")",
			dbx.Params{"now": record.Text(k.now), "last": record.Text(k.soon(lead)), "lead": fmt.Sprintf("-%d hours", k.policy.ShipBackRemindHours)}))
	if err != nil {
		return err
	}
	failures := []error{}
	for _, row := range rows {
		c, err := loadCase(k.app, row.Id)
		if err == nil && c != nil {
			if n := c.reminder(); n != nil {
				err = k.tell(c, *n)
			}
		}
		if err != nil {
			failures = append(failures, fmt.Errorf("reminding of claim %s: %w", row.Id, err))
		}
	}
	return errors.Join(failures...)
}

// soon is the latest end of a time of which customers are reminded now: a lead ahead. Those whose moment would fall into quiet
// hours are reminded in the last minute before these (M-03).
func (k *courier) soon(lead time.Duration) time.Time {
	if until, quiet := promise.Quiet(k.now.Add(time.Minute), k.zone, k.policy.QuietFromMinutes, k.policy.QuietToMinutes); quiet {
		return until.Add(lead)
	}
	return k.now.Add(lead)
}
