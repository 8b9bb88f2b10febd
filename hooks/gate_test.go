package hooks_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/consent"
	"aftercare/internal/pass"
	"aftercare/internal/record"
	"aftercare/internal/seal"
)

func TestGateRules(t *testing.T) {
	hold(t, []rule{
		{name: "D-07 no pass for a car that is not ready", code: "gate.visit_not_ready", field: "visit", try: func(s *shop) op {
			return create("cashier", record.GatePasses, s.PassData(s.JobInProgress().Visit))
		}},
		{name: "D-07 no car through the gate unpaid", code: "gate.order_open", field: "visit", try: func(s *shop) op {
			return create("cashier", record.GatePasses, s.PassData(s.VisitReady().Visit))
		}},
		{name: "D-07 one car, one pass", code: "gate.pass_exists", field: "visit", try: func(s *shop) op {
			car, _ := s.Paid()
			s.Pass(car.Visit)
			return create("cashier", record.GatePasses, s.PassData(car.Visit))
		}},
		{name: "D-07 an advisor makes no pass", code: "flow.role", field: "id", admin: "-", try: func(s *shop) op {
			car, _ := s.Paid()
			return create("advisor", record.GatePasses, s.PassData(car.Visit))
		}},
		{name: "D-07 a pass names its own car", code: "gate.plate", field: "plate", try: func(s *shop) op {
			car, _ := s.Paid()
			return create("cashier", record.GatePasses, with(s.PassData(car.Visit), map[string]any{record.FieldPlate: "沪B00001"}))
		}},
		{name: "D-07 a pass is used at the gate, not by hand", code: "gate.unshown", field: "state", try: func(s *shop) op {
			car, _ := s.Paid()
			return step("guard", s.Pass(car.Visit), "used")
		}},
		{name: "D-07 a car is released by its pass", code: "gate.pass_unused", field: "state", try: func(s *shop) op {
			car, _ := s.Paid()
			s.Pass(car.Visit)
			return step("guard", car.Visit, "released")
		}},
		{name: "D-07 a void is explained", code: "gate.void_unexplained", field: "void_reason", try: func(s *shop) op {
			car, _ := s.Paid()
			return step("cashier", s.Pass(car.Visit), "void")
		}},
		{name: "D-07 a void pass opens nothing", code: "flow.transition", field: "state", try: func(s *shop) op {
			car, _ := s.Paid()
			pass := s.Pass(car.Visit)
			s.Do("cashier", pass, map[string]any{record.FieldState: "void", record.FieldVoidReason: "打错"})
			s.Make("guard", record.GateUses, s.UseData(pass))
			return step("guard", pass, "used")
		}},
		{name: "D-07 a pass is not rewritten", code: "field.fixed", field: "plate", try: func(s *shop) op {
			car, _ := s.Paid()
			return patch("cashier", s.Pass(car.Visit), map[string]any{record.FieldPlate: "沪B00001"})
		}},
		{name: "E-08 a car does not leave the workshop with an open order", code: "visit.order_open", field: "state", try: func(s *shop) op {
			return step("advisor", s.JobPresented().Visit, "left")
		}},
		{name: "E-08 a refused estimate's fee is paid before the car leaves", code: "settlement.job_open", field: "visit", try: func(s *shop) op {
			return create("cashier", record.GatePasses, s.PassData(refusedEstimate(s).Visit))
		}},
	})
}

