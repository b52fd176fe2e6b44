package main

import (
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"cnalab/fixtures/require"
	"cnalab/labs"
	"cnalab/labs/load"
	"cnalab/server/grade"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/docker"
	"cnalab/server/sandbox/embedded"
	"cnalab/server/sandbox/part/kinds"
	"cnalab/server/sandbox/part/postgres"
	"cnalab/server/session"
	"cnalab/server/workspaces"
)

// runs is how often each side of a comparison is measured; the median counts.
const runs = 7

// learner is somebody who has solved a lab and has it open.
type learner struct {
	root      string
	lab       *labs.Lab
	workspace *workspaces.Workspace
	session   *session.Session
	grader    *recorder
	provider  *opener
}

// recorder is the real grader, and remembers what it was asked.
type recorder struct {
	*grade.Grader
	mu   sync.Mutex
	last grade.Run
}

func (r *recorder) Run(ctx context.Context, run grade.Run) labs.Report {
	r.mu.Lock()
	r.last = run
	r.mu.Unlock()
	return r.Grader.Run(ctx, run)
}

// opener is the real provider, and remembers what it opened.
type opener struct {
	sandbox.Provider
	opened sandbox.Sandbox
}

func (o *opener) Open(ctx context.Context, request sandbox.Request) (opened sandbox.Sandbox, err error) {
	o.opened, err = o.Provider.Open(ctx, request)
	return o.opened, err
}

// solved opens the lab, with all its steps solved, in the embedded sandbox.
func solved(b *testing.B, number string) *learner {
	return solvedIn(b, number, func(root, data string) sandbox.Provider {
		return embedded.New(embedded.Config{Root: root, Data: data, Kinds: kinds.All(postgres.Config{Root: root})})
	})
}

// contained opens the lab, with all its steps solved, in the docker sandbox.
func contained(b *testing.B, number string) *learner {
	return solvedIn(b, number, func(root, data string) sandbox.Provider {
		p := docker.New(docker.Config{Root: root, Data: data, Kinds: kinds.All(postgres.Config{Root: root})})
		if err := p.Offers(b.Context(), find(b, root, number)); err != nil {
			require.Missing(b, "docker", err.Error())
		}
		return p
	})
}

func solvedIn(b *testing.B, number string, provider func(root, data string) sandbox.Provider) *learner {
	b.Helper()
	root, data := projectRoot(b), dataFolder(b)
	l := &learner{root: root, lab: find(b, root, number)}
	l.grader = &recorder{Grader: grade.New(grade.Config{Root: root, Cache: filepath.Join(data, "cache")})}
	l.provider = &opener{Provider: provider(root, data)}
	l.workspace = workspaces.New(data, root).Lab(l.lab)
	must(b, l.workspace.Open(b.Context()))
	l.solve(b)
	sessions := session.New(session.Config{
		Providers:  []sandbox.Provider{l.provider},
		Workspaces: func(session.Key) session.Workspace { return l.workspace },
		Grader:     l.grader,
		Log:        slog.New(slog.DiscardHandler),
	})
	b.Cleanup(func() { sessions.Close(nil); l.provider.Close(); l.grader.Close() })
	l.session = sessions.Session(session.Key{Lab: l.lab})
	must(b, l.session.Open(b.Context()))
	return l
}

// solve puts the solutions of all steps over the workspace.
func (l *learner) solve(b *testing.B) {
	b.Helper()
	_, err := l.workspace.FastForward(len(l.lab.Steps))
	must(b, err)
	last, err := l.lab.Solution(len(l.lab.Steps))
	must(b, err)
	for name, content := range last.Files {
		_, err := l.workspace.Write(name, string(content), l.tag(name))
		must(b, err)
	}
}

// check checks one step, which must pass.
func (l *learner) check(b *testing.B, step int) {
	b.Helper()
	report, err := l.session.Check(b.Context(), step)
	must(b, err)
	if report.Verdict != labs.Passed {
		b.Fatalf("%s lab %s step %d: got %s, want passed: %+v", l.provider.Provider.Name(), l.lab.Number, step, report.Verdict, report.Steps)
	}
}

func projectRoot(b *testing.B) string {
	root, err := filepath.Abs("../..")
	must(b, err)
	return root
}

// dataFolder is kept out of the test's own temporary folder, whose mode would
// keep an unprivileged Postgres out.
func dataFolder(b *testing.B) string {
	dir, err := os.MkdirTemp("", "cnalab-bench-")
	must(b, err)
	b.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func find(b *testing.B, root, number string) *labs.Lab {
	all, _ := load.All(filepath.Join(root, "labs"))
	lab, err := labs.Find(all, number)
	must(b, err)
	return lab
}

// sides measures the sides alternately, runs times, after one run that does not
// count, and returns their medians in milliseconds.
func sides(b *testing.B, each ...func()) []float64 {
	b.Helper()
	took := make([][]float64, len(each))
	for turn := range runs + 1 {
		for i, side := range each {
			began := time.Now()
			side()
			if turn > 0 {
				took[i] = append(took[i], float64(time.Since(began).Microseconds())/1000)
			}
		}
	}
	medians := make([]float64, len(each))
	for i := range took {
		slices.Sort(took[i])
		medians[i] = took[i][len(took[i])/2]
	}
	b.ReportMetric(0, "ns/op")
	return medians
}

// answers waits until somebody listens at the address.
func answers(b *testing.B, address string) {
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return
		}
	}
	b.Fatalf("nobody listens at %s", address)
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
