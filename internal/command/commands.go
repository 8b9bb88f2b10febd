package command

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"aftercare/internal/demo"
	"aftercare/internal/setup"
)

func demoCommand(pb core.App) *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Loads the demo shop into an empty database and prints its logins",
		Args:  cobra.NoArgs,
		Run: func(*cobra.Command, []string) {
			if err := loadDemo(pb); err != nil {
				fail(err)
			}
			demo.PrintLogins(os.Stdout)
		},
	}
}

func loadDemo(pb core.App) error {
	if err := pb.RunAllMigrations(); err != nil {
		return err
	}
	now := time.Now().UTC()
	if err := demo.Load(pb, now); err != nil {
		return err
	}
	return demo.SellRest(context.Background(), pb, now, 0)
}

func shopCommand(pb core.App) *cobra.Command {
	var s setup.Shop
	var manager, password string
	c := &cobra.Command{
		Use:   "shop CODE NAME",
		Short: "Opens a shop with the shipped templates and policy, and its manager's login",
		Args:  cobra.ExactArgs(2),
		Run: func(_ *cobra.Command, args []string) {
			s.Code, s.Name = args[0], args[1]
			if err := openShop(pb, s, manager, password); err != nil {
				fail(err)
			}
			fmt.Printf("shop %s %s is open; %s signs in as its manager\n", s.Code, s.Name, manager)
		},
	}
	c.Flags().StringVar(&s.TimeZone, "zone", "Asia/Shanghai", "the shop's time zone (IANA)")
	c.Flags().StringVar(&manager, "manager", "", "the manager's login")
	c.Flags().StringVar(&password, "password", "", "the manager's first password (8 characters or more)")
	_ = c.MarkFlagRequired("manager")
	_ = c.MarkFlagRequired("password")
	return c
}

func openShop(pb core.App, s setup.Shop, manager, password string) error {
	if err := pb.RunAllMigrations(); err != nil {
		return err
	}
	return pb.RunInTransaction(func(tx core.App) error {
		id, err := setup.OpenShop(tx, s)
		if err != nil {
			return err
		}
		_, err = setup.AddStaff(tx, id, setup.Person{Username: manager, Name: manager, Password: password, Roles: []string{"manager"}})
		return err
	})
}
