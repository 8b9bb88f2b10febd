package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// browserScript measures the app in Chromium and prints figures in the form of this command's.
const browserScript = "pb_public/e2e/bench.mjs"

// inBrowser are the figures this command asks the script for.
var inBrowser = []string{"open_100k", "first_pull_10k", "screens_cpu4", "board_200", "claims_10k"}

// browser takes over the figures of the script, where it is to be found; it stands in the folder the command runs in.
func (b *bench) browser() error {
	if _, err := os.Stat(browserScript); err != nil {
		b.missing = append(b.missing, browserScript+" is not here: not measured were "+strings.Join(inBrowser, ", "))
		return nil
	}
	binary, err := filepath.Abs(b.binary)
	if err != nil {
		return err
	}
	var said bytes.Buffer
	asked := slices.DeleteFunc(slices.Clone(inBrowser), func(name string) bool { return !wanted(b.only, []string{name}) })
	script := exec.Command("node", append([]string{browserScript, binary}, asked...)...)
	script.Stderr = &said
	out, err := script.Output()
	if err != nil {
		b.missing = append(b.missing, "the browser's figures failed: "+err.Error()+" "+said.String())
	}
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		var f figure
		if json.Unmarshal(lines.Bytes(), &f) == nil && f.Name != "" {
			b.add(f)
		}
	}
	return nil
}
