package upload

import (
	"os"
	"path/filepath"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/tus/tusd/v2/pkg/handler"

	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// quota bounds one creator: unfinished uploads and the bytes they announce, and the bytes sent in a day. Staff photograph
// all day long, thirty and more for a car; a customer files a claim now and then.
type quota struct {
	Open      int
	OpenBytes int64
	DayBytes  int64
}

var (
	staffQuota    = quota{Open: 200, OpenBytes: 1 << 30, DayBytes: 10 << 30}
	customerQuota = quota{Open: 30, OpenBytes: 200 << 20, DayBytes: 500 << 20}
)

func quotaOf(who Caller) quota {
	if who.Collection == record.Customers {
		return customerQuota
	}
	return staffQuota
}

func (s *Service) withinQuota(who Caller, size int64) error {
	q := quotaOf(who)
	open, announced := 0, size
	err := s.eachPart(who.key(), func(_ string, info handler.FileInfo, finished bool) error {
		if !finished {
			open, announced = open+1, announced+info.Size
		}
		return nil
	})
	if err != nil {
		return busy(err)
	}
	var day int64
	err = s.app.DB().NewQuery(`SELECT COALESCE(SUM(bytes), 0) FROM photo_senders WHERE sender = {:sender} AND sent > {:since}`).
		Bind(dbx.Params{"sender": who.key(), "since": record.Text(s.clock().Add(-24 * time.Hour))}).Row(&day)
	if err != nil {
		return busy(err)
	}
	if open >= q.Open || announced > q.OpenBytes || day+size > q.DayBytes {
		return fault.New(fault.TooMany, "upload.quota").On("upload")
	}
	return nil
}

// eachPart visits the uploads of one creator: path of the bytes, note, and whether it is done. A note that cannot be
// read is visited with an empty one.
func (s *Service) eachPart(creator string, visit func(path string, info handler.FileInfo, finished bool) error) error {
	dir := filepath.Join(s.parts, creator)
	entries, err := os.ReadDir(dir)
	if err != nil {
		if os.IsNotExist(err) {
			return nil
		}
		return err
	}
	for _, e := range entries {
		name, ok := partOf(e.Name())
		if !ok {
			continue
		}
		path := filepath.Join(dir, name)
		info, err := readInfo(path + infoSuffix)
		if os.IsNotExist(err) {
			continue // finished or terminated meanwhile
		}
		if err != nil {
			info = handler.FileInfo{}
		}
		_, err = os.Stat(path + doneSuffix)
		if err := visit(path, info, err == nil); err != nil {
			return err
		}
	}
	return nil
}
