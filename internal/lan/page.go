package lan

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html/template"
	"image/png"
	"net"
	"net/http"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

//go:embed trust.html
var trustHTML string

//go:embed profile.mobileconfig
var profileXML string

var (
	trustPage = template.Must(template.New("trust").Parse(trustHTML))
	profile   = template.Must(template.New("profile").Parse(profileXML))
)

// Page is the plain-HTTP side of a shop's network: a page with a QR code that leads iPad, Android and Windows
// through trusting the authority, the certificate in each system's form, and a redirect to HTTPS for all else.
// securePort is the port of the HTTPS server ("8443").
func (a *Authority) Page(securePort string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /trust", func(w http.ResponseWriter, r *http.Request) { a.servePage(w, r, securePort) })
	mux.HandleFunc("GET /trust/aftercare.crt", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-x509-ca-cert")
		w.Header().Set("Content-Disposition", `attachment; filename="aftercare.crt"`)
		_, _ = w.Write(a.der)
	})
	mux.HandleFunc("GET /trust/aftercare.mobileconfig", a.serveProfile)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			http.Redirect(w, r, "/trust", http.StatusFound)
			return
		}
		http.Redirect(w, r, "https://"+net.JoinHostPort(hostOf(r), securePort)+r.URL.RequestURI(), http.StatusTemporaryRedirect)
	})
	return mux
}

// Fingerprint is the SHA-256 of the authority's certificate, to be compared by eye.
func (a *Authority) Fingerprint() string {
	sum := sha256.Sum256(a.der)
	pairs := make([]string, 0, len(sum))
	for _, b := range sum {
		pairs = append(pairs, hex.EncodeToString([]byte{b}))
	}
	return strings.ToUpper(strings.Join(pairs, ":"))
}

func (a *Authority) servePage(w http.ResponseWriter, r *http.Request, securePort string) {
	here := "http://" + r.Host + "/trust"
	code, err := qrPNG(here)
	if err != nil {
		http.Error(w, "qr", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_ = trustPage.Execute(w, map[string]any{
		"Here": here, "App": "https://" + net.JoinHostPort(hostOf(r), securePort) + "/",
		"QR":          template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(code)), //nolint:gosec // made here
		"Fingerprint": a.Fingerprint(),
	})
}

func (a *Authority) serveProfile(w http.ResponseWriter, _ *http.Request) {
	sum := sha256.Sum256(a.der)
	id := func(part byte) string {
		h := hex.EncodeToString(sum[part : part+16])
		return strings.ToUpper(fmt.Sprintf("%s-%s-%s-%s-%s", h[:8], h[8:12], h[12:16], h[16:20], h[20:]))
	}
	w.Header().Set("Content-Type", "application/x-apple-aspen-config")
	_ = profile.Execute(w, map[string]any{"Certificate": base64.StdEncoding.EncodeToString(a.der), "Profile": id(0), "Payload": id(16)})
}

func hostOf(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.Host); err == nil {
		return host
	}
	return r.Host
}

func qrPNG(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return nil, err
	}
	code, err = barcode.Scale(code, 264, 264)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = png.Encode(&b, code)
	return b.Bytes(), err
}
