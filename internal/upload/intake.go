package upload

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/tus/tusd/v2/pkg/filestore"
	"github.com/tus/tusd/v2/pkg/handler"

	"aftercare/internal/fault"
	"aftercare/internal/photo"
	"aftercare/internal/record"
)

// Keys of an upload's metadata. The first two come from the client, the others are ours: nothing else is kept.
const (
	metaSHA        = "sha256"
	metaType       = "type"
	metaCollection = "collection"
	metaID         = "id"
	metaShop       = "shop"
	metaBegun      = "begun"
)

var shaPattern = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Announced is what a client says it will send: hash of the bytes, lower-case hex, and media type.
type Announced struct {
	SHA256 string
	Media  string
}

// ParseMetadata reads the two values we take from the Upload-Metadata header. Errors: upload.metadata.
func ParseMetadata(meta map[string]string) (Announced, error) {
	a := Announced{SHA256: meta[metaSHA], Media: meta[metaType]}
	if !shaPattern.MatchString(a.SHA256) {
		return Announced{}, fault.New(fault.Invalid, "upload.metadata").On(metaSHA)
	}
	if a.Media == "" || len(a.Media) > 100 {
		return Announced{}, fault.New(fault.Invalid, "upload.metadata").On(metaType)
	}
	return a, nil
}

// begin is asked before an upload is created: it refuses what size and type tell already, and names the upload.
func (s *Service) begin(hook handler.HookEvent) (handler.HTTPResponse, handler.FileInfoChanges, error) {
	t := tripOf(hook.Context)
	a, err := ParseMetadata(hook.Upload.MetaData)
	if err == nil {
		err = s.admit(t.who, a, hook.Upload.Size)
	}
	if err != nil {
		return handler.HTTPResponse{}, handler.FileInfoChanges{}, t.fail(err)
	}
	random := make([]byte, 8)
	rand.Read(random) // never fails
	return handler.HTTPResponse{}, handler.FileInfoChanges{
		ID: t.who.key() + "/" + a.SHA256 + "-" + hex.EncodeToString(random),
		MetaData: handler.MetaData{
			metaSHA: a.SHA256, metaType: a.Media, metaBegun: record.Text(s.clock()),
			metaCollection: t.who.Collection, metaID: t.who.ID, metaShop: t.who.Shop,
		},
	}, nil
}

// admit judges an announcement. A refusal also turns the caller's own rows of that photo to refused: nobody else's,
// since nobody has seen the bytes yet.
func (s *Service) admit(who Caller, a Announced, size int64) error {
	var refusal *fault.Fault
	switch {
	case size > photo.MaxBytes:
		refusal = fault.New(fault.TooLarge, photo.CodeTooLarge).On("size")
	case size == 0:
		refusal = fault.New(fault.Unprocessed, photo.CodeBroken).On(metaSHA)
	case a.Media != photo.JPEG && a.Media != photo.PNG:
		refusal = photo.Type(a.Media)
	default:
		return s.withinQuota(who, size)
	}
	if err := s.refuseOwn(who, a.SHA256, refusal.Code); err != nil {
		return err
	}
	return refusal
}

// intake is tusd's file store with our rules round it: a complete upload that was never verified (the server died,
// or was busy) is verified as soon as anybody asks for it, and one that is done keeps answering for a while, so that
// a client that lost the last answer learns that it need not send anything again.
type intake struct {
	files   filestore.FileStore
	service *Service
}

func (i intake) NewUpload(ctx context.Context, info handler.FileInfo) (handler.Upload, error) {
	up, err := i.files.NewUpload(ctx, info)
	if err != nil {
		return nil, err
	}
	return &part{Upload: up, files: i.files}, nil
}

