// Package command is the command line: PocketBase's own commands with our flags on `serve`, and demo, shop and
// import. It promises that an acknowledged write survives a power cut (see openDB) and leaves all rules to the app.
package command

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/cmd"

	"aftercare/internal/app"
)

// Run reads the arguments, binds the house to a PocketBase and executes. public is the built app.
func Run(public fs.FS) error {
	pb := pocketbase.NewWithConfig(pocketbase.Config{DBConnect: openDB, HideStartBanner: true, DefaultDataDir: "pb_data"})
	pb.RootCmd.Short = "Aftercare 售后: after-sales for car dealers and online shops"
	serve := &serveFlags{}
	serving := cmd.NewServeCommand(pb, false)
	serve.add(serving)
	if _, err := app.Bind(pb, app.Config{Public: public, Maintenance: func() bool { return serve.maintenance }}); err != nil {
		return err
	}
	serve.bind(pb)
	pb.RootCmd.AddCommand(serving, cmd.NewSuperuserCommand(pb), demoCommand(pb), shopCommand(pb), importCommand(pb))
	return pb.Execute()
}

// openDB is PocketBase's own connection but for one thing: the data file is FULL synchronous, because an edit that a
// tablet was told is applied must survive a power cut. Logs may lose their last lines.
func openDB(path string) (*dbx.DB, error) {
	level := "FULL"
	if filepath.Base(path) != "data.db" {
		level = "NORMAL"
	}
	pragmas := []string{"busy_timeout(10000)", "journal_mode(WAL)", "journal_size_limit(200000000)", "synchronous(" + level + ")",
		"foreign_keys(ON)", "temp_store(MEMORY)", "cache_size(-32000)"}
	return dbx.Open("sqlite", path+"?_pragma="+strings.Join(pragmas, "&_pragma="))
}

// fail prints an error the way a person reads it and ends the command.
func fail(err error) {
	fmt.Fprintln(os.Stderr, "aftercare:", err)
	os.Exit(1)
}
