package buyer_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/photo/phototest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// phoneOf is the buyer's phone as a device of sync.
func (d *desk) phoneOf(in login) *apptest.Device {
	d.t.Helper()
	device := d.Device(apptest.SH, "agent")
	device.ID, device.Token = apptest.NewID(), in.Token
	device.Push()
	device.Pull(0)
	return device
}

// claimOps file a claim for one bag, as the page does: claim, goods, and a row for each photo.
func (d *desk) claimOps(in login, kind string, more map[string]any, slots ...string) (id string, ops []wire.Op) {
	id = apptest.NewID()
	data := d.day.ClaimKindData(d.order, kind)
	data[record.FieldShop], data[record.FieldCustomer] = apptest.SH, in.Customer.ID
	for field, value := range more {
		data[field] = value
	}
	ops = append(ops, apptest.Create(record.Claims, id, data), apptest.Create(record.ClaimItems, apptest.NewID(),
		map[string]any{record.FieldShop: apptest.SH, record.FieldClaim: id, record.FieldSalesItem: d.line.Id, record.FieldQuantity: 1}))
	for i, slot := range slots {
		ops = append(ops, photoOp(id, slot, fmt.Sprintf("%064x", i+1)))
	}
	return id, ops
}

func photoOp(claim, slot, sha string) wire.Op {
	return apptest.Create(record.Photos, apptest.NewID(), map[string]any{record.FieldShop: apptest.SH, record.FieldSubjectCollection: record.Claims, record.FieldSubjectRecord: claim,
		record.FieldSlot: slot, record.FieldSHA256: sha})
}

