package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

// soak has many tabs work on a few labs for long.
type soak struct {
	tabs int
	time time.Duration

	server  *server
	editors []*editor // one a tab
}

// usage is what a server with its labs open holds.
type usage struct {
	memory     int // bytes, resident, of the server itself
	goroutines int
	files      int // open in the server itself
	processes  int // of the server's, itself included
	temporary  int // files in the folder for temporary ones
}

// worked are the labs that the tabs work on.
var worked = []string{"domain-model", "kafka", "event-driven"}

// labOf is the lab that a tab works on.
func labOf(tab int) string { return worked[tab%len(worked)] }

// mayDiffer is how much more of a thing there may be at the end: a share, and
// some, where there are few.
const (
	mayDiffer = 0.05
	some      = 5
)

func (s *soak) run(ctx context.Context) (err error) {
	if s.server, err = newServer(ctx); err != nil {
		return err
	}
	defer os.RemoveAll(s.server.root)
	if err := s.server.start(ctx); err != nil {
		return err
	}
	defer func() {
		if s.server.alive() {
			s.server.now.End(syscall.SIGTERM)
		}
	}()
	for _, lab := range worked {
		s.server.open(ctx, lab)
	}
	for n := range s.tabs {
		s.editors = append(s.editors, &editor{server: s.server, path: fmt.Sprintf("/labs/%s/files/soak/%d.txt", labOf(n), n)})
	}
	// What is built and opened once is there before it is counted.
	if err := s.work(ctx, min(s.time/4, 5*time.Minute)); err != nil {
		return err
	}
	before, err := s.idle(ctx)
	if err != nil {
		return err
	}
	if err := s.work(ctx, s.time); err != nil {
		return err
	}
	after, err := s.idle(ctx)
	if err != nil {
		return err
	}
	return compare(before, after)
}

// work has all tabs work for some time.
func (s *soak) work(ctx context.Context, long time.Duration) error {
	working, stop := context.WithTimeout(ctx, long)
	defer stop()
	var tabs errgroup.Group
	for n := range s.tabs {
		tabs.Go(func() error { return s.tab(working, n) })
	}
	err := tabs.Wait()
	say("%d tabs worked for %s", s.tabs, long)
	return errors.Join(err, ctx.Err())
}

// tab is one tab: it loads the page, listens to its events, saves a file of its
// own, and now and then checks.
func (s *soak) tab(ctx context.Context, n int) error {
	lab, e := labOf(n), s.editors[n]
	for round := 0; ctx.Err() == nil; round++ {
		visit, leave := context.WithTimeout(ctx, 20*time.Second)
		listening := make(chan struct{})
		go func() { defer close(listening); s.listen(visit, lab) }()
		if got, err := s.server.ask(visit, http.MethodGet, "/labs/"+lab+"/steps/1", ""); err == nil && got.code != http.StatusOK {
			leave()
			return fmt.Errorf("the page of %s answers %d", lab, got.code)
		}
		e.read(visit)
		for range 10 {
			e.write(visit)
			pause(visit, 500*time.Millisecond)
		}
		leave()
		<-listening
		if round%len(worked) == n%len(worked) {
			s.server.verdict(ctx, lab, 1)
		}
	}
	e.read(context.WithoutCancel(ctx))
	if len(e.faults) > 0 {
		return errors.New(strings.Join(e.faults, "\n"))
	}
	return nil
}

// listen reads the page's events until ctx ends.
func (s *soak) listen(ctx context.Context, lab string) {
	_, _ = s.server.ask(ctx, http.MethodGet, "/labs/"+lab+"/events?step=1", "", "Accept", "text/event-stream")
}

// idle is what the server holds when nobody asks anything of it.
func (s *soak) idle(ctx context.Context) (usage, error) {
	http.DefaultClient.CloseIdleConnections()
	pause(ctx, 20*time.Second)
	pid := s.server.now.Process.Pid
	u := usage{processes: len(s.server.processes()), temporary: len(s.server.temporary())}
	open, err := os.ReadDir(procFile(pid, "fd"))
	if err != nil {
		return u, err
	}
	u.files = len(open)
	if u.memory, err = resident(pid); err != nil {
		return u, err
	}
	if u.goroutines, err = s.goroutines(ctx); err != nil {
		return u, err
	}
	say("memory %d MB, goroutines %d, open files %d, processes %d, temporary files %d", u.memory>>20, u.goroutines, u.files, u.processes, u.temporary)
	return u, nil
}

// resident reads VmRSS from proc(5), in kB there.
func resident(pid int) (int, error) {
	file, err := os.Open(procFile(pid, "status"))
	if err != nil {
		return 0, err
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			kB, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
			return kB << 10, err
		}
	}
	return 0, errors.New("no VmRSS")
}

// goroutines counts them in the trace that the server writes when it is asked.
func (s *soak) goroutines(ctx context.Context) (int, error) {
	path := filepath.Join(s.server.root, "data", "trace.txt")
	_ = os.Remove(path)
	if err := s.server.now.Process.Signal(syscall.SIGQUIT); err != nil {
		return 0, err
	}
	pause(ctx, 2*time.Second)
	text, err := os.ReadFile(path)
	return strings.Count("\n"+string(text), "\ngoroutine "), err
}

// compare tells what there is more of at the end than at the start.
func compare(before, after usage) error {
	var grown []error
	for _, of := range []struct {
		name          string
		before, after int
	}{
		{"memory, in MB", before.memory >> 20, after.memory >> 20},
		{"goroutines", before.goroutines, after.goroutines},
		{"open files", before.files, after.files},
		{"processes", before.processes, after.processes},
		{"temporary files", before.temporary, after.temporary},
	} {
		if float64(of.after) > float64(of.before)*(1+mayDiffer)+some {
			grown = append(grown, fmt.Errorf("%s grew from %d to %d", of.name, of.before, of.after))
		}
	}
	return errors.Join(grown...)
}