func TestGate(t *testing.T) {
	t.Run("D-07 shown, used, released; shown again, flagged", func(t *testing.T) {
		s := newShop(t)
		car, _ := s.Paid()
		pass := s.Pass(car.Visit)
		first := s.Make("guard", record.GateUses, s.UseData(pass))
		s.Step("guard", pass, "used")
		s.Step("guard", car.Visit, "released")
		s.Step("guard", car.Order, "released")
		if by := record.AsGatePass(pass); by.ProxyRecord().GetString(record.FieldUsedBy) != s.ID("guard") {
			t.Errorf("used by %q", by.ProxyRecord().GetString(record.FieldUsedBy))
		}
		if flags := flagsOf(s.Fresh(first)); flags != "[]" {
			t.Errorf("the first use carries %s", flags)
		}
		second := s.Make("guard", record.GateUses, s.UseData(pass))
		if !strings.Contains(flagsOf(second), "gate.used_twice") {
			t.Errorf("the second use carries %s", flagsOf(second))
		}
	})
	t.Run("D-07 a void pass that was shown after all, and one nobody knows, are flagged", func(t *testing.T) {
		s := newShop(t)
		car, _ := s.Paid()
		pass := s.Pass(car.Visit)
		s.Do("cashier", pass, map[string]any{record.FieldState: "void", record.FieldVoidReason: "打错"})
		s.house.Clock.Advance(time.Minute)
		if use := s.Make("guard", record.GateUses, s.UseData(pass)); !strings.Contains(flagsOf(use), "gate.use_void") {
			t.Errorf("void: %s", flagsOf(use))
		}
		again := s.Make("cashier", record.GatePasses, with(s.PassData(car.Visit), map[string]any{record.FieldReplaces: pass.Id}))
		if record.AsGatePass(s.Fresh(pass)).ProxyRecord().GetString(record.FieldVoidedBy) != s.ID("cashier") {
			t.Error("who voided it is not known")
		}
		s.house.Clock.Advance(25 * time.Hour)
		if use := s.Make("guard", record.GateUses, s.UseData(again)); !strings.Contains(flagsOf(use), "gate.use_late") {
			t.Errorf("late: %s", flagsOf(use))
		}
		unknown := with(s.UseData(again), map[string]any{record.FieldPass: "abcdefghijklmno"})
		if use := s.Make("guard", record.GateUses, unknown); !strings.Contains(flagsOf(use), "gate.use_unknown") {
			t.Errorf("unknown: %s", flagsOf(use))
		}
	})
}

// tabletKey is a cashier's tablet with a key that the server has certified over HTTP.
type tabletKey struct {
	private     ed25519.PrivateKey
	certificate consent.Seal
}

func (s *shop) certify(role string) tabletKey {
	s.t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	s.tablet(role).Push()
	got := s.house.Do("POST", "/api/gate/certificate", s.tokenOf(role), map[string]any{"device": s.tablet(role).ID, "public": consent.EncodeKey(public)})
	if got.Status != 200 {
		s.t.Fatalf("not certified: %d %s", got.Status, got.Body)
	}
	var body struct {
		Seal consent.Seal `json:"seal"`
	}
	got.JSON(&body)
	return tabletKey{private: private, certificate: body.Seal}
}

// signed is the row of a pass that the tablet has made by itself.
func (k tabletKey) signed(s *shop, visit *core.Record, id string, change func(*pass.Statement)) map[string]any {
	s.t.Helper()
	data := s.PassData(visit)
	st := pass.Statement{Kind: pass.KindPass, ID: id, Number: data[record.FieldNumber].(string), Shop: s.Shop, Visit: visit.Id, Plate: data[record.FieldPlate].(string),
		IssuedAt: data[record.FieldIssuedAt].(string), Until: data[record.FieldValidUntil].(string), Key: consent.KeyID(k.private.Public().(ed25519.PublicKey))}
	change(&st)
	seal, err := consent.Sign(k.private, st)
	if err != nil {
		s.t.Fatal(err)
	}
	data[record.FieldToken] = pass.Token(seal, &k.certificate)
	return data
}

