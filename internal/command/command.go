// Package command is the command line: PocketBase's own commands with our flags on `serve`, and demo, shop,
// import, backup, restore, seal and verify. It promises that an acknowledged write survives a power cut (see OpenDB) and leaves all rules to the app.
package command

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/cmd"
	"github.com/spf13/cobra"

	"aftercare/internal/app"
	"aftercare/internal/backup"
	"aftercare/internal/database"
)

// Run reads the arguments, binds the house to a PocketBase and executes. public is the built app.
func Run(public fs.FS) error {
	pb := pocketbase.NewWithConfig(pocketbase.Config{DBConnect: OpenDB, HideStartBanner: true, DefaultDataDir: "pb_data"})
	pb.RootCmd.Short = "Aftercare 售后: after-sales for car dealers and online shops"
	serve := &serveFlags{}
	serving := cmd.NewServeCommand(pb, false)
	serve.add(serving)
	ways := &gateways{app: pb, serve: serve}
	if _, err := app.Bind(pb, app.Config{Public: public, Maintenance: func() bool { return serve.maintenance },
		TestClock: &serve.clock, Gateways: ways.all, Sink: ways.sink}); err != nil {
		return err
	}
	serve.bind(pb)
	pb.RootCmd.AddCommand(serving, cmd.NewSuperuserCommand(pb), demoCommand(pb), shopCommand(pb), importCommand(pb),
		backupCommand(pb), restoreCommand(pb), sealCommand(pb), verifyCommand(pb))
	return execute(pb, serving)
}

// execute runs the command: backup and restore without opening the data folder, a server as its owner, and whatever
// else opens it after a restore that waits there.
func execute(pb *pocketbase.PocketBase, serving *cobra.Command) error {
	switch chosen, _, err := pb.RootCmd.Find(os.Args[1:]); {
	case err == nil && chosen.Annotations[leavesClosed] != "":
		return pb.RootCmd.Execute()
	case err == nil && chosen == serving && !asksForHelp():
		owner, restored, err := backup.Take(pb.DataDir())
		if err != nil {
			return err
		}
		defer owner.Release()
		if restored != nil {
			printRestored(*restored)
		}
	case err == nil && chosen.HasParent() && !asksForHelp():
		if err := backup.Settle(pb.DataDir()); err != nil {
			return err
		}
	}
	return pb.Execute()
}

func asksForHelp() bool {
	return slices.ContainsFunc(os.Args[1:], func(arg string) bool { return arg == "-h" || arg == "--help" })
}

// OpenDB is PocketBase's own connection but for one thing: the data file is FULL synchronous, because an edit that a
// tablet was told is applied must survive a power cut. Logs may lose their last lines.
func OpenDB(path string) (*dbx.DB, error) {
	level := "FULL"
	if filepath.Base(path) != "data.db" {
		level = "NORMAL"
	}
	return database.Open(path, level)
}

// fail prints an error the way a person reads it and ends the command.
func fail(err error) {
	fmt.Fprintln(os.Stderr, "aftercare:", err)
	os.Exit(1)
}
