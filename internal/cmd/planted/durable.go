package main

// The suites about what is on the disk: power cuts, kill -9, backup and restore.
var (
	powerTests   = gotest("powercut", "./internal/powercut", "-run", "TestPowerCut$")
	commandTests = gotest("command", "./internal/command")
	backupTests  = gotest("backup", "./internal/backup")
)

const shelving = "internal/upload/shelf.go"

// onDisk are bugs that no test sees which leaves the disk in peace.
func onDisk() []bug {
	return []bug{
		{"not-synced", "2: a commit is not synced before it is acknowledged; a power cut forgets it",
			one("internal/command/command.go", `level := "FULL"`, `level := "NORMAL"`), []suite{commandTests, powerTests}},
		{"photo-name-not-synced", "11: a photo is verified while a power cut can still lose the folder it was moved into",
			one(shelving, `	return errors.Join(s.disk.SyncFolder(parent), s.disk.SyncFolder(s.dir))
}

// drop`, `	return nil
}

// drop`), []suite{powerTests}},
		{"photo-bytes-not-synced", "11: a photo is verified while a power cut can still lose its bytes",
			one(shelving, `errors.Join(err, f.Sync(), f.Close())`, `errors.Join(err, f.Close())`), []suite{powerTests}},
		{"restored-epoch-kept", "8: a restored database goes on in the epoch of the backup, and what came after it is not offered again",
			one("internal/changelog/meta.go", `writeMeta(db, metaPast, marks), writeMeta(db, metaEpoch, epoch))`, `writeMeta(db, metaPast, marks))`), []suite{backupTests, commandTests}},
		{"restore-half", "8: a restore that was killed while it moved the data begins to move anew and mixes old and new",
			one("internal/backup/finish.go", `		if _, err := os.Lstat(filepath.Join(to, name)); err == nil {
			continue
		}
`, ``), []suite{backupTests}},
	}
}
