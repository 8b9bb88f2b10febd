package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Webhook hands SMS to a gateway by POST, signed as the Standard Webhooks convention says: headers webhook-id (the
// message's id, the same at every attempt, also sent as Idempotency-Key), webhook-timestamp (seconds) and
// webhook-signature "v1," + base64(HMAC-SHA256(secret, id + "." + timestamp + "." + body)). The gateway must answer 2xx
// once it has taken the message, and take the same webhook-id once only; 409 says that it has it already.
type Webhook struct {
	URL    string
	Secret []byte
	// Now is real time: the gateway refuses old timestamps, whatever a test clock says.
	Now    func() time.Time
	Client *http.Client // nil: one that follows no redirects
}

// Dedupes is what the gateway must do with webhook-id.
func (w *Webhook) Dedupes() bool { return true }

// webhookBody is what the gateway gets.
type webhookBody struct {
	Type      string      `json:"type"` // "message.send"
	Timestamp string      `json:"timestamp"`
	Data      webhookData `json:"data"`
}

type webhookData struct {
	ID    string `json:"id"`
	Shop  string `json:"shop"`
	Kind  string `json:"kind"`
	To    string `json:"to"`
	Lang  string `json:"lang"`
	Title string `json:"title,omitempty"`
	Text  string `json:"text"`
}

// Send posts the parcel. The provider's id is the answer's "id", if it says one.
func (w *Webhook) Send(ctx context.Context, p Parcel) (string, error) {
	now := w.Now().UTC()
	body, err := json.Marshal(webhookBody{Type: "message.send", Timestamp: now.Format(time.RFC3339),
		Data: webhookData{ID: p.ID, Shop: p.Shop, Kind: p.Kind, To: p.To, Lang: p.Lang, Title: p.Title, Text: p.Text}})
	if err != nil {
		return "", Refused{err}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return "", Refused{err}
	}
	seconds := strconv.FormatInt(now.Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Aftercare")
	r.Header.Set("Idempotency-Key", p.ID)
	r.Header.Set("Webhook-Id", p.ID)
	r.Header.Set("Webhook-Timestamp", seconds)
	r.Header.Set("Webhook-Signature", Signature(w.Secret, p.ID, seconds, body))
	answer, err := w.client().Do(r)
	if err != nil {
		return "", Unknown{err}
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, 64<<10)) // the status has told already
	return providerID(said), judge(answer)
}

// Signature is the value of webhook-signature.
func Signature(secret []byte, id, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func (w *Webhook) client() *http.Client {
	if w.Client != nil {
		return w.Client
	}
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func providerID(body []byte) string {
	var said struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(body, &said) // a gateway may answer anything
	return said.ID
}

// judge reads the gateway's status.
func judge(answer *http.Response) error {
	problem := fmt.Errorf("the gateway answered %s", answer.Status)
	switch code := answer.StatusCode; {
	case code >= 200 && code < 300, code == http.StatusConflict:
		return nil
	case code == http.StatusTooManyRequests, code == http.StatusRequestTimeout, code == http.StatusTooEarly, code >= 500:
		seconds, _ := strconv.Atoi(answer.Header.Get("Retry-After")) // a date or nothing: our own pause
		return Unsent{problem, min(time.Duration(max(seconds, 0))*time.Second, time.Hour)}
	}
	return Refused{problem}
}
