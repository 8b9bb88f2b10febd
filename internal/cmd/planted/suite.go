package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// within bounds one suite with one bug in it; a suite that does not end has noticed, too.
var within = 150 * time.Second

// suite is one command that runs tests.
type suite struct {
	name string
	run  func(overlay, temp string) verdict // overlay "" is the tree as it is
}

// kind of a verdict.
type kind int

const (
	passed kind = iota // every test passed
	caught             // a test failed
	unfit              // the bug does not apply or does not compile
)

// verdict is what a suite said. By is the test that failed, or why there was none to run.
type verdict struct {
	kind   kind
	by     string
	output string
}

func (v verdict) String() string {
	switch v.kind {
	case caught:
		return "caught by " + v.by
	case unfit:
		return "UNFIT: " + v.by
	}
	return "ESCAPED"
}

// gotest is the tests of a Go package; args go to the test binary.
func gotest(name, pkg string, args ...string) suite {
	return suite{name: name, run: func(overlay, _ string) verdict {
		line := []string{"test", "-json", "-count=1", "-failfast", "-vet=off", fmt.Sprintf("-timeout=%s", within)}
		if overlay != "" {
			line = append(line, "-overlay="+overlay)
		}
		out, _, ok := command(".", nil, "go", append(append(line, pkg), args...)...)
		if ok {
			return verdict{kind: passed}
		}
		return readGo(name, out)
	}}
}

// event is a line of `go test -json`.
type event struct{ Action, Package, Test, Output string }

func readGo(name string, out []byte) verdict {
	var test, broken string
	var said strings.Builder
	for line := range bytes.Lines(out) {
		var e event
		if json.Unmarshal(line, &e) != nil {
			said.Write(line) // what the go command itself says is not JSON
			continue
		}
		said.WriteString(e.Output)
		switch {
		case e.Action == "fail" && len(e.Test) > len(test):
			test = e.Test
		case e.Action == "build-fail":
			broken = "does not compile"
		}
	}
	output := tail(said.String())
	switch {
	case broken != "" || strings.Contains(output, "[build failed]") || strings.Contains(output, "[setup failed]"):
		return verdict{unfit, "does not compile:\n" + output, output}
	case test == "" && strings.Contains(output, "panic:"):
		test = "a panic"
	case test == "":
		return verdict{unfit, "no test failed:\n" + output, output}
	}
	if what := violation.FindStringSubmatch(output); what != nil {
		return verdict{caught, fmt.Sprintf("%s: %s", name, what[1]), output}
	}
	return verdict{caught, name + ": " + strings.ReplaceAll(test, "_", " "), output}
}

// violation is how the simulation says which promise was broken.
var violation = regexp.MustCompile(`(?m)^\s*seed \d+ step \d+: (promise \d+: .{0,60})`)

// vitest is one test file of the tablet's half, run with the changed files in place of the tree's.
func vitest(file string) suite {
	return suite{name: file, run: func(overlay, temp string) verdict {
		dir, err := os.MkdirTemp(temp, "report")
		if err != nil {
			return verdict{kind: unfit, by: err.Error()}
		}
		report := filepath.Join(dir, "report.json")
		env := append(os.Environ(), "PLANTED_OVERLAY="+overlay)
		out, ended, ok := command("pb_public", env, "node_modules/.bin/vitest", "run", "--config", "scripts/planted.config.ts", "--bail=1",
			"--reporter=json", "--outputFile="+report, file)
		switch {
		case ok:
			return verdict{kind: passed}
		case !ended:
			return verdict{caught, file + ": does not end", tail(string(out))}
		}
		return readVitest(file, report, tail(string(out)))
	}}
}

func readVitest(file, report, output string) verdict {
	var told struct {
		TestResults []struct {
			Message          string
			AssertionResults []struct {
				Status, FullName string
				FailureMessages  []string
			}
		}
	}
	text, err := os.ReadFile(report)
	if err == nil {
		err = json.Unmarshal(text, &told)
	}
	if err != nil {
		return verdict{unfit, "no test ran:\n" + output, output}
	}
	for _, f := range told.TestResults {
		for _, a := range f.AssertionResults {
			if a.Status == "failed" {
				return verdict{caught, file + ": " + a.FullName, tail(strings.Join(a.FailureMessages, "\n"))}
			}
		}
		output += f.Message
	}
	return verdict{unfit, "no test failed:\n" + output, output}
}

// command runs a program with its children in a group of their own; ended is false when it had to be stopped.
func command(dir string, env []string, name string, args ...string) (out []byte, ended, ok bool) {
	ctx, cancel := context.WithTimeout(context.Background(), within+30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = dir, env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		out = append(out, err.Error()...)
	}
	return out, ctx.Err() == nil, err == nil
}

// tail is the end of what a suite said: enough to see why.
func tail(text string) string {
	const most = 4000
	if len(text) > most {
		return "…" + text[len(text)-most:]
	}
	return text
}
