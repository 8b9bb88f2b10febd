package seal_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"aftercare/internal/apptest"
	"aftercare/internal/consent"
	"aftercare/internal/record"
	"aftercare/internal/seal"

	"github.com/pocketbase/dbx"
)

// signed is a stored estimate consent of a fresh order, with the file made of it.
func signed(t *testing.T, s *apptest.Shop, day *apptest.Day) (*record.Consent, consent.File) {
	t.Helper()
	order := day.OrderDraft(day.VisitOpen())
	day.JobProposed(order, "更换前刹车片")
	data := day.SignedConsent(consent.KindEstimate, order)
	delete(data, record.FieldCountersignedBy)
	delete(data, record.FieldCountersignedAt)
	row := day.Make("advisor", record.Consents, data)
	c := record.AsConsent(day.Fresh(row))
	file, err := c.File()
	if err != nil {
		t.Fatal(err)
	}
	return c, file
}

func check(t *testing.T, s *apptest.Shop, file consent.File) (consent.Verdict, error) {
	t.Helper()
	data, err := file.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := seal.Trusted(s.App)
	if err != nil {
		t.Fatal(err)
	}
	return consent.VerifyFile(data, keys)
}

func TestSeal(t *testing.T) {
	s := apptest.New(t)
	day := s.Day(apptest.SH)
	c, file := signed(t, s, day)
	t.Run("S-03 every consent is sealed as it is stored", func(t *testing.T) {
		v, err := check(t, s, file)
		if err != nil || v.SHA256 != c.SHA256() || v.Signer != "李**" || v.Code != c.Code() || v.SealedAt != record.Moment(c.ProxyRecord(), record.FieldSealedAt) || v.Test {
			t.Errorf("%+v: %v", v, err)
		}
	})
	t.Run("S-03 the code has 128 bits and can be read aloud", func(t *testing.T) {
		if code, ok := seal.ReadCode(" " + c.Code()[:5] + "-" + c.Code()[5:]); !ok || code != c.Code() || len(code) != 26 {
			t.Errorf("%q", c.Code())
		}
		for _, bad := range []string{"", "u", c.Code() + "0", c.Code()[:25] + "z"} {
			if code, ok := seal.ReadCode(bad); ok && code != c.Code() {
				t.Errorf("%q is a code", bad)
			}
		}
	})
	t.Run("S-03 the countersignature is sealed beside it, once", func(t *testing.T) {
		row := c.ProxyRecord()
		day.Do("advisor", row, map[string]any{record.FieldCountersignedBy: day.ID("advisor"), record.FieldCountersignedAt: day.Now()})
		again, err := record.AsConsent(day.Fresh(row)).File()
		if err != nil || again.Countersignature == nil {
			t.Fatalf("no countersignature: %v", err)
		}
		if _, err := check(t, s, again); err != nil {
			t.Error(err)
		}
		if again.Seal.Signature != file.Seal.Signature {
			t.Error("the customer's seal is another one")
		}
		file = again
	})
	t.Run("S-03 a row altered behind the rules is found", func(t *testing.T) {
		for column, value := range map[string]string{"signer_name": "王芳", "strokes": `[[{"x":9,"y":9}]]`, "jobs": "[]", "place": "别处"} {
			before := c.ProxyRecord().GetString(column)
			if _, err := s.App.DB().Update(record.Consents, dbx.Params{column: value}, dbx.HashExp{"id": c.Id}).Execute(); err != nil {
				t.Fatal(err)
			}
			altered, err := record.AsConsent(s.Day(apptest.SH).Fresh(c.ProxyRecord())).File()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := check(t, s, altered); err == nil {
				t.Errorf("%s passes", column)
			}
			if _, err := s.App.DB().Update(record.Consents, dbx.Params{column: before}, dbx.HashExp{"id": c.Id}).Execute(); err != nil {
				t.Fatal(err)
			}
		}
	})
	t.Run("S-03 rotation keeps old seals and hands over to the new key", func(t *testing.T) {
		list, err := seal.List(s.App)
		if err != nil || len(list) != 1 {
			t.Fatalf("%v %v", list, err)
		}
		pinned := seal.Pinned{Keys: list}
		next, err := s.House.Seals.Rotate(s.App)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := check(t, s, file); err != nil {
			t.Errorf("old seal: %v", err)
		}
		c2, file2 := signed(t, s, day)
		v, err := check(t, s, file2)
		if err != nil || v.Key != next.ID || v.Key == pinned.Keys[0].Key {
			t.Errorf("%+v %v", v, err)
		}
		if seal, _ := c2.Seal(); seal.Verify(pinned.Trusted()) == nil {
			t.Error("the new key is trusted before its hand-over was seen")
		}
		later, err := seal.List(s.App)
		if err != nil {
			t.Fatal(err)
		}
		pinned.Keys = append(pinned.Keys, later[1])
		pinned.Keys = pinned.Keys[:2]
		if seal, _ := c2.Seal(); seal.Verify(pinned.Trusted()) != nil {
			t.Error("the new key is not trusted after its hand-over")
		}
	})
	t.Run("S-03 tablets of every shop get the public halves, and no private one", func(t *testing.T) {
		for _, shop := range []string{apptest.SH, apptest.HZ} {
			rows, err := s.App.FindAllRecords(record.SealKeys, dbx.HashExp{record.FieldShop: shop})
			if err != nil || len(rows) != 2 || record.AsSealKey(rows[0]).Until() == "" == (record.AsSealKey(rows[1]).Until() == "") {
				t.Errorf("%s: %d rows, %v", shop, len(rows), err)
			}
		}
		for _, path := range []string{"seal_secrets", "seal_keys"} {
			answer := s.Do("GET", "/api/collections/"+path+"/records", "", nil)
			var body struct {
				Items []any `json:"items"`
			}
			answer.JSON(&body)
			if len(body.Items) != 0 {
				t.Errorf("%s to a stranger: %d rows", path, len(body.Items))
			}
		}
		if answer := s.Do("GET", "/api/collections/seal_secrets/records", s.Superuser(), nil); answer.Status != 404 {
			t.Errorf("private halves to a superuser: %d", answer.Status)
		}
	})
}

