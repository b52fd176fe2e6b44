// Package launch builds the program and starts it as a server in a home of its
// own, for those who try it from outside: tests in a browser, and under stress. It
// knows nothing of what they ask it.
package launch

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// Build builds the program from the module's root to a path.
func Build(ctx context.Context, root, to string) error {
	build := exec.CommandContext(ctx, "go", "build", "-o", to, "./server")
	build.Dir, build.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return nil
}

// Environment gives a server a home of its own, so that nobody's settings decide
// what it does, and leaves it what the go command has made and where docker finds
// its engine.
func Environment(ctx context.Context, home string) ([]string, error) {
	env := append(os.Environ(), "HOME="+home, "SHELL=", "XDG_CACHE_HOME=", "XDG_CONFIG_HOME=", "XDG_DATA_HOME=")
	for _, name := range []string{"GOPATH", "GOCACHE", "GOMODCACHE"} {
		value, err := exec.CommandContext(ctx, "go", "env", name).Output()
		if err != nil {
			return nil, fmt.Errorf("go env: %w", err)
		}
		env = append(env, name+"="+strings.TrimSpace(string(value)))
	}
	if person, err := os.UserHomeDir(); err == nil && os.Getenv("DOCKER_CONFIG") == "" {
		env = append(env, "DOCKER_CONFIG="+filepath.Join(person, ".docker"))
	}
	return env, nil
}

// Server is a running one.
type Server struct {
	SignIn string        // the address to open, with the key
	Over   chan struct{} // closed when the process has ended
	*exec.Cmd
}

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+/\?token=\S+`)

// Start starts a server, and returns when it has printed its address. It does not
// end with the context then.
func Start(ctx context.Context, command *exec.Cmd) (*Server, error) {
	s := &Server{Cmd: command, Over: make(chan struct{})}
	var complaint bytes.Buffer
	if command.Stderr == nil {
		command.Stderr = &complaint
	}
	out, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		return nil, err
	}
	printed := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if found := address.FindString(lines.Text()); found != "" {
				printed <- found
			}
		}
		_ = command.Wait()
		close(s.Over)
	}()
	select {
	case s.SignIn = <-printed:
		return s, nil
	case <-s.Over:
		return nil, fmt.Errorf("the server ended before it had begun: %s", strings.TrimSpace(complaint.String()))
	case <-time.After(time.Minute):
		err = errors.New("the server printed no address for a minute")
	case <-ctx.Done():
		err = ctx.Err()
	}
	s.End(os.Kill)
	return nil, err
}

// End sends the server a signal, and waits for its end.
func (s *Server) End(with os.Signal) {
	_ = s.Process.Signal(with)
	<-s.Over
}

// Alive reports whether the server's own process runs.
func (s *Server) Alive() bool {
	select {
	case <-s.Over:
		return false
	default:
		return true
	}
}
