package pull_test

import (
	"strings"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

// owner is a customer's phone: a device signed in as the customer.
func owner(t *testing.T, s *apptest.Shop, id string) *apptest.Device {
	t.Helper()
	rec, err := s.App.FindRecordById(record.Customers, id)
	if err != nil {
		t.Fatal(err)
	}
	d := s.Device(apptest.SH, "advisor")
	d.Token = s.TokenOf(rec)
	return d
}

// foreign lists the rows of a store that belong to another shop than the one named.
func foreign(d *apptest.Device, shop string) (keys []string) {
	for key, row := range d.Rows {
		if row[record.FieldShop] != shop && row[record.FieldID] != shop {
			keys = append(keys, key)
		}
	}
	return keys
}

func TestScope(t *testing.T) {
	t.Run("X-03 staff hold their shop's rows and no other's", func(t *testing.T) {
		s := apptest.New(t)
		s.Day(apptest.SH).JobInProgress()
		s.Day(apptest.HZ).JobInProgress()
		for _, shop := range []string{apptest.SH, apptest.HZ} {
			d := s.Device(shop, "technician")
			d.Pull(9)
			if keys := foreign(d, shop); len(keys) > 0 {
				t.Errorf("%s holds %v", shop, keys)
			}
			if !strings.Contains(d.Store(), "time_entries/") {
				t.Error("rows are missing")
			}
		}
	})
	t.Run("X-03 a correction and its reason go to no technician, in a snapshot or after it", func(t *testing.T) {
		s := apptest.New(t)
		day := s.Day(apptest.SH)
		early := s.Device(apptest.SH, "technician")
		early.Pull(0)
		vehicle := record.AsVisit(day.VisitOpen()).Vehicle()
		body := map[string]any{"collection": record.Vehicles, "record": vehicle, "fields": map[string]any{record.FieldOdometerKm: 7}, "reason": "表坏"}
		if a := s.Do("POST", "/api/corrections", s.Token(apptest.SH, "manager"), body); a.Status != 200 {
			t.Fatal(a.Status, a.Code())
		}
		late := s.Device(apptest.SH, "technician")
		late.Pull(0)
		early.Pull(0)
		late.Pull(0)
		for _, d := range []*apptest.Device{early, late} {
			if strings.Contains(d.Store(), "表坏") || d.Rows["vehicles/"+vehicle][record.FieldOdometerKm] != 7.0 {
				t.Error("the store is wrong")
			}
		}
		if early.Store() != late.Store() {
			t.Error("a snapshot and the log say different things")
		}
	})
	t.Run("X-03 head office holds every shop's", func(t *testing.T) {
		s := apptest.New(t)
		s.Day(apptest.SH).VisitOpen()
		s.Day(apptest.HZ).VisitOpen()
		d := s.Device(apptest.SH, "head_office")
		d.Pull(10)
		if d.Rows["shops/"+apptest.HZ] == nil || d.Rows["shops/"+apptest.SH] == nil || len(foreign(d, apptest.SH)) == 0 {
			t.Fatal(d.Store())
		}
	})
	t.Run("X-03 secrets of a login are on no wire", func(t *testing.T) {
		s := apptest.New(t)
		d := s.Device(apptest.SH, "manager")
		d.Pull(0)
		for _, secret := range []string{"password", "tokenKey", "email", "@aftercare.test"} {
			if strings.Contains(d.Store(), secret) {
				t.Errorf("%s is sent", secret)
			}
		}
	})
	t.Run("X-03 a customer holds what is theirs, and neither staff nor clocks", func(t *testing.T) {
		s := apptest.New(t)
		mine := s.Day(apptest.SH).JobInProgress()
		theirs := s.Day(apptest.SH).VisitOpen()
		d := owner(t, s, mine.Visit.GetString(record.FieldCustomer))
		d.Pull(5)
		for _, key := range []string{"visits/" + mine.Visit.Id, "jobs/" + mine.Job.Id, "work_orders/" + mine.Order.Id} {
			if d.Rows[key] == nil {
				t.Errorf("%s is missing", key)
			}
		}
		if d.Rows["visits/"+theirs.Id] != nil {
			t.Error("another customer's visit")
		}
		for key := range d.Rows {
			for _, hidden := range []string{"staff/", "time_entries/", "devices/", "policies/", "conflicts/", "key_tags/", "quality_checks/"} {
				if strings.HasPrefix(key, hidden) {
					t.Errorf("a customer holds %s", key)
				}
			}
		}
	})
	t.Run("X-03 a visit that turns out to be another customer's leaves the one and comes to the other, with all of it", func(t *testing.T) {
		s := apptest.New(t)
		day := s.Day(apptest.SH)
		service := day.JobInProgress()
		other := day.VisitOpen()
		a := owner(t, s, service.Visit.GetString(record.FieldCustomer))
		b := owner(t, s, other.GetString(record.FieldCustomer))
		a.Pull(0)
		b.Pull(0)
		day.Do("manager", service.Visit, map[string]any{record.FieldCustomer: other.GetString(record.FieldCustomer)})
		a.Pull(2)
		b.Pull(2)
		if a.Rows["visits/"+service.Visit.Id] != nil || a.Rows["jobs/"+service.Job.Id] != nil || len(a.Left) < 5 {
			t.Fatalf("kept: %v, left: %v", a.Store(), a.Left)
		}
		if b.Rows["visits/"+service.Visit.Id] == nil || b.Rows["jobs/"+service.Job.Id] == nil {
			t.Fatal(b.Store())
		}
		if a.Resets != 1 || b.Resets != 1 {
			t.Fatal("a snapshot, though the scope stayed the same")
		}
		fresh := owner(t, s, other.GetString(record.FieldCustomer))
		fresh.Pull(0)
		same(t, b, fresh)
	})
	t.Run("X-03 who moves to another shop or becomes head office starts anew; the old rows are gone", func(t *testing.T) {
		s := apptest.New(t)
		s.Day(apptest.SH).VisitOpen()
		day := s.Day(apptest.HZ)
		day.VisitOpen()
		d := s.Device(apptest.SH, "advisor")
		d.Pull(0)
		person := s.Staff(apptest.SH, "advisor")
		if err := day.PatchAs(record.System(""), person, map[string]any{record.FieldShop: apptest.HZ}); err != nil {
			t.Fatal(err)
		}
		d.Pull(0)
		if keys := foreign(d, apptest.HZ); len(keys) > 0 || d.Resets != 2 {
			t.Fatalf("%d snapshots, still %v", d.Resets, keys)
		}
		day.Do("system", person, map[string]any{record.FieldRoles: []string{"advisor", "head_office"}})
		d.Pull(0)
		if d.Resets != 3 || d.Rows["shops/"+apptest.SH] == nil {
			t.Fatal(d.Resets)
		}
	})
	t.Run("X-03 a row that moves to another shop leaves the one and enters the other", func(t *testing.T) {
		s := apptest.New(t)
		sh, hz, all := s.Device(apptest.SH, "advisor"), s.Device(apptest.HZ, "advisor"), s.Device(apptest.SH, "head_office")
		id := made(sh, 1)[0]
		for _, d := range []*apptest.Device{sh, hz, all} {
			d.Pull(0)
		}
		row, err := s.App.FindRecordById(record.Customers, id)
		if err != nil {
			t.Fatal(err)
		}
		day := s.Day(apptest.SH)
		if err := day.PatchAs(record.System(""), row, map[string]any{record.FieldShop: apptest.HZ}); err != nil {
			t.Fatal(err)
		}
		for _, d := range []*apptest.Device{sh, hz, all} {
			d.Pull(1)
		}
		if sh.Rows["customers/"+id] != nil || hz.Rows["customers/"+id] == nil || len(sh.Left) != 1 {
			t.Fatalf("%v %v", sh.Rows["customers/"+id], hz.Rows["customers/"+id])
		}
		if all.Rows["customers/"+id][record.FieldShop] != apptest.HZ {
			t.Fatal(all.Rows["customers/"+id])
		}
	})
	t.Run("X-03 a row that comes to the shop while its snapshot is read is not shown as the former shop had it", func(t *testing.T) {
		s := apptest.New(t)
		sh, hz := s.Device(apptest.SH, "advisor"), s.Device(apptest.HZ, "advisor")
		id := made(sh, 1)[0]
		hz.PullPage(1)
		day := s.Day(apptest.SH)
		row, err := s.App.FindRecordById(record.Customers, id)
		if err != nil {
			t.Fatal(err)
		}
		if err := day.PatchAs(record.System(""), row, map[string]any{record.FieldShop: apptest.HZ}); err != nil {
			t.Fatal(err)
		}
		for more := true; more; {
			more = hz.PullPage(3).More
			if keys := foreign(hz, apptest.HZ); len(keys) > 0 {
				t.Fatalf("holds %v", keys)
			}
		}
		if hz.Rows["customers/"+id] == nil {
			t.Fatal("the row never came")
		}
	})
	t.Run("X-03 a visit that becomes one's own while a snapshot is read comes whole, and not before", func(t *testing.T) {
		s := apptest.New(t)
		day := s.Day(apptest.SH)
		service, other := day.JobInProgress(), day.VisitOpen()
		b := owner(t, s, other.GetString(record.FieldCustomer))
		b.PullPage(1)
		day.Do("manager", service.Visit, map[string]any{record.FieldCustomer: other.GetString(record.FieldCustomer)})
		for more := true; more; {
			page := b.PullPage(2)
			more = page.More
			if visit := b.Rows["visits/"+service.Visit.Id]; visit != nil && visit[record.FieldCustomer] != other.GetString(record.FieldCustomer) {
				t.Fatal("another customer's visit is shown")
			}
		}
		fresh := owner(t, s, other.GetString(record.FieldCustomer))
		fresh.Pull(0)
		same(t, b, fresh)
	})
}
