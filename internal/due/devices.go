package due

import (
	"database/sql"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// KindDeviceFile is a device's file 设备档案 that is not complete (V-04, V-07).
const KindDeviceFile = "device_file"

// MissingOfDevice is what a device's file lacks to be complete: brand, model and serial number, and whose it is (V-07).
func MissingOfDevice(device *core.Record) []string {
	missing := []string{}
	for _, field := range []string{record.FieldBrand, record.FieldModel, record.FieldSerial, record.FieldCustomer} {
		if device.GetString(field) == "" {
			missing = append(missing, field)
		}
	}
	return missing
}

// deviceFiles puts every device whose file is not complete on the list of who opened it, due two hours after that (policy), and
// settles it when the file is (V-04).
func deviceFiles(app core.App, shop *record.Shop, now time.Time) error {
	policy, err := record.PolicyOf(app, shop.Id)
	if err != nil {
		return err
	}
	devices, err := app.FindAllRecords(record.Assets, dbx.HashExp{record.FieldShop: shop.Id, record.FieldKind: "device", record.FieldStatus: ""},
		dbx.NewExp("[[created]] >= {:since}", dbx.Params{"since": record.Text(now.Add(-lookBack))}))
	if err != nil {
		return err
	}
	for _, device := range devices {
		missing := MissingOfDevice(device)
		if len(missing) == 0 {
			continue // an open item is settled below
		}
		err := Ensure(app, Item{Shop: shop.Id, Key: KindDeviceFile + ":" + device.Id, Kind: KindDeviceFile, Role: "advisor", Owner: device.GetString(record.FieldCreatedBy),
			DueAt:             device.GetDateTime(record.FieldCreated).Time().Add(time.Duration(policy.FileDueDeviceMinutes) * time.Minute),
			SubjectCollection: record.Assets, SubjectRecord: device.Id, Data: map[string]any{"missing": missing, "thing": device.GetString(record.FieldName)}})
		if err != nil {
			return err
		}
	}
	return settleDeviceFiles(app, shop)
}

// settleDeviceFiles closes the items whose file has become complete, or is no file any more.
func settleDeviceFiles(app core.App, shop *record.Shop) error {
	open, err := openItems(app, shop.Id, KindDeviceFile)
	if err != nil {
		return err
	}
	for _, row := range open {
		device, err := app.FindRecordById(record.Assets, record.AsDueItem(row).SubjectRecord())
		switch {
		case err != nil && !errors.Is(err, sql.ErrNoRows):
		case err != nil || device.GetString(record.FieldStatus) != "":
			err = closeRow(app, row, record.DueCancelled, NoteMoot)
		case len(MissingOfDevice(device)) == 0:
			err = closeRow(app, row, record.DueDone, NoteSettled)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
