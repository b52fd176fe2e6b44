package session

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
)

// Config is what sessions work with. Workspaces, Grader and Providers must be
// set.
type Config struct {
	Providers  []sandbox.Provider  // tried in order; the first that offers the lab opens it
	Workspaces func(Key) Workspace // the learner's files of a lab
	Grader     Grader
	Progress   Progress      // may be nil: nothing is remembered
	Idle       time.Duration // an unused sandbox is closed after this; 30 minutes where 0, never where negative
	Log        *slog.Logger  // slog.Default where nil
	// Passed is told of steps that have passed in a sandbox of the learner's own,
	// while it is as the checks saw it; may be nil.
	Passed func(ctx context.Context, p Passed)
}

// Passed are steps that have passed, and what they have passed in.
type Passed struct {
	Lab         *labs.Lab
	Steps       []int
	Workspace   string    // its folder
	Environment []string  // the sandbox's
	Sandbox     time.Time // when the sandbox was opened
}

// Workspace is the learner's files of a lab; package workspaces has the real
// one.
type Workspace interface {
	// Open makes the files where they are missing.
	Open(ctx context.Context) error
	Dir() string
	// Watch tells of each change until ctx ends: the tags of the files that
	// changed by path, none where one is gone, and whether files came or went.
	Watch(ctx context.Context, changed func(tags map[string]string, tree bool))
}

// Sessions holds the sessions of one server or one command.
type Sessions struct {
	config Config
	life   context.Context // ends with Close
	end    context.CancelFunc
	tasks  sync.WaitGroup // what goes on in the name of no caller

	mu     sync.Mutex
	byKey  map[id]*Session
	others []*Session // of SessionAt
	closed bool
}

// New returns an empty Sessions. It does no I/O.
func New(config Config) *Sessions {
	if config.Idle == 0 {
		config.Idle = 30 * time.Minute
	}
	if config.Log == nil {
		config.Log = slog.Default()
	}
	k := &Sessions{config: config, byKey: map[id]*Session{}}
	k.life, k.end = context.WithCancel(context.Background())
	if config.Idle > 0 {
		k.tasks.Go(k.closeIdle)
	}
	return k
}

// Session returns the session of the key, always the same one.
func (k *Sessions) Session(key Key) *Session {
	k.mu.Lock()
	defer k.mu.Unlock()
	named := id{key.learner(), key.Lab.ID}
	s := k.byKey[named]
	if s == nil {
		s = k.session(key, "")
		k.byKey[named] = s
	}
	s.now.Store(key.Lab)
	return s
}

// SessionAt returns a new session on another workspace, such as the one of
// `verify --workspace DIR`. What it finds is not recorded as progress.
func (k *Sessions) SessionAt(key Key, workspace string) *Session {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.session(key, workspace)
	k.others = append(k.others, s)
	return s
}

func (k *Sessions) session(key Key, workspace string) *Session {
	s := &Session{sessions: k, learner: key.learner(), workspace: workspace, status: closedStatus(nil)}
	s.now.Store(key.Lab)
	return s
}

// Close closes every session, and no session opens afterwards. report, where
// not nil, is told each lab whose sandbox is being closed.
func (k *Sessions) Close(report func(lab *labs.Lab)) error {
	k.mu.Lock()
	k.closed = true
	all := k.all()
	k.mu.Unlock()
	errs := make([]error, len(all))
	var wait sync.WaitGroup
	for i, s := range all {
		if report != nil && s.alive() {
			report(s.Lab())
		}
		wait.Go(func() { errs[i] = s.Close() })
	}
	wait.Wait()
	k.end()
	k.tasks.Wait()
	return errors.Join(errs...)
}

// start does something beside its caller, until life ends. It reports whether
// it began: after Close nothing does.
func (k *Sessions) start(task func(ctx context.Context)) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return false
	}
	k.tasks.Go(func() { task(k.life) })
	return true
}

func (s *Session) alive() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opening != nil
}

func (k *Sessions) all() []*Session {
	all := append([]*Session(nil), k.others...)
	for _, s := range k.byKey {
		all = append(all, s)
	}
	return all
}

// whyEnded is why a check ends with its sandbox: nil where the learner wanted
// that.
func (k *Sessions) whyEnded() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.closed {
		return nil
	}
	return &labs.Problem{
		Kind: labs.Sandbox,
		Say:  "The server was ended while the check ran, so there is no verdict.",
		Next: "Start it and check again; your files are saved.",
	}
}
