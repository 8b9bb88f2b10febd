package apptest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/crypto/bcrypt"

	"aftercare/internal/app"
	"aftercare/internal/record"
)

const superuser = "admin@aftercare.test"

// made is the template every house is a copy of, built once for the test binary.
var made = sync.OnceValues(build)

// Prepare builds the template now: a test on a virtual clock must not be the one whose clock builds it.
func Prepare(t testing.TB) { t.Helper(); template(t) }

func template(t testing.TB) string {
	t.Helper()
	dir, err := made()
	if err != nil {
		t.Fatalf("building the template: %v", err)
	}
	return dir
}

const prefix = "aftercare-template-"

// forget removes the templates of test binaries that ended long ago: a test binary cannot tell its own end.
func forget() {
	old, err := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range old {
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > time.Hour {
			_ = os.RemoveAll(dir)
		}
	}
}

// shared names the folder, not yet there, in which the test binaries of one run share a template: whoever comes first makes it.
// Whoever sets it begins with none: a template is as old as the code that made it.
const shared = "AFTERCARE_TEMPLATE"

func build() (string, error) {
	forget()
	dir, err := os.MkdirTemp("", prefix)
	if err != nil {
		return "", err
	}
	common := os.Getenv(shared)
	if common == "" {
		return dir, fill(dir)
	}
	if _, err := os.Stat(common); err == nil {
		return common, os.Remove(dir)
	}
	if err := fill(dir); err != nil {
		return "", err
	}
	if os.Rename(dir, common) != nil { // another one was faster: each has its own
		return dir, nil
	}
	return common, nil
}

// filesDeleter is PocketBase's removal of a deleted row's files. It reads the settings in a goroutine of its own while the
// migrations that deleted the row go on writing them; an empty house has no files.
const filesDeleter = "__pbFilesManagerDelete__"

// fill makes a house of both shops in the folder.
func fill(dir string) error {
	base := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: connect})
	base.OnModelAfterDeleteSuccess().Unbind(filesDeleter)
	clock := &Clock{now: Morning}
	house, err := app.Bind(base, app.Config{Clock: clock.Now})
	if err != nil {
		return err
	}
	if err := base.Bootstrap(); err != nil {
		return err
	}
	if err := base.RunAllMigrations(); err != nil {
		return err
	}
	if err := seed(base); err != nil {
		return err
	}
	if err := house.Seals.Publish(base); err != nil {
		return err
	}
	// Kept in the file, so that a test's app logs nothing from its first moment: PocketBase's logger writes from a
	// goroutine that does not know when the test closes the app.
	settings := base.Settings()
	settings.Logs.MaxDays = 0
	if err := base.Save(settings); err != nil {
		return err
	}
	if _, err := base.DB().NewQuery("PRAGMA wal_checkpoint(TRUNCATE)").Execute(); err != nil {
		return err
	}
	return base.ResetBootstrapState()
}

// seed opens both shops: people of every role, the shipped policy, a small walk-around template.
func seed(base core.App) error {
	hash, err := bcrypt.GenerateFromPassword([]byte(Password), bcrypt.MinCost)
	if err != nil {
		return err
	}
	return base.RunInTransaction(func(tx core.App) error {
		if err := seedSuperuser(tx, string(hash)); err != nil {
			return err
		}
		if err := seedShop(tx, SH, "SH", "上海店", string(hash)); err != nil {
			return err
		}
		return seedShop(tx, HZ, "HZ", "杭州店", string(hash))
	})
}

func seedSuperuser(tx core.App, hash string) error {
	c, err := tx.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return err
	}
	rec := core.NewRecord(c)
	rec.SetEmail(superuser)
	rec.SetRaw(core.FieldNamePassword, &core.PasswordFieldValue{Hash: hash})
	rec.RefreshTokenKey()
	return tx.Save(rec)
}

func seedShop(tx core.App, id, code, name, hash string) error {
	if err := put(tx, record.System(""), record.Shops, id, map[string]any{record.FieldName: name, record.FieldCode: code,
		record.FieldTimeZone: "Asia/Shanghai"}, nil); err != nil {
		return err
	}
	system := record.System(id)
	for _, role := range Roles {
		roles, skill := []string{role}, 3
		if role == "second" {
			roles = []string{"technician"}
		}
		err := put(tx, system, record.Staff, Person(id, role), map[string]any{record.FieldShop: id, record.FieldUsername: code + "-" + role,
			core.FieldNameEmail: code + "." + role + "@aftercare.test", record.FieldName: name + " " + role, record.FieldRoles: roles,
			record.FieldSkill: skill, record.FieldActive: true}, &core.PasswordFieldValue{Hash: hash})
		if err != nil {
			return err
		}
	}
	policy := map[string]any{record.FieldShop: id, record.FieldKind: "service_lane", record.FieldRevision: 1, record.FieldActive: true,
		record.FieldData: map[string]any{"labour_range_percent": 10, "parts_range_percent": 0, "three_people": true, "parallel_clocks": false}}
	if err := put(tx, system, record.Policies, code2id(code, "policy"), policy, nil); err != nil {
		return err
	}
	capacity := map[string]any{record.FieldShop: id, record.FieldRevision: 1, record.FieldFromDay: "2020-01-01", record.FieldWeekdays: "1234567",
		record.FieldOpens: 0, record.FieldCloses: 1440, record.FieldSlotMinutes: 60, record.FieldBays: 2, record.FieldTechnicians: 3,
		record.FieldBookablePercent: 100, record.FieldActive: true}
	if err := put(tx, system, record.Capacities, code2id(code, "capacity"), capacity, nil); err != nil {
		return err
	}
	return put(tx, system, record.Templates, code2id(code, "walkaround"), map[string]any{record.FieldShop: id, record.FieldKind: "walkaround",
		record.FieldRevision: 1, record.FieldActive: true, record.FieldTitle: map[string]any{"zh": "环车检查", "en": "Walk-around"},
		record.FieldItems: walkaround, record.FieldCodes: map[string]any{"version": 1}}, nil)
}

// walkaround is a template of four items: enough to forget one.
var walkaround = []map[string]any{
	{"code": "interior.odometer", "group": "interior", "kind": "reading", "label": map[string]any{"zh": "里程表", "en": "Odometer"}},
	{"code": "outside.paint_left", "group": "outside", "kind": "tri", "label": map[string]any{"zh": "左侧漆面", "en": "Paint, left"}},
	{"code": "outside.tyres", "group": "outside", "kind": "tri", "label": map[string]any{"zh": "轮胎", "en": "Tyres"}},
	{"code": "engine.oil", "group": "engine", "kind": "level", "label": map[string]any{"zh": "机油", "en": "Engine oil"}},
}

func code2id(code, name string) string {
	id := fmt.Sprintf("%s%s", map[string]string{"SH": "sh", "HZ": "ha"}[code], name)
	return id + "000000000000000"[len(id):]
}

func put(tx core.App, actor record.Actor, collection, id string, data map[string]any, password *core.PasswordFieldValue) error {
	c, err := tx.FindCollectionByNameOrId(collection)
	if err != nil {
		return err
	}
	rec := core.NewRecord(c)
	rec.Id = id
	rec.Load(data)
	if password != nil {
		rec.SetRaw(core.FieldNamePassword, password)
		rec.RefreshTokenKey()
	}
	if err := tx.SaveWithContext(record.WithActor(context.Background(), actor), rec); err != nil {
		return fmt.Errorf("%s/%s: %w", collection, id, err)
	}
	return nil
}
