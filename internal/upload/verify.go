package upload

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/tus/tusd/v2/pkg/handler"

	"aftercare/internal/fault"
	"aftercare/internal/photo"
)

// CodeHash is the refusal of bytes that are not those announced: the transfer was damaged, or the name is wrong.
const CodeHash = "photo.hash"

// patience is how long a photo may wait to be judged; every byte is here, so no client need stay for it.
const patience = 2 * time.Minute

// complete is asked by tusd when the last byte has arrived, before the answer goes out.
func (s *Service) complete(hook handler.HookEvent) (handler.HTTPResponse, error) {
	t := tripOf(hook.Context)
	if t.still != nil {
		if err := t.still(); err != nil {
			return handler.HTTPResponse{}, t.fail(s.discard(hook.Upload, err))
		}
	}
	if err := s.verify(hook.Upload); err != nil {
		return handler.HTTPResponse{}, t.fail(err)
	}
	return handler.HTTPResponse{}, nil
}

// discard throws the bytes away for the reason. Trouble with the database is none: the bytes stay.
func (s *Service) discard(info handler.FileInfo, reason error) error {
	if _, refused := fault.From(reason); !refused {
		return reason
	}
	path := filepath.Join(s.parts, info.ID)
	if err := remove(path, path+infoSuffix); err != nil {
		return busy(err)
	}
	return reason
}

// verify takes a complete upload to its end: stored, verified and told to its rows, or refused and gone. It may be
// repeated at any point where the server may have died. Passing trouble (disk, database) leaves the upload as it is.
func (s *Service) verify(info handler.FileInfo) error {
	path := filepath.Join(s.parts, info.ID)
	sha, who := info.MetaData[metaSHA], callerOf(info)
	if !shaPattern.MatchString(sha) {
		return errors.Join(unknown(), remove(path, path+infoSuffix)) // a note damaged on disk
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	select {
	case s.desk <- struct{}{}:
		defer func() { <-s.desk }()
	case <-ctx.Done():
		return busy(ctx.Err())
	}
	lock := s.guard(sha)
	lock.Lock()
	defer lock.Unlock()
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil // verified by another request meanwhile
	}
	if err != nil {
		return busy(err)
	}
	p, refusal, err := judge(ctx, b, info)
	switch {
	case err != nil:
		return busy(err)
	case refusal != nil && refusal.Code == CodeHash && begun(info).Before(s.started):
		// Bytes from before this start may have been lost by a power cut, which is not the photo's fault: once more.
		return errors.Join(unknown(), remove(path, path+infoSuffix))
	case refusal == nil:
		err = s.keep(who, sha, int64(len(b)), p)
	case refusal.Code == CodeHash || refusal.Field == metaType: // says nothing about the bytes of that name
		err = s.refuseOwn(who, sha, refusal.Code)
	default:
		err = s.refuseAll(who, sha, refusal.Code)
	}
	if err != nil {
		return busy(err)
	}
	if refusal != nil {
		if err := remove(path, path+infoSuffix); err != nil {
			return busy(err)
		}
		return refusal
	}
	return s.finish(path)
}

// judge holds the bytes against what was announced and against package photo.
func judge(ctx context.Context, b []byte, info handler.FileInfo) (photo.Photo, *fault.Fault, error) {
	if photo.Hash(b) != info.MetaData[metaSHA] {
		return photo.Photo{}, fault.New(fault.Unprocessed, CodeHash).On(metaSHA), nil
	}
	p, err := photo.Process(ctx, b)
	if f, ok := fault.From(err); ok {
		return photo.Photo{}, f, nil
	}
	if err == nil && p.Media != info.MetaData[metaType] {
		return photo.Photo{}, photo.Type(fmt.Sprintf("%s announced as %s", p.Media, info.MetaData[metaType])), nil
	}
	return p, nil, err
}

// keep stores the photo, then notes it, then tells its rows; in this order, so that a row never says more than the
// disk holds.
func (s *Service) keep(who Caller, sha string, size int64, p photo.Photo) error {
	if err := s.files.put(sha, p); err != nil {
		return err
	}
	if err := s.note(entry{SHA256: sha, Stored: p.SHA256, State: StateVerified, Bytes: size, Media: p.Media}, who); err != nil {
		return err
	}
	return s.settle(sha)
}

// Put stores a picture that did not come over the network, as an upload of that caller would be: judged, cleaned, on disk and
// synced, and noted. Its name is the hash of b. Errors as photo.Process.
func (s *Service) Put(ctx context.Context, who Caller, b []byte) (photo.Photo, error) {
	p, err := photo.Process(ctx, b)
	if err != nil {
		return p, err
	}
	sha := photo.Hash(b)
	lock := s.guard(sha)
	lock.Lock()
	defer lock.Unlock()
	return p, s.keep(who, sha, int64(len(b)), p)
}

// finish replaces the upload's bytes by a mark that it is done.
func (s *Service) finish(path string) error {
	f, err := os.OpenFile(path+doneSuffix, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return busy(err)
	}
	if err := errors.Join(f.Close(), remove(path)); err != nil {
		return busy(err)
	}
	return nil
}
