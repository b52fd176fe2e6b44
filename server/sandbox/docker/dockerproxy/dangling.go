package dockerproxy

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// DanglingImages are what builds leave in the engine: images without a name and
// without a label, which later builds go on from. A file lists them, by ID and
// in the order in which they were last used, so that they can be removed
// whenever that is due, also after this program was killed.
type DanglingImages struct {
	path string
	mu   sync.Mutex
}

// DanglingIn is what the file lists; it may not be there yet.
func DanglingIn(path string) *DanglingImages { return &DanglingImages{path: path} }

// removeLimit bounds the removal of one image.
const removeLimit = 20 * time.Second

// Remove removes all but those that were used last, so many of them are kept.
// What has a name or serves another image by now is left alone.
func (l *DanglingImages) Remove(ctx context.Context, engine string, keep int) error {
	dial, err := dialer(engine)
	if err != nil {
		return err
	}
	p := &Proxy{engine: http.Client{Transport: &http.Transport{DialContext: dial}}}
	defer p.engine.CloseIdleConnections()
	l.mu.Lock()
	defer l.mu.Unlock()
	ids := l.read()
	old, kept := ids[:max(0, len(ids)-keep)], ids[max(0, len(ids)-keep):]
	if len(old) == 0 {
		return nil
	}
	slices.Reverse(old) // the last are made of the first
	var errs []error
	for _, id := range old {
		if err := p.removeNameless(ctx, id); err != nil {
			kept, errs = append([]string{id}, kept...), append(errs, err)
		}
	}
	return errors.Join(append(errs, l.write(kept))...)
}

func (p *Proxy) removeNameless(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, removeLimit)
	defer cancel()
	var found struct{ RepoTags, RepoDigests []string }
	err := p.request(ctx, http.MethodGet, "/images/"+id+"/json", nil, &found)
	if err == nil && len(found.RepoTags)+len(found.RepoDigests) == 0 {
		err = p.request(ctx, http.MethodDelete, "/images/"+id, nil, nil)
	}
	if refused, ok := errors.AsType[*refusal](err); ok && (refused.status == http.StatusNotFound || refused.status == http.StatusConflict) {
		return nil // it is gone, or is used
	}
	return err
}

// note puts an image at the end of the list.
func (l *DanglingImages) note(ids []string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := slices.DeleteFunc(l.read(), func(id string) bool { return slices.Contains(ids, id) })
	return l.write(append(all, ids...))
}

func (l *DanglingImages) read() []string {
	text, _ := os.ReadFile(l.path) // before the first build there is none
	return strings.Fields(string(text))
}

// write goes by a file beside it, so that a kill leaves a whole list.
func (l *DanglingImages) write(ids []string) error {
	if err := os.MkdirAll(filepath.Dir(l.path), 0o700); err != nil {
		return fmt.Errorf("list what builds left: %w", err)
	}
	beside := l.path + ".new"
	err := os.WriteFile(beside, []byte(strings.Join(ids, "\n")), 0o600)
	if err == nil {
		err = os.Rename(beside, l.path)
	}
	if err != nil {
		return fmt.Errorf("list what builds left: %w", err)
	}
	return nil
}

// stepImageLine is how the engine tells that a step has made an image.
var stepImageLine = regexp.MustCompile(`---(?:>|\\u003e) ([0-9a-f]{12})\\n`)

// recordDangling notes what a build leaves, while its output goes by.
func (p *Proxy) recordDangling(answer *http.Response) {
	if p.config.Dangling == nil || !strings.HasSuffix(answer.Request.URL.Path, "/build") || answer.StatusCode != http.StatusOK {
		return
	}
	read, write := io.Pipe()
	go func() {
		for lines := bufio.NewReader(read); ; {
			line, err := lines.ReadBytes('\n')
			if made := stepImageLine.FindSubmatch(bytes.TrimSpace(line)); made != nil {
				_ = p.config.Dangling.note([]string{string(made[1])}) // on a full disk it is left, and nothing worse
			}
			if err != nil {
				read.CloseWithError(err)
				return
			}
		}
	}()
	answer.Body = &teeBody{Reader: io.TeeReader(answer.Body, write), body: answer.Body, copy: write}
}

// teeBody is a body that is read by two.
type teeBody struct {
	io.Reader
	body io.Closer
	copy *io.PipeWriter
}

func (h *teeBody) Close() error {
	h.copy.Close()
	return h.body.Close()
}