func (d *desk) upload(token string, b []byte, media string, length int) (sha string, a apptest.Answer) {
	d.t.Helper()
	sum := sha256.Sum256(b)
	sha = hex.EncodeToString(sum[:])
	said := "sha256 " + base64.StdEncoding.EncodeToString([]byte(sha)) + ",type " + base64.StdEncoding.EncodeToString([]byte(media))
	a = d.Do(http.MethodPost, "/api/uploads/", token, []byte{}, "Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(length), "Upload-Metadata", said)
	if a.Status != http.StatusCreated {
		return sha, a
	}
	_, path, _ := strings.Cut(a.Header.Get("Location"), "example.com")
	return sha, d.Do(http.MethodPatch, path, token, b, "Tus-Resumable", "1.0.0", "Upload-Offset", "0", "Content-Type", "application/offset+octet-stream")
}

func TestBuyersClaim(t *testing.T) {
	d := newDesk(t)
	in := d.signIn("DD-77", phone)
	mine := d.phoneOf(in)
	stranger := d.day.Make("agent", record.Customers, map[string]any{record.FieldName: "别人", record.FieldPhone: "13900139000"})
	token, err := stranger.NewAuthToken()
	if err != nil {
		t.Fatal(err)
	}
	other := login{Token: token}
	other.Customer.ID = stranger.Id
	others := d.phoneOf(other)
	picture := phototest.JPEG(64, 48, 80, 5)
	sha, sent := d.upload(in.Token, picture, "image/jpeg", len(picture))
	if sent.Status != http.StatusNoContent {
		t.Fatalf("upload: %d %s", sent.Status, sent.Body)
	}
	id, ops := d.claimOps(in, "return", map[string]any{record.FieldDescription: "拉链坏了 😤 𠮷 <b onclick=alert(1)>粗</b>"}, "whole", "label", "packaging")
	t.Run("L-02 a claim is filed from the phone with goods and photos; the server's time counts, the phone's stands beside it", func(t *testing.T) {
		ops = append(ops, photoOp(id, "close", sha))
		m := mine.Mutation(ops...)
		m.At = "2026-11-20T03:00:00.000Z"
		if o := mine.Push(m).Outcomes[0]; o.Outcome != wire.Applied {
			t.Fatalf("%+v", o)
		}
		mine.Pull(0)
		row := mine.Rows["claims/"+id]
		if row["filed_at"] != d.day.Now() || row["captured_at"] != "2026-11-20 03:00:00.000Z" || row["counted_at"] != d.day.Now() || row["description"] != "拉链坏了 😤 𠮷 <b onclick=alert(1)>粗</b>" {
			t.Errorf("%v", row)
		}
		history := record.AsClaim(d.find(record.Claims, id)).History()
		if len(history) != 1 || history[0].Event != "submitted" || history[0].Role != "customer" || history[0].Name != "林小雨" || history[0].At != d.day.Now() || history[0].Rules[0] != "L-02" {
			t.Errorf("L-14 %+v", history)
		}
	})
	t.Run("L-02 X-03 the customer sees the own claim's photos, and nobody else does", func(t *testing.T) {
		n := 0
		for key := range mine.Rows {
			if strings.HasPrefix(key, "photos/") {
				n++
			}
		}
		if n != 4 {
			t.Errorf("%d photos", n)
		}
		fresh := d.phoneOf(in)
		if fresh.Store() != mine.Store() {
			t.Error("a snapshot shows something else than the changes did")
		}
		others.Pull(0)
		for key := range others.Rows {
			if !strings.HasPrefix(key, "customers/") {
				t.Errorf("a stranger sees %s", key)
			}
		}
		for who, want := range map[string]int{in.Token: 200, other.Token: 404, d.Token(apptest.SH, "agent"): 200, d.Token(apptest.HZ, "agent"): 404} {
			if a := d.Do(http.MethodGet, "/api/photos/"+sha+"?size=320", who, nil); a.Status != want {
				t.Errorf("%d, want %d", a.Status, want)
			}
		}
	})
	t.Run("L-14 what the customer was told about the claim is there, and what others were told is not", func(t *testing.T) {
		told := func(customer, claim string) string {
			return d.day.Make("agent", record.Messages, map[string]any{record.FieldKey: "answer:" + apptest.NewID(), record.FieldKind: "claim", record.FieldChannel: "phone", record.FieldLang: "zh",
				record.FieldText: "请补拍标签", record.FieldState: record.MessageTold, record.FieldCustomer: customer, record.FieldSubjectCollection: record.Claims, record.FieldSubjectRecord: claim}).Id
		}
		to, notTo := told(in.Customer.ID, id), told(stranger.Id, "")
		mine.Pull(0)
		if mine.Rows["messages/"+to] == nil || mine.Rows["messages/"+notTo] != nil {
			t.Errorf("%v %v", mine.Rows["messages/"+to], mine.Rows["messages/"+notTo])
		}
	})
	photo := ""
	for key := range mine.Rows {
		if strings.HasPrefix(key, "photos/") {
			photo = strings.TrimPrefix(key, "photos/")
		}
	}
	_, stolen := d.claimOps(other, "repair", nil)
	_, inMyName := d.claimOps(in, "repair", nil)
	_, second := d.claimOps(in, "exchange", nil)
	for name, c := range map[string]struct {
		who  *apptest.Device
		ops  []wire.Op
		code string
	}{
		"L-02 someone else's order":                       {others, stolen, "claim.order_unknown"},
		"L-02 in someone else's name":                     {others, inMyName, "field.foreign"},
		"L-11 a second return of the order":               {mine, second, "claim.used_up"},
		"L-02 a photo in another's claim":                 {others, []wire.Op{photoOp(id, "close", strings.Repeat("c", 64))}, "field.foreign"},
		"L-02 a photo of a claim that is not there":       {mine, []wire.Op{photoOp(apptest.NewID(), "close", strings.Repeat("c", 64))}, "field.foreign"},
		"L-09 a photo in the warehouse's place":           {mine, []wire.Op{photoOp(id, "arrival.product", strings.Repeat("c", 64))}, "claim.photo_slot"},
		"L-02 what was shown stays shown":                 {mine, []wire.Op{apptest.Delete(record.Photos, photo, 1)}, "flow.delete"},
		"L-07 the customer's own verdict":                 {mine, []wire.Op{apptest.Patch(record.Claims, id, 1, map[string]any{record.FieldVerdict: "quality"})}, "flow.role"},
		"L-14 history is written by the server":           {mine, []wire.Op{apptest.Patch(record.Claims, id, 1, map[string]any{record.FieldHistory: []any{}})}, "field.derived"},
		"L-09 moved to the warehouse's place":             {mine, []wire.Op{apptest.Patch(record.Photos, photo, mine.Version(record.Photos, photo), map[string]any{record.FieldSlot: "arrival.tags"})}, "claim.photo_slot"},
		"V-02 the customer's own file is the shop's work": {mine, []wire.Op{apptest.Patch(record.Customers, in.Customer.ID, 1, map[string]any{record.FieldPhone: "1"})}, "access.read_only"},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			if o := c.who.Do(c.ops...); o.Outcome != wire.Rejected || o.Code != c.code {
				t.Errorf("%+v, want %s", o, c.code)
			}
		})
	}
	t.Run("L-02 photos of 200 MB, videos and what is no photo are refused with their code", func(t *testing.T) {
		for code, try := range map[string]func() apptest.Answer{
			"photo.too_large": func() apptest.Answer { _, a := d.upload(in.Token, picture, "image/jpeg", 200<<20); return a },
			"photo.type":      func() apptest.Answer { _, a := d.upload(in.Token, picture, "video/mp4", len(picture)); return a },
		} {
			if a := try(); a.Code() != code {
				t.Errorf("%d %s, want %s", a.Status, a.Body, code)
			}
		}
		text := []byte(strings.Repeat("<script>alert(1)</script>", 20))
		if _, a := d.upload(in.Token, text, "image/jpeg", len(text)); a.Code() != "photo.type" {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	})
}

func TestManyClaims(t *testing.T) {
	d := newDesk(t)
	in := d.signIn("DD-77", phone)
	mine := d.phoneOf(in)
	t.Run("L-02 a thousand claims from one phone: twenty a day are taken, the others are refused with their reason", func(t *testing.T) {
		all := []wire.Mutation{}
		for range 1000 {
			_, ops := d.claimOps(in, "repair", nil)
			all = append(all, mine.Mutation(ops...))
		}
		taken, refused := 0, 0
		for _, o := range mine.Push(all...).Outcomes {
			switch {
			case o.Outcome == wire.Applied:
				taken++
			case o.Outcome == wire.Rejected && o.Code == "claim.too_many":
				refused++
			}
		}
		if taken != 20 || refused != 980 {
			t.Errorf("%d taken, %d refused", taken, refused)
		}
	})
	t.Run("L-02 the day after, the customer is heard again", func(t *testing.T) {
		d.Clock.Advance(24*time.Hour + time.Second)
		_, ops := d.claimOps(in, "repair", nil)
		mine.Must(ops...)
	})
}

func (d *desk) find(collection, id string) *core.Record {
	d.t.Helper()
	row, err := d.App.FindRecordById(collection, id)
	if err != nil {
		d.t.Fatal(err)
	}
	return row
}
