package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
)

// browserScript measures the app in Chromium and prints figures in the form of this command's.
const browserScript = "pb_public/e2e/bench.mjs"

// browser takes over the figures of the script, where it is to be found; it stands in the folder the command runs in.
func (b *bench) browser() error {
	if _, err := os.Stat(browserScript); err != nil {
		b.missing = append(b.missing, browserScript+" is not here: open_100k and first_pull_10k were not measured")
		return nil
	}
	binary, err := filepath.Abs(b.binary)
	if err != nil {
		return err
	}
	var said bytes.Buffer
	script := exec.Command("node", browserScript, binary, "open_100k", "first_pull_10k")
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
