package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"cnalab/server/launch"
)

// server is a real one, in folders of its own: all that is below root, or runs
// from there, is its.
type server struct {
	program string
	root    string
	address string
	environ []string

	mu    sync.Mutex // guards what changes with each start
	now   *launch.Server
	token string
	pids  map[string]bool // of all that were started
}

// newServer builds the program into a new folder.
func newServer(ctx context.Context) (*server, error) {
	root, err := os.MkdirTemp("", "cnalab-stress-")
	if err != nil {
		return nil, err
	}
	s := &server{root: root, pids: map[string]bool{}, program: filepath.Join(root, "bin", "cnalab")}
	for _, folder := range []string{"home", "tmp", "bin"} {
		if err := os.MkdirAll(filepath.Join(root, folder), 0o755); err != nil {
			return nil, err
		}
	}
	if err := launch.Build(ctx, ".", s.program); err != nil {
		return nil, err
	}
	if s.environ, err = launch.Environment(ctx, filepath.Join(root, "home")); err != nil {
		return nil, err
	}
	s.environ = append(s.environ, "TMPDIR="+filepath.Join(root, "tmp"))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.address = listener.Addr().String()
	return s, listener.Close()
}

// start starts the server, and returns when it has printed its address.
func (s *server) start(ctx context.Context) error {
	command := exec.Command(s.program, "serve", "--addr", s.address, "--data", filepath.Join(s.root, "data"))
	command.Env, command.Stderr = s.environ, os.Stderr
	now, err := launch.Start(ctx, command)
	if err != nil {
		return err
	}
	_, token, _ := strings.Cut(now.SignIn, "?token=")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now, s.token = now, token
	s.pids[strconv.Itoa(now.Process.Pid)] = true
	return nil
}

// alive reports whether the server's own process runs.
func (s *server) alive() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now.Alive()
}

// answer is what the server answered.
type answer struct {
	code int
	etag string
	body []byte
}

// errAway says that the server gave no answer.
var errAway = errors.New("the server is away")

// ask sends a request with the key. Headers are names and values in turn.
func (s *server) ask(ctx context.Context, method, path, body string, headers ...string) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://"+s.address+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	s.mu.Lock()
	request.Header.Set("Authorization", "Bearer "+s.token)
	s.mu.Unlock()
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return answer{}, errors.Join(errAway, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, errors.Join(errAway, err)
	}
	return answer{response.StatusCode, response.Header.Get("ETag"), text}, nil
}

// verdict checks a step and returns what was said, empty where nothing was.
func (s *server) verdict(ctx context.Context, lab string, step int) (verdict, detail string) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	got, err := s.ask(ctx, http.MethodPost, "/api/verify", fmt.Sprintf(`{"lab":%q,"step":%d}`, lab, step), "Accept", "application/json")
	if err != nil || got.code != http.StatusOK {
		return "", string(got.body)
	}
	var report struct{ Verdict string }
	if err := json.NewDecoder(bytes.NewReader(got.body)).Decode(&report); err != nil {
		return "", err.Error()
	}
	return report.Verdict, string(got.body)
}

// open opens the lab's sandbox, and returns when it is open or ctx ends.
func (s *server) open(ctx context.Context, lab string) {
	for ctx.Err() == nil {
		_, _ = s.ask(ctx, http.MethodGet, "/labs/"+lab+"/steps/1", "")
		_, _ = s.ask(ctx, http.MethodPost, "/labs/"+lab+"/open", "")
		if v, _ := s.verdict(ctx, lab, 1); v != "" {
			return
		}
		pause(ctx, time.Second)
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
