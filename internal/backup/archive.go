package backup

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"time"
)

// An archive is a tar, which any tar reads, and behind its end one line with the SHA-256 of every byte before: a cut
// file has no such line, and whatever byte was altered shows. It protects against damage, not against forgery.
const (
	seal       = "aftercare backup sha256 "
	sealLength = len(seal) + sha256.Size*2 + 1
	format     = 1
	headName   = "backup.json"
)

// Head is the first file of an archive.
type Head struct {
	Format int       `json:"format"`
	Made   time.Time `json:"made"`   // UTC, by the machine's clock
	Photos int       `json:"photos"` // photos in it
	Epoch  string    `json:"epoch"`  // life of the database it was made in
	Log    int64     `json:"log"`    // last entry of its change log
}

// Refusals of an archive.
var (
	ErrCut     = errors.New("the file is no backup, or its end is missing 文件不是备份，或不完整")
	ErrAltered = errors.New("the file was altered or damaged: its checksum differs 文件被改动或已损坏，校验和不符")
)

// writer writes an archive.
type writer struct {
	file *os.File
	sum  hash.Hash
	tar  *tar.Writer
	made time.Time
}

func newWriter(path string, head Head) (*writer, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	w := &writer{file: f, sum: sha256.New(), made: head.Made}
	w.tar = tar.NewWriter(io.MultiWriter(f, w.sum))
	text, err := json.MarshalIndent(head, "", "  ")
	if err == nil {
		err = w.add(headName, int64(len(text)), bytes.NewReader(text))
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return w, nil
}

// add appends one file; its name is as in the data folder, with slashes.
func (w *writer) add(name string, size int64, from io.Reader) error {
	err := w.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: filepath.ToSlash(name), Size: size, Mode: 0o600, ModTime: w.made})
	if err != nil {
		return err
	}
	_, err = io.Copy(w.tar, from)
	return err
}

// addFile appends a file of the disk, and hands each byte to also as well.
func (w *writer) addFile(name, path string, also io.Writer) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return w.add(name, info.Size(), io.TeeReader(io.LimitReader(f, info.Size()), also))
}

// close seals and syncs the archive.
func (w *writer) close() error {
	err := w.tar.Close()
	if err == nil {
		_, err = fmt.Fprintf(w.file, "%s%s\n", seal, hex.EncodeToString(w.sum.Sum(nil)))
	}
	return errors.Join(err, w.file.Sync(), w.file.Close())
}

// Verify reads the whole archive and says what it is: ErrCut, ErrAltered, or its head.
func Verify(path string) (Head, error) {
	return read(path, func(string, int64, io.Reader) error { return nil })
}

// read checks the archive's sum and hands each file to take, with a name that stays inside a folder. What take did
// counts only when read returns no error.
func read(path string, take func(name string, size int64, from io.Reader) error) (head Head, err error) {
	f, err := os.Open(path)
	if err != nil {
		return Head{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Head{}, err
	}
	length := info.Size() - int64(sealLength)
	line := make([]byte, sealLength)
	if length < 0 || !info.Mode().IsRegular() {
		return Head{}, ErrCut
	}
	if _, err := f.ReadAt(line, length); err != nil {
		return Head{}, err
	}
	if !bytes.HasPrefix(line, []byte(seal)) || line[sealLength-1] != '\n' {
		return Head{}, ErrCut
	}
	sum := sha256.New()
	body := io.TeeReader(io.LimitReader(f, length), sum)
	head, broken := unpack(tar.NewReader(body), take)
	if _, err := io.Copy(io.Discard, body); err != nil {
		return Head{}, err
	}
	if hex.EncodeToString(sum.Sum(nil)) != string(line[len(seal):sealLength-1]) {
		return Head{}, ErrAltered
	}
	return head, broken
}

func unpack(from *tar.Reader, take func(name string, size int64, from io.Reader) error) (head Head, err error) {
	for first := true; ; first = false {
		h, err := from.Next()
		if errors.Is(err, io.EOF) && !first {
			return head, nil
		}
		if err != nil {
			return head, errors.Join(ErrAltered, err)
		}
		name := filepath.FromSlash(h.Name)
		if h.Typeflag != tar.TypeReg || !filepath.IsLocal(name) || first != (name == headName) {
			return head, ErrAltered
		}
		if first {
			if err := json.NewDecoder(from).Decode(&head); err != nil {
				return head, errors.Join(ErrAltered, err)
			}
			if head.Format != format {
				return head, fmt.Errorf("the backup has format %d, this program reads %d 备份格式不符，请使用更新的程序", head.Format, format)
			}
			continue
		}
		if err := take(name, h.Size, from); err != nil {
			return head, err
		}
	}
}
