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

// Left is what builds leave in the engine: images without a name and without
// a label, which later builds go on from. A file lists them, by ID and in the
// order in which they were last used, so that they can be removed whenever
// that is due, also after this program was killed.
type DanglingImages struct {
	path string
	mu   sync.Mutex
}

// LeftIn is what the file lists; it may not be there yet.
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
	d := &Proxy{engine: http.Client{Transport: &http.Transport{DialContext: dial}}}
	defer d.engine.CloseIdleConnections()
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
		if err := d.removeNameless(ctx, id); err != nil {
			kept, errs = append([]string{id}, kept...), append(errs, err)
		}
	}
	return errors.Join(append(errs, l.write(kept))...)
}

func (d *Proxy) removeNameless(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, removeLimit)
	defer cancel()
	var found struct{ RepoTags, RepoDigests []string }
	err := d.request(ctx, http.MethodGet, "/images/"+id+"/json", nil, &found)
	if err == nil && len(found.RepoTags)+len(found.RepoDigests) == 0 {
		err = d.request(ctx, http.MethodDelete, "/images/"+id, nil, nil)
	}
	if said, ok := errors.AsType[*refusal](err); ok && (said.status == http.StatusNotFound || said.status == http.StatusConflict) {
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

// madeLine is how the engine tells that a step has made an image.
var madeLine = regexp.MustCompile(`---(?:>|\\u003e) ([0-9a-f]{12})\\n`)

// listen notes what a build leaves, while its output goes by.
func (d *Proxy) listen(answer *http.Response) {
	if d.config.Dangling == nil || !strings.HasSuffix(answer.Request.URL.Path, "/build") || answer.StatusCode != http.StatusOK {
		return
	}
	read, write := io.Pipe()
	go func() {
		for lines := bufio.NewReader(read); ; {
			line, err := lines.ReadBytes('\n')
			if made := madeLine.FindSubmatch(bytes.TrimSpace(line)); made != nil {
				_ = d.config.Dangling.note([]string{string(made[1])}) // on a full disk it is left, and nothing worse
			}
			if err != nil {
				read.CloseWithError(err)
				return
			}
		}
	}()
	answer.Body = &heard{Reader: io.TeeReader(answer.Body, write), body: answer.Body, ear: write}
}

// heard is a body that is read by two.
type heard struct {
	io.Reader
	body io.Closer
	ear  *io.PipeWriter
}

func (h *heard) Close() error {
	h.ear.Close()
	return h.body.Close()
}
