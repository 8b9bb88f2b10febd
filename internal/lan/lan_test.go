package lan

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func at(now *time.Time) func() time.Time { return func() time.Time { return *now } }

func TestAuthority(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)
	a, err := Open(dir, at(&now))
	if err != nil {
		t.Fatal(err)
	}
	a.hosts = func() ([]net.IP, []string) { return []net.IP{{192, 168, 1, 20}}, []string{"shop.local"} }
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	verify := func(leaf *tls.Certificate, name string) error {
		_, err := leaf.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name, CurrentTime: now})
		return err
	}

	t.Run("O-01 a tablet that trusts the authority accepts the server by address and by name", func(t *testing.T) {
		leaf, err := a.Certificate(nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"192.168.1.20", "shop.local"} {
			if err := verify(leaf, name); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
	t.Run("O-01 the authority survives a restart and its key is the owner's only", func(t *testing.T) {
		again, err := Open(dir, at(&now))
		if err != nil || again.Fingerprint() != a.Fingerprint() {
			t.Fatalf("another authority after restart: %v", err)
		}
		info, err := os.Stat(filepath.Join(dir, "authority.key"))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("key file: %v %v", info.Mode(), err)
		}
	})
	t.Run("O-01 the certificate renews by itself 30 days before its end", func(t *testing.T) {
		first, _ := a.Certificate(nil)
		now = now.Add(59 * 24 * time.Hour)
		if same, _ := a.Certificate(nil); same != first {
			t.Fatal("renewed too early")
		}
		now = now.Add(2 * 24 * time.Hour)
		next, _ := a.Certificate(nil)
		if next == first || !next.Leaf.NotAfter.After(first.Leaf.NotAfter) {
			t.Fatal("not renewed")
		}
	})
	t.Run("O-01 a new address gets a new certificate", func(t *testing.T) {
		a.hosts = func() ([]net.IP, []string) { return []net.IP{{10, 0, 0, 7}}, []string{"shop.local"} }
		leaf, err := a.Certificate(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := verify(leaf, "10.0.0.7"); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("O-01 the authority cannot speak for a public name", func(t *testing.T) {
		leaf, err := a.issue(nil, []string{"bank.example.com"})
		if err != nil {
			t.Fatal(err)
		}
		if err := verify(leaf, "bank.example.com"); err == nil {
			t.Fatal("a public name was accepted")
		}
	})
}

func TestTrustPage(t *testing.T) {
	now := time.Now()
	a, err := Open(t.TempDir(), at(&now))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(a.Page("8443"))
	defer server.Close()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	get := func(path string) (*http.Response, string) {
		res, err := client.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		b, _ := io.ReadAll(res.Body)
		return res, string(b)
	}
	t.Run("O-01 the page shows a QR code, the three systems and the fingerprint", func(t *testing.T) {
		_, body := get("/trust")
		for _, want := range []string{"data:image/png;base64,", "iPad", "Android", "Windows", a.Fingerprint()} {
			if !strings.Contains(body, want) {
				t.Errorf("page lacks %q", want)
			}
		}
	})
	t.Run("O-01 the certificate and the profile carry the authority", func(t *testing.T) {
		_, body := get("/trust/aftercare.crt")
		if cert, err := x509.ParseCertificate([]byte(body)); err != nil || !cert.IsCA {
			t.Fatalf("crt: %v", err)
		}
		res, _ := get("/trust/aftercare.mobileconfig")
		if res.Header.Get("Content-Type") != "application/x-apple-aspen-config" {
			t.Fatal("profile type")
		}
	})
	t.Run("O-01 everything else is sent to HTTPS", func(t *testing.T) {
		res, _ := get("/api/health?x=1")
		if loc := res.Header.Get("Location"); !strings.HasSuffix(loc, ":8443/api/health?x=1") || !strings.HasPrefix(loc, "https://") {
			t.Fatalf("location %q", loc)
		}
	})
}
