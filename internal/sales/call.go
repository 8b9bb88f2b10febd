package sales

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// CallWindow is how far a call's timestamp may lie from the server's real time, to either side. Within it, an id is taken once.
const CallWindow = 5 * time.Minute

// maxCallID is how long a call's id may be, in bytes.
const maxCallID = 128

// Call is a signed call as it arrived: id, timestamp in seconds since 1970, and signatures, "v1," and base64, several apart by
// blanks.
type Call struct {
	ID, Timestamp, Signatures string
	Body                      []byte
}

// Secret is what a shop's calls are signed with, and who made it when (UTC).
type Secret struct {
	Value  string `db:"secret"`
	MadeAt string `db:"made_at"`
	MadeBy string `db:"made_by"`
}

// SecretOf is the shop's secret; false when none was made.
func SecretOf(app core.App, shop string) (s Secret, there bool, err error) {
	err = app.DB().Select("secret", "made_at", "made_by").From("sales_secrets").Where(dbx.HashExp{record.FieldShop: shop}).One(&s)
	if errors.Is(err, sql.ErrNoRows) {
		return s, false, nil
	}
	return s, err == nil, err
}

// NewSecret makes a shop's secret of 256 random bits in the place of the one before, which is worth nothing from then on.
func NewSecret(app core.App, shop, by string, now time.Time) (Secret, error) {
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return Secret{}, err
	}
	s := Secret{Value: "whsec_" + base64.StdEncoding.EncodeToString(raw), MadeAt: record.Text(now), MadeBy: by}
	_, err := app.NonconcurrentDB().NewQuery("INSERT OR REPLACE INTO sales_secrets (shop, secret, made_at, made_by) VALUES ({:shop}, {:secret}, {:at}, {:by})").
		Bind(dbx.Params{"shop": shop, "secret": s.Value, "at": s.MadeAt, "by": by}).Execute()
	return s, err
}

// DropSecret closes the door to a shop's calls.
func DropSecret(app core.App, shop string) error {
	_, err := app.NonconcurrentDB().Delete("sales_secrets", dbx.HashExp{record.FieldShop: shop}).Execute()
	return err
}

// Sign is the signature of a call, as the Standard Webhooks convention says: "v1," + base64(HMAC-SHA256(secret, id + "." +
// timestamp + "." + body)), the secret being the bytes behind "whsec_" in base64.
func Sign(secret, id, timestamp string, body []byte) string {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		key = []byte(secret)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Check holds a call to the secret and to the clock. now is real time. Codes: sale.call_signature (also without a secret, so that
// nobody learns which shops have one), sale.call_stale.
func (c Call) Check(secret Secret, there bool, now time.Time) *fault.Fault {
	want, good := Sign(secret.Value, c.ID, c.Timestamp, c.Body), false
	for _, one := range strings.Fields(c.Signatures) {
		good = hmac.Equal([]byte(one), []byte(want)) || good
	}
	if !there || !good || c.ID == "" || len(c.ID) > maxCallID {
		return fault.New(fault.Unauthorised, "sale.call_signature").On("signature")
	}
	seconds, err := strconv.ParseInt(c.Timestamp, 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > CallWindow {
		return fault.New(fault.Unauthorised, "sale.call_stale").On("timestamp").With("minutes", int(CallWindow/time.Minute))
	}
	return nil
}

// Once takes the call's id within the transaction that does its work. Code: sale.call_replayed. Ids that are out of the window
// on both sides are forgotten: their calls are stale.
func (c Call) Once(tx core.App, shop string, now time.Time) error {
	if _, err := tx.DB().Delete("sales_calls", dbx.NewExp("at < {:old}", dbx.Params{"old": now.Add(-3 * CallWindow).Unix()})).Execute(); err != nil {
		return err
	}
	done, err := tx.DB().NewQuery("INSERT OR IGNORE INTO sales_calls (shop, id, at) VALUES ({:shop}, {:id}, {:at})").
		Bind(dbx.Params{"shop": shop, "id": c.ID, "at": now.Unix()}).Execute()
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, fault.New(fault.Conflict, "sale.call_replayed").On("id"))
	}
	return nil
}