func (i intake) GetUpload(ctx context.Context, id string) (handler.Upload, error) {
	up, err := i.files.GetUpload(ctx, id)
	if errors.Is(err, handler.ErrNotFound) {
		return i.service.doneUpload(id)
	}
	if err != nil {
		return nil, err
	}
	info, err := up.GetInfo(ctx)
	if err != nil {
		return nil, err
	}
	if info.Offset < info.Size {
		return &part{Upload: up, files: i.files}, nil
	}
	if err := i.service.verify(info); err != nil {
		return nil, tripOf(ctx).fail(err)
	}
	return i.service.doneUpload(id)
}

func (i intake) AsTerminatableUpload(up handler.Upload) handler.TerminatableUpload {
	return up.(handler.TerminatableUpload)
}

// part is an upload under way.
type part struct {
	handler.Upload
	files filestore.FileStore
}

// WriteChunk appends, and looks at the first bytes as soon as they are there: what is no picture is not taken further.
func (p *part) WriteChunk(ctx context.Context, offset int64, src io.Reader) (int64, error) {
	n, err := p.Upload.WriteChunk(ctx, offset, src)
	if err != nil || offset >= photo.MagicBytes || offset+n < photo.MagicBytes {
		return n, err
	}
	first := make([]byte, photo.MagicBytes)
	r, err := p.GetReader(ctx)
	if err != nil {
		return n, err
	}
	defer r.Close()
	if _, err := io.ReadFull(r, first); err != nil {
		return n, err
	}
	info, err := p.GetInfo(ctx)
	if err != nil || info.Offset == info.Size || photo.Known(first) {
		return n, err // a complete one is judged whole
	}
	if err := p.Terminate(ctx); err != nil {
		return n, err
	}
	return n, tripOf(ctx).fail(photo.Type("first bytes"))
}

func (p *part) Terminate(ctx context.Context) error {
	return p.files.AsTerminatableUpload(p.Upload).Terminate(ctx)
}

// done is an upload whose photo is verified. Its bytes are on the shelf under their hash, no longer here.
type done struct {
	info  handler.FileInfo
	paths []string
}

func (d *done) GetInfo(context.Context) (handler.FileInfo, error) { return d.info, nil }
func (d *done) FinishUpload(context.Context) error                { return nil }
func (d *done) GetReader(context.Context) (io.ReadCloser, error)  { return nil, handler.ErrNotFound }
func (d *done) WriteChunk(context.Context, int64, io.Reader) (int64, error) {
	return 0, handler.ErrMismatchOffset
}

func (d *done) Terminate(context.Context) error { return remove(d.paths...) }

// Names of an upload's files beside the bytes.
const (
	infoSuffix = ".info"
	doneSuffix = ".done"
)

func (s *Service) doneUpload(id string) (handler.Upload, error) {
	path := filepath.Join(s.parts, id)
	if _, err := os.Stat(path + doneSuffix); err != nil {
		return nil, handler.ErrNotFound
	}
	info, err := readInfo(path + infoSuffix)
	if err != nil {
		return nil, handler.ErrNotFound
	}
	info.Offset = info.Size
	return &done{info: info, paths: []string{path + doneSuffix, path + infoSuffix}}, nil
}

func readInfo(path string) (handler.FileInfo, error) {
	var info handler.FileInfo
	b, err := os.ReadFile(path)
	if err != nil {
		return info, err
	}
	return info, json.Unmarshal(b, &info)
}

func callerOf(info handler.FileInfo) Caller {
	return Caller{Collection: info.MetaData[metaCollection], ID: info.MetaData[metaID], Shop: info.MetaData[metaShop]}
}

// begun is when the upload was created, by the server's clock; a damaged note counts as long ago.
func begun(info handler.FileInfo) time.Time { return record.Time(info.MetaData[metaBegun]) }

// remove deletes files that may be gone already.
func remove(paths ...string) error {
	var all []error
	for _, p := range paths {
		if err := os.Remove(p); err != nil && !errors.Is(err, os.ErrNotExist) {
			all = append(all, err)
		}
	}
	return errors.Join(all...)
}

// partOf strips the suffix of an upload's note; false for other files.
func partOf(name string) (string, bool) { return strings.CutSuffix(name, infoSuffix) }