func TestPassesAreSigned(t *testing.T) {
	s := newShop(t)
	keys, err := seal.Trusted(s.App)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("D-07 the server signs a pass as it is stored", func(t *testing.T) {
		car, _ := s.Paid()
		row := record.AsGatePass(s.Pass(car.Visit))
		said, by, err := pass.Check(row.Token(), keys)
		if err != nil || by != nil || said.ID != row.Id || said.Plate != row.Plate() || said.Until != row.ValidUntil() {
			t.Errorf("%+v by %v: %v", said, by, err)
		}
	})
	key := s.certify("cashier")
	push := func(data map[string]any, id string) string {
		outcome := s.tablet("cashier").Do(apptest.Create(record.GatePasses, id, with(data, map[string]any{record.FieldShop: s.Shop})))
		for _, f := range outcome.Fields {
			return f.Code
		}
		return outcome.Code
	}
	t.Run("D-07 a certified cashier's tablet signs without the server, and the server knows it again", func(t *testing.T) {
		car, _ := s.Paid()
		id := apptest.NewID()
		if code := push(key.signed(s, car.Visit, id, func(*pass.Statement) {}), id); code != "" {
			t.Fatal(code)
		}
		row, err := s.App.FindRecordById(record.GatePasses, id)
		if err != nil || !row.GetBool(record.FieldOffline) {
			t.Errorf("not known as made offline: %v", err)
		}
	})
	t.Run("D-07 what the tablet signed is what the row says", func(t *testing.T) {
		car, _ := s.Paid()
		id := apptest.NewID()
		if code := push(key.signed(s, car.Visit, id, func(st *pass.Statement) { st.Until = "2030-01-01 00:00:00.000Z" }), id); code != "gate.token" {
			t.Errorf("got %q", code)
		}
	})
	t.Run("D-07 nobody else's tablet signs with its certificate", func(t *testing.T) {
		car, _ := s.Paid()
		id := apptest.NewID()
		data := with(key.signed(s, car.Visit, id, func(*pass.Statement) {}), map[string]any{record.FieldShop: s.Shop})
		if outcome := s.tablet("manager").Do(apptest.Create(record.GatePasses, id, data)); outcome.Fields["token"].Code != "gate.token" {
			t.Errorf("got %+v", outcome)
		}
	})
	t.Run("D-07 a tablet that certifies itself signs nothing", func(t *testing.T) {
		car, _ := s.Paid()
		own := key
		_, own.private, _ = ed25519.GenerateKey(rand.Reader)
		public := own.private.Public().(ed25519.PublicKey)
		forged := pass.Certificate{Kind: pass.KindCertificate, Device: s.tablet("cashier").ID, Staff: s.ID("cashier"), Shop: s.Shop, Next: consent.KeyID(public),
			Public: consent.EncodeKey(public), From: "2020-01-01 00:00:00.000Z", Until: "2030-01-01 00:00:00.000Z", Key: consent.KeyID(public)}
		if own.certificate, err = consent.Sign(own.private, forged); err != nil {
			t.Fatal(err)
		}
		id := apptest.NewID()
		if code := push(own.signed(s, car.Visit, id, func(*pass.Statement) {}), id); code != "seal.key_unknown" {
			t.Errorf("got %q", code)
		}
	})
	t.Run("D-07 a forged pass at the barrier is flagged", func(t *testing.T) {
		car, _ := s.Paid()
		row := s.Pass(car.Visit)
		use := with(s.UseData(row), map[string]any{record.FieldToken: record.AsGatePass(row).Token() + "x"})
		if made := s.Make("guard", record.GateUses, use); !strings.Contains(flagsOf(made), "gate.use_forged") {
			t.Errorf("got %s", flagsOf(made))
		}
	})
	t.Run("D-07 only who makes passes is certified, with a key that is one", func(t *testing.T) {
		s.tablet("advisor").Push()
		public := consent.EncodeKey(key.private.Public().(ed25519.PublicKey))
		for name, c := range map[string]struct {
			role, device, public, code string
			status                     int
		}{
			"an advisor":          {"advisor", s.tablet("advisor").ID, public, "flow.role", 403},
			"no key":              {"cashier", s.tablet("cashier").ID, "x", "gate.key", 400},
			"another's tablet":    {"cashier", s.tablet("advisor").ID, public, "device.foreign", 403},
			"nobody":              {"", s.tablet("cashier").ID, public, "device.signed_out", 401},
			"a device without id": {"cashier", "", public, "device.malformed", 400},
		} {
			token := ""
			if c.role != "" {
				token = s.tokenOf(c.role)
			}
			got := s.call(token, "POST", "/api/gate/certificate", map[string]any{"device": c.device, "public": c.public})
			code := read(got).code
			if code == "" {
				code, _ = got.Body["code"].(string)
			}
			if got.Status != c.status || code != c.code {
				t.Errorf("%s: got %d %v, want %d %s", name, got.Status, got.Body, c.status, c.code)
			}
		}
	})
}
