package hooks_test

import (
	"maps"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/consent"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// samples is a well-formed new row of every collection that people may create rows of.
func samples(s *shop) map[string]map[string]any {
	car := s.OrderInQuality()
	visit, vehicle := car.Visit.Id, record.AsVisit(car.Visit).Vehicle()
	inspection, err := s.App.FindFirstRecordByData(record.Inspections, record.FieldVisit, visit)
	if err != nil {
		s.t.Fatal(err)
	}
	of := func(more map[string]any) map[string]any {
		more[record.FieldVisit] = visit
		return more
	}
	job := s.JobData(car.Order, "洗车")
	delete(job, record.FieldSkill) // a field of its own roles
	all := map[string]map[string]any{
		record.Shops:     {record.FieldName: "北京店", record.FieldCode: "BJ", record.FieldTimeZone: "Asia/Shanghai"},
		record.Staff:     {record.FieldName: "赵", record.FieldUsername: "zhao", record.FieldRoles: []string{"advisor"}, "password": "correct horse", "passwordConfirm": "correct horse"},
		record.Customers: {record.FieldName: "王芳"},
		record.Devices:   {record.FieldName: "平板"},
		record.Vehicles:  {record.FieldPlate: "沪C11111"},
		record.Visits:    {record.FieldNumber: "A99", record.FieldVehicle: vehicle, record.FieldPurpose: "repair", record.FieldArrivedAt: s.Now()},
		record.Concerns:  of(map[string]any{record.FieldWords: "异响"}),
		record.Templates: {record.FieldKind: "walkaround", record.FieldRevision: 7, record.FieldTitle: map[string]any{"zh": "环"},
			record.FieldItems: []any{map[string]any{"code": "a"}}},
		record.Inspections: of(map[string]any{record.FieldTemplate: s.Walkaround().Id}),
		record.Findings:    of(map[string]any{record.FieldInspection: inspection.Id, record.FieldItem: "a", record.FieldResult: "good"}),
		record.DamageMarks: of(map[string]any{record.FieldInspection: inspection.Id, record.FieldVehicle: vehicle, record.FieldView: "left", record.FieldX: 0.5, record.FieldY: 0.5}),
		record.Photos:      s.harmless(),
		record.Belongings:  of(map[string]any{record.FieldKind: "item", record.FieldName: "雨伞"}),
		record.KeyTags:     of(map[string]any{record.FieldTag: "9", record.FieldHolderKind: "cabinet"}),
		record.WorkOrders:  of(map[string]any{record.FieldNumber: "SH-261121-Z99"}),
		record.Jobs:        job,
		record.Consents:    s.SignedConsent(consent.KindEstimate, car.Order),
		record.TimeEntries: s.EntryData(car.Job),
		record.Messages: of(map[string]any{record.FieldKey: "hello", record.FieldKind: "other", record.FieldChannel: "sms", record.FieldTo: "13800000000",
			record.FieldLang: "zh", record.FieldText: "您好", record.FieldState: "queued"}),
		record.DueItems: of(map[string]any{record.FieldKey: "call", record.FieldKind: "promise_consent", record.FieldRole: "advisor", record.FieldDueAt: s.Now(), record.FieldNote: "x"}),
		record.CustomerLinks: of(map[string]any{record.FieldWorkOrder: car.Order.Id, record.FieldState: "sent", record.FieldDocumentKind: consent.KindSupplement,
			record.FieldDocument: map[string]any{"kind": "supplement"}, record.FieldSHA256: "x", record.FieldLang: "zh", record.FieldSentBy: s.ID("advisor"), record.FieldExpiresAt: s.Now()}),
		record.SealKeys:      {record.FieldKey: "0123456789abcdef", record.FieldPublic: "0123456789012345678901234567890123456789012", record.FieldSince: s.Now()},
		record.QualityChecks: s.CheckData(car.Order, "self"),
		record.Capacities: {record.FieldRevision: 9, record.FieldFromDay: "2026-11-21", record.FieldWeekdays: "12345", record.FieldOpens: 510,
			record.FieldCloses: 1050, record.FieldSlotMinutes: 60, record.FieldBays: 4, record.FieldTechnicians: 6, record.FieldBookablePercent: 80},
		record.StandardTimes: {record.FieldCode: "BR-01", record.FieldName: "更换前刹车片", record.FieldSystem: "brake", record.FieldJobClass: "mechanical", record.FieldMinutes: 60},
		record.Appointments:  s.AppointmentData(s.Clock()),
		record.Preparations:  {record.FieldAppointment: s.Appointment().Id, record.FieldKind: "parts", record.FieldNeed: "前刹车片"},
		record.Policies:      {record.FieldKind: "service_lane", record.FieldRevision: 9, record.FieldData: map[string]any{"labour_range_percent": 5}},
		record.Holidays:      {record.FieldRevision: 9, record.FieldYear: 2027, record.FieldSource: "国务院办公厅通知", record.FieldDaysOff: []any{map[string]any{"name": "元旦", "from": "2027-01-01", "to": "2027-01-03"}}},
		record.Conflicts: {record.FieldCollection: record.Vehicles, record.FieldRecord: vehicle, record.FieldField: "note", record.FieldMerge: "last",
			record.FieldState: "open"},
		record.Corrections: {record.FieldCollection: record.Vehicles, record.FieldRecord: vehicle, record.FieldFields: map[string]any{"vin": "x"}, record.FieldReason: "错"},
	}
	maps.Copy(all, partsSamples(s, car))
	maps.Copy(all, moneySamples(s))
	maps.Copy(all, learnSamples(s))
	maps.Copy(all, fileSamples(s))
	maps.Copy(all, saleSamples(s))
	maps.Copy(all, claimSamples(s))
	maps.Copy(all, makeupSamples(s))
	return all
}

// Every role may create what the table says and nothing else, through PocketBase's API.
func TestRolesCreateWhatTheTableSays(t *testing.T) {
	s := newShop(t)
	rows := samples(s)
	for name, e := range flow.Table().Entities {
		data, known := rows[e.Collection]
		if !known {
			t.Errorf("no sample of %s", e.Collection)
			continue
		}
		for _, role := range apptest.Roles {
			may := holds(s, role, e.Create.Roles)
			got := trial(s, "", create(role, e.Collection, data))
			if refused := got.code == "flow.role"; refused == may {
				t.Errorf("%s as %s: got %q on %q, allowed %v", name, role, got.code, got.field, may)
			}
		}
	}
}

func TestStaffAccounts(t *testing.T) {
	hold(t, []rule{
		{name: "a manager does not make head office", code: "flow.role", field: "roles", admin: "-", try: func(s *shop) op {
			return patch("manager", s.People["advisor"], map[string]any{record.FieldRoles: []string{"head_office"}})
		}},
		{name: "a manager does not take over head office", code: "flow.role", field: "roles", admin: "-", try: func(s *shop) op {
			return patch("manager", s.People["head_office"], map[string]any{record.FieldName: "经理"})
		}},
		{name: "nobody gives themselves a role", code: "flow.role", field: "roles", admin: "-", try: func(s *shop) op {
			return patch("advisor", s.People["advisor"], map[string]any{record.FieldRoles: []string{"advisor", "manager"}})
		}},
		{name: "nobody else's account is touched", code: "flow.role", field: "name", admin: "-", try: func(s *shop) op {
			return patch("advisor", s.People["technician"], map[string]any{record.FieldName: "别人"})
		}},
		{name: "people do not make devices", code: "flow.role", field: "id", try: func(s *shop) op {
			return create("manager", record.Devices, map[string]any{record.FieldName: "平板"})
		}},
	})
}

func TestSignIn(t *testing.T) {
	s := newShop(t)
	auth := func(identity, password string) answer {
		return s.call("", "POST", "/api/collections/staff/auth-with-password", map[string]any{"identity": identity, "password": password})
	}
	login := func(identity string) answer { return auth(identity, apptest.Password) }
	if a := auth("SH-advisor", "wrong"); read(a).code != "access.wrong_password" {
		t.Errorf("wrong password: %d %v", a.Status, a.Body)
	}
	if a := login("sh-Advisor"); a.Status != 200 {
		t.Errorf("by user name: %d %v", a.Status, a.Body)
	}
	if a := login("SH.advisor@aftercare.test"); a.Status != 200 {
		t.Errorf("by e-mail: %d %v", a.Status, a.Body)
	}
	s.Do("manager", s.People["advisor"], map[string]any{record.FieldActive: false})
	if a := login("SH-advisor"); a.Status == 200 || read(a).code != "access.inactive" {
		t.Errorf("someone who left may still sign in: %d %v", a.Status, a.Body)
	}
	if seen := s.list(s.tokenOf("advisor"), record.Customers); len(seen) != 0 {
		t.Error("someone who left may still read")
	}
	if a := s.call("", "POST", "/api/collections/customers/auth-with-password", map[string]any{"identity": "x@example.com", "password": "12345678"}); a.Status == 200 {
		t.Error("customers sign in by password")
	}
}

func TestNobodyReadsAnotherPersonsLogin(t *testing.T) {
	s := newShop(t)
	a := s.call(s.tokenOf("technician"), "GET", "/api/collections/staff/records/"+s.ID("advisor"), nil)
	if a.Status != 200 {
		t.Fatalf("%d %v", a.Status, a.Body)
	}
	for _, secret := range []string{"email", "password", "tokenKey"} {
		if v, there := a.Body[secret]; there && v != "" {
			t.Errorf("%s is shown: %v", secret, v)
		}
	}
}

func TestPasswords(t *testing.T) {
	s := newShop(t)
	set := func(role, whose string, body map[string]any) answer {
		return s.call(s.tokenOf(role), "PATCH", "/api/collections/staff/records/"+s.ID(whose), body)
	}
	fresh := map[string]any{"password": "quite different", "passwordConfirm": "quite different"}
	if a := set("manager", "technician", fresh); a.Status != 200 {
		t.Errorf("a manager helps someone who forgot: %d %v", a.Status, a.Body)
	}
	if a := set("manager", "head_office", fresh); a.Status == 200 {
		t.Error("a manager takes over head office")
	}
	if a := set("advisor", "leader", fresh); a.Status == 200 {
		t.Error("an advisor takes over the leader")
	}
	if a := set("advisor", "advisor", fresh); a.Status == 200 {
		t.Error("a new password without the old one")
	}
	fresh["oldPassword"] = apptest.Password
	if a := set("advisor", "advisor", fresh); a.Status != 200 {
		t.Errorf("one's own password: %d %v", a.Status, a.Body)
	}
}
