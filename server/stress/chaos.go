package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

// quiet is how long after the last kill nothing of the server's may be left.
const quiet = 30 * time.Second

// chaos kills processes while learners edit and check.
type chaos struct {
	kills int
	seed  uint64
	most  time.Duration

	server *server
	engine bool // a Docker engine answers: a lab that needs one is worked on too
	mu     sync.Mutex
	killed map[string]int // by the program's name
	faults []string       // what should not have been
}

// edits are the files that are written without pause, one writer each. They are
// in a lab whose check reads none: of another it would say, rightly, that its
// files changed meanwhile.
var edits = []string{"chaos/a.txt", "chaos/b.txt", "chaos/c.txt"}

func (c *chaos) run(ctx context.Context) (err error) {
	if c.server, err = newServer(ctx); err != nil {
		return err
	}
	c.killed = map[string]int{}
	defer os.RemoveAll(c.server.root)
	c.engine = engineAnswers(ctx)
	say("the server is %s, the seed %d, a Docker engine %s", c.server.root, c.seed, map[bool]string{true: "answers", false: "is not there"}[c.engine])
	if err := c.server.start(ctx); err != nil {
		return err
	}
	if err := c.solve(ctx, "domain-model", "010-domain-model"); err != nil {
		return err
	}
	learning, stop := context.WithTimeout(ctx, c.most)
	defer stop()
	var work errgroup.Group
	editors := make([]*editor, len(edits))
	for i, file := range edits {
		editors[i] = &editor{server: c.server, path: "/labs/kafka/files/" + file}
		work.Go(func() error { editors[i].run(learning); return nil })
	}
	work.Go(func() error { c.check(learning, "domain-model", "passed"); return nil })
	work.Go(func() error { c.check(learning, "kafka", "not yet"); return nil })
	if c.engine {
		work.Go(func() error { c.check(learning, "docker-image", "not yet"); return nil })
	}
	err = c.killAll(learning)
	stop()
	_ = work.Wait()
	if err != nil {
		return err
	}
	if err := c.restart(ctx); err != nil {
		return err
	}
	for _, e := range editors {
		c.faults = append(c.faults, e.lost(ctx)...)
	}
	for _, lab := range c.labs() { // the last kill meets all that a server can leave
		c.server.open(ctx, lab)
	}
	c.left(ctx)
	return c.tell(editors)
}

// labs are those that are worked on.
func (c *chaos) labs() []string {
	if c.engine {
		return []string{"domain-model", "docker-image", "kafka"}
	}
	return []string{"domain-model", "kafka"}
}

// solve writes the solution of the lab's first step, which has to pass.
func (c *chaos) solve(ctx context.Context, lab, folder string) error {
	c.server.open(ctx, lab)
	solution := filepath.Join("labs", folder, "solution", "01")
	err := filepath.WalkDir(solution, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(solution, path)
		address := "/labs/" + lab + "/files/" + filepath.ToSlash(name)
		condition := []string{"If-None-Match", "*"}
		if there, err := c.server.ask(ctx, "GET", address, "", "Accept", "text/plain"); err == nil && there.code == 200 {
			condition = []string{"If-Match", there.etag}
		}
		got, err := c.server.ask(ctx, "PUT", address, string(text), condition...)
		if err == nil && got.code >= 300 {
			err = fmt.Errorf("write %s: %d %s", name, got.code, got.body)
		}
		return err
	})
	if err != nil {
		return err
	}
	if got, detail := c.server.verdict(ctx, lab, 1); got != "passed" {
		return fmt.Errorf("the solution of %s is %q before anything is killed: %.500s", lab, got, detail)
	}
	return nil
}

// killAll kills one process after the other, and starts the server again where
// it was the one.
func (c *chaos) killAll(ctx context.Context) error {
	chance := rand.New(rand.NewPCG(c.seed, 0))
	for n := range c.kills {
		calm := 1200 * time.Millisecond
		if chance.IntN(8) == 0 { // time enough for a verdict
			calm = 12 * time.Second
		}
		pause(ctx, 50*time.Millisecond+time.Duration(chance.Int64N(int64(calm))))
		if ctx.Err() != nil {
			return nil
		}
		all := c.server.processes()
		slices.SortFunc(all, func(a, b process) int { return a.pid - b.pid })
		if len(all) == 0 {
			continue
		}
		victim := all[chance.IntN(len(all))]
		if chance.IntN(4) == 0 { // the server itself more often than one of dozens
			victim = all[max(0, slices.IndexFunc(all, func(p process) bool { return p.own }))]
		}
		if there, err := os.FindProcess(victim.pid); err == nil {
			_ = there.Kill() // it may have ended just now
		}
		c.note(victim)
		if !victim.own {
			continue
		}
		<-c.server.now.Over
		if err := c.server.start(ctx); err != nil && ctx.Err() == nil {
			return fmt.Errorf("start after kill %d: %w", n+1, err)
		}
		go func() {
			for _, lab := range c.labs() {
				c.server.open(ctx, lab)
			}
		}()
		if n%50 == 0 {
			say("%d killed", n+1)
		}
	}
	return nil
}

func (c *chaos) note(p process) {
	name, _, _ := strings.Cut(p.name, " ")
	name = filepath.Base(name)
	if at := strings.LastIndex(name, "-"); at > 0 && len(name)-at > 10 { // a program's digest
		name = name[:at]
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.killed[name]++
}

// check checks without pause; what was said must be what is right, or that it
// could not be checked.
func (c *chaos) check(ctx context.Context, lab, right string) {
	said := map[string]int{}
	for ctx.Err() == nil {
		got, detail := c.server.verdict(ctx, lab, 1)
		said[got]++
		if got != "" && got != right && got != "could not check" {
			c.mu.Lock()
			c.faults = append(c.faults, fmt.Sprintf("%s is %q and was called %q: %.1500s", lab, right, got, detail))
			c.mu.Unlock()
		}
		pause(ctx, 100*time.Millisecond)
	}
	say("%s: %d times %s, %d could not check, %d without a verdict", lab, said[right], right, said["could not check"], said[""])
}

// restart has the server running, whatever was killed last.
func (c *chaos) restart(ctx context.Context) error {
	if c.server.alive() {
		return nil
	}
	return c.server.start(ctx)
}

// left kills the server and waits: then nothing of it may be there.
func (c *chaos) left(ctx context.Context) {
	c.server.now.End(syscall.SIGKILL)
	pause(ctx, quiet)
	for _, p := range c.server.processes() {
		c.faults = append(c.faults, fmt.Sprintf("left running: %d %s", p.pid, p.name))
	}
	for _, name := range c.server.temporary() {
		c.faults = append(c.faults, "left behind: "+name)
	}
	if c.engine {
		for _, what := range c.server.inEngine(ctx) {
			c.faults = append(c.faults, "left in the engine: "+what)
		}
	}
}

func (c *chaos) tell(editors []*editor) error {
	saved := 0
	for _, e := range editors {
		saved += e.acknowledged
	}
	say("%d saves were acknowledged", saved)
	for _, name := range sorted(c.killed) {
		say("killed %4d  %s", c.killed[name], name)
	}
	for _, fault := range c.faults {
		say("✗ %s", fault)
	}
	if len(c.faults) > 0 {
		return fmt.Errorf("%d faults with seed %d", len(c.faults), c.seed)
	}
	say("nothing lost, no verdict wrong, nothing left")
	return nil
}
