package upload

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/tus/tusd/v2/pkg/handler"

	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// Swept counts what a sweep removed.
type Swept struct {
	Uploads int
	Photos  int
}

// Sweep does what time asks for as of now (UTC): complete uploads that were left unverified are verified, unfinished
// ones go after a day, photos that nothing names go after a week, and rows that missed their verdict get it. It may
// run at any time and beside anything; it is cheap when there is nothing to do.
func (s *Service) Sweep(now time.Time) (Swept, error) {
	uploads, err := s.sweepUploads(now)
	photos, err2 := s.sweepPhotos(now)
	return Swept{Uploads: uploads, Photos: photos}, errors.Join(err, err2, s.heal(now))
}

func (s *Service) sweepUploads(now time.Time) (removed int, err error) {
	creators, err := os.ReadDir(s.parts)
	if err != nil {
		return 0, err
	}
	for _, c := range creators {
		err = errors.Join(err, s.eachPart(c.Name(), func(path string, info handler.FileInfo, finished bool) error {
			if now.Sub(begun(info)) > UnfinishedFor {
				removed++
				return remove(path, path+doneSuffix, path+infoSuffix)
			}
			if finished || !leftComplete(path, info) {
				return nil
			}
			if err := s.verify(info); err != nil {
				if f, ok := fault.From(err); !ok || f.Kind == fault.Unavailable {
					return err
				}
			}
			return nil
		}))
		_ = os.Remove(filepath.Join(s.parts, c.Name())) // succeeds when empty; a new upload makes it again
	}
	return removed, err
}

// leftComplete says whether all bytes are there and no request has touched them for a minute (by the file system's
// time: this is about requests that may still be at work).
func leftComplete(path string, info handler.FileInfo) bool {
	f, err := os.Stat(path)
	return err == nil && info.Size > 0 && f.Size() == info.Size && time.Since(f.ModTime()) > time.Minute
}

// refreshEvery is how often a photo's "referenced" is brought up to date; it only has to be much finer than a week.
const refreshEvery = 24 * time.Hour

// sweepPhotos first notes which photos rows still name, then removes those that none has named for a week.
func (s *Service) sweepPhotos(now time.Time) (removed int, err error) {
	stale := dbx.Params{"before": record.Text(now.Add(-refreshEvery)), "now": record.Text(now)}
	_, err = s.app.NonconcurrentDB().NewQuery(`UPDATE photo_files SET referenced = {:now}
		WHERE referenced < {:before} AND EXISTS (SELECT 1 FROM photos p WHERE p.sha256 = photo_files.sha256)`).Bind(stale).Execute()
	if err != nil {
		return 0, err
	}
	var candidates []string
	err = s.app.DB().NewQuery(`SELECT sha256 FROM photo_files WHERE referenced < {:before}`).
		Bind(dbx.Params{"before": record.Text(now.Add(-UnreferencedFor))}).Column(&candidates)
	for _, sha := range candidates {
		gone, err2 := s.forget(sha)
		if err = errors.Join(err, err2); gone {
			removed++
		}
	}
	return removed, err
}

// forget removes one photo unless a row names it after all, or a signed document does: those outlive their rows.
func (s *Service) forget(sha string) (gone bool, err error) {
	lock := s.guard(sha)
	lock.Lock()
	defer lock.Unlock()
	err = s.app.RunInTransaction(func(tx core.App) error {
		if s.files.leased() { // asked inside: a copy begun later shows what is decided here
			return nil
		}
		var named bool
		err := tx.DB().NewQuery(`SELECT EXISTS (SELECT 1 FROM photos WHERE sha256 = {:sha})
			OR EXISTS (SELECT 1 FROM consents WHERE instr(document, {:sha}) > 0)`).Bind(dbx.Params{"sha": sha}).Row(&named)
		if err != nil {
			return err
		}
		if named {
			_, err = tx.DB().NewQuery(`UPDATE photo_files SET referenced = {:now} WHERE sha256 = {:sha}`).
				Bind(dbx.Params{"sha": sha, "now": record.Text(s.clock())}).Execute()
			return err
		}
		gone = true
		for _, table := range []string{"photo_files", "photo_senders"} {
			if _, err := tx.DB().Delete(table, dbx.HashExp{"sha256": sha}).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || !gone {
		return false, err
	}
	return true, s.files.drop(sha)
}

// heal finds rows that were not told (the server died between noting a photo and telling its rows) and tells them.
// It reads every row of photos, so it runs at the first sweep, after a row could not be told, and then once an hour.
func (s *Service) heal(now time.Time) error {
	if now.Sub(time.Unix(s.healed.Load(), 0)) < time.Hour {
		return nil
	}
	var behind []string
	err := s.app.DB().NewQuery(`SELECT DISTINCT p.sha256 FROM photos p JOIN photo_files f ON f.sha256 = p.sha256
		WHERE p.state <> f.state AND p.state <> 'verified' AND ` + sentFor("p.shop", "p.created_by")).Column(&behind)
	for _, sha := range behind {
		err = errors.Join(err, s.settle(sha))
	}
	if err == nil {
		s.healed.Store(now.Unix())
	}
	return err
}

// sending lists who is uploading a photo just now.
func (s *Service) sending(sha string) []Caller {
	paths, _ := filepath.Glob(filepath.Join(s.parts, "*", sha+"-*"+infoSuffix)) // the pattern is well formed
	var who []Caller
	for _, p := range paths {
		if _, err := os.Stat(strings.TrimSuffix(p, infoSuffix) + doneSuffix); err == nil {
			continue
		}
		if info, err := readInfo(p); err == nil {
			who = append(who, callerOf(info))
		}
	}
	return who
}

// Schedule sweeps every minute by the app's own scheduler: deadlines are the clock's, which in a test is moved.
func (s *Service) Schedule() {
	s.app.Cron().MustAdd("photos", "* * * * *", func() {
		swept, err := s.Sweep(s.clock())
		if err != nil {
			s.app.Logger().Error("photos: sweep", "error", err.Error())
		}
		if swept != (Swept{}) {
			s.app.Logger().Info("photos: sweep", "uploads", swept.Uploads, "photos", swept.Photos)
		}
	})
}
