package due

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// KindFile is a file that is not complete (V-04).
const KindFile = "file"

// lookBack is how far back visits are looked at for incomplete files: longer than any file may wait.
const lookBack = 14 * 24 * time.Hour

// Missing is what a file lacks to be complete: the vehicle's plate, VIN, make and model, the customer and their name and
// phone (V-01, V-02). Either row may be nil.
func Missing(vehicle *record.Vehicle, customer *core.Record) []string {
	missing := []string{}
	need := func(name string, there bool) {
		if !there {
			missing = append(missing, name)
		}
	}
	if vehicle == nil {
		missing = append(missing, "vehicle")
	} else {
		need("plate", vehicle.Plate() != "")
		need("vin", vehicle.VIN() != "")
		need("make", vehicle.Make() != "")
		need("model", vehicle.Model() != "")
	}
	if customer == nil {
		return append(missing, "customer")
	}
	c := record.AsCustomer(customer)
	need("name", c.Name() != "")
	need("phone", c.Phone() != "")
	return missing
}

// files puts every visit or consultation of the last days whose file is not complete on the advisor's list, due two days
// after the car came (policy), and settles it when the file is (V-04).
func files(app core.App, shop *record.Shop, now time.Time) error {
	since := record.Text(now.Add(-lookBack))
	visits, err := app.FindAllRecords(record.Visits, dbx.HashExp{record.FieldShop: shop.Id},
		dbx.NewExp("[[arrived_at]] >= {:since}", dbx.Params{"since": since}))
	if err != nil {
		return err
	}
	l := &loader{app: app, cars: map[string]*car{}}
	for _, row := range visits {
		c := &car{visit: record.AsVisit(row)}
		l.list = append(l.list, c)
	}
	if err := l.loadPeople(); err != nil {
		return err
	}
	for _, c := range l.list {
		missing := Missing(c.vehicle, c.customer)
		key := "file:" + c.visit.Id
		if len(missing) == 0 {
			continue // an open item is settled below
		}
		if err := askForFile(app, shop, c, key, missing); err != nil {
			return err
		}
	}
	return settleFiles(app, shop)
}

func askForFile(app core.App, shop *record.Shop, c *car, key string, missing []string) error {
	there, err := Find(app, shop.Id, key)
	if err != nil || there != nil {
		return err
	}
	policy, err := policyFor(app, c.visit, shop.Id)
	if err != nil {
		return err
	}
	arrived := record.Time(c.visit.ArrivedAt())
	return Ensure(app, Item{Shop: shop.Id, Key: key, Kind: KindFile, Role: "advisor", Owner: c.visit.Advisor(),
		DueAt: arrived.Add(time.Duration(policy.FileDueMinutes) * time.Minute), Visit: c.visit.Id,
		SubjectCollection: record.Vehicles, SubjectRecord: c.visit.Vehicle(), Data: map[string]any{"missing": missing}})
}

// settleFiles closes the items whose file has become complete, however old the visit.
func settleFiles(app core.App, shop *record.Shop) error {
	open, err := openItems(app, shop.Id, KindFile)
	if err != nil {
		return err
	}
	l := &loader{app: app, cars: map[string]*car{}}
	items := map[string]*core.Record{}
	for _, row := range open {
		items[record.AsDueItem(row).Visit()] = row
	}
	ids := make([]string, 0, len(items))
	for id := range items {
		ids = append(ids, id)
	}
	if err := l.each(record.Visits, record.FieldID, ids, func(row *core.Record) {
		l.list = append(l.list, &car{visit: record.AsVisit(row)})
	}); err != nil {
		return err
	}
	if err := l.loadPeople(); err != nil {
		return err
	}
	for _, c := range l.list {
		if len(Missing(c.vehicle, c.customer)) == 0 {
			if err := closeRow(app, items[c.visit.Id], record.DueDone, NoteSettled); err != nil {
				return err
			}
		}
	}
	return nil
}