func TestSealsOutlast(t *testing.T) {
	s := apptest.New(t)
	day := s.Day(apptest.SH)
	c, file := signed(t, s, day)
	t.Run("S-03 consents stored before there were keys are sealed at the next start", func(t *testing.T) {
		if _, err := s.App.DB().Update(record.Consents, dbx.Params{"code": "", "seal": "null", "sealed_at": ""}, dbx.HashExp{"id": c.Id}).Execute(); err != nil {
			t.Fatal(err)
		}
		again := s.Restart()
		row, err := again.App.FindRecordById(record.Consents, c.Id)
		if err != nil {
			t.Fatal(err)
		}
		late, err := record.AsConsent(row).File()
		if err != nil {
			t.Fatal(err)
		}
		if v, err := check(t, again, late); err != nil || v.Code == "" || v.Code == c.Code() {
			t.Errorf("%+v %v", v, err)
		}
		if _, err := check(t, again, file); err != nil {
			t.Errorf("the first seal after a restart: %v", err)
		}
		s = again
	})
	t.Run("S-03 a shop opened while the server runs gets the keys", func(t *testing.T) {
		day := s.Day(apptest.SH)
		row := day.Make("head_office", record.Shops, map[string]any{record.FieldName: "北京店", record.FieldCode: "BJ", record.FieldTimeZone: "Asia/Shanghai"})
		for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			n, err := s.App.CountRecords(record.SealKeys, dbx.HashExp{record.FieldShop: row.Id})
			if err == nil && n == 1 {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("%d keys, %v", n, err)
			}
		}
	})
}

func TestPin(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seal_keys.json")
	s := apptest.New(t)
	list, err := seal.List(s.App)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Pin(path, list); err != nil {
		t.Fatal(err)
	}
	t.Run("S-03 a key that no pinned key handed over to is not pinned", func(t *testing.T) {
		if _, err := s.App.DB().NewQuery("DELETE FROM seal_secrets").Execute(); err != nil {
			t.Fatal(err)
		}
		if _, err := s.House.Seals.Present(s.App); err != nil {
			t.Fatal(err)
		}
		foreign, err := seal.List(s.App)
		if err != nil {
			t.Fatal(err)
		}
		before, _ := os.ReadFile(path)
		strange, err := seal.Pin(path, foreign)
		after, _ := os.ReadFile(path)
		if err != nil || len(strange) != 1 || string(before) != string(after) {
			t.Errorf("strange %v, %v", strange, err)
		}
	})
	t.Run("S-03 the key that the pinned one hands over to is", func(t *testing.T) {
		other := filepath.Join(t.TempDir(), "seal_keys.json")
		first, err := seal.List(s.App)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := seal.Pin(other, first); err != nil {
			t.Fatal(err)
		}
		if _, err := s.House.Seals.Rotate(s.App); err != nil {
			t.Fatal(err)
		}
		both, err := seal.List(s.App)
		if err != nil {
			t.Fatal(err)
		}
		strange, err := seal.Pin(other, both)
		pinned, err2 := seal.ReadPinned(other)
		if err != nil || err2 != nil || len(strange) != 0 || len(pinned.Trusted()) != 2 {
			t.Errorf("%v %v %v", strange, err, err2)
		}
	})
}
