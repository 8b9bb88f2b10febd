package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"strconv"
	"time"
)

// photos is one photo of some 2 MB: until the server has it for good (ours: resumable, hash and picture checked, cleaned,
// smaller sizes made, synced to disk; the other's: a file field), and then the first look at it 320 pixels wide (there
// the other's makes its thumbnail).
func (b *bench) photos() error {
	var sent, theirSent, seen, theirSeen []float64
	id := generate(1)[0].id
	for run := range b.runs {
		picture, err := photograph(run)
		if err != nil {
			return err
		}
		began := time.Now()
		hash, err := b.ours.writer.client.upload(picture)
		if err != nil {
			return err
		}
		sent = append(sent, ms(began))
		began = time.Now()
		if err := b.ours.writer.client.ask(http.MethodGet, "/api/photos/"+hash+"?size=320", nil, nil); err != nil {
			return err
		}
		seen = append(seen, ms(began))

		began = time.Now()
		name, err := b.peer.upload(id, picture)
		if err != nil {
			return err
		}
		theirSent = append(theirSent, ms(began))
		began = time.Now()
		if err := b.peer.client.ask(http.MethodGet, "/api/files/"+items+"/"+id+"/"+name+"?thumb=320x0", nil, nil); err != nil {
			return err
		}
		theirSeen = append(theirSeen, ms(began))
	}
	b.compare("upload", "ms", sent, theirSent)
	b.compare("photo", "ms", seen, theirSeen)
	b.note("upload", "ours includes checking, cleaning and the smaller sizes, which the other makes at the first look or not at all")
	return nil
}

// photograph is a JPEG that compresses like one of a workshop: shapes and noise, another one for every run.
func photograph(run int) ([]byte, error) {
	chance := rand.New(rand.NewPCG(uint64(run), 320))
	picture := image.NewYCbCr(image.Rect(0, 0, 2400, 1800), image.YCbCrSubsampleRatio420)
	for i := range picture.Y {
		picture.Y[i] = byte(i/2400/8+i%2400/16) + byte(chance.IntN(48))
	}
	for i := range picture.Cb {
		picture.Cb[i], picture.Cr[i] = byte(96+i%64), byte(96+i/1200%64)
	}
	var out bytes.Buffer
	err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: 85})
	return out.Bytes(), err
}

// upload sends a photo by tus, in one piece, and returns the hash it goes by.
func (c *client) upload(picture []byte) (string, error) {
	sum := sha256.Sum256(picture)
	hash := hex.EncodeToString(sum[:])
	encode := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	answer, err := c.tus(http.MethodPost, "/api/uploads/", nil, map[string]string{"Upload-Length": strconv.Itoa(len(picture)),
		"Upload-Metadata": "sha256 " + encode(hash) + ",type " + encode("image/jpeg")})
	if err != nil {
		return "", err
	}
	at, err := answer.Request.URL.Parse(answer.Header.Get("Location"))
	if err != nil {
		return "", err
	}
	_, err = c.tus(http.MethodPatch, at.RequestURI(), picture, map[string]string{"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"})
	if err != nil {
		return "", err
	}
	_, err = c.tus(http.MethodHead, "/api/photos/"+hash, nil, nil)
	return hash, err
}

// tus sends one request whose answer has no body of interest.
func (c *client) tus(method, path string, body []byte, headers map[string]string) (*http.Response, error) {
	request, err := http.NewRequest(method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", c.token)
	request.Header.Set("Tus-Resumable", "1.0.0")
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, 300)) // for the message
	if answer.StatusCode/100 != 2 || answer.StatusCode == http.StatusAccepted {
		return nil, fmt.Errorf("%s %s: %d %s", method, path, answer.StatusCode, said)
	}
	return answer, nil
}

// upload puts the photo into the record's file field and returns the file's name.
func (p *peer) upload(id string, picture []byte) (string, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("photo", "photo.jpg")
	if err != nil {
		return "", err
	}
	if _, err := part.Write(picture); err != nil {
		return "", err
	}
	if err := form.Close(); err != nil {
		return "", err
	}
	request, err := http.NewRequest(http.MethodPatch, p.client.base+"/api/collections/"+items+"/records/"+id, &body)
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", p.client.token)
	request.Header.Set("Content-Type", form.FormDataContentType())
	got, err := p.client.http.Do(request)
	if err != nil {
		return "", err
	}
	var row struct {
		Photo string `json:"photo"`
	}
	err = answer{head: got.Header, body: got.Body}.read(&row)
	if err == nil && row.Photo == "" {
		err = fmt.Errorf("no photo: %d", got.StatusCode)
	}
	return row.Photo, err
}
