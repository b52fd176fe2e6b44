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

// Config is what a keeper works with. Desk, Grader and Providers must be set.
type Config struct {
	Providers  []sandbox.Provider        // tried in order; the first that offers the lab opens it
	Workspaces func(*labs.Lab) Workspace // the learner's copy of a lab
	Grader     Grader
	Progress   Progress      // may be nil: nothing is remembered
	Learner    string        // names the learner in labels and logs; "learner" where empty
	Idle       time.Duration // an unused sandbox is closed after this; 30 minutes where 0, never where negative
	Log        *slog.Logger  // slog.Default where nil
}

// Copy is the learner's own copy of a lab; package desk has the real one.
type Workspace interface {
	// Open makes the copy where it is missing.
	Open(ctx context.Context) error
	Dir() string
}

// Progress remembers what has passed.
type Progress interface {
	Record(ctx context.Context, report labs.Report) error
}

// Keeper holds the sessions of one server or one command.
type Sessions struct {
	config Config

	mu     sync.Mutex
	byLab  map[string]*Session // by lab ID
	others []*Session          // of SessionAt
	closed bool
	stop   context.CancelFunc
}

// New returns a keeper without any session. It does no I/O.
func New(config Config) *Sessions {
	if config.Learner == "" {
		config.Learner = "learner"
	}
	if config.Idle == 0 {
		config.Idle = 30 * time.Minute
	}
	if config.Log == nil {
		config.Log = slog.Default()
	}
	k := &Sessions{config: config, byLab: map[string]*Session{}}
	ctx, stop := context.WithCancel(context.Background())
	k.stop = stop
	if config.Idle > 0 {
		go k.closeIdle(ctx)
	}
	return k
}

// Session returns the lab's session on the desk's copy, always the same one.
func (k *Sessions) Session(lab *labs.Lab) *Session {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.byLab[lab.ID]
	if s == nil {
		s = k.session("")
		k.byLab[lab.ID] = s
	}
	s.now.Store(lab)
	return s
}

// SessionAt returns a new session on another workspace, such as the one of
// `verify --workspace DIR`. What it finds is not recorded as progress.
func (k *Sessions) SessionAt(lab *labs.Lab, workspace string) *Session {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.session(workspace)
	s.now.Store(lab)
	k.others = append(k.others, s)
	return s
}

func (k *Sessions) session(workspace string) *Session {
	return &Session{sessions: k, workspace: workspace, status: closedStatus(nil)}
}

// Close closes every session, and no session opens afterwards. report, where
// not nil, is told each lab whose sandbox is being closed.
func (k *Sessions) Close(report func(lab *labs.Lab)) error {
	k.stop()
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
	return errors.Join(errs...)
}

func (s *Session) alive() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opening != nil
}

func (k *Sessions) all() []*Session {
	all := append([]*Session(nil), k.others...)
	for _, s := range k.byLab {
		all = append(all, s)
	}
	return all
}

// whyEnded is why a check ends with its sandbox: nil where that was the
// learner's wish.
func (k *Sessions) whyEnded() error {
	if !k.isClosed() {
		return nil
	}
	return &labs.Problem{
		Kind: labs.Sandbox,
		Say:  "The server was ended while the check ran, so there is no verdict.",
		Next: "Start it and check again; your files are saved.",
	}
}

func (k *Sessions) isClosed() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.closed
}
