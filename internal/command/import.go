package command

import (
	"fmt"
	"os"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"aftercare/internal/fault"
	"aftercare/internal/importer"
	"aftercare/internal/record"
)

// importCommand reads a sheet into a shop. Findings go to standard output, one a line; progress to standard error.
// It exits with 1 when a row was refused, so that a script notices.
func importCommand(pb core.App) *cobra.Command {
	var shop, kind, language string
	var dry bool
	c := &cobra.Command{
		Use:   "import FILE --shop CODE",
		Short: "Brings customers, vehicles (with their owners) or sales orders in from CSV or Excel",
		Args:  cobra.ExactArgs(1),
		Run: func(_ *cobra.Command, args []string) {
			totals, err := importFile(pb, args[0], shop, kind, language, dry)
			if f, ok := fault.From(err); ok {
				err = fmt.Errorf("%s (%s)", f.Message(language), f.Code)
			}
			if err != nil {
				fail(err)
			}
			fmt.Printf("created %d, updated %d, unchanged %d, refused %d, warnings %d\n", totals.Created, totals.Updated, totals.Unchanged, totals.Refused, totals.Warnings)
			if totals.Refused > 0 {
				os.Exit(1)
			}
		},
	}
	c.Flags().StringVar(&shop, "shop", "", "code of the shop")
	c.Flags().StringVar(&kind, "kind", importer.Vehicles, "vehicles (owner in the same row), customers, or sales_orders (a row for each line)")
	c.Flags().StringVar(&language, "language", "zh", "language of the reasons: zh or en")
	c.Flags().BoolVar(&dry, "dry-run", false, "check and count, write nothing")
	_ = c.MarkFlagRequired("shop")
	return c
}

func importFile(pb core.App, path, shopCode, kind, language string, dry bool) (importer.Totals, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return importer.Totals{}, err
	}
	if err := pb.RunAllMigrations(); err != nil {
		return importer.Totals{}, err
	}
	shop, err := pb.FindFirstRecordByData(record.Shops, record.FieldCode, shopCode)
	if err != nil {
		return importer.Totals{}, fmt.Errorf("no shop has the code %s", shopCode)
	}
	actor := record.System(shop.Id)
	actor.Door = record.DoorImport
	return importer.Run(pb, importer.Request{
		Kind: kind, Data: data, Shop: shop.Id, Actor: actor, Now: time.Now().UTC(), DryRun: dry,
		Progress: func(done, total int) { fmt.Fprintf(os.Stderr, "\r%d / %d", done, total) },
		Report: func(f importer.Finding) {
			word := "refused"
			if f.Warning {
				word = "warning"
			}
			fmt.Printf("line %d\t%s\t%s\t%s\t%s\n", f.Line, word, f.Column, f.Fault.Code, f.Fault.Message(language))
		},
	})
}
