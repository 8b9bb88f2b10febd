// Package lan gives a shop's own network the HTTPS that camera, service worker and crypto need, without a domain
// (O-01): a local certificate authority, made on first start and kept in the data folder, and a server certificate
// that renews itself and follows the machine's addresses. The authority is constrained to private addresses and
// .local names, so that a stolen key cannot speak for any public site. It opens no port and serves no page by itself.
package lan

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	authorityLife = 10 * 365 * 24 * time.Hour
	leafLife      = 90 * 24 * time.Hour // iPadOS refuses more than 825 days
	renewBefore   = 30 * 24 * time.Hour
	backdate      = time.Hour // tablets' clocks run a little behind
)

// Authority signs the shop server's certificate. It is safe for concurrent use.
type Authority struct {
	cert  *x509.Certificate
	key   *ecdsa.PrivateKey
	der   []byte
	clock func() time.Time
	hosts func() ([]net.IP, []string)

	mu      sync.Mutex
	leaf    *tls.Certificate
	madeFor []string
}

// Open reads the authority from dir, or makes it there (key readable by the owner only).
func Open(dir string, clock func() time.Time) (*Authority, error) {
	a := &Authority{clock: clock, hosts: localHosts}
	err := a.load(dir)
	if errors.Is(err, os.ErrNotExist) {
		err = a.create(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("local authority in %s: %w", dir, err)
	}
	return a, nil
}

func (a *Authority) load(dir string) error {
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, "authority.pem"), filepath.Join(dir, "authority.key"))
	if err != nil {
		return err
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		return errors.New("the key is not an ECDSA key")
	}
	a.cert, a.key, a.der = pair.Leaf, key, pair.Certificate[0]
	return nil
}

func (a *Authority) create(dir string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	now := a.clock()
	template := &x509.Certificate{
		SerialNumber:                serial(),
		Subject:                     pkix.Name{CommonName: "Aftercare 售后 (this shop)", Organization: []string{"Aftercare"}},
		NotBefore:                   now.Add(-backdate),
		NotAfter:                    now.Add(authorityLife),
		IsCA:                        true,
		MaxPathLenZero:              true,
		BasicConstraintsValid:       true,
		KeyUsage:                    x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		PermittedDNSDomainsCritical: true,
		PermittedDNSDomains:         []string{"local", "localhost"},
		PermittedIPRanges:           privateRanges(),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	keyDER, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := writePEM(filepath.Join(dir, "authority.key"), "EC PRIVATE KEY", keyDER, 0o600); err != nil {
		return err
	}
	if err := writePEM(filepath.Join(dir, "authority.pem"), "CERTIFICATE", der, 0o644); err != nil {
		return err
	}
	return a.load(dir)
}

// Certificate is a tls.Config.GetCertificate: the present server certificate, renewed when it is within 30 days of
// its end or when the machine has other addresses than it was made for.
func (a *Authority) Certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	ips, names := a.hosts()
	wanted := slices.Clone(names)
	for _, ip := range ips {
		wanted = append(wanted, ip.String())
	}
	slices.Sort(wanted)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.leaf != nil && slices.Equal(wanted, a.madeFor) && a.clock().Add(renewBefore).Before(a.leaf.Leaf.NotAfter) {
		return a.leaf, nil
	}
	leaf, err := a.issue(ips, names)
	if err != nil {
		return nil, err
	}
	a.leaf, a.madeFor = leaf, wanted
	return leaf, nil
}

func (a *Authority) issue(ips []net.IP, names []string) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	now := a.clock()
	template := &x509.Certificate{
		SerialNumber: serial(),
		Subject:      pkix.Name{CommonName: "Aftercare"},
		NotBefore:    now.Add(-backdate),
		NotAfter:     now.Add(leafLife),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses:  ips,
		DNSNames:     names,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der, a.der}, PrivateKey: key, Leaf: leaf}, nil
}

// localHosts are the addresses and names under which tablets reach this machine.
func localHosts() ([]net.IP, []string) {
	names := []string{"localhost"}
	if host, err := os.Hostname(); err == nil && host != "" {
		names = append(names, strings.ToLower(strings.SplitN(host, ".", 2)[0])+".local")
	}
	ips := []net.IP{net.IPv4(127, 0, 0, 1).To4()}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return ips, names
	}
	for _, addr := range addrs {
		if n, ok := addr.(*net.IPNet); ok && n.IP.IsPrivate() && n.IP.To4() != nil {
			ips = append(ips, n.IP.To4())
		}
	}
	return ips, names
}

func privateRanges() []*net.IPNet {
	var all []*net.IPNet
	for _, cidr := range []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "::1/128"} {
		_, n, err := net.ParseCIDR(cidr)
		if err != nil {
			panic(err)
		}
		all = append(all, n)
	}
	return all
}

func serial() *big.Int {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		panic(err)
	}
	return n
}

func writePEM(path, kind string, der []byte, mode os.FileMode) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), mode)
}

// Addresses are the private IPv4 addresses of this machine, as a person types them into a tablet.
func Addresses() []string {
	ips, _ := localHosts()
	var all []string
	for _, ip := range ips {
		if !ip.IsLoopback() {
			all = append(all, ip.String())
		}
	}
	return all
}
