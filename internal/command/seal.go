package command

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"aftercare/internal/app"
	"aftercare/internal/backup"
	"aftercare/internal/consent"
	"aftercare/internal/fault"
	"aftercare/internal/seal"
)

// sealCommand lists and rotates the keys the server seals with. It may run beside a running server.
func sealCommand(pb core.App) *cobra.Command {
	c := &cobra.Command{Use: "seal", Short: "The keys that seal what customers sign"}
	c.AddCommand(&cobra.Command{
		Use: "keys", Short: "Prints the public halves, one a line: name, key, since, until", Args: cobra.NoArgs,
		Run: func(*cobra.Command, []string) {
			if err := printKeys(pb); err != nil {
				fail(err)
			}
		},
	}, &cobra.Command{
		Use: "rotate", Short: "Puts a new key in the place of the present one; everything sealed before stays valid", Args: cobra.NoArgs,
		Run: func(*cobra.Command, []string) {
			if err := rotate(pb); err != nil {
				fail(err)
			}
		},
	})
	return c
}

func sealer() seal.Sealer { return seal.Sealer{Clock: func() time.Time { return time.Now().UTC() }} }

func printKeys(pb core.App) error {
	if err := pb.RunAllMigrations(); err != nil {
		return err
	}
	list, err := seal.List(pb)
	for _, k := range list {
		fmt.Printf("%s\t%s\t%s\t%s\n", k.Key, k.Public, k.Since, k.Until)
	}
	return err
}

func rotate(pb core.App) error {
	if err := pb.RunAllMigrations(); err != nil {
		return err
	}
	key, err := sealer().Rotate(pb)
	if err != nil {
		return err
	}
	list, err := seal.List(pb)
	if err != nil {
		return err
	}
	if _, err := seal.Pin(filepath.Join(pb.DataDir(), app.PinFile), list); err != nil {
		return err
	}
	fmt.Printf("the server now seals with %s; %d earlier keys stay valid for what they sealed\n", key.ID, len(list)-1)
	return nil
}

// verifyCommand checks a sealed file against pinned keys without opening the database, or a code in the database. The
// text of a QR code (an address with the seal behind #) is checked like a file. It exits with 1 when it does not hold.
func verifyCommand(pb core.App) *cobra.Command {
	var keys, language string
	c := &cobra.Command{
		Use:         "verify FILE|CODE",
		Short:       "Says whether a signed PDF or JSON file, or the code on a printed copy, is genuine",
		Args:        cobra.ExactArgs(1),
		Annotations: map[string]string{leavesClosed: "true"},
		Run: func(_ *cobra.Command, args []string) {
			if keys == "" {
				keys = filepath.Join(pb.DataDir(), app.PinFile)
			}
			v, err := verify(pb, args[0], keys)
			if f, ok := fault.From(err); ok {
				fmt.Printf("not valid: %s (%s)\n", f.Message(language), f.Code)
				os.Exit(1)
			}
			if err != nil {
				fail(err)
			}
			printVerdict(v)
		},
	}
	c.Flags().StringVar(&keys, "keys", "", "file of pinned public keys (default: "+app.PinFile+" in the data folder)")
	c.Flags().StringVar(&language, "language", "zh", "language of the reason: zh or en")
	return c
}

func verify(pb core.App, what, keys string) (consent.Verdict, error) {
	if data, err := os.ReadFile(what); err == nil {
		trusted, err := trustedKeys(keys)
		if err != nil {
			return consent.Verdict{}, err
		}
		return consent.VerifyFile(data, trusted)
	} else if !errors.Is(err, fs.ErrNotExist) && !strings.Contains(what, "#") {
		return consent.Verdict{}, err
	}
	if address, text, found := strings.Cut(what, "#"); found {
		trusted, err := trustedKeys(keys)
		if err != nil {
			return consent.Verdict{}, err
		}
		return verifyCompact(address[strings.LastIndex(address, "/")+1:], text, trusted)
	}
	if err := backup.Settle(pb.DataDir()); err != nil {
		return consent.Verdict{}, err
	}
	if err := pb.Bootstrap(); err != nil {
		return consent.Verdict{}, err
	}
	return seal.Lookup(pb, what)
}

func trustedKeys(path string) (consent.Keys, error) {
	pinned, err := seal.ReadPinned(path)
	if err != nil {
		return nil, fmt.Errorf("no pinned keys: %w", err)
	}
	return pinned.Trusted(), nil
}

func verifyCompact(code, text string, keys consent.Keys) (consent.Verdict, error) {
	s, ok := consent.ParseCompact(code, text)
	if !ok {
		return consent.Verdict{}, fault.New(fault.Invalid, "verify.unreadable")
	}
	if err := s.Verify(keys); err != nil {
		return consent.Verdict{}, err
	}
	var v consent.Verdict
	return v, s.Read(&v.Statement)
}

func printVerdict(v consent.Verdict) {
	fmt.Printf("valid\nkind\t%s\nsha256\t%s\nsigner\t%s\nsigned_at\t%s\nsealed_at\t%s\nkey\t%s\n", v.Kind, v.SHA256, v.Signer, v.SignedAt, v.SealedAt, v.Key)
	if v.Code != "" {
		fmt.Printf("code\t%s\n", v.Code)
	}
	if v.Test {
		fmt.Println("test\tmade on a test server")
	}
}
