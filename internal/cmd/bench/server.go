package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"syscall"
	"time"
)

// server is a child process.
type server struct {
	address string
	process *exec.Cmd
	said    bytes.Buffer
	ended   chan struct{}
}

// freePort is a port of the loopback that nobody listens on at this moment.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// serve starts the program and waits until it is healthy.
func serve(program string, args ...string) (*server, error) {
	address, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &server{address: address, ended: make(chan struct{})}
	s.process = exec.Command(program, append(args, "--http="+address)...)
	s.process.Stdout, s.process.Stderr = &s.said, &s.said
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	go func() { _ = s.process.Wait(); close(s.ended) }() // how it ended is asked for below
	for range 600 {
		select {
		case <-s.ended:
			return nil, fmt.Errorf("%s ended: %s", program, s.said.String())
		case <-time.After(50 * time.Millisecond):
		}
		if answer, err := http.Get("http://" + address + "/api/health"); err == nil {
			_ = answer.Body.Close()
			return s, nil
		}
	}
	s.stop()
	return nil, fmt.Errorf("%s did not listen: %s", program, s.said.String())
}

func (s *server) url(path string) string { return "http://" + s.address + path }

// stop ends the process and waits for it.
func (s *server) stop() {
	_ = s.process.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(20 * time.Second):
		_ = s.process.Process.Kill()
		<-s.ended
	}
}

var resident = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

// memory is the process's resident memory, MB.
func (s *server) memory() (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		return 0, err
	}
	m := resident.FindSubmatch(b)
	if m == nil {
		return 0, errors.New("no VmRSS")
	}
	kb, err := strconv.ParseFloat(string(m[1]), 64)
	return kb / 1024, err
}

// worked is the processor time the process has used.
func (s *server) worked() time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.process.Process.Pid))
	if err != nil {
		return 0
	}
	fields := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:])
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(string(fields[11]), 10, 64) // kernel ticks of 10 ms
	system, _ := strconv.ParseInt(string(fields[12]), 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond
}

// ownWork is the processor time this process has used.
func ownWork() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
