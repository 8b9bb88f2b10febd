package command

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"aftercare/internal/backup"
)

// leavesClosed marks the commands that must not open the data folder as an app.
const leavesClosed = "leaves the data folder closed"

func backupCommand(pb core.App) *cobra.Command {
	return &cobra.Command{
		Use:         "backup [FILE]",
		Short:       "Writes everything the server has to one file, while it runs, and checks it",
		Args:        cobra.MaximumNArgs(1),
		Annotations: map[string]string{leavesClosed: "true"},
		Run: func(_ *cobra.Command, args []string) {
			now := time.Now()
			path := backup.Name(pb.DataDir(), now)
			if len(args) == 1 {
				path = args[0]
			}
			made, err := backup.Make(pb.DataDir(), path, now)
			if err != nil {
				fail(err)
			}
			fmt.Printf("备份已完成并核对：%s，%s，%d 张照片\nbackup made and checked: %s, %s, %d photos\n",
				made.Path, size(made.Bytes), made.Photos, made.Path, size(made.Bytes), made.Photos)
			for _, sha := range made.Missing {
				fmt.Printf("照片已损坏或缺失 photo damaged or missing on the server's disk: %s\n", sha)
			}
		},
	}
}

func restoreCommand(pb core.App) *cobra.Command {
	return &cobra.Command{
		Use:         "restore FILE",
		Short:       "Puts a backup in the place of the data, also while the server runs, and keeps what it replaces",
		Args:        cobra.ExactArgs(1),
		Annotations: map[string]string{leavesClosed: "true"},
		Run: func(_ *cobra.Command, args []string) {
			restored, err := backup.Restore(pb.DataDir(), args[0], time.Now())
			if err != nil {
				fail(err)
			}
			printRestored(restored)
		},
	}
}

func printRestored(r backup.Restored) {
	made := r.Head.Made.Local().Format("2006-01-02 15:04:05")
	fmt.Printf("已恢复 %s 的备份；新纪元 %s，各平板将重新同步并补交缺少的内容\n", made, r.Epoch)
	fmt.Printf("restored the backup of %s; a new epoch %s begins: tablets sync anew and offer again what it lacks\n", made, r.Epoch)
	if r.Kept > 0 {
		fmt.Printf("另保留备份之后的 %d 张照片 %d photos newer than the backup were kept\n", r.Kept, r.Kept)
	}
	if r.Aside != "" {
		fmt.Printf("原数据保存在 the replaced data lies in %s\n", r.Aside)
	}
}

func size(bytes int64) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d KB", (bytes+1023)>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}

// takeOver ends a running server when a restore waits in its data folder; its process starts anew at once and puts the
// restored data in place. Tablets are told that it goes away and come again.
func takeOver(ctx context.Context, app core.App) {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if !backup.Pending(app.DataDir()) {
			continue
		}
		fmt.Println("恢复已就绪，服务重新启动 a restore waits: the server starts anew")
		if err := app.Restart(); err != nil {
			fail(fmt.Errorf("the server ends here; start it again to finish the restore in %s: %w", filepath.Clean(app.DataDir()), err))
		}
	}
}
